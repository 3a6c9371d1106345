/**
 * A sandbox around a plugin, by bubblewrap: what the plugin does not need is not there. It has namespaces of its own, so
 * no process of it is left when it ends, and the network only when it needs that; of the files it sees its own folder, the
 * libraries of the system and what it needs, nothing of which it can change unless it needs to.
 */
import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Needs } from '../../../plugin-protocol/manifest.ts';
import { programOf } from './locate.ts';

/** Code and data that programs of a distribution are made of; no programs. */
const libraries = [
  '/usr/lib',
  '/usr/lib32',
  '/usr/lib64',
  '/usr/libexec',
  '/usr/share',
  '/usr/local/lib',
  '/usr/local/share',
];
const programs = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'];
/** Links into /usr where a distribution has merged them, folders elsewhere. */
const oldLibraries = ['/lib', '/lib32', '/lib64'];
const oldPrograms = ['/bin', '/sbin'];
const configuration = [
  'alternatives',
  'group',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'nsswitch.conf',
  'passwd',
];
const ofNetwork = [
  'ca-certificates',
  'gai.conf',
  'host.conf',
  'hosts',
  'pki',
  'protocols',
  'resolv.conf',
  'services',
  'ssl',
];
/** Of this package, for plugins that stand on its kit, and for bridges, which stand on the codecs of the daemon. */
const packageRoot = resolve(import.meta.dirname, '../../..');
const ofPackage = ['package.json', 'plugin-protocol', 'plugins', 'sdk', 'daemon', 'node_modules'].map((name) =>
  join(packageRoot, name),
);

/** What it can write without needing to: in memory, and gone with it. */
const ownFolders = ['/dev/shm', '/tmp'];
/** Without this root, even one without capabilities, could write /proc/sys/kernel/core_pattern: a program that the system itself then runs, outside. */
const scaffolding = ['/proc', '/dev', '/'];

const readOnly = (path: string): string[] => ['--ro-bind-try', path, path];
const asItIs = (path: string): string[] => {
  try {
    return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : readOnly(path);
  } catch {
    return [];
  }
};

/** Whether a path is another or below it. */
const isWithin = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return !way.startsWith('..') && !isAbsolute(way);
};

/** The program of a `#!` line, and behind `env` the one that this looks for. */
const interpretersOf = async (script: string): Promise<string[]> => {
  const [, first, second] = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(await readFile(script, 'latin1').catch(() => '')) ?? [];
  if (first === undefined) return [];
  return first.endsWith('/env') && second !== undefined ? [first, await programOf([second], '/')] : [first];
};

/** What runs in the end: behind `env` and the variables that it sets, the program that this looks for. */
const programsOf = async (command: readonly string[], folder: string): Promise<string[]> => {
  const program = await programOf(command, folder);
  const behind = command.slice(1).findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const isEnv = basename(program) === 'env' && behind !== -1;
  const all = isEnv ? [program, await programOf(command.slice(1 + behind), folder)] : [program];
  return [...all, ...(await interpretersOf(all.at(-1)!))];
};

export interface SandboxFacts {
  /** A program that it begins with and that is installed where the sandbox shows nothing else; and that place. */
  outside?: { program: string; folder: string };
  /** Whether it shows the programs of the system. */
  exec: boolean;
}

/** Where the program is installed: `/opt/python` for `/opt/python/bin/python3`. */
const homeOf = (program: string): string => {
  const folder = dirname(program);
  return /^s?bin$/.test(basename(folder)) ? dirname(folder) : folder;
};

