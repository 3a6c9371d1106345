/**
 * A libvirtd of our own with its virtlogd, for tests: in namespaces of its own, so that it neither sees nor touches a
 * libvirt of this machine, needs no systemd, and takes its machines with it when it ends.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { pathWithSbin } from '../setup/packages.ts';

export interface PrivateLibvirt {
  /** Where clients connect. */
  readonly uri: string;
  /** An empty directory at the same path for libvirtd and for us; removed at the end. */
  readonly directory: string;
  /** Runs virsh with these arguments and answers its output, trimmed. Rejects when virsh fails. */
  virsh(...args: string[]): Promise<string>;
  /** Stops libvirtd; its machines run on. */
  stopDaemon(): Promise<void>;
  startDaemon(): Promise<void>;
  /** Ends libvirtd and every machine, and removes the directory. */
  stop(): Promise<void>;
}

// As root it is the system's libvirtd; as another user that user's session daemon, which finds its files by XDG_*.
// Without user, group and remember_owner the former cannot chown in a container; with namespaces or cgroups of its own
// for each machine it needs more privileges than a container gives.
const asRoot = { driver: 'system', user: [], qemuConf: 'user = "root"\ngroup = "root"\n' };
const asUser = { driver: 'session', user: ['--user', '--map-current-user'], qemuConf: '' };
const qemuConf = `security_driver = "none"
remember_owner = 0
namespaces = []
cgroup_controllers = []
`;
const libvirtdConf = `auth_unix_rw = "none"
auth_unix_ro = "none"
unix_sock_rw_perms = "0700"
`;
// A small limit, so that a test reaches the rotation of console logs quickly.
const virtlogdConf = `max_size = 16384
max_backups = 3
`;

const prefix = 'annelid-libvirt-';
const startLimitMs = 60_000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Removes what runs that were killed have left: their processes ended with them, their directories did not. */
const removeLeftovers = async (): Promise<void> => {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const name of names) {
    const base = join(tmpdir(), name);
    const owner = await readFile(join(base, 'owner'), 'utf8').catch(() => '');
    if (owner !== '' && !isAlive(Number(owner))) await rm(base, { recursive: true, force: true });
  }
};

const answers = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const link = connect(socket)
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('close', () => link.destroy());
    link.once('connect', () => link.end());
  });

export const startLibvirt = async (): Promise<PrivateLibvirt> => {
  await removeLeftovers();
  // Not below the tree: a socket's path has at most 107 characters.
  const base = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(base, 'owner'), String(process.pid));
  const directory = join(base, 'shared');
  const own = process.getuid?.() === 0 ? asRoot : asUser;
  for (const name of ['etc/libvirt', 'lib', 'cache', 'log', 'run', 'shared']) {
    await mkdir(join(base, name), { recursive: true });
  }
  await writeFile(join(base, 'etc/libvirt/qemu.conf'), own.qemuConf + qemuConf);
  await writeFile(join(base, 'etc/libvirt/libvirtd.conf'), libvirtdConf);
  await writeFile(join(base, 'etc/libvirt/virtlogd.conf'), virtlogdConf);

  const kinds = ['--mount', '--pid', '--net', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];
  const script = join(import.meta.dirname, 'namespace.sh');
  const namespace = execa('unshare', [...own.user, ...kinds, 'bash', script, base], {
    env: {
      PATH: pathWithSbin,
      XDG_CONFIG_HOME: join(base, 'etc'),
      XDG_DATA_HOME: join(base, 'lib'),
      XDG_CACHE_HOME: join(base, 'cache'),
      XDG_RUNTIME_DIR: join(base, 'run'),
    },
    buffer: { stdout: false, stderr: true },
    reject: false,
  });
  const replies = createInterface({ input: namespace.stdout });
  const failure = namespace.then(({ stderr }) => {
    throw new Error(`The private libvirtd ended: ${stderr}`);
  });
  failure.catch(() => undefined);

  const command = async (word: 'start' | 'stop') => {
    const reply = once(replies, 'line');
    namespace.stdin.write(`${word}\n`);
    await Promise.race([reply, failure]);
  };
  const socket = join(base, 'run/libvirt/libvirt-sock');
  const uri = `qemu+unix:///${own.driver}?socket=${socket}`;
  const virsh = async (...args: string[]) => (await execa('virsh', ['-q', '-c', uri, ...args])).stdout.trim();
  const startDaemon = async () => {
    await command('start');
    const limit = AbortSignal.timeout(startLimitMs);
    while (!(await answers(socket))) await Promise.race([delay(20, undefined, { signal: limit }), failure]);
    // The first connection is answered once the drivers are up.
    await virsh('version');
  };
  const stop = async () => {
    namespace.stdin.end();
    await namespace;
    await rm(base, { recursive: true, force: true });
  };
  try {
    await startDaemon();
  } catch (error) {
    await stop();
    throw error;
  }
  return { uri, directory, virsh, stopDaemon: () => command('stop'), startDaemon, stop };
};
