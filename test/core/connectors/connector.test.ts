import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Connector, Operation, Vm } from '../../../daemon/catalogue/resources.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { cleanup, faultOf, startCore } from '../../support/core.ts';
import { gate, ScriptedBackend, seeded } from '../../support/scripted-backend.ts';

describe('operations', () => {
  it('are listed by the state that they are in now', async function () {
    const { as, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    const held = gate();
    backend.scripts.set('compute.start', async (sent) => {
      sent.options.onProgress!({ percent: 40, message: 'Warming up.' });
      await held.promise;
      return backend.effect(sent);
    });
    const { id } = await as('root')<Operation>('vm.start', { vm: 'web1' });
    const list = async (state: string) => {
      // What is empty is left out.
      const params = { state, resource: '', method: '', after: '' };
      const { items, total } = await as('root')<{ items: Operation[]; total: number }>('operation.list', params);
      expect(items).to.have.length(total);
      return items.map(({ id, progress, message }) => [id, progress, message]);
    };
    // The plugin hears of it once it is durable, which is when the call was answered.
    while ((await list('running')).length === 0) await as('root')('operation.wait', { operation: id, wait: 0.01 });
    expect(await list('running')).to.deep.equal([[id, 40, 'Warming up.']]);
    expect(await list('queued')).to.deep.equal([]);
    held.resolve();
    await as('root')('operation.wait', { operation: id, wait: 5 });
    expect(await list('running')).to.deep.equal([]);
    expect(await list('succeeded')).to.deep.equal([[id, 100, undefined]]);
  });
});

describe('a connector that cannot be read', () => {
  it('is failing and says why, its machines are unknown, and it is read again until it answers', async function () {
    const { as, backend } = await startCore(this, {
      backend: seeded(),
      limits: { plugins: { unknownAfterMs: 1, restartMinMs: 1, restartMaxMs: 5 } },
    });
    await as('root')('vm.list', { refresh: true });
    const { next } = await as('root')<{ next: string }>('event.poll');
    backend.scripts.set('compute.list', () => {
      throw new Fault('unavailable', 'libvirtd does not answer.');
    });
    backend.emit({ type: 'resync' });
    await as('root')('event.poll', { after: next, wait: 5, types: ['connector.state'] });
    const connector = await as('root')<Connector>('connector.get', { connector: 'lab' });
    expect(connector).to.include({ state: 'failing', message: 'libvirtd does not answer.' });
    expect(await as('root')('system.health')).to.include({ status: 'degraded' });
    await as('root')('event.poll', { after: next, wait: 5, types: ['vm.state'] });
    expect(await as('root')<Vm>('vm.get', { vm: 'web2' })).to.include({ state: 'unknown', lastState: 'running' });
    const lost = await as('root')<{ next: string }>('event.poll');
    backend.scripts.clear();
    await as('root')('event.poll', { after: lost.next, wait: 5, types: ['connector.state'] });
    expect(await as('root')<Connector>('connector.get', { connector: 'lab' })).to.include({ state: 'ready' });
    expect(await as('root')<Vm>('vm.get', { vm: 'web2' })).to.include({ state: 'running' });
  });

  it('since its plugin was away, and told of nothing that happened meanwhile, has its machines read again', async function () {
    const backend = seeded();
    backend.cursors = 'reported';
    backend.pulls = async () => ({ events: [], next: '1' });
    const { as } = await startCore(this, { backend, limits: { plugins: { unknownAfterMs: 1 } } });
    await as('root')('vm.list', { refresh: true });
    const { next } = await as('root')<{ next: string }>('event.poll');
    backend.become('failing');
    const gone = await as('root')<{ next: string }>('event.poll', { after: next, wait: 30, types: ['vm.state'] });
    expect(await as('root')<Vm>('vm.get', { vm: 'web2' })).to.include({ state: 'unknown' });
    backend.become('ready');
    await as('root')('event.poll', { after: gone.next, wait: 30, types: ['vm.state'] });
    expect(await as('root')<Vm>('vm.get', { vm: 'web2' })).to.include({ state: 'running' });
  });

  it('since its pages do not end is failing and says so', async function () {
    const backend = seeded();
    const { as } = await startCore(this, { backend, limits: { plugins: { listed: 5 } } });
    const message = async () => {
      const fault = await faultOf(as('root')('vm.list', { connector: 'lab', refresh: true }));
      const { state } = await as('root')<Connector>('connector.get', { connector: 'lab' });
      return [state, fault.message];
    };
    let page = 0;
    backend.scripts.set('compute.list', () => ({ items: [], next: `${++page}` }));
    const endless = 'compute.list lists more than 5 in its pages (limits.plugins.listed).';
    expect(await message()).to.deep.equal(['failing', endless]);
    backend.scripts.set('compute.list', () => ({ items: [], next: 'again' }));
    const circle = 'compute.list goes on at "again", where it was asked to go on.';
    expect(await message()).to.deep.equal(['failing', circle]);
  });

  it('in part is ready with a message, and its machines are read', async function () {
    const backend = seeded();
    backend.scripts.set('compute.images', () => {
      throw new Fault('failed', 'No such directory.');
    });
    const { as } = await startCore(this, { backend });
    expect(await as('root')('vm.list', { refresh: true })).to.have.property('total', 2);
    const connector = await as('root')<Connector>('connector.get', { connector: 'lab' });
    expect(connector).to.include({ state: 'ready', message: 'compute.images: No such directory.' });
  });

  it('lists a machine twice: the first counts', async function () {
    const backend = seeded();
    const twin = { ...backend.vms.get('n1')!, state: 'running' as const };
    backend.scripts.set('compute.list', () => ({ items: [...backend.vms.values(), twin] }));
    const { as } = await startCore(this, { backend });
    expect(await as('root')('vm.list', { refresh: true })).to.have.property('total', 2);
    expect(await as('root')<Vm>('vm.get', { vm: 'web1' })).to.include({ state: 'stopped' });
  });

  it('does not exist: a list of its machines is refused', async function () {
    const { as } = await startCore(this, { backend: seeded() });
    const fault = await faultOf(as('root')('vm.list', { connector: 'nope' }));
    expect([fault.kind, fault.message]).to.deep.equal(['not-found', 'There is no connector nope.']);
  });
});

describe('a connector that is not configured any more', () => {
  it('leaves its machines unknown, and nothing else', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    const file = join(folder, 'store.db');
    const backend = seeded();
    backend.scripts.set('compute.hosts', () => ({ items: [{ id: 'h1', name: 'node1', state: 'up' }] }));
    const first = await startCore(this, { backend, file });
    await first.as('root')('host.list', { refresh: true });
    expect(await first.as('root')('host.list')).to.have.property('total', 1);
    const { as } = await startCore(this, { backend: new ScriptedBackend('other'), file });
    expect(await as('root')<Vm>('vm.get', { vm: 'web2' })).to.include({ state: 'unknown', lastState: 'running' });
    expect(await as('root')('host.list')).to.have.property('total', 0);
  });
});

describe('a store that cannot be written', () => {
  it('fails calls with a fault, those that wait too, the health, and in the end the daemon', async function () {
    const { as, store, core, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    const [sent, held] = [gate(), gate()];
    backend.scripts.set('compute.start', () => {
      sent.resolve();
      return held.promise;
    });
    const waiting = faultOf(as('root')('vm.start', { vm: 'web1', wait: 60 }));
    await sent.promise;
    // As good as a disk that is full: after an event that is there already nothing can be written any more.
    const [event] = await store.events(0, 1);
    await store.write([{ put: 'event', row: event! }]).catch(() => {});
    const fault = await faultOf(as('alice')('vm.create', { name: 'db1' }));
    expect([fault.kind, fault.message]).to.deep.equal(['unavailable', 'The store cannot be written.']);
    expect((await waiting).message).to.equal(fault.message);
    expect((await faultOf(core.failed)).message).to.contain('UNIQUE');
    held.resolve();
    expect(await as('root')('system.health')).to.include({ status: 'failing' });
  });
});
