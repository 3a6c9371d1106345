import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type {
  NativeHost,
  NativeImage,
  NativeNetwork,
  NativeVm,
  NativeVolume,
} from '../../../plugin-protocol/resources.ts';
import { until } from '../../support/daemon.ts';
import { refusal } from './plugin.ts';
import { newMachine, RealCloud } from './real-cloud.ts';

describe('libvirt plugin: what else a real libvirtd has', function () {
  this.timeout(120_000);
  let cloud: RealCloud;

  before(async function () {
    cloud = await RealCloud.start(this);
  });
  after(() => cloud?.stop());

  it('makes a disk of its own from an image, and refuses what lies outside the image directories', async () => {
    const made = await cloud.create(newMachine({ image: cloud.files.disk }));
    expect(made.image).to.equal(cloud.files.disk);
    expect(made.disks?.[0]).to.include({ device: 'vda', sizeMiB: 16 });
    const [name] = await cloud.volumes();
    expect(await cloud.libvirt.virsh('vol-dumpxml', join(cloud.pool, String(name)))).to.include(
      `<path>${join(cloud.files.directory, cloud.files.disk)}</path>`,
    );
    await cloud.plugin.call('compute.delete', { vm: made.id });
    expect(await readdir(cloud.files.directory)).to.include(cloud.files.disk);
    for (const image of ['/etc/hostname', '../../../package.json', `${cloud.files.directory}/../../.gitignore`]) {
      const refused = await refusal(cloud.create(newMachine({ image })));
      expect(refused.data).to.include({ kind: 'not-found', field: '/image', outcome: 'none' });
    }
    expect((await refusal(cloud.create(newMachine({ image: cloud.files.kernel })))).data).to.include({
      kind: 'invalid-params',
    });
    expect(await cloud.volumes()).to.deep.equal([]);
  });

  it('lists the host and the images, and connects a machine to a network by its id', async () => {
    const hosts = await cloud.plugin.call<{ items: NativeHost[] }>('compute.hosts');
    const [, version] = /Running hypervisor: (QEMU \S+)/.exec(await cloud.libvirt.virsh('version')) ?? [];
    expect(hosts.items[0]).to.include({ name: await cloud.libvirt.virsh('hostname'), hypervisor: version });
    const { items } = await cloud.plugin.call<{ items: NativeImage[] }>('compute.images');
    expect(items.map(({ id, format }) => [id, format])).to.deep.equal([
      [cloud.files.disk, 'qcow2'],
      [cloud.files.initrd, 'initrd'],
      [cloud.files.kernel, 'kernel'],
    ]);
    expect(items[0]?.sizeMiB).to.equal(16);

    const id = randomUUID();
    const xml = join(cloud.libvirt.directory, 'network.xml');
    const range = '<ip address="10.77.0.1" netmask="255.255.255.0"/>';
    await writeFile(xml, `<network><name>quiet</name><uuid>${id}</uuid><bridge name="quiet0"/>${range}</network>`);
    await cloud.libvirt.virsh('net-define', xml);
    const networks = await cloud.plugin.call<{ items: NativeNetwork[] }>('network.list');
    expect(networks.items).to.deep.include({ id: 'user', name: 'user', state: 'up', cidrs: ['10.0.2.0/24'] });
    expect(networks.items).to.deep.include({
      id,
      name: 'quiet',
      state: 'down',
      bridge: 'quiet0',
      cidrs: ['10.77.0.0/24'],
    });
    const made = await cloud.create(newMachine({ networks: [id, 'user'] }));
    expect(made.nics?.map(({ network }) => network)).to.deep.equal([id, 'user']);
    expect(await cloud.libvirt.virsh('domiflist', made.id)).to.include(String(made.nics?.[0]?.mac));
    await cloud.plugin.call('compute.delete', { vm: made.id });
    await cloud.libvirt.virsh('net-undefine', 'quiet');
  });

  it('neither lists the disks of machines as images nor makes machines from them', async () => {
    const instance = 'same';
    const images = join(cloud.libvirt.directory, 'images');
    await mkdir(images);
    for (const name of ['golden', 'foreign', 'spare']) {
      await copyFile(join(cloud.files.directory, cloud.files.disk), join(images, `${name}.qcow2`));
    }
    const call = <R>(method: string, params: object = {}) =>
      cloud.plugin.call<R>(method, params, { instance, key: randomUUID() });
    const listed = async () => (await call<{ items: NativeImage[] }>('compute.images')).items.map(({ id }) => id);
    // The example of the README: the pool of new disks is where the images are.
    await call('configure', { config: { ...cloud.config(), imageDirectories: [images], storagePool: images } });
    expect(await listed()).to.have.members(['golden.qcow2', 'foreign.qcow2', 'spare.qcow2']);

    const made = await call<NativeVm>('compute.create', newMachine({ image: 'golden.qcow2' }));
    const own = `annelid-${made.id}-0.qcow2`;
    expect(await readdir(images)).to.include(own);
    const foreign = await cloud.defineForeign(join(images, 'foreign.qcow2'));
    expect(await listed()).to.have.members(['golden.qcow2', 'spare.qcow2']);
    for (const image of [own, join(images, own), 'foreign.qcow2']) {
      const refused = await refusal(call('compute.create', newMachine({ image })));
      expect(refused.data, image).to.include({ kind: 'conflict', field: '/image', outcome: 'none' });
    }

    // Another disk is plugged in, of which libvirt has no event; then the machine lets go of both.
    await cloud.libvirt.virsh('attach-disk', foreign, join(images, 'spare.qcow2'), 'vdb', '--config');
    expect(await listed()).to.have.members(['golden.qcow2']);
    await cloud.libvirt.virsh('undefine', foreign);
    expect(await listed()).to.have.members(['golden.qcow2', 'foreign.qcow2', 'spare.qcow2']);
    await call('compute.delete', { vm: made.id });
    expect(await readdir(images)).to.have.members(['golden.qcow2', 'foreign.qcow2', 'spare.qcow2']);
  });

  it('has the daemon read again once disks have come or gone, once for several', async () => {
    const volumes = async () => (await cloud.plugin.call<{ items: NativeVolume[] }>('storage.list')).items.length;
    cloud.plugin.forget();
    const before = await volumes();
    const several = await Promise.all([1, 2, 3].map(() => cloud.create(newMachine({ disks: [{ sizeMiB: 1 }] }))));
    await cloud.plugin.event(({ type }) => type === 'resync');
    expect(await volumes()).to.equal(before + 3);
    const first = cloud.plugin.events.filter(({ type }) => type === 'resync').length;
    cloud.plugin.forget();
    await Promise.all(several.map(({ id: vm }) => cloud.plugin.call('compute.delete', { vm })));
    await cloud.plugin.event(({ type }) => type === 'resync');
    const second = cloud.plugin.events.filter(({ type }) => type === 'resync').length;
    expect(first + second, 'one each for three creates and three deletes').to.be.below(6);
    expect(await volumes()).to.equal(before);
  });

  it('shows a machine saved by virsh as suspended, and wakes or deletes it with what was saved', async () => {
    const { id: vm } = await cloud.create(newMachine({ disks: [{ sizeMiB: 1 }] }));
    await cloud.plugin.call('compute.start', { vm });
    await cloud.libvirt.virsh('managedsave', vm);
    expect(await cloud.plugin.call('compute.get', { vm })).to.include({ state: 'suspended' });
    cloud.plugin.forget();
    await cloud.libvirt.stopDaemon();
    await cloud.plugin.event(({ type }) => type === 'resync');
    await cloud.libvirt.startDaemon();
    // Reading again is asked for whenever disks have changed, too: what tells that it is back is an answer.
    const isBack = () =>
      cloud.plugin.call('compute.get', { vm }).then(
        () => true,
        () => false,
      );
    await until(isBack);
    expect(await cloud.plugin.call('compute.get', { vm })).to.include({ state: 'suspended' });
    // What was saved has the processors and the memory of then, and the labels too.
    for (const field of ['vcpus', 'memoryMiB']) {
      const refused = await refusal(cloud.plugin.call('compute.update', { vm, [field]: 256 }));
      expect(refused.data).to.include({ kind: 'conflict', outcome: 'none', field: `/${field}`, resource: vm });
      expect(refused.message).to.include('web1 is suspended');
    }
    const named = { name: 'renamed', labels: { changed: 'while saved' } };
    expect(await cloud.plugin.call('compute.update', { vm, ...named })).to.deep.include(named);
    expect(await cloud.plugin.call('compute.start', { vm })).to.deep.include({ state: 'running', ...named });
    expect(await cloud.libvirt.virsh('dominfo', vm)).to.match(/Max memory:\s+131072 KiB/);
    await cloud.libvirt.virsh('managedsave', vm);
    await cloud.libvirt.virsh('snapshot-create-as', vm, 'after');
    await cloud.plugin.call('compute.delete', { vm });
    expect(Object.keys(await cloud.domains())).to.not.include(vm);
    expect(await cloud.volumes()).to.deep.equal([]);
  });

  it('adopts a machine that virsh made, tells its changes, and leaves its disk when it is deleted', async () => {
    const disk = join(cloud.libvirt.directory, 'foreign.qcow2');
    await copyFile(join(cloud.files.directory, cloud.files.disk), disk);
    cloud.plugin.forget();
    const vm = await cloud.defineForeign(disk);
    await cloud.plugin.event(({ vm: changed }) => changed?.id === vm && changed.state === 'stopped');
    await cloud.libvirt.virsh('start', vm);
    const event = await cloud.plugin.event(({ vm: changed }) => changed?.id === vm && changed.state === 'running');
    expect(event.vm).to.include({ name: 'foreign', memoryMiB: 64 });
    expect((await cloud.plugin.call<{ items: NativeVm[] }>('compute.list')).items).to.deep.include(event.vm);
    expect((await refusal(cloud.plugin.call('compute.consoleOutput', { vm, maxBytes: 1 }))).data).to.include({
      kind: 'unsupported',
    });
    await cloud.plugin.call('compute.update', { vm, labels: { ours: 'now' } });
    expect(await cloud.plugin.call('compute.get', { vm })).to.deep.include({
      labels: { ours: 'now' },
      name: 'foreign',
    });
    await cloud.libvirt.virsh('destroy', vm);
    cloud.plugin.forget();
    await cloud.plugin.call('compute.delete', { vm });
    await cloud.plugin.event(({ type, id }) => type === 'vm.deleted' && id === vm);
    expect(await readdir(cloud.libvirt.directory)).to.include('foreign.qcow2');
  });
});
