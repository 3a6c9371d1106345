import { expect } from 'chai';
import type { Operation, Vm } from '../../daemon/catalogue/resources.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { faultOf, startCore } from '../support/core.ts';
import { gate, ScriptedBackend, seeded } from '../support/scripted-backend.ts';

describe('machines', () => {
  it('are adopted from the backend, owned by the account that is configured for it', async function () {
    const { as } = await startCore(this, { backend: seeded() });
    const { items, total } = await as('root')<{ items: Vm[]; total: number }>('vm.list', { refresh: true });
    expect(total).to.equal(2);
    expect(
      items.map(({ name, state, nativeId, account, connector }) => [name, state, nativeId, account, connector]),
    ).to.deep.equal([
      ['web1', 'stopped', 'n1', 'admin', 'lab'],
      ['web2', 'running', 'n2', 'admin', 'lab'],
    ]);
  });

  it('are started by an operation that ends with the machine running', async function () {
    const { as, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    const operation = await as('root')<Operation>('vm.start', { vm: 'web1', wait: 5 });
    expect(operation).to.include({ method: 'vm.start', state: 'succeeded', progress: 100, user: 'root' });
    expect((await as('root')<Vm>('vm.get', { vm: 'web1' })).state).to.equal('running');
    expect(
      backend.sent.filter(({ call }) => call === 'compute.start').map(({ params, options }) => [params, options.key]),
    ).to.deep.equal([[{ vm: 'n1', paused: false }, operation.id]]);
  });

  it('can be made from an image that was put on the backend a moment ago', async function () {
    const { as, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    backend.scripts.set('compute.images', () => ({ items: [{ id: 'new.qcow2', name: 'new', format: 'qcow2' }] }));
    await as('root')('vm.create', { name: 'web3', image: 'new', wait: 5 });
    const [made] = backend.sent.filter(({ call }) => call === 'compute.create');
    expect(made!.params).to.include({ name: 'web3', image: 'new.qcow2' });
    const fault = await faultOf(as('root')('vm.create', { name: 'web4', image: 'other' }));
    expect(fault).to.include({ kind: 'not-found', message: 'There is no image other.' });
  });

  it('show the state between while an operation is under way, and answer at once without wait', async function () {
    const { as, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    const held = gate();
    backend.scripts.set('compute.start', async (sent) => {
      await held.promise;
      return backend.effect(sent);
    });
    const { id, state } = await as('root')<Operation>('vm.start', { vm: 'web1' });
    expect(state).to.be.oneOf(['queued', 'running']);
    expect((await as('root')<Vm>('vm.get', { vm: 'web1' })).state).to.equal('starting');
    held.resolve();
    expect(await as('root')<Operation>('operation.wait', { operation: id, wait: 5 })).to.include({
      state: 'succeeded',
    });
  });

  it('refuse what their state forbids with a conflict that names both', async function () {
    const { as } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    const started = await faultOf(as('root')('vm.start', { vm: 'web2' }));
    expect([started.kind, started.message]).to.deep.equal(['conflict', 'web2 is already running.']);
    const paused = await faultOf(as('root')('vm.pause', { vm: 'web1' }));
    expect([paused.kind, paused.message]).to.deep.equal(['conflict', 'web1 is stopped; vm.pause needs it running.']);
    const deleted = await faultOf(as('root')('vm.delete', { vm: 'web2' }));
    expect(deleted.message).to.equal('web2 is running; vm.delete needs it stopped, suspended or error.');
  });

  it('are powered off even while a shutdown is ignored, which is cancelled', async function () {
    const { as, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    backend.scripts.set('compute.shutdown', ({ options }) => {
      const { promise, reject } = gate();
      options.signal!.addEventListener('abort', () =>
        reject(new Fault('cancelled', 'Cancelled.', { outcome: 'none' })),
      );
      return promise;
    });
    const shutdown = await as('root')<Operation>('vm.shutdown', { vm: 'web2' });
    const off = await as('root')<Operation>('vm.powerOff', { vm: 'web2', wait: 5 });
    expect(off.state).to.equal('succeeded');
    const superseded = await as('root')<Operation>('operation.get', { operation: shutdown.id });
    expect([superseded.state, superseded.fault!.message]).to.deep.equal([
      'cancelled',
      `vm.powerOff (operation ${off.id}) took its place.`,
    ]);
    expect((await as('root')<Vm>('vm.get', { vm: 'web2' })).state).to.equal('stopped');
  });

  it('are powered off once for callers that ask for it at once', async function () {
    const { as, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    const all = await Promise.all([1, 2, 3].map(() => as('root')<Operation>('vm.powerOff', { vm: 'web2', wait: 5 })));
    expect(new Set(all.map(({ id, state }) => `${id} ${state}`)).size).to.equal(1);
    expect(backend.sent.filter(({ call }) => call === 'compute.powerOff')).to.have.length(1);
  });

  it('answer a failed operation as its fault when the caller waits, and go back to their state', async function () {
    const { as, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    backend.scripts.set('compute.start', () => {
      throw new Fault('quota', 'No room on any host.', { outcome: 'none' });
    });
    const fault = await faultOf(as('root')('vm.start', { vm: 'web1', wait: 5 }));
    expect([fault.kind, fault.message]).to.deep.equal(['quota', 'No room on any host.']);
    const operation = await as('root')<Operation>('operation.get', { operation: fault.data.operation! });
    expect(operation.state).to.equal('failed');
    expect(operation.fault).to.deep.include({ kind: 'quota', code: 507, outcome: 'none' });
    expect((await as('root')<Vm>('vm.get', { vm: 'web1' })).state).to.equal('stopped');
  });

  it('are made, started in the same operation, and not made again for the same key', async function () {
    const backend = new ScriptedBackend();
    const { as } = await startCore(this, { backend });
    const wish = { name: 'db1', vcpus: 2, memoryMiB: 256, start: true, key: 'order-7', wait: 5 };
    const [first, second] = await Promise.all([
      as('alice')<Operation>('vm.create', wish),
      as('alice')<Operation>('vm.create', wish),
    ]);
    expect(first.state).to.equal('succeeded');
    expect(second.id).to.equal(first.id);
    expect(backend.vms.size).to.equal(1);
    const vm = await as('alice')<Vm>('vm.get', { vm: 'db1' });
    expect(vm).to.include({ id: first.resource, account: 'acme', state: 'running', vcpus: 2, memoryMiB: 256 });
    const other = await faultOf(as('alice')('vm.create', { ...wish, vcpus: 4 }));
    expect([other.kind, other.data.field]).to.deep.equal(['conflict', '/key']);
    const bobs = await as('bob')<Operation>('vm.create', wish);
    expect(bobs.id).to.not.equal(first.id);
  });

  it('whose making failed with nothing made are gone; those of which that is not known are in state error and can be deleted', async function () {
    for (const [outcome, state] of [
      ['none', 'deleted'],
      ['partial', 'error'],
    ] as const) {
      const backend = new ScriptedBackend();
      backend.scripts.set('compute.create', () => {
        throw new Fault('quota', 'No room.', { outcome });
      });
      const { as } = await startCore(this, { backend });
      const { operation } = (await faultOf(as('alice')('vm.create', { name: 'db1', wait: 5 }))).data;
      const { resource } = await as('alice')<Operation>('operation.get', { operation });
      expect((await as('alice')<Vm>('vm.get', { vm: resource })).state).to.equal(state);
      if (state === 'error') {
        expect((await as('alice')<Operation>('vm.delete', { vm: 'db1', wait: 5 })).state).to.equal('succeeded');
      }
      expect(await as('alice')('vm.list')).to.deep.equal({ items: [], total: 0 });
    }
  });

  it('of others do not exist', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend() });
    const { resource } = await as('alice')<Operation>('vm.create', { name: 'db1', wait: 5 });
    for (const method of ['vm.get', 'vm.start', 'vm.delete', 'vm.stats']) {
      const fault = await faultOf(as('bob')(method, { vm: resource }));
      expect([method, fault.kind, fault.message]).to.deep.equal([method, 'not-found', `There is no vm ${resource}.`]);
    }
    expect(await as('bob')('vm.list')).to.deep.equal({ items: [], total: 0 });
    const reader = await faultOf(as('eve')('vm.start', { vm: resource }));
    expect([reader.kind, reader.message]).to.deep.equal(['forbidden', 'The role reader may not call vm.start.']);
    expect((await as('eve')<Vm>('vm.get', { vm: resource })).name).to.equal('db1');
  });

  it('with the same name are told apart by id', async function () {
    const { as } = await startCore(this, { backend: new ScriptedBackend() });
    const { resource } = await as('alice')<Operation>('vm.create', { name: 'twin', wait: 5 });
    await as('alice')('vm.create', { name: 'twin', wait: 5 });
    const fault = await faultOf(as('alice')('vm.get', { vm: 'twin' }));
    expect(fault.kind).to.equal('conflict');
    expect(fault.message).to.contain(resource);
  });

  it('are listed page by page, sorted, and filtered by everything given', async function () {
    const backend = new ScriptedBackend();
    for (let index = 0; index < 25; index += 1) {
      backend.put({
        id: `n${index}`,
        name: `vm-${index % 5}-${index}`,
        state: index % 2 === 0 ? 'running' : 'stopped',
        labels: { tier: `t${index % 3}` },
      });
    }
    const { as } = await startCore(this, { backend });
    const list = as('root')<{ items: Vm[]; total: number; next?: string }>;
    const all = await list('vm.list', { refresh: true, sort: 'name' });
    const seen: string[] = [];
    // What is empty is left out.
    let after: string | undefined = '';
    do {
      const page: Awaited<ReturnType<typeof list>> = await list('vm.list', { sort: 'name', limit: 4, after });
      seen.push(...page.items.map(({ name }) => name));
      after = page.next;
    } while (after !== undefined);
    expect(seen).to.deep.equal(all.items.map(({ name }) => name));
    expect(seen).to.deep.equal(seen.toSorted());
    const filtered = await list('vm.list', {
      state: 'running',
      labels: { tier: 't0' },
      name: 'VM-0',
      descending: true,
    });
    expect(filtered.items.map(({ name }) => name)).to.deep.equal(['vm-0-0']);
    expect((await faultOf(list('vm.list', { after: 'nonsense' }))).data.field).to.equal('/after');
  });

  it('whose connector cannot do something say so', async function () {
    const backend = seeded();
    backend.lacking.add('compute.pause');
    const { as } = await startCore(this, { backend });
    await as('root')('vm.list', { refresh: true });
    const fault = await faultOf(as('root')('vm.pause', { vm: 'web2' }));
    expect([fault.kind, fault.message]).to.deep.equal([
      'unsupported',
      'The connector lab (scripted) cannot do compute.pause.',
    ]);
  });

  it('are unknown while their connector is away, with the last state beside it, and known again when it is back', async function () {
    const backend = seeded();
    const { as } = await startCore(this, { backend, limits: { plugins: { unknownAfterMs: 1 } } });
    await as('root')('vm.list', { refresh: true });
    const { next } = await as('root')<{ next: string }>('event.poll');
    backend.become('failing');
    await as('root')('event.poll', { after: next, wait: 5, types: ['vm.state'] });
    expect(await as('root')<Vm>('vm.get', { vm: 'web2' })).to.include({ state: 'unknown', lastState: 'running' });
    const fault = await faultOf(as('root')('vm.pause', { vm: 'web2' }));
    expect([fault.kind, fault.message]).to.deep.equal([
      'unavailable',
      'web2 was running, but its connector lab cannot be reached.',
    ]);
    backend.become('ready');
    await as('root')('vm.list', { refresh: true });
    expect(await as('root')<Vm>('vm.get', { vm: 'web2' }))
      .to.include({ state: 'running' })
      .and.not.have.property('lastState');
  });

  it('that vanish are marked after a second look, and stay readable', async function () {
    const backend = seeded();
    const { as } = await startCore(this, { backend });
    await as('root')('vm.list', { refresh: true });
    const vm = backend.vms.get('n2')!;
    // A list that lacks a machine which `get` still finds is not believed.
    backend.scripts.set('compute.list', () => ({ items: [backend.vms.get('n1')] }));
    await as('root')('vm.list', { refresh: true });
    expect((await as('root')<Vm>('vm.get', { vm: 'web2' })).state).to.equal('running');
    backend.vms.delete(vm.id);
    await as('root')('vm.list', { refresh: true });
    const { items } = await as('root')<{ items: Vm[] }>('vm.list', { state: 'deleted' });
    expect(items.map(({ name }) => name)).to.deep.equal(['web2']);
    expect((await as('root')<Vm>('vm.get', { vm: items[0]!.id })).state).to.equal('deleted');
  });
});
