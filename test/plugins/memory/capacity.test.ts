import { expect } from 'chai';
import { expectFault } from './fails.ts';
import { join, wish } from './join.ts';

const hosts = [
  { name: 'small', memoryMiB: 1024 },
  { name: 'large', memoryMiB: 4096 },
  { name: 'closed', memoryMiB: 65_536, state: 'maintenance' },
];

describe('the capacity of the memory cloud', () => {
  it('places a machine on the host that is up and has most memory left', async () => {
    const cloud = await join({ machines: [], hosts });
    const placed: unknown[] = [];
    for (const [name, memoryMiB] of [
      ['a', 3200],
      ['b', 512],
      ['c', 512],
    ] as const) {
      placed.push((await cloud.call('compute.create', wish(name, { memoryMiB }))).host);
    }
    expect(placed).to.deep.equal(['large', 'small', 'large']);
    const free = (await cloud.call('compute.hosts', {})).items.map(({ freeMemoryMiB }) => freeMemoryMiB);
    expect(free).to.deep.equal([512, 384, 65_536]);
  });

  it('answers a quota fault when no host has room, and has room again once a machine is deleted', async () => {
    const cloud = await join({ machines: [], hosts });
    const first = await cloud.call('compute.create', wish('a', { memoryMiB: 4096 }));
    await expectFault(
      cloud.call('compute.create', wish('b', { memoryMiB: 2048, networks: ['default'] })),
      'quota',
      'No host has 2048 MiB left for b; small has most, 1024 MiB.',
      { outcome: 'none' },
    );
    await cloud.call('compute.delete', { vm: first.id });
    const made = await cloud.call('compute.create', wish('b', { memoryMiB: 2048, networks: ['default'] }));
    expect([made.host, made.addresses]).to.deep.equal(['large', ['10.20.0.2']]);
  });

  it('answers a quota fault when a machine is to grow beyond every host', async () => {
    const cloud = await join({ machines: [{ id: 'm', name: 'web1', memoryMiB: 512 }], hosts });
    expect((await cloud.call('compute.update', { vm: 'm', memoryMiB: 4096 })).host).to.equal('large');
    await expectFault(
      cloud.call('compute.update', { vm: 'm', memoryMiB: 5000 }),
      'quota',
      'No host has 5000 MiB left for web1; small has most, 1024 MiB.',
    );
  });

  it('answers unavailable when no host is up', async () => {
    const cloud = await join({ machines: [], hosts: [{ name: 'h', state: 'down' }] });
    await expectFault(cloud.call('compute.create', wish('a')), 'unavailable', 'There is no host that is up for a.');
  });

  it('hands out every address of a network but those of network, gateway and broadcast, then answers a quota fault', async () => {
    const cloud = await join({ machines: [], networks: [{ name: 'lan', cidr: '192.168.7.8/29' }] });
    const addresses: unknown[] = [];
    for (const name of ['1', '2', '3', '4', '5']) {
      addresses.push((await cloud.call('compute.create', wish(name, { networks: ['lan'] }))).addresses?.[0]);
    }
    expect(addresses).to.deep.equal(['192.168.7.10', '192.168.7.11', '192.168.7.12', '192.168.7.13', '192.168.7.14']);
    await expectFault(
      cloud.call('compute.create', wish('6', { networks: ['lan'] })),
      'quota',
      'Network lan has no address left.',
      { field: '/networks/0', outcome: 'none' },
    );
    await cloud.call('compute.delete', { vm: wish('3').id });
    expect((await cloud.call('compute.create', wish('6', { networks: ['lan'] }))).addresses).to.deep.equal([
      '192.168.7.12',
    ]);
  });

  it('takes back what a create had taken when it fails half-way', async () => {
    const cloud = await join({ machines: [], networks: [{ name: 'lan', cidr: '192.168.7.8/30' }] });
    await expectFault(
      cloud.call('compute.create', wish('a', { networks: ['lan', 'lan'] })),
      'quota',
      'Network lan has no address left.',
    );
    expect((await cloud.call('compute.create', wish('a', { networks: ['lan'] }))).addresses).to.deep.equal([
      '192.168.7.10',
    ]);
  });

  for (const [what, more, kind, message, field] of [
    ['an image that is not there', { image: 'x' }, 'not-found', 'There is no image x.', '/image'],
    ['a network that is not there', { networks: ['x'] }, 'not-found', 'There is no network x.', '/networks/0'],
    [
      'a disk image as kernel',
      { kernel: 'debian-12' },
      'invalid-params',
      'Image debian-12 is of format qcow2; kernel is needed.',
      '/kernel',
    ],
    [
      'an initrd without a kernel',
      { initrd: 'initrd-6.1' },
      'invalid-params',
      'An initrd is of no use without a kernel.',
      '/initrd',
    ],
  ] as const) {
    it(`refuses to make a machine with ${what}`, async () => {
      const cloud = await join();
      const params = wish('a', { ...more, networks: 'networks' in more ? [...more.networks] : [] });
      await expectFault(cloud.call('compute.create', params), kind, message, { field });
    });
  }

  it('boots a machine from a kernel and an initrd with its command line', async () => {
    const cloud = await join();
    const params = wish('a', { kernel: 'linux-6.1', initrd: 'initrd-6.1', commandLine: 'console=ttyS0 quiet' });
    const { id: vm } = await cloud.call('compute.create', params);
    await cloud.call('compute.start', { vm });
    cloud.clock.now += 1000;
    const { data } = await cloud.call('compute.consoleOutput', { vm, maxBytes: 4096 });
    const text = Buffer.from(data, 'base64').toString();
    for (const line of ['Booting linux-6.1', 'Command line: console=ttyS0 quiet', 'Unpacking initrd-6.1']) {
      expect(text).to.include(`${line}\r\n`);
    }
  });
});
