/** How the program of a connector is started: its command, its folder, its environment, and what it is held to. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PluginSource, Resources } from '../instance-config.ts';
import type { Launch } from './child.ts';
import { locatePlugin, programOf } from './locate.ts';
import { sandboxed } from './sandbox.ts';

/** Variables of the daemon that every plugin gets; anything else must be named in the configuration. */
const passedOn = ['PATH', 'HOME', 'LANG', 'TZ'];

const environmentOf = (names: readonly string[]): Record<string, string> => {
  const taken = [...passedOn, ...names].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(taken), ANNELID_PLUGIN: '1' };
};

const isRoot = () => process.getuid?.() === 0;
const MiB = 1024 * 1024;

/** Found on the PATH, or an error that says what it is needed for. */
const tool = (name: string, setting: string): Promise<string> =>
  programOf([name], '/').catch(() => {
    throw new Error(`The setting ${setting} needs ${name} (util-linux), and there is none on the PATH.`);
  });

/** By `prlimit`: each is soft and hard, so that the plugin cannot raise it. */
export const limited = async (
  { memoryMiB, openFiles, processes, cpuSeconds }: Resources,
  user: string | undefined,
): Promise<string[]> => {
  if (processes !== undefined && user === undefined && isRoot()) {
    throw new Error('The setting resources.processes needs user: the system does not count processes of root.');
  }
  return [
    await tool('prlimit', 'resources'),
    // Not the address space: a runtime reserves a great deal of that and uses little.
    ...(memoryMiB === undefined ? [] : [`--data=${memoryMiB * MiB}`]),
    ...(openFiles === undefined ? [] : [`--nofile=${openFiles}`]),
    ...(processes === undefined ? [] : [`--nproc=${processes}`]),
    // SIGXCPU says why it ended; SIGKILL, a second later, would not.
    ...(cpuSeconds === undefined ? [] : [`--cpu=${cpuSeconds}:${cpuSeconds + 1}`]),
    '--',
  ];
};

interface Passwd {
  uid: string;
  gid: string;
  home: string;
}

const passwdOf = async (user: string): Promise<Passwd> => {
  const { stdout } = await promisify(execFile)('getent', ['passwd', user]).catch(() => {
    throw new Error(`There is no user ${user}.`);
  });
  const [, , uid = '', gid = '', , home = '/'] = stdout.trim().split(':');
  return { uid, gid, home };
};

/** By `setpriv`, with all groups of the user. */
const become = async (user: string): Promise<{ words: string[]; home: string }> => {
  if (!isRoot()) throw new Error('The setting user needs a daemon that runs as root.');
  const { uid, gid, home } = await passwdOf(user);
  const setpriv = await tool('setpriv', 'user');
  return { words: [setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'], home };
};

/**
 * Whether a plugin can be run as a user, without running it: the user is there and, where this process is root and can look as that
 * user, may execute the program and read what is of the plugin. Rejects with an error that says what is missing.
 */
export const checkUser = async (user: string, program: string, own: readonly string[]): Promise<void> => {
  if (!isRoot()) return void (await passwdOf(user));
  const [setpriv = '', ...words] = (await become(user)).words;
  const look = async (test: '-x' | '-r', path: string, may: string) => {
    await promisify(execFile)(setpriv, [...words, 'test', test, path]).catch(() => {
      throw new Error(`The user ${user} cannot ${may} ${path}.`);
    });
  };
  await look('-x', program, 'execute');
  for (const path of own) await look('-r', path, 'read');
};

/** Why nothing is kept of one that has a process for each call. */
const unkept = 'With oneShot there is no process between calls that keep could hold: set keep or oneShot to false.';

/** Rejects with an error that says what is missing. */
export const launchOf = async (
  {
    plugin,
    command,
    env = [],
    sandbox,
    needs,
    resources,
    user,
    keep,
    oneShot,
  }: PluginSource & { keep?: boolean | undefined },
  directories: readonly string[],
  /** What a sandbox never shows. */
  hidden?: string,
): Promise<Launch> => {
  const program = command ? { command, folder: undefined } : await locatePlugin(plugin, directories);
  const { folder } = program;
  const isOneShot = oneShot ?? ('oneShot' in program && program.oneShot);
  if (isOneShot && keep) throw new Error(unkept);
  const declared = 'needs' in program ? program.needs : undefined;
  const inside = sandbox
    ? await sandboxed({
        command: program.command,
        folder,
        needs: needs ?? declared ?? {},
        memoryMiB: resources?.memoryMiB,
        hidden,
      })
    : undefined;
  const owner = user === undefined ? undefined : await become(user);
  const bounds = resources === undefined ? [] : await limited(resources, user);
  return {
    command: [...bounds, ...(owner?.words ?? []), ...(inside?.command ?? program.command)],
    folder,
    environment: { ...environmentOf(env), ...(owner && { HOME: owner.home }) },
    ...(isOneShot && { oneShot: { isFolder: folder !== undefined && !('script' in program) } }),
    ...(inside && { sandbox: inside.facts }),
  };
};
