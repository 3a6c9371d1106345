import { expect } from 'chai';
import { cloudCalls } from '../cloud-calls.ts';
import { expectFault } from './fails.ts';
import { type Joined, join, noon, wish } from './join.ts';

const idOf = async (cloud: Joined, name: string) => {
  const { items } = await cloud.call('compute.list', {});
  const found = items.find((vm) => vm.name === name);
  expect(found, name).not.to.equal(undefined);
  return found?.id ?? '';
};

describe('the memory cloud', () => {
  it('serves every call of a cloud, and what is not about one', async () => {
    const { calls } = await join();
    expect(Object.keys(calls).sort()).to.deep.equal(
      [...cloudCalls, 'events.pull', 'find', 'probe', 'task.cancel', 'task.get'].sort(),
    );
  });

  it('without a configuration holds three machines, two hosts, four images and a network', async () => {
    const cloud = await join();
    const { items } = await cloud.call('compute.list', {});
    expect(items.map(({ name, state, memoryMiB }) => [name, state, memoryMiB])).to.deep.equal([
      ['web1', 'running', 1024],
      ['web2', 'stopped', 1024],
      ['db1', 'running', 4096],
    ]);
    const hosts = (await cloud.call('compute.hosts', {})).items;
    expect(hosts.map(({ name, memoryMiB, freeMemoryMiB }) => [name, memoryMiB, freeMemoryMiB])).to.deep.equal([
      ['host1', 65_536, 60_416],
      ['host2', 65_536, 64_512],
    ]);
    const images = (await cloud.call('compute.images', {})).items;
    expect(images.map(({ id, format }) => `${id} ${format}`)).to.deep.equal([
      'debian-12 qcow2',
      'alpine-3.20 qcow2',
      'linux-6.1 kernel',
      'initrd-6.1 initrd',
    ]);
    const networks = (await cloud.call('network.list', {})).items;
    expect(networks).to.deep.equal([{ id: 'default', name: 'default', state: 'up', cidrs: ['10.20.0.0/16'] }]);
  });

  it('gives the machines of its configuration the same ids every time', async () => {
    const [one, two] = await Promise.all([join(), join()]);
    const ids = (await one.call('compute.list', {})).items.map(({ id }) => id);
    expect((await two.call('compute.list', {})).items.map(({ id }) => id)).to.deep.equal(ids);
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('makes a machine with a copy of its image, further disks, and an address on each network', async () => {
    const cloud = await join();
    const params = wish('a1', { image: 'alpine-3.20', disks: [{ sizeMiB: 100 }], networks: ['default'] });
    const vm = await cloud.call('compute.create', params, { key: 'op-1' });
    expect(vm).to.deep.include({ id: params.id, name: 'a1', state: 'stopped', image: 'alpine-3.20', key: 'op-1' });
    expect(vm.disks).to.deep.equal([
      { device: 'vda', sizeMiB: 256, volume: `${params.id}-vda` },
      { device: 'vdb', sizeMiB: 100, volume: `${params.id}-vdb` },
    ]);
    expect(vm.addresses).to.deep.equal(['10.20.0.5']);
    expect(vm.nics?.[0]?.mac).to.match(/^52:54:00:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}$/);
    const volumes = (await cloud.call('storage.list', {})).items.filter(({ id }) => id.startsWith(params.id));
    expect(volumes.map(({ name, sizeMiB, usedMiB }) => [name, sizeMiB, usedMiB])).to.deep.equal([
      ['a1-vda', 256, 128],
      ['a1-vdb', 100, 0],
    ]);
  });

  it('takes a machine and its volumes away, and says nothing when it is gone already', async () => {
    const cloud = await join();
    const vm = await idOf(cloud, 'web2');
    await cloud.call('compute.delete', { vm });
    await expectFault(cloud.call('compute.get', { vm }), 'not-found', `There is no machine ${vm}.`);
    expect((await cloud.call('storage.list', {})).items.filter(({ id }) => id.startsWith(vm))).to.deep.equal([]);
    expect(await cloud.call('compute.delete', { vm })).to.deep.equal({});
    expect(cloud.events.map(({ type, id }) => [type, id])).to.deep.equal([['vm.deleted', vm]]);
  });

  it('lists ten thousand machines in pages, each once, also while some are deleted', async () => {
    const cloud = await join({ count: 10_000 });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await cloud.call('compute.list', after === undefined ? {} : { after });
      seen.push(...page.items.map(({ name }) => name ?? ''));
      after = page.next;
      const stopped = page.items.find(({ state }) => state === 'stopped');
      if (stopped) await cloud.call('compute.delete', { vm: stopped.id });
    } while (after !== undefined);
    expect(seen.length).to.equal(10_000);
    expect(new Set(seen).size).to.equal(10_000);
  });

  it('changes name and labels in any state, processors and memory of a stopped machine only', async () => {
    const cloud = await join();
    const [running, stopped] = [await idOf(cloud, 'web1'), await idOf(cloud, 'web2')];
    const renamed = await cloud.call('compute.update', { vm: running, name: 'front', labels: { tier: 'a' } });
    expect(renamed).to.deep.include({ name: 'front', labels: { tier: 'a' }, vcpus: 2 });
    await expectFault(
      cloud.call('compute.update', { vm: running, vcpus: 8 }),
      'conflict',
      'front is running; compute.update of processors and memory needs it stopped.',
    );
    expect(await cloud.call('compute.update', { vm: stopped, vcpus: 8, memoryMiB: 2048 })).to.deep.include({
      vcpus: 8,
      memoryMiB: 2048,
      labels: {},
    });
  });

  it('reports every change with the machine as it then is', async () => {
    const cloud = await join();
    const vm = await idOf(cloud, 'web1');
    await cloud.call('compute.pause', { vm });
    await cloud.call('compute.resume', { vm });
    expect(cloud.events.map((event) => [event.type, event.vm?.state])).to.deep.equal([
      ['vm.changed', 'paused'],
      ['vm.changed', 'running'],
    ]);
    expect(cloud.events.at(-1)?.vm).to.deep.equal(await cloud.call('compute.get', { vm }));
  });

  it('writes a growing console that begins with a boot marker and goes on after a reboot', async () => {
    const cloud = await join();
    const vm = await idOf(cloud, 'web2');
    const read = async (offset?: string) => {
      const part = await cloud.call('compute.consoleOutput', { vm, maxBytes: 65_536, ...(offset ? { offset } : {}) });
      return { ...part, text: Buffer.from(part.data, 'base64').toString() };
    };
    expect(await read()).to.deep.equal({ data: '', start: '0', end: '0', text: '' });
    await cloud.call('compute.start', { vm });
    expect((await read()).text).not.to.include('annelid guest ready');
    cloud.clock.now += 25_000;
    const first = await read();
    expect(first.text).to.include('annelid guest ready: web2\r\n');
    expect(first.text.match(/still up/g)).to.have.length(2);
    await cloud.call('compute.reboot', { vm });
    cloud.clock.now += 1000;
    const more = await read(first.end);
    expect(more.start).to.equal(first.end);
    expect(more.text).to.include('annelid guest ready: web2\r\n');
    expect((await read('0')).text).to.equal(first.text + more.text);
  });

  it('answers any piece of a year of console output as the whole has it', async () => {
    const cloud = await join();
    const vm = await idOf(cloud, 'web1');
    cloud.clock.now += 3_600_000;
    const bytes = async (offset: number, maxBytes: number) =>
      Buffer.from((await cloud.call('compute.consoleOutput', { vm, offset: String(offset), maxBytes })).data, 'base64');
    const whole = await bytes(0, 1_000_000);
    for (const [from, length] of [
      [0, 1],
      [5, 300],
      [350, 7],
      [401, 29],
      [1000, 1],
      [whole.length - 3, 100],
    ] as const) {
      expect((await bytes(from, length)).toString()).to.equal(whole.subarray(from, from + length).toString());
    }
    cloud.clock.now += 365 * 86_400_000;
    const last = await cloud.call('compute.consoleOutput', { vm, maxBytes: 60 });
    expect(Number(last.end) - Number(last.start)).to.equal(60);
    expect(Buffer.from(last.data, 'base64').toString()).to.match(/31539600\.000\] still up\r\n$/);
  });

  it('counts what a machine uses while it runs, and not while it is paused', async () => {
    const cloud = await join();
    const vm = await idOf(cloud, 'web1');
    cloud.clock.now += 100_000;
    const first = await cloud.call('compute.stats', { vm });
    expect(first).to.deep.include({ time: new Date(noon + 100_000).toISOString(), uptimeSeconds: '100' });
    expect(first.cpuSeconds).to.be.greaterThan(0);
    await cloud.call('compute.pause', { vm });
    cloud.clock.now += 100_000;
    const paused = await cloud.call('compute.stats', { vm });
    expect(paused.uptimeSeconds).to.equal('200');
    expect(paused.cpuSeconds).to.equal(first.cpuSeconds);
    expect(paused.netSentBytes).to.equal(first.netSentBytes);
    await cloud.call('compute.resume', { vm });
    cloud.clock.now += 100_000;
    expect((await cloud.call('compute.stats', { vm })).cpuSeconds).to.be.greaterThan(first.cpuSeconds ?? 0);
    const stopped = await idOf(cloud, 'web2');
    await expectFault(
      cloud.call('compute.stats', { vm: stopped }),
      'conflict',
      'web2 is stopped; compute.stats needs it running or paused.',
    );
  });
});
