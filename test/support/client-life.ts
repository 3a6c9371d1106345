import { join } from 'node:path';
import { expect } from 'chai';
import { methods } from '../../daemon/catalogue/index.ts';
import type { Event, Identity, Operation, Vm } from '../../daemon/catalogue/resources.ts';
import type { ConsoleOutput } from '../../plugin-protocol/resources.ts';
import { Client, type ClientRow } from '../clients/client.ts';
import { bootMarker, type Guest, guest } from '../real/guest.ts';
import { type PrivateLibvirt, startLibvirt } from '../real/libvirtd.ts';
import { type Connectors, daemonsOfSuite, type TestDaemon, until } from './daemon.ts';

export interface Clouds {
  daemon: TestDaemon;
  libvirt: PrivateLibvirt;
  files: Guest;
}

/** The libvirt plugin on a private libvirtd, with the guest's files as images. */
export const libvirtConnector = (libvirt: PrivateLibvirt, files: Guest): Connectors => ({
  kvm: {
    plugin: 'libvirt',
    config: {
      uri: libvirt.uri,
      imageDirectories: [files.directory],
      storagePool: join(libvirt.directory, 'disks'),
      consoleDirectory: join(libvirt.directory, 'console'),
    },
  },
});

/** Call it within `describe`: a private libvirtd and a daemon that drives it, for all tests of the suite. */
export const cloudsOfSuite = (): (() => Clouds) => {
  const startDaemon = daemonsOfSuite();
  let clouds: Clouds | undefined;
  let libvirt: PrivateLibvirt | undefined;
  before(async function () {
    // The first run of all downloads a kernel.
    this.timeout(300_000);
    const files = await guest();
    libvirt = await startLibvirt();
    clouds = { libvirt, files, daemon: await startDaemon({ connectors: libvirtConnector(libvirt, files) }) };
  });
  after(async function () {
    this.timeout(30_000);
    await libvirt?.stop();
  });
  return () => clouds!;
};

/** Takes a machine through its life with a client, and asks virsh after each step. */
export const liveThrough = async (row: ClientRow, name: string, { daemon, libvirt, files }: Clouds): Promise<void> => {
  const { url, user, password } = daemon;
  const client = await new Client(row, { url, user, password }).start();
  const answer = (method: string, params: object) =>
    client.call(methods.get(method)!, params as Record<string, unknown>);
  const call = async <T>(method: string, params: object = {}): Promise<T> => {
    const seen = await answer(method, params);
    if ('result' in seen) return seen.result as T;
    throw new Error(`${method}: ${JSON.stringify(seen)}`);
  };
  const labels = { owner: 'Zürich', run: name, 'a key': '' };
  const wait = 60;

  try {
    const own = row.wire === 'xmlrpc' ? ['system.getCapabilities', 'system.multicall'] : [];
    const published = await daemon.call<string[]>('system.listMethods');
    expect(await call('system.listMethods')).to.have.members([...published, ...own]);
    const identity = await call<Identity>('session.whoami');
    expect(identity).to.deep.equal(await daemon.call('session.whoami'));

    interface Page {
      events: Event[];
      next: string;
    }
    const { next: before } = await call<Page>('event.poll');
    const { kernel, initrd, commandLine } = files;
    const machine = { name, connector: 'kvm', kernel, initrd, commandLine, memoryMiB: 128, labels };
    const created = await call<Operation>('vm.create', { ...machine, wait });
    const vm = created.resource;
    const { nativeId } = await daemon.call<Vm>('vm.get', { vm });
    const domains = async () => (await libvirt.virsh('list', '--all', '--uuid')).split('\n');
    const done = async ({ state, fault }: Operation, expected: string) => {
      expect({ state, fault }).to.deep.equal({ state: 'succeeded', fault: undefined });
      expect(await libvirt.virsh('domstate', nativeId)).to.equal(expected);
    };
    await done(created, 'shut off');
    expect(await domains()).to.include(nativeId);

    const record = await call<Vm>('vm.get', { vm });
    expect(record).to.deep.include({ name, state: 'stopped', memoryMiB: 128, labels });
    expect(record).not.to.have.any.keys('image', 'lastState');
    expect(await libvirt.virsh('dominfo', nativeId)).to.match(/^Max memory: +131072 KiB$/m);
    const { items, total } = await call<{ items: Vm[]; total: number }>('vm.list', { labels });
    expect([items.map((one) => one.name), total]).to.deep.equal([[name], 1]);

    /** Reads the console on from where it stopped, until a boot has told its id. */
    let offset = '0';
    const boots = new Set<string>();
    const booted = async () => {
      let text = '';
      let boot: string | undefined;
      await until(async () => {
        const piece = await call<ConsoleOutput>('vm.consoleOutput', { vm, offset });
        offset = piece.end;
        text += Buffer.from(piece.data, 'base64').toString('latin1');
        boot = new RegExp(bootMarker.source).exec(text)?.[1];
        return boot !== undefined;
      });
      expect(boots.has(boot!), 'the id of an earlier boot').to.equal(false);
      boots.add(boot!);
      expect(await libvirt.virsh('domstate', nativeId)).to.equal('running');
    };
    await done(await call('vm.start', { vm, paused: false, wait }), 'running');
    await booted();
    const refused = await answer('vm.start', { vm });
    const fault = 'fault' in refused ? refused.fault : expect.fail('a running machine was started');
    expect(fault).to.include({ code: '409' }).and.to.have.property('message').that.contains(name);
    await done(await call('vm.pause', { vm, wait }), 'paused');
    await done(await call('vm.resume', { vm, wait }), 'running');
    await done(await call('vm.reboot', { vm, wait }), 'running');
    await booted();
    await done(await call('vm.powerOff', { vm, wait }), 'shut off');
    expect(await call('vm.delete', { vm, wait })).to.include({ state: 'succeeded' });
    expect(await domains()).not.to.include(nativeId);

    const { events } = await call<Page>('event.poll', { after: before, types: ['vm.created', 'vm.deleted'] });
    const lived = events.filter(({ resource }) => resource === vm).map(({ type }) => type);
    expect(lived).to.deep.equal(['vm.created', 'vm.deleted']);
    expect(await client.end()).to.equal('');
  } finally {
    client.kill();
  }
};
