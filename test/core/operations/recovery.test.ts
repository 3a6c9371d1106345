import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Operation, Vm } from '../../../daemon/catalogue/resources.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { cleanup, faultOf, startCore } from '../../support/core.ts';
import { gate, ScriptedBackend, type Sent } from '../../support/scripted-backend.ts';

const storeFile = async (context: Mocha.Context) => {
  const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
  cleanup(context, () => rm(folder, { recursive: true }));
  return join(folder, 'store.db');
};

/** A call that is never answered, as when the daemon is killed with it under way; `after` may do the work first. */
const neverAnswered = (backend: ScriptedBackend, call: string, after?: (sent: Sent) => void) => {
  const reached = gate<Sent>();
  backend.scripts.set(call, (sent) => {
    after?.(sent);
    reached.resolve(sent);
    return gate().promise;
  });
  return reached.promise;
};

const lost = () => new Fault('unavailable', 'The plugin ended.', { outcome: 'unknown' });

describe('an operation', () => {
  it('is in the store before the plugin hears of it', async function () {
    const file = await storeFile(this);
    const backend = new ScriptedBackend();
    const { as, store } = await startCore(this, { backend, file });
    let stored: string | undefined;
    backend.scripts.set('compute.create', async (sent) => {
      stored = (await store.operation(sent.options.key!))?.state;
      return backend.effect(sent);
    });
    await as('alice')('vm.create', { name: 'db1', wait: 5 });
    expect(stored).to.equal('queued');
  });

  it('that was never sent is sent after a restart', async function () {
    const file = await storeFile(this);
    const backend = new ScriptedBackend();
    const first = await startCore(this, { backend, file });
    const reached = neverAnswered(backend, 'compute.create');
    const { id } = await first.as('alice')<Operation>('vm.create', { name: 'db1' });
    await reached;
    backend.scripts.clear();
    const { as } = await startCore(this, { backend, file });
    expect(await as('alice')<Operation>('operation.wait', { operation: id, wait: 5 })).to.include({
      state: 'succeeded',
    });
    expect(backend.vms.size).to.equal(1);
  });

  it('that was carried out without our hearing of it is not sent again', async function () {
    const file = await storeFile(this);
    const backend = new ScriptedBackend();
    const first = await startCore(this, { backend, file });
    const reached = neverAnswered(backend, 'compute.create', (sent) => backend.effect(sent));
    const { id, resource } = await first.as('alice')<Operation>('vm.create', { name: 'db1' });
    await reached;
    backend.scripts.clear();
    const { as } = await startCore(this, { backend, file });
    expect(await as('alice')<Operation>('operation.wait', { operation: id, wait: 5 })).to.include({
      state: 'succeeded',
    });
    expect(backend.sent.filter(({ call }) => call === 'compute.create')).to.have.length(1);
    expect(await as('alice')<Vm>('vm.get', { vm: resource })).to.include({
      state: 'stopped',
      nativeId: `n-${resource}`,
    });
    expect(await as('alice')('vm.list')).to.have.property('total', 1);
  });

  it('goes on with its second step when the first was done', async function () {
    const file = await storeFile(this);
    const backend = new ScriptedBackend();
    const first = await startCore(this, { backend, file });
    const reached = neverAnswered(backend, 'compute.start');
    const { id } = await first.as('alice')<Operation>('vm.create', { name: 'db1', start: true });
    await reached;
    backend.scripts.clear();
    const { as } = await startCore(this, { backend, file });
    expect(await as('alice')<Operation>('operation.wait', { operation: id, wait: 5 })).to.include({
      state: 'succeeded',
    });
    expect(backend.sent.filter(({ call }) => call === 'compute.create')).to.have.length(1);
    expect((await as('alice')<Vm>('vm.get', { vm: 'db1' })).state).to.equal('running');
  });

  it('that goes on as a task is asked after with the same task when the daemon comes back', async function () {
    const file = await storeFile(this);
    const backend = new ScriptedBackend();
    const first = await startCore(this, { backend, file });
    backend.scripts.set('compute.create', ({ options }) => options.onTask!({ id: 'job-7', pollMs: 5 }));
    const followed = gate<string | undefined>();
    backend.follows = async ({ id }) => {
      const [row] = (await first.store.load()).operations;
      followed.resolve(row?.task?.id === id ? id : undefined);
      return gate<never>().promise;
    };
    const { id, resource } = await first.as('alice')<Operation>('vm.create', { name: 'db1' });
    expect(await followed.promise, 'the task in the store before it is asked after').to.equal('job-7');
    const asked: string[] = [];
    backend.follows = ({ id: task }, { onProgress }) => {
      asked.push(task);
      onProgress!({ percent: 40, message: 'Copying.' });
      if (asked.length === 1) return { state: 'away' };
      return { state: 'done', result: backend.put({ id: 'n1', name: 'db1', state: 'stopped' }) };
    };
    const { as } = await startCore(this, { backend, file });
    const ended = await as('alice')<Operation>('operation.wait', { operation: id, wait: 5 });
    expect(ended).to.include({ state: 'succeeded' }).and.not.have.property('task');
    expect(asked).to.deep.equal(['job-7', 'job-7']);
    expect(backend.sent.filter(({ call }) => call === 'compute.create')).to.have.length(1);
    expect(await as('alice')<Vm>('vm.get', { vm: resource })).to.include({ nativeId: 'n1' });
  });

  it('whose task the plugin has forgotten is settled by find; one whose task failed has that fault', async function () {
    const backend = new ScriptedBackend();
    const { as } = await startCore(this, { backend });
    backend.scripts.set('compute.create', (sent) => {
      if (sent.params.name === 'done') backend.effect(sent);
      sent.options.onTask!({ id: String(sent.params.name) });
    });
    backend.follows = ({ id }) =>
      id === 'failing'
        ? { state: 'failed', fault: new Fault('quota', 'It is full.', { outcome: 'none' }) }
        : { state: 'forgotten' };
    expect(await as('alice')<Operation>('vm.create', { name: 'done', wait: 5 })).to.include({ state: 'succeeded' });
    expect(backend.sent.filter(({ call }) => call === 'compute.create')).to.have.length(1);
    const fault = await faultOf(as('alice')('vm.create', { name: 'failing', wait: 5 }));
    expect([fault.kind, fault.message]).to.deep.equal(['quota', 'It is full.']);
  });

  it('whose plugin died with it is settled by find, done or not', async function () {
    const backend = new ScriptedBackend();
    const { as } = await startCore(this, { backend });
    let calls = 0;
    backend.scripts.set('compute.create', (sent) => {
      calls += 1;
      // The first create of each machine breaks: of `done` after the work, of `undone` before it.
      if (sent.options.attempt! > 1) return backend.effect(sent);
      if (sent.params.name === 'done') backend.effect(sent);
      throw lost();
    });
    const [done, undone] = await Promise.all([
      as('alice')<Operation>('vm.create', { name: 'done', wait: 10 }),
      as('alice')<Operation>('vm.create', { name: 'undone', wait: 10 }),
    ]);
    expect([done.state, undone.state, calls, backend.vms.size]).to.deep.equal(['succeeded', 'succeeded', 3, 2]);
  });

  it('is not repeated blindly where the plugin keeps no keys and does not know', async function () {
    const backend = new ScriptedBackend();
    backend.idempotency = 'none';
    backend.finds = () => ({ outcome: 'unknown' });
    backend.scripts.set('compute.create', () => {
      throw lost();
    });
    const { as } = await startCore(this, { backend });
    const fault = await faultOf(as('alice')('vm.create', { name: 'db1', wait: 10 }));
    expect(fault.data.outcome).to.equal('unknown');
    expect(fault.message).to.contain('whether it was carried out is not known');
    expect(backend.sent.filter(({ call }) => call === 'compute.create')).to.have.length(1);
  });

  it('waits for a connector that is away, and can be cancelled meanwhile', async function () {
    const backend = new ScriptedBackend();
    const { as } = await startCore(this, { backend });
    backend.scripts.set('compute.create', () => {
      backend.become('failing');
      throw lost();
    });
    const { id } = await as('alice')<Operation>('vm.create', { name: 'db1' });
    const waiting = await as('alice')<Operation>('operation.wait', { operation: id, wait: 0.05 });
    expect(waiting.state).to.equal('running');
    await as('alice')('operation.cancel', { operation: id });
    expect(await as('alice')<Operation>('operation.wait', { operation: id, wait: 5 })).to.include({
      state: 'cancelled',
    });
    const fault = await faultOf(as('alice')('operation.cancel', { operation: id }));
    expect([fault.kind, fault.message]).to.deep.equal(['conflict', 'The operation has ended: cancelled.']);
  });

  it('whose machine was reported before the answer came makes no second machine', async function () {
    for (const keyed of [true, false]) {
      const backend = new ScriptedBackend();
      backend.scripts.set('compute.create', async (sent) => {
        const vm = backend.effect(sent) as { key?: string };
        const { key: _, ...unkeyed } = vm;
        backend.emit({ type: 'vm.changed', vm: (keyed ? vm : unkeyed) as never });
        return keyed ? vm : unkeyed;
      });
      const { as } = await startCore(this, { backend });
      await as('alice')('vm.create', { name: 'db1', wait: 5 });
      await as('root')('vm.list', { refresh: true });
      expect(await as('root')('vm.list')).to.have.property('total', 1);
    }
  });
});
