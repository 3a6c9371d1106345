import { expect } from 'chai';
import type { Message } from '../../../plugin-protocol/rpc/messages.ts';
import {
  type Calls,
  type CallsFactory,
  callNames,
  Fault,
  publish,
  published,
  type ServeOptions,
  shapes,
} from '../../../sdk/typescript/plugin/index.ts';
import { createSession } from '../../../sdk/typescript/plugin/session.ts';

const open = (calls: Calls | CallsFactory, options: ServeOptions = {}) => {
  const sent: Message[] = [];
  const reported: string[] = [];
  const session = createSession(
    'kit',
    calls,
    options,
    (line) => sent.push(JSON.parse(line)),
    (sentence) => reported.push(sentence),
  );
  let id = 0;
  const ask = async (method: string, params: object = {}): Promise<Message> => {
    id++;
    session.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    await session.idle();
    return sent.find((message) => message.id === id)!;
  };
  return { session, sent, reported, ask };
};

const ctx = { v: 1, instance: 'kvm1', logLevel: 'info' };

describe('a session of the TypeScript kit', () => {
  it('describes a table by what is in it', async () => {
    const { ask } = open(
      { 'compute.list': () => ({ items: [] }), probe: () => ({}) },
      { version: '2.1', concurrency: 3 },
    );
    expect((await ask('describe')).result).to.deep.equal({
      proto: [1],
      name: 'kit',
      version: '2.1',
      methods: ['compute.list'],
      concurrency: 3,
      features: ['events', 'progress', 'cancel', 'instances'],
      idempotency: 'none',
    });
  });

  it('describes a factory by all that a table can hold, until an instance says what it can', async () => {
    const { ask } = open(() => ({ 'compute.list': () => ({ items: [] }), find: () => ({ outcome: 'none' }) }));
    expect(((await ask('describe')).result as { methods: string[] }).methods).to.deep.equal([...callNames]);
    const configured = await ask('configure', { config: {}, ctx });
    expect(configured.result).to.deep.equal({ methods: ['compute.list'], idempotency: 'key' });
  });

  it('publishes what each instance has of its own, and calls it there', async () => {
    const { ask } = open(({ name }, { publish: offer }) => {
      const doc = `Of ${name}.`;
      offer(
        publish(String(name), doc, { who: published({ doc, params: {}, result: shapes.string(''), call: () => doc }) }),
      );
      return {};
    });
    const configured = await ask('configure', { config: { name: 'north' }, ctx });
    expect(configured.result).to.have.nested.property('publishes[0].service', 'north');
    await ask('configure', { config: { name: 'south' }, ctx: { ...ctx, instance: 'kvm2' } });
    expect((await ask('north.who', { ctx })).result).to.equal('Of north.');
    expect((await ask('north.who', { ctx: { ...ctx, instance: 'kvm2' } })).error).to.have.property('code', -32601);
  });

  it('makes the calls of each instance from its configuration', async () => {
    const { ask } = open(({ name }) => ({
      'compute.get': ({ vm }) => ({ id: vm, state: 'running', name: String(name) }),
    }));
    await ask('configure', { config: { name: 'north' }, ctx });
    await ask('configure', { config: { name: 'south' }, ctx: { ...ctx, instance: 'kvm2' } });
    const answers = [
      await ask('compute.get', { vm: 'a', ctx }),
      await ask('compute.get', { vm: 'a', ctx: { ...ctx, instance: 'kvm2' } }),
    ];
    expect(answers.map(({ result }) => (result as { name: string }).name)).to.deep.equal(['north', 'south']);
    const other = await ask('compute.get', { vm: 'a', ctx: { ...ctx, instance: 'kvm3' } });
    expect(other.error).to.deep.equal({
      code: 500,
      message: 'The instance kvm3 has not been configured.',
      data: { kind: 'internal', outcome: 'none' },
    });
  });

  it('answers a fault that a factory throws', async () => {
    const { ask } = open(() => {
      throw new Fault('invalid-params', 'There is no region moon-1.', { field: '/region' });
    });
    const { error } = await ask('configure', { config: {}, ctx });
    expect(error).to.deep.equal({
      code: 400,
      message: 'There is no region moon-1.',
      data: { kind: 'invalid-params', outcome: 'none', field: '/region' },
    });
  });

  it('makes a call that comes while its instance is configured once that is over', async () => {
    const { session, sent } = open(async ({ refuses }) => {
      await Promise.resolve();
      if (refuses) throw new Fault('unavailable', 'It is not there.');
      return { 'compute.get': ({ vm }) => ({ id: vm, state: 'running' }) };
    });
    const other = { ...ctx, instance: 'kvm2' };
    const asked = [
      { id: 1, method: 'configure', params: { config: {}, ctx } },
      { id: 2, method: 'compute.get', params: { vm: 'a', ctx } },
      { id: 5, method: 'probe', params: { ctx } },
      { id: 3, method: 'configure', params: { config: { refuses: true }, ctx: other } },
      { id: 4, method: 'compute.get', params: { vm: 'a', ctx: other } },
    ];
    for (const request of asked) session.receive(JSON.stringify({ jsonrpc: '2.0', ...request }));
    await session.idle();
    const [answered, refused, unknown] = [2, 4, 5].map((id) => sent.find((message) => message.id === id));
    expect(answered?.result).to.deep.equal({ id: 'a', state: 'running' });
    expect(refused?.error).to.have.property('message', 'The instance kvm2 has not been configured.');
    expect(unknown?.error).to.have.property('code', -32601);
  });

  it('tells an instance when it is over: configured anew, refused by its factory, or left by its host', async () => {
    const signals: AbortSignal[] = [];
    const { ask, session } = open(({ refuses }, { signal }) => {
      signals.push(signal);
      if (refuses) throw new Fault('unavailable', 'It is not there.');
      return {};
    });
    const over = () => signals.map(({ aborted }) => aborted);
    const other = { ...ctx, instance: 'kvm2' };
    await ask('configure', { config: {}, ctx });
    await ask('configure', { config: {}, ctx: other });
    expect(over()).to.deep.equal([false, false]);
    await ask('configure', { config: {}, ctx });
    expect(over()).to.deep.equal([true, false, false]);
    await ask('configure', { config: { refuses: true }, ctx: other });
    expect(over()).to.deep.equal([true, true, false, true]);
    session.cancelAll('The plugin is stopping.');
    expect(over()).to.deep.equal([true, true, true, true]);
  });

  it('gives a call its parameters and, apart from them, its context', async () => {
    const seen: unknown[] = [];
    const { ask } = open({
      'compute.start': (params, context) => {
        const { instance, key, attempt, timeoutMs, actor } = context;
        seen.push(params, { instance, key, attempt, timeoutMs, actor, aborted: context.signal.aborted });
        return { id: params.vm, state: 'running' };
      },
    });
    await ask('compute.start', { vm: 'a', ctx: { ...ctx, key: 'k', attempt: 2, timeoutMs: 50, actor: 'ann' } });
    expect(seen).to.deep.equal([
      { vm: 'a' },
      { instance: 'kvm1', key: 'k', attempt: 2, timeoutMs: 50, actor: 'ann', aborted: false },
    ]);
  });

  it('tells the caller nothing of what a bug was, and the log all', async () => {
    const { ask, sent } = open({
      'compute.list': () => {
        throw new TypeError('secret of the backend');
      },
    });
    const { error } = await ask('compute.list', { ctx });
    expect(error).to.deep.equal({
      code: 500,
      message: "kit failed in compute.list; the daemon's log says why.",
      data: { kind: 'internal' },
    });
    const { method, params } = sent[0] as { method: string; params: { message: string } };
    expect([method, { ...params, message: params.message.split('\n')[0] }]).to.deep.equal([
      '$/log',
      {
        level: 'error',
        message: 'compute.list failed: TypeError: secret of the backend',
        instance: 'kvm1',
        id: 1,
      },
    ]);
  });

  it('answers unknown methods, and those that every object inherits, with -32601', async () => {
    const { ask } = open({});
    for (const method of ['compute.get', 'constructor', 'toString', '__proto__', 'drain']) {
      expect((await ask(method)).error, method).to.include({ code: -32601 });
    }
  });

  it('refuses requests without a method or with positional parameters, and reports lines that are no messages', async () => {
    const { session, sent, reported } = open({});
    session.receive('{"jsonrpc":"2.0","id":1}');
    session.receive('{"jsonrpc":"2.0","id":2,"method":"echo","params":[1]}');
    session.receive('{"jsonrpc":"2.0","id":3,"method":"echo","params":"a"}');
    session.receive('hello');
    session.receive('{"jsonrpc":"2.0","method":"$/unknown","params":{}}');
    expect(sent.map(({ id, error }) => [id, (error as { code: number }).code])).to.deep.equal([
      [1, -32600],
      [2, -32600],
      [3, -32600],
    ]);
    expect(reported).to.deep.equal(['This is no message: hello']);
  });

  it('fails a call whose result JSON cannot hold, and says in the log what is wrong: NaN would be null', async () => {
    const circular: unknown[] = [];
    circular.push(circular);
    const results: [result: unknown, says: string][] = [
      [{ items: [{ id: 'a', 'x-load': [1, Number.NaN] }] }, '/items/0/x-load/1 of the result is NaN'],
      [-Infinity, 'The result is -Infinity, which JSON does not have'],
      [{ items: 1n }, 'BigInt'],
      [{ items: circular }, 'circular structure'],
    ];
    for (const [result, says] of results) {
      for (const answered of [result, Promise.resolve(result)]) {
        const { ask, sent } = open({ 'compute.list': (() => answered) as never });
        const { error } = await ask('compute.list', { ctx });
        expect((error as { data: object }).data, says).to.include({ kind: 'internal' });
        const { params } = sent.find(({ method }) => method === '$/log')!;
        expect((params as { message: string }).message)
          .to.include(`compute.list failed: TypeError: `)
          .and.include(says);
      }
    }
    const { ask } = open({
      'compute.list': () => ({ items: [{ id: 'null', state: 'running', host: null }] }) as never,
    });
    expect((await ask('compute.list', { ctx })).result).to.deep.equal({
      items: [{ id: 'null', state: 'running', host: null }],
    });
  });

  it('aborts the signal of a cancelled call with a fault to be thrown', async () => {
    const { session, sent } = open({
      'compute.shutdown': (_, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    session.receive(JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'compute.shutdown', params: { vm: 'a', ctx } }));
    session.receive('{"jsonrpc":"2.0","method":"$/cancel","params":{"id":6}}');
    session.receive('{"jsonrpc":"2.0","method":"$/cancel","params":{"id":5,"reason":"Enough."}}');
    await session.idle();
    expect(sent).to.deep.equal([
      { jsonrpc: '2.0', id: 5, error: { code: 499, message: 'Enough.', data: { kind: 'cancelled' } } },
    ]);
  });

  it('sends progress, events, and those log lines that are wanted', async () => {
    const { ask, sent } = open((_, instance) => {
      instance.event({ type: 'resync' });
      return {
        'compute.start': ({ vm }, { progress, event, log }) => {
          progress(undefined, 'Booting.');
          event({ type: 'vm.deleted', id: vm });
          log.debug('not wanted');
          log.warn('wanted');
          return { id: vm, state: 'running' };
        },
      };
    });
    await ask('configure', { config: {}, ctx });
    await ask('compute.start', { vm: 'a', ctx });
    expect(
      sent.filter(({ method }) => method !== undefined).map(({ method, params }) => [method, params]),
    ).to.deep.equal([
      ['$/event', { instance: 'kvm1', type: 'resync' }],
      ['$/progress', { id: 2, message: 'Booting.' }],
      ['$/event', { instance: 'kvm1', type: 'vm.deleted', id: 'a' }],
      ['$/log', { level: 'warn', message: 'wanted', instance: 'kvm1', id: 2 }],
    ]);
  });
});
