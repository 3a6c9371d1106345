/** How the program of a connector is started: its command, its folder and its environment. */
import type { Launch } from './child.ts';
import type { InstanceConfig } from './instance-config.ts';
import { locatePlugin } from './locate.ts';
import { markName } from './mark.ts';

/** Variables of the daemon that every plugin gets; anything else must be named in the configuration. */
const passedOn = ['PATH', 'HOME', 'LANG', 'TZ'];

const environmentOf = (names: readonly string[], mark: string): Record<string, string> => {
  const taken = [...passedOn, ...names].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(taken), ANNELID_PLUGIN: '1', [markName]: mark };
};

/** Rejects with a `Fault` that says what is missing. */
export const launchOf = async (
  { plugin, command, env = [] }: Pick<InstanceConfig, 'plugin' | 'command' | 'env'>,
  directories: readonly string[],
  mark: string,
): Promise<Launch> => {
  const program = command ? { command, folder: undefined } : await locatePlugin(plugin, directories);
  return { command: program.command, folder: program.folder, environment: environmentOf(env, mark), mark };
};
