import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Operation } from '../../../daemon/catalogue/resources.ts';
import type { Story } from '../../../daemon/catalogue/story.ts';
import { adviceFor } from '../../../daemon/core/operations/explain.ts';
import { Fault, type FaultKind, faults } from '../../../plugin-protocol/faults.ts';
import { cleanup, faultOf, startCore } from '../../support/core.ts';
import { gate, ScriptedBackend } from '../../support/scripted-backend.ts';

/** Each entry in few words. */
const shortly = ({ entries }: Story) => entries.map(({ source, what, message }) => `${source} ${what}: ${message}`);
const of = ({ entries }: Story, what: string) => entries.filter((entry) => entry.what === what);

describe('operation.explain', () => {
  it('tells of an operation from every side, in order', async function () {
    const backend = new ScriptedBackend();
    backend.scripts.set('compute.create', (sent) => {
      sent.options.onProgress?.({ percent: 40, message: 'Copying.' });
      return backend.effect(sent);
    });
    const { as } = await startCore(this, { backend });
    const { id, resource } = await as('alice')<Operation>('vm.create', { name: 'db1', start: true, wait: 5 });
    const story = await as('alice')<Story>('operation.explain', { operation: id });
    expect(shortly(story)).to.deep.equal([
      'caller asked: alice asked for vm.create over test.',
      'daemon event: vm.created name=db1 state=pending',
      'daemon stored: It is in the store: from here on it has an end.',
      'daemon sent: compute.create was sent, attempt 1.',
      'plugin progress: 40% Copying.',
      'plugin answered: compute.create was done.',
      'daemon event: vm.changed name=db1',
      'daemon sent: compute.start was sent, attempt 1.',
      'plugin answered: compute.start was done.',
      'daemon event: vm.state state=running previous=pending',
      'daemon ended: It ended: succeeded.',
    ]);
    expect(story.operation).to.include({ id, state: 'succeeded' });
    expect(story.advice).to.equal('Nothing: it was carried out.');
    expect(of(story, 'event')[0]!.data).to.include({ type: 'vm.created', resource });
    for (const { durationMs } of of(story, 'answered')) expect(durationMs).to.be.a('number');
  });

  it('shows keys, logs and the names of the provider to administrators alone', async function () {
    const backend = new ScriptedBackend();
    backend.scripts.set('compute.create', ({ options }) => {
      options.onLog?.({ level: 'warn', message: 'Node 7 is slow.', among: 1 });
      options.onLog?.({ level: 'info', message: 'Somebody waits.', among: 3 });
      throw new Fault('failed', 'No such flavour.', { outcome: 'none', provider: 'req-77', field: '/vcpus' });
    });
    const { as } = await startCore(this, { backend });
    const fault = await faultOf(as('alice')('vm.create', { name: 'db1', wait: 5 }));
    const operation = fault.data.operation!;
    const [own, whole] = await Promise.all(
      (['alice', 'root'] as const).map((user) => as(user)<Story>('operation.explain', { operation })),
    );
    expect(of(own!, 'log')).to.deep.equal([]);
    expect(JSON.stringify(own)).not.to.match(/req-77|"key"|127\.0\.0\.1/);
    expect(of(own!, 'failed')[0]).to.deep.include({
      message: 'compute.create failed: No such flavour.',
      data: { kind: 'failed', outcome: 'none', field: '/vcpus' },
    });
    expect(of(whole!, 'log').map(({ message, data }) => [message, data])).to.deep.equal([
      ['Node 7 is slow.', { level: 'warn' }],
      ['Somebody waits.', { level: 'info', among: '3' }],
    ]);
    expect(of(whole!, 'failed')[0]!.data).to.include({ provider: 'req-77' });
    expect(of(whole!, 'sent')[0]!.data).to.deep.equal({ attempt: '1', key: operation });
    expect(of(whole!, 'asked')[0]!.data).to.include({ remote: '127.0.0.1' });
    expect(own!.advice).to.equal('The backend says why; put that right and ask again.');
  });

  it('tells owners that a backend was away, and administrators why', async function () {
    const backend = new ScriptedBackend();
    let calls = 0;
    backend.scripts.set('compute.create', (sent) => {
      calls += 1;
      if (calls === 1) throw new Fault('unavailable', 'No route to 10.0.0.7.', { outcome: 'unknown', retryAfterMs: 1 });
      return backend.effect(sent);
    });
    const { as } = await startCore(this, { backend });
    const { id: operation } = await as('alice')<Operation>('vm.create', { name: 'db1', wait: 5 });
    const own = await as('alice')<Story>('operation.explain', { operation });
    expect(shortly(own).slice(3, -2)).to.deep.equal([
      'daemon sent: compute.create was sent, attempt 1.',
      'plugin failed: compute.create failed: The backend cannot be reached at the moment.',
      'daemon retry: It is tried again in 1 ms, attempt 2.',
      'daemon sent: The plugin was asked what became of it.',
      'plugin found: It said: none.',
      'daemon sent: compute.create was sent, attempt 2.',
      'plugin answered: compute.create was done.',
    ]);
    const whole = await as('root')<Story>('operation.explain', { operation });
    expect(of(whole, 'failed')[0]!.message).to.equal('compute.create failed: No route to 10.0.0.7.');
  });

  it("is not-found for somebody else's operation", async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend() });
    const { id } = await as('alice')<Operation>('vm.create', { name: 'db1', wait: 5 });
    expect((await faultOf(as('bob')('operation.explain', { operation: id }))).kind).to.equal('not-found');
  });

  it('says who cancelled it, and what took its place', async function () {
    const backend = new ScriptedBackend();
    backend.put({ id: 'n1', name: 'web1', state: 'running' });
    backend.scripts.set(
      'compute.shutdown',
      ({ options: { signal } }) =>
        new Promise((_, reject) => {
          signal!.addEventListener('abort', () => reject(new Fault('cancelled', 'Given up.', { outcome: 'none' })));
        }),
    );
    const { as } = await startCore(this, { backend });
    await as('root')('vm.list', { refresh: true });
    const { id: first } = await as('root')<Operation>('vm.shutdown', { vm: 'web1' });
    const { id: second } = await as('root')<Operation>('vm.powerOff', { vm: 'web1', wait: 5 });
    const [before, after] = await Promise.all(
      [first, second].map((operation) => as('root')<Story>('operation.explain', { operation })),
    );
    expect(of(before!, 'cancel')[0]!.message).to.equal(
      `root asked for vm.powerOff (operation ${second}), which takes its place.`,
    );
    expect(of(after!, 'waiting')[0]!.message).to.equal(`It waits for vm.shutdown (operation ${first}) to end.`);
  });

  it('goes on after a restart, and goes with its operation', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    let now = Date.parse('2026-01-31T12:00:00Z');
    const backend = new ScriptedBackend();
    const options = { backend, file: join(folder, 'store.db'), now: () => now };
    const first = await startCore(this, options);
    const reached = gate();
    backend.scripts.set('compute.create', (sent) => {
      backend.effect(sent);
      reached.resolve();
      return gate().promise;
    });
    const { id: operation } = await first.as('alice')<Operation>('vm.create', { name: 'db1' });
    await reached.promise;
    const under = await first.as('alice')<Story>('operation.explain', { operation });
    expect(under.advice).to.match(/^It is under way/);
    await first.core.stop();
    const second = await startCore(this, options);
    await second.as('alice')('operation.wait', { operation, wait: 5 });
    const story = await second.as('alice')<Story>('operation.explain', { operation });
    expect(shortly(story).slice(2)).to.deep.equal([
      'daemon stored: It is in the store: from here on it has an end.',
      'daemon sent: compute.create was sent, attempt 1.',
      'daemon resumed: The daemon was started again, and took it up as it was: queued.',
      'daemon sent: The plugin was asked what became of it.',
      'plugin found: It said: done.',
      'daemon event: vm.state state=stopped previous=pending',
      'daemon ended: It ended: succeeded.',
    ]);
    now += 91 * 86_400_000;
    const third = await startCore(this, options);
    await third.as('alice')('session.whoami');
    expect(await third.store.story(operation)).to.deep.equal([]);
  });

  it('has advice for whatever an operation ends with', () => {
    const end = (kind: FaultKind, data = {}) =>
      adviceFor({ id: 'o', state: 'failed', fault: { kind, code: 0, message: 'So.', ...data } });
    for (const kind of Object.keys(faults) as FaultKind[]) expect(end(kind), kind).to.match(/\.$/);
    expect(end('failed', { hint: 'Ask the desk.' })).to.equal('Ask the desk.');
    expect(end('failed', { outcome: 'unknown' })).to.match(/^Whether it was carried out is not known/);
    expect(end('failed', { outcome: 'unknown', hint: 'Ask the desk.' })).to.match(
      /^Whether .* not known.* Ask the desk\.$/,
    );
    expect(adviceFor({ id: 'o', state: 'cancelled' })).to.match(/cancelled/);
  });
});
