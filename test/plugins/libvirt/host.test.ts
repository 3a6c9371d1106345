import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { startHost, stopHosts } from '../../host/running-host.ts';
import { requireSuite } from '../../setup/packages.ts';

describe('libvirt plugin in the host', () => {
  let directory: string;

  before(async function () {
    await requireSuite(this, 'libvirt');
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'annelid-test-'));
  });
  afterEach(async function () {
    await stopHosts(this);
    await rm(directory, { recursive: true, force: true });
  });

  it('is found by its name, becomes ready, serves calls and sends events', async function () {
    const config = { uri: 'test:///default', storagePool: 'default-pool', consoleDirectory: directory };
    const { backend, events } = await startHost(this, [{ id: 'kvm1', plugin: 'libvirt', config }]);
    expect(backend().status()).to.include({ state: 'ready', plugin: 'libvirt' });
    const id = randomUUID();
    const machine = { id, name: 'web1', vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: {} };
    expect(await backend().call(compute.create, machine, { key: 'k1' })).to.include({ id, state: 'stopped' });
    expect(await backend().call(compute.start, { vm: id }, { key: 'k2' })).to.include({ state: 'running' });
    await events.when(({ connector, event }) => connector === 'kvm1' && event.vm?.state === 'running');
    const found = await backend().find('k1', 'compute.create', machine);
    expect(found.outcome).to.equal('done');
    expect(found.vm).to.include({ id, key: 'k1' });
  });
});
