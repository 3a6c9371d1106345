import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { execa } from 'execa';
import type { Vm } from '../../daemon/catalogue/resources.ts';
import { bootMarker, type Guest, guest } from '../real/guest.ts';
import { type PrivateLibvirt, startLibvirt } from '../real/libvirtd.ts';
import { type Connectors, daemonsOfSuite, type TestDaemon } from './daemon.ts';

/** What a step tells; each step has some of it. */
interface Seen {
  step: string;
  vm: string;
  state: string;
  boot: string;
  bytes: string;
  time: string;
  created: string;
  labels: Record<string, string>;
  unset: string[];
  [name: string]: unknown;
}

export interface ClientProgram {
  /** The interpreter. */
  run: string;
  /** Below `test/clients`. */
  file: string;
  /** What the library calls a moment and bytes. */
  types: { time: string; bytes: string };
}

/** What differs between the wires. */
export interface Wire {
  /** The rest of the scenario. */
  scenario: (daemon: TestDaemon) => object;
  methods: (seen: Seen, published: string[]) => void;
  conflict: (seen: Seen, vm: Vm) => void;
}

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

const steps = [
  ...['methods', 'whoami', 'create', 'read', 'list', 'start', 'boot', 'conflict', 'pause', 'resume', 'reboot'],
  ...['second boot', 'power off', 'delete', 'events'],
];

/** Takes a machine through its life with a client, and asks virsh after each step. */
export const liveThrough = async (
  name: string,
  { run, file, types }: ClientProgram,
  { daemon, libvirt, files }: Clouds,
  wire: Wire,
): Promise<void> => {
  const labels = { owner: 'Zürich', run: name, 'a key': '' };
  const { kernel, initrd, commandLine } = files;
  const scenario = {
    ...{ user: daemon.user, password: daemon.password, bootMarker: bootMarker.source },
    ...wire.scenario(daemon),
    machine: { name, connector: 'kvm', kernel, initrd, commandLine, memoryMiB: 128, labels },
  };
  const record = { vm: '', native: '' };
  const boots = new Set<string>();
  const domstate = () => libvirt.virsh('domstate', record.native);
  const domains = async () =>
    (await libvirt.virsh('list', '--all', '--uuid')).split('\n').filter((line) => line !== '');
  const done = async ({ state }: Seen, expected: string) => {
    expect(state).to.equal('succeeded');
    expect(await domstate()).to.equal(expected);
  };
  const booted = async ({ boot, bytes }: Seen) => {
    expect(bytes).to.equal(types.bytes);
    expect(boot).to.match(/^[0-9a-f-]{36}$/);
    expect(boots.has(boot), 'the id of an earlier boot').to.equal(false);
    boots.add(boot);
    expect(await domstate()).to.equal('running');
  };
  const vm = () => daemon.call<Vm>('vm.get', { vm: record.vm });

  const checks: Record<string, (seen: Seen) => Promise<void>> = {
    methods: async (seen) => wire.methods(seen, await daemon.call<string[]>('system.listMethods')),
    whoami: async ({ step: _, ...identity }) =>
      expect(identity).to.deep.equal(await daemon.call('session.whoami')) && undefined,
    create: async (seen) => {
      record.vm = seen.vm;
      record.native = (await vm()).nativeId;
      await done(seen, 'shut off');
      expect(await domains()).to.include(record.native);
    },
    read: async ({ step: _, created, time, ...seen }) => {
      expect(seen).to.deep.equal({ name, state: 'stopped', memoryMiB: 128, labels, unset: ['image', 'lastState'] });
      expect(time).to.equal(types.time);
      // XML-RPC has no fractions of a second, and writes dates without dashes.
      expect(created.replaceAll('-', '').slice(0, 17)).to.equal((await vm()).created!.replaceAll('-', '').slice(0, 17));
      expect(await libvirt.virsh('dominfo', record.native)).to.match(/^Max memory: +131072 KiB$/m);
    },
    list: async ({ step: _, ...page }) => expect(page).to.deep.equal({ names: [name], total: 1 }) && undefined,
    start: (seen) => done(seen, 'running'),
    boot: booted,
    conflict: async (seen) => wire.conflict(seen, await vm()),
    pause: (seen) => done(seen, 'paused'),
    resume: (seen) => done(seen, 'running'),
    reboot: (seen) => done(seen, 'running'),
    'second boot': booted,
    'power off': (seen) => done(seen, 'shut off'),
    delete: async ({ state }) => {
      expect(state).to.equal('succeeded');
      expect(await domains()).not.to.include(record.native);
    },
    events: async ({ step: _, ...seen }) =>
      expect(seen).to.deep.equal({ types: ['vm.created', 'vm.deleted'] }) && undefined,
  };

  const path = join(import.meta.dirname, '../clients', file);
  const client = execa(run, [path, JSON.stringify(scenario)], { buffer: { stdout: false }, reject: false });
  const taken: string[] = [];
  try {
    for await (const line of createInterface({ input: client.stdout })) {
      const seen = JSON.parse(line) as Seen;
      taken.push(seen.step);
      await checks[seen.step]!(seen);
      client.stdin.write('\n');
    }
    const { exitCode, stderr } = await client;
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
    expect(taken).to.deep.equal(steps);
  } finally {
    client.kill();
    await client;
  }
};
