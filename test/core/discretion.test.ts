import { expect } from 'chai';
import type { Connector, Operation, Vm, Volume } from '../../daemon/catalogue/resources.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { faultOf, startCore } from '../support/core.ts';
import { ScriptedBackend } from '../support/scripted-backend.ts';

interface Volumes {
  items: Volume[];
  total: number;
}

/** A message that names what only the operator should read. */
const secret = 'Cannot connect to qemu+ssh://operator@node7/system: no route to host.';
const generic = 'The backend cannot be reached at the moment.';

describe('callers who are no administrators', () => {
  it('do not read why a backend cannot be reached, in faults, in operations and of connectors', async function () {
    const backend = new ScriptedBackend();
    const { as } = await startCore(this, { backend });
    await as('alice')('vm.create', { name: 'db1', wait: 5 });
    for (const call of ['compute.start', 'compute.stats', 'compute.list']) {
      backend.scripts.set(call, () => {
        throw new Fault('unavailable', secret, { outcome: 'none', hint: secret });
      });
    }
    const read = await faultOf(as('alice')('vm.stats', { vm: 'db1' }));
    expect([read.kind, read.message, read.data.hint]).to.deep.equal(['unavailable', generic, undefined]);
    expect((await faultOf(as('root')('vm.stats', { vm: 'db1' }))).message).to.equal(secret);

    const { id } = await as('alice')<Operation>('vm.start', { vm: 'db1' });
    await as('alice')('operation.wait', { operation: id, wait: 20 });
    const [alices, roots] = await Promise.all([
      as('alice')<Operation>('operation.get', { operation: id }),
      as('root')<Operation>('operation.get', { operation: id }),
    ]);
    expect([alices.fault!.message, roots.fault!.message]).to.deep.equal([generic, secret]);

    await faultOf(as('root')('vm.list', { connector: 'lab', refresh: true }));
    expect((await as('alice')<Connector>('connector.get', { connector: 'lab' })).message).to.equal(generic);
    expect((await as('root')<Connector>('connector.get', { connector: 'lab' })).message).to.equal(secret);
  }).timeout(30_000);

  it('see the volumes of their own machines alone', async function () {
    const backend = new ScriptedBackend();
    backend.scripts.set('compute.create', (sent) => {
      const vm = backend.effect(sent) as { id: string; name: string; state: 'stopped' };
      return backend.put({ ...vm, disks: [{ device: 'vda', volume: `${vm.name}-vda` }] });
    });
    backend.scripts.set('storage.list', () => ({
      items: ['hers', 'his', 'nobody'].map((id) => ({ id: `${id}-vda`, name: `volume of ${id}`, sizeMiB: 1 })),
    }));
    const { as } = await startCore(this, { backend });
    await as('alice')('vm.create', { name: 'hers', wait: 5 });
    await as('bob')('vm.create', { name: 'his', wait: 5 });
    const names = async (user: 'alice' | 'bob' | 'root') =>
      (await as(user)<Volumes>('volume.list', { refresh: true })).items.map(({ name }) => name);
    expect(await names('alice')).to.deep.equal(['volume of hers']);
    expect(await names('bob')).to.deep.equal(['volume of his']);
    expect(await names('root')).to.deep.equal(['volume of hers', 'volume of his', 'volume of nobody']);
    expect((await faultOf(as('bob')('volume.get', { volume: 'hers-vda' }))).kind).to.equal('not-found');
    const { disks } = await as('alice')<Vm>('vm.get', { vm: 'hers' });
    expect(await as('alice')('volume.get', { volume: disks![0]!.volume! })).to.have.property('name', 'volume of hers');
  });

  it('who move to another account do not meet what their keys named in the old one', async function () {
    const { as, core } = await startCore(this, { backend: new ScriptedBackend() });
    const before = await as('alice')<Operation>('vm.create', { name: 'db1', key: 'deploy-1', wait: 5 });
    await core.putUser({ user: 'alice', password: 'alice-password', account: 'elsewhere', role: 'user' });
    const after = await as('alice')<Operation>('vm.create', { name: 'db1', key: 'deploy-1', wait: 5 });
    expect(after.id).to.not.equal(before.id);
    expect(after.account).to.equal('elsewhere');
  });
});
