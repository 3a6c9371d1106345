import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import type { ConsoleOutput, VmStats } from '../../../plugin-protocol/resources.ts';
import { refusal } from './plugin.ts';
import { newMachine, RealCloud } from './real-cloud.ts';

describe('libvirt plugin: the life of a machine with a real guest', function () {
  this.timeout(120_000);
  let cloud: RealCloud;

  before(async function () {
    cloud = await RealCloud.start(this);
  });
  after(() => cloud?.stop());

  it('takes a machine through its whole life, and virsh sees each step', async () => {
    const made = await cloud.create(
      newMachine({ ...cloud.bootable(), labels: { tier: 'web\u0007' }, disks: [{ sizeMiB: 8 }] }),
      'life',
    );
    const vm = made.id;
    expect(made).to.include({ name: 'web1', state: 'stopped', vcpus: 1, memoryMiB: 128, key: 'life' });
    expect(made.labels).to.deep.equal({ tier: 'web\u0007' });
    expect(made.disks).to.have.length(1);
    expect(made.disks?.[0]).to.include({ device: 'vda', sizeMiB: 8 });
    expect(await cloud.libvirt.virsh('domstate', vm)).to.equal('shut off');

    expect(await cloud.plugin.call('compute.start', { vm, paused: true })).to.include({ state: 'paused' });
    expect(await cloud.libvirt.virsh('domstate', vm)).to.equal('paused');
    expect(await cloud.plugin.call('compute.resume', { vm })).to.include({ state: 'running' });
    expect(await cloud.libvirt.virsh('domstate', vm)).to.equal('running');
    const [first] = await cloud.bootsSeen(vm, 1);

    expect(await cloud.plugin.call('compute.pause', { vm })).to.include({ state: 'paused' });
    expect(await cloud.libvirt.virsh('domstate', vm)).to.equal('paused');
    const still = await refusal(cloud.plugin.call('compute.shutdown', { vm }));
    expect(still.data).to.include({ kind: 'conflict', outcome: 'none', resource: vm });
    await cloud.plugin.call('compute.resume', { vm });

    const stats = await cloud.plugin.call<VmStats>('compute.stats', { vm });
    expect(stats.cpuSeconds).to.be.greaterThan(0);
    expect(stats).to.include.keys('uptimeSeconds', 'diskReadBytes');
    expect(stats.memoryMiB).to.be.within(1, 128);

    await cloud.plugin.call('compute.reboot', { vm });
    const [, second] = await cloud.bootsSeen(vm, 2);
    expect(second).to.not.equal(first);
    expect(await cloud.libvirt.virsh('domstate', vm)).to.equal('running');

    const running = await refusal(cloud.plugin.call('compute.update', { vm, memoryMiB: 160 }));
    expect(running.data).to.include({ kind: 'conflict', field: '/memoryMiB' });
    expect((await refusal(cloud.plugin.call('compute.delete', { vm }))).data).to.include({ kind: 'conflict' });

    expect(await cloud.plugin.call('compute.shutdown', { vm })).to.include({ state: 'stopped' });
    expect(await cloud.libvirt.virsh('domstate', vm, '--reason')).to.equal('shut off (shutdown)');
    expect(
      await cloud.plugin.call('compute.update', { vm, vcpus: 2, memoryMiB: 160, name: 'a/b', labels: {} }),
    ).to.include({
      vcpus: 2,
      memoryMiB: 160,
      name: 'a/b',
    });
    expect(await cloud.libvirt.virsh('dominfo', vm))
      .to.match(/CPU\(s\):\s+2\n/)
      .and.match(/Max memory:\s+163840 KiB/);

    await cloud.plugin.call('compute.start', { vm });
    expect(await cloud.bootsSeen(vm, 1)).to.not.include(second);
    await cloud.plugin.call('compute.reset', { vm });
    expect(await cloud.bootsSeen(vm, 2)).to.have.length(2);
    expect(await cloud.plugin.call('compute.powerOff', { vm })).to.include({ state: 'stopped' });
    expect(await cloud.libvirt.virsh('domstate', vm, '--reason')).to.equal('shut off (destroyed)');

    expect(await cloud.volumes()).to.have.length(1);
    await cloud.plugin.call('compute.delete', { vm });
    expect(await cloud.libvirt.virsh('list', '--all', '--uuid')).to.not.include(vm);
    expect(await cloud.volumes()).to.deep.equal([]);
    expect(await readdir(cloud.consoleLogs)).to.deep.equal([]);
    await cloud.plugin.call('compute.delete', { vm });
  });

  it('reads the whole console output across rotated logs, and from 0 again after the next start', async () => {
    const lines = 5000;
    const commandLine = `${cloud.files.commandLine} annelid.lines=${lines}`;
    const { id: vm } = await cloud.create(newMachine({ ...cloud.bootable(), commandLine }));
    await cloud.plugin.call('compute.start', { vm });
    const text = await cloud.outputOf(vm, 1);
    const numbers = text.match(/^\d+(?=\r?$)/gm) ?? [];
    expect(numbers).to.deep.equal(Array.from({ length: lines }, (_, n) => String(n + 1)));
    expect((await readdir(cloud.consoleLogs)).length).to.be.greaterThan(1);
    const tail = await cloud.plugin.call<ConsoleOutput>('compute.consoleOutput', { vm, maxBytes: 100 });
    expect(Buffer.from(tail.data, 'base64')).to.have.length(100);
    await cloud.plugin.call('compute.powerOff', { vm });
    await cloud.plugin.call('compute.start', { vm, paused: true });
    const fresh = await cloud.plugin.call<ConsoleOutput>('compute.consoleOutput', { vm, offset: '0', maxBytes: 100 });
    expect(fresh).to.deep.equal({ data: '', start: '0', end: '0' });
    await cloud.plugin.call('compute.powerOff', { vm });
    await cloud.plugin.call('compute.delete', { vm });
    expect(await readdir(cloud.consoleLogs)).to.deep.equal([]);
  });

  it('chooses by itself a hypervisor that guests boot under', async () => {
    const instance = 'auto';
    await cloud.plugin.call('configure', { config: { ...cloud.config(), domainType: 'auto' } }, { instance });
    const machine = newMachine(cloud.bootable());
    await cloud.plugin.call('compute.create', machine, { instance, key: randomUUID() });
    await cloud.plugin.call('compute.start', { vm: machine.id });
    expect(await cloud.bootsSeen(machine.id, 1)).to.have.length(1);
    await cloud.plugin.call('compute.powerOff', { vm: machine.id });
    await cloud.plugin.call('compute.delete', { vm: machine.id });
  });

  it('ends a shutdown that the guest ignores with its deadline, and one that is cancelled at once', async () => {
    // Without a kernel the firmware finds nothing to boot, and nobody hears the power button.
    const { id: vm } = await cloud.create(newMachine());
    await cloud.plugin.call('compute.start', { vm });
    const late = await refusal(cloud.plugin.call('compute.shutdown', { vm }, { timeoutMs: 500 }));
    expect(late.data).to.include({ kind: 'timeout', outcome: 'unknown', resource: vm });
    const abort = new AbortController();
    const cancelled = refusal(cloud.plugin.call('compute.shutdown', { vm }, { signal: abort.signal }));
    abort.abort();
    expect((await cancelled).data).to.include({ kind: 'cancelled' });
    await cloud.plugin.call('compute.powerOff', { vm });
    await cloud.plugin.call('compute.delete', { vm });
  });
});
