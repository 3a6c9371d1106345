import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import { refusal } from './plugin.ts';
import { newMachine, RealCloud } from './real-cloud.ts';

describe('libvirt plugin: exactly once, whatever is killed', function () {
  this.timeout(120_000);
  let cloud: RealCloud;

  before(async function () {
    cloud = await RealCloud.start(this);
  });
  after(() => cloud?.stop());

  it('answers a create with the same key with the same machine, and another of that name with a suffix', async () => {
    const params = newMachine({ name: 'twin', disks: [{ sizeMiB: 1 }] });
    const made = await cloud.create(params, 'twice');
    expect(await cloud.create(params, 'twice')).to.deep.equal(made);
    expect(await cloud.create({ ...params, id: randomUUID() }, 'twice')).to.deep.equal(made);
    const other = await cloud.create(newMachine({ name: 'twin' }));
    expect(other.name).to.equal('twin');
    expect(Object.values(await cloud.domains()).sort()).to.deep.equal(['twin', `twin-${other.id.slice(0, 8)}`]);
    expect(await cloud.volumes()).to.have.length(1);
    for (const { id } of [made, other]) await cloud.plugin.call('compute.delete', { vm: id });
  });

  it('leaves nothing of a create that fails half-way', async () => {
    const refused = await refusal(cloud.create(newMachine({ vcpus: 4000, disks: [{ sizeMiB: 1 }] })));
    expect(refused.data).to.include({ outcome: 'none' });
    expect(await cloud.volumes()).to.deep.equal([]);
    expect((await refusal(cloud.create(newMachine({ networks: ['nowhere'] })))).data).to.include({
      kind: 'not-found',
      field: '/networks/0',
    });
  });

  it('makes each machine exactly once when it is killed in the middle of twenty creates', async () => {
    const wanted = Array.from({ length: 20 }, (_, n) =>
      newMachine({ name: `many${n}`, disks: [{ sizeMiB: 1 }, { sizeMiB: 1 }] }),
    );
    const first = wanted.map((params) => cloud.create(params, `key-${params.id}`).catch(() => undefined));
    await Promise.any(first.map(async (made) => (await made) ?? Promise.reject(new Error('killed'))));
    await cloud.plugin.kill();
    await Promise.all(first);
    cloud.plugin = await cloud.configured();
    // Those at the end are never tried again: asking for them must leave nothing of them behind.
    const given = wanted.splice(15);
    for (const params of given) {
      const found = await cloud.plugin.call<{ outcome: string; vm?: NativeVm }>(
        'find',
        { call: 'compute.create', params },
        { key: `key-${params.id}` },
      );
      if (found.outcome === 'done') wanted.push(params);
    }
    const made = await Promise.all(wanted.map((params) => cloud.create(params, `key-${params.id}`)));
    expect(made.map(({ id }) => id)).to.deep.equal(wanted.map(({ id }) => id));
    expect(Object.keys(await cloud.domains()).sort()).to.deep.equal(wanted.map(({ id }) => id).sort());
    expect(await cloud.volumes()).to.deep.equal(
      wanted.flatMap(({ id }) => [0, 1].map((n) => `annelid-${id}-${n}.qcow2`)).sort(),
    );
    await Promise.all(wanted.map(({ id: vm }) => cloud.plugin.call('compute.delete', { vm })));
    expect(await cloud.volumes()).to.deep.equal([]);
  });

  it('knows its machines again, says that libvirtd is away, and comes back with it', async () => {
    const { id: vm } = await cloud.create(newMachine({ ...cloud.bootable(), labels: { keep: 'me' } }), 'kept');
    await cloud.plugin.call('compute.start', { vm });
    const before = await cloud.plugin.call('compute.get', { vm });
    cloud.plugin.forget();
    const asked = Promise.withResolvers<unknown>();
    const waiting = refusal(cloud.plugin.call('compute.shutdown', { vm }, { onProgress: asked.resolve }));
    await asked.promise;
    await cloud.libvirt.stopDaemon();
    // So that the daemon reads at once, and shows the connector as failing.
    await cloud.plugin.event(({ type }) => type === 'resync');
    const lost = await waiting;
    expect(lost.data).to.include({ kind: 'unavailable', outcome: 'unknown' });
    const away = await refusal(cloud.plugin.call('compute.get', { vm }));
    expect(away.code).to.equal(503);
    expect(away.data).to.include({ kind: 'unavailable', outcome: 'none' });
    expect((await refusal(cloud.plugin.call('probe'))).data).to.include({ kind: 'unavailable' });
    expect((await refusal(cloud.plugin.call('compute.images'))).data).to.include({ kind: 'unavailable' });
    cloud.plugin.forget();
    await cloud.libvirt.startDaemon();
    await cloud.plugin.event(({ type }) => type === 'resync');
    await cloud.plugin.call('probe');
    expect(await cloud.plugin.call('compute.get', { vm })).to.deep.equal(before);
    cloud.plugin.forget();
    await cloud.libvirt.virsh('suspend', vm);
    await cloud.plugin.event(({ vm: changed }) => changed?.id === vm && changed.state === 'paused');

    await cloud.plugin.close();
    cloud.plugin = await cloud.configured();
    const found = await cloud.plugin.call<{ outcome: string; vm: NativeVm }>(
      'find',
      { call: 'compute.create', params: {} },
      { key: 'kept' },
    );
    expect(found).to.deep.include({ outcome: 'done' });
    expect(found.vm).to.deep.include({ id: vm, state: 'paused', labels: { keep: 'me' } });
    await cloud.plugin.call('compute.powerOff', { vm });
    await cloud.plugin.call('compute.delete', { vm });
  });
});