/** What helps whose plugin ended in its sandbox before it had said what it is; `words` are its last ones. */
export const sandboxHint = ({ outside, exec }: SandboxFacts, words: string | undefined): string | undefined => {
  if (/^bwrap: .*(namespace|uid map|Operation not permitted)/.test(words ?? '')) {
    return 'This machine does not let the user of the daemon make a sandbox: allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces, a profile for bwrap where AppArmor forbids them), run the daemon as root, or leave sandbox out';
  }
  if (/^bwrap: Can't find source path .*: Permission denied/.test(words ?? '')) {
    return 'The user whom the plugin runs as (the setting user, or that of the daemon) must be able to reach what the sandbox shows: its program, its folder and what needs names';
  }
  if (/^bwrap: Unknown option --size/.test(words ?? '')) {
    return 'With resources.memoryMiB a sandbox needs bubblewrap 0.7 or later';
  }
  if (outside === undefined) {
    const isMissing = !exec && /No such file or directory|not found|ENOENT/.test(words ?? '');
    return isMissing
      ? 'The sandbox shows no programs but the one that the plugin begins with: where it runs others, say exec: true in needs, in manifest.json or the configuration'
      : undefined;
  }
  return `The sandbox shows nothing of ${outside.folder} but ${outside.program}: name ${outside.folder} in needs.fs, in manifest.json or the configuration, if that needs more of it`;
};

export interface Sandboxed {
  command: readonly string[];
  folder: string | undefined;
  needs: Needs;
  /** What each of its own folders may hold, in MiB: memory of the machine. */
  memoryMiB: number | undefined;
  /** A folder that it must not see, wherever that is: the state of the daemon. */
  hidden: string | undefined;
}

/** The command within a sandbox. Rejects with a `Fault` that says what is missing. */
export const sandboxed = async ({
  command,
  folder,
  needs,
  memoryMiB,
  hidden,
}: Sandboxed): Promise<{ command: string[]; facts: SandboxFacts }> => {
  const bwrap = await programOf(['bwrap'], '/').catch(() => {
    throw new Error('A sandbox needs bwrap (Debian: the package bubblewrap), and there is none on the PATH.');
  });
  const home = folder ?? '/';
  const used = await programsOf(command, home);
  const [program] = used;
  const [script] = command.slice(1).filter((word) => isAbsolute(word) && existsSync(word));
  const own = [...used, ...(script === undefined ? [] : [dirname(script)])];
  const { net = false, fs = [], exec = false } = needs;
  const seen = [...ofPackage, ...(folder === undefined ? [] : [folder]), ...own];
  const wanted = fs.map(({ path, write }) => [write ? '--bind-try' : '--ro-bind-try', path, path]);
  // What it needs by name it may see.
  const veiled =
    hidden !== undefined &&
    existsSync(hidden) &&
    seen.some((path) => isWithin(hidden, path)) &&
    !fs.some(({ path }) => isWithin(path, hidden));
  const shown = [...libraries, ...programs, ...oldPrograms, ...seen, ...fs.map(({ path }) => path)];
  const isShown = (path: string) => shown.some((place) => place !== path && isWithin(path, place));
  const outside = used
    .map((path) => ({ program: path, folder: homeOf(realpathSync(path)) }))
    .find(({ program: path }) => !isShown(realpathSync(path)));
  const bound = memoryMiB === undefined ? [] : ['--size', String(memoryMiB * 1024 * 1024)];
  const inside = [
    bwrap,
    '--unshare-all',
    ...(net ? ['--share-net'] : []),
    '--die-with-parent',
    ...['--cap-drop', 'ALL'],
    ...['--proc', '/proc', '--dev', '/dev', ...ownFolders.flatMap((path) => [...bound, '--tmpfs', path])],
    ...['--setenv', 'HOME', '/tmp'],
    ...[...libraries, ...(exec ? programs : [])].flatMap(readOnly),
    ...[...oldLibraries, ...(exec ? oldPrograms : [])].flatMap(asItIs),
    ...[...configuration, ...(net ? ofNetwork : [])].map((name) => join('/etc', name)).flatMap(readOnly),
    ...seen.flatMap(readOnly),
    ...(veiled ? ['--tmpfs', hidden, '--remount-ro', hidden] : []),
    ...wanted.flat(),
    ...scaffolding.flatMap((path) => ['--remount-ro', path]),
    ...['--chdir', home],
    '--',
    program!,
    ...command.slice(1),
  ];
  return { command: inside, facts: { exec, ...(outside && { outside }) } };
};
