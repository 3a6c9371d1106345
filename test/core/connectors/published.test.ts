import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Backend, BackendListener, BackendStatus, Backends } from '../../../daemon/core/ports.ts';
import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { PublishedInterface, termsOf } from '../../../plugin-protocol/contract/published.ts';
import { cleanup, faultOf, settled, startCore } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';

const meter: PublishedInterface = {
  service: 'meter',
  doc: 'Reads meters.',
  methods: [
    {
      name: 'read',
      doc: 'Read a meter.',
      changes: false,
      params: { type: 'object', properties: { name: { type: 'string', maxLength: 9 } }, required: ['name'] },
      result: { type: 'number' },
    },
    { name: 'reset', params: { type: 'object', properties: { hard: { type: 'boolean', default: false } } } },
  ],
};
const publishing = (publishes: readonly PublishedInterface[], id = 'lab') => {
  const backend = new ScriptedBackend(id);
  backend.publishes = publishes;
  return backend;
};

/** Several backends in the order of the configuration. */
const several = (...all: ScriptedBackend[]): Backends => ({
  list: () => all,
  get: (id) => all.find((one) => one.id === id),
  listen: (listener: BackendListener) => {
    for (const one of all) one.listen(listener);
  },
  provide: () => {},
});

describe('published methods', () => {
  describe('when the daemon was started again', () => {
    const startAnew = async (test: Mocha.Context, limits = {}, last = async (_: ScriptedBackend) => {}) => {
      const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
      cleanup(test, () => rm(folder, { recursive: true }));
      const file = join(folder, 'store.db');
      const before = publishing([meter]);
      const first = await startCore(test, { backend: before, file, limits: { plugins: limits } });
      await last(before);
      await settled(first);
      // A plugin that has not been described yet publishes nothing.
      const backend = publishing([]);
      backend.become('starting');
      return startCore(test, { backend, file, limits: { plugins: limits } });
    };

    it('are there at once, as they were, until their connector says what it publishes now', async function () {
      const { backend, core, as } = await startAnew(this);
      expect([...core.services.keys()]).to.deep.equal(['meter']);
      backend.scripts.set('meter.read', () => 7.5);
      expect(await as('root')('meter.read', { name: 'east' })).to.equal(7.5);
      backend.publishes = [{ ...meter, service: 'gauge' }];
      backend.become('ready');
      expect([...core.services.keys()]).to.deep.equal(['gauge']);
    });

    it('are not, when their connector has come back without them after it was lost', async function () {
      const { core } = await startAnew(this, { unknownAfterMs: 1 }, async (backend) => {
        backend.become('failing');
        await pause(50);
        backend.publishes = [];
        backend.become('ready');
      });
      expect([...core.services.keys()]).to.deep.equal([]);
    });

    it('stay while their connector is being started, however long that takes, and go when it cannot be', async function () {
      const { backend, core } = await startAnew(this, { unknownAfterMs: 1 });
      await pause(50);
      expect([...core.services.keys()]).to.deep.equal(['meter']);
      backend.become('failing');
      expect([...core.services.keys()]).to.deep.equal([]);
    });
  });

  it('are there while their connector is, and can be called as the roles allow', async function () {
    const backend = publishing([meter]);
    const { core, as } = await startCore(this, { backend });
    expect([...core.services.keys()]).to.deep.equal(['meter']);
    expect(core.methods.get('meter.read')?.permission).to.equal('read');
    expect(await as('root')('system.listMethods')).to.include.members(['meter.read', 'meter.reset', 'vm.list']);
    expect(await as('root')('system.methodHelp', { method: 'meter.read' })).to.equal('Read a meter.');
    expect(await as('root')('system.methodSignature', { method: 'meter.reset' })).to.deep.equal([
      ['struct'],
      ['struct', 'boolean'],
    ]);
    backend.scripts.set('meter.read', () => 7.5);
    backend.scripts.set('meter.reset', () => ({}));
    expect(await as('eve')('meter.read', { name: 'east' })).to.equal(7.5);
    expect((await faultOf(as('eve')('meter.reset'))).kind).to.equal('forbidden');
    await as('alice')('meter.reset');
    const [read, reset] = backend.sent.filter(({ call }) => call.startsWith('meter.'));
    const [terms] = meter.methods.map(termsOf);
    expect([read?.params, read?.options]).to.deep.equal([{ name: 'east' }, { terms, actor: 'eve', account: 'acme' }]);
    // Defaults are filled in, and what changes something has a key.
    expect(reset?.params).to.deep.equal({ hard: false });
    expect(reset?.options).to.include({ actor: 'alice', account: 'acme' }).and.to.have.property('key');
  });

  it('have patterns that no text of a caller makes slow, and none that one could', async function () {
    const withPattern = (pattern: string): PublishedInterface => {
      const params = { type: 'object', properties: { name: { type: 'string', pattern } } };
      return { service: 'names', methods: [{ name: 'check', changes: false, params, result: { type: 'boolean' } }] };
    };
    const slow = withPattern('^(a+)+$');
    const { as, core } = await startCore(this, {
      backend: publishing([slow, { ...withPattern('^(?=a)'), service: 'others' }]),
    });
    const fault = await faultOf(as('eve')('names.check', { name: `${'a'.repeat(60)}!` }));
    expect([fault.kind, fault.data.field]).to.deep.equal(['invalid-params', '/name']);
    expect(fault.message).to.include('must match ^(a+)+$');
    expect([...core.services.keys()]).to.deep.equal(['names']);
  });

  it('have their parameters in the order that is said', async function () {
    const number = { type: 'integer' };
    const text = { type: 'string' };
    const scale: PublishedInterface = {
      service: 'scale',
      methods: [
        { name: 'put', order: ['c', 'a'], params: { type: 'object', properties: { a: number, b: text, c: text } } },
      ],
    };
    const { core, as } = await startCore(this, { backend: publishing([scale]) });
    const signatures = await as('root')<string[][]>('system.methodSignature', { method: 'scale.put' });
    expect(signatures.at(-1)).to.deep.equal(['struct', 'string', 'int', 'string']);
    expect(Object.keys(core.methods.get('scale.put')!.params.properties)).to.deep.equal(['c', 'a', 'b']);
  });

  it('have their parameters checked', async function () {
    const { as } = await startCore(this, { backend: publishing([meter]) });
    const fault = await faultOf(as('root')('meter.read', { name: 'much too long' }));
    expect([fault.kind, fault.data.field]).to.deep.equal(['invalid-params', '/name']);
  });

  it('stay for a moment when their plugin ends, and leave when it is lost', async function () {
    const backend = publishing([meter]);
    const { core } = await startCore(this, { backend, limits: { plugins: { unknownAfterMs: 10 } } });
    const before = core.methods;
    backend.become('failing');
    expect(core.methods).to.equal(before);
    const gone = Promise.withResolvers<void>();
    const look = setInterval(() => !core.methods.has('meter.read') && gone.resolve(), 1);
    cleanup(this, async () => clearInterval(look));
    await gone.promise;
    expect([core.services.size, core.methods.has('vm.list')]).to.deep.equal([0, true]);
    backend.become('ready');
    expect(core.methods.has('meter.read')).to.equal(true);
  });

  it('are the same methods after a restart that changed nothing, and others after one that did', async function () {
    const backend = publishing([meter]);
    const { core } = await startCore(this, { backend });
    const before = core.methods;
    backend.publishes = [structuredClone(meter)];
    backend.become('failing');
    backend.become('ready');
    expect(core.methods).to.equal(before);
    backend.publishes = [{ ...meter, methods: meter.methods.slice(1) }];
    backend.become('ready');
    expect([core.methods.has('meter.read'), core.methods.has('meter.reset')]).to.deep.equal([false, true]);
    backend.publishes = [];
    backend.become('ready');
    expect(core.methods.has('meter.reset')).to.equal(false);
  });

  it('belong to the first connector that publishes them; the next has them when that one is lost', async function () {
    const [one, two] = [publishing([meter], 'one'), publishing([meter], 'two')];
    const { core } = await startCore(this, {
      backend: several(one, two),
      limits: { plugins: { unknownAfterMs: 10 } },
    });
    expect(core.services.get('meter')?.connector).to.equal('one');
    one.become('failing');
    const other = Promise.withResolvers<void>();
    const look = setInterval(() => core.services.get('meter')?.connector === 'two' && other.resolve(), 1);
    cleanup(this, async () => clearInterval(look));
    await other.promise;
    one.become('ready');
    expect(core.services.get('meter')?.connector).to.equal('one');
  });

  it('are left out, and the rest kept, when they cannot be offered', async function () {
    const bad = (service: string, method: object): PublishedInterface => ({
      service,
      methods: [{ name: 'm', ...method }],
    });
    const backend = publishing([
      bad('vm', {}),
      bad('compute', {}),
      bad('a', { params: { type: 'object', properties: { ctx: {} } } }),
      bad('b', { result: { type: 'date' } }),
      bad('c', {
        params: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
        example: { params: {} },
      }),
      { service: 'd', methods: [{ name: 'm' }, { name: 'm' }] },
      { service: 'e', methods: [{ name: 'read' }, { name: 'Read' }] },
      bad('e', { order: ['n'] }),
      meter,
    ]);
    const { core, as } = await startCore(this, { backend });
    expect([...core.services.keys()]).to.deep.equal(['meter']);
    expect(core.methods.get('vm.list')?.service).to.equal(undefined);
    const { state, message } = await as('root')<{ state: string; message: string }>('connector.get', {
      connector: 'lab',
    });
    expect([state, message]).to.deep.equal([
      'ready',
      'lab publishes the service vm, which cannot be offered: its name is taken by the catalogue or the protocol. So it is with 7 more, which the log names.',
    ]);
  });

  it('are as many as limits.plugins.published allows; a service that would make them more is left out', async function () {
    const service = (name: string, count: number): PublishedInterface => ({
      service: name,
      methods: Array.from({ length: count }, (_, at) => ({ name: `m${at}` })),
    });
    const backend = publishing([service('a', 2), service('b', 1), service('c', 1)]);
    const { core } = await startCore(this, { backend, limits: { plugins: { published: 3 } } });
    expect([...core.services.keys()]).to.deep.equal(['a', 'b']);
  });

  it('may be as many of one service as large contracts have operations, where the limit is raised', () => {
    const check = compileCheck(PublishedInterface);
    const service = (count: number) => ({
      service: 'box',
      methods: Array.from({ length: count }, (_, at) => ({ name: `m${at}` })),
    });
    check(service(4096));
    expect(() => check(service(4097))).to.throw('/methods must have at most 4096 items');
  });

  it('that change something are not given up when their caller goes; others are', async function () {
    const backend = publishing([meter]);
    const { call } = await startCore(this, { backend });
    const signals: (AbortSignal | undefined)[] = [];
    const keep = ({ options }: { options: { signal?: AbortSignal } }) => signals.push(options.signal);
    backend.scripts.set('meter.read', keep);
    backend.scripts.set('meter.reset', keep);
    const credentials = { kind: 'password', user: 'root', password: 'root-password' } as const;
    const { signal } = new AbortController();
    await call('meter.read', { name: 'a' }, credentials, signal);
    await call('meter.reset', {}, credentials, signal);
    expect(signals).to.deep.equal([signal, undefined]);
  });

  it('answer unavailable when their connector is taken out while a call is on its way', async function () {
    const backend = publishing([meter]);
    const backends = several(backend);
    const { core, as } = await startCore(this, { backend: backends });
    const read = core.methods.get('meter.read')!;
    const { get } = backends;
    backends.get = () => undefined;
    const fault = await faultOf(as('root')(read.name, { name: 'a' }));
    backends.get = get;
    expect([fault.kind, fault.message]).to.deep.equal(['unavailable', 'The connector lab is not configured any more.']);
  });

  it('answer unavailable while their plugin is away', async function () {
    class Away extends ScriptedBackend {
      override call: Backend['call'] = async () => {
        const { Fault } = await import('../../../plugin-protocol/faults.ts');
        throw new Fault('unavailable', 'lab is failing.');
      };
      override supports = () => false;
      override status(): BackendStatus {
        return { ...super.status(), plugin: 'away' };
      }
    }
    const backend = new Away();
    backend.publishes = [meter];
    const { as } = await startCore(this, { backend });
    expect((await faultOf(as('root')('meter.read', { name: 'a' }))).kind).to.equal('unavailable');
  });
});
