/** How the program of a connector is started: its command, its folder and its environment. */
import type { Launch } from './child.ts';
import type { PluginSource } from './instance-config.ts';
import { locatePlugin } from './locate.ts';

/** Variables of the daemon that every plugin gets; anything else must be named in the configuration. */
const passedOn = ['PATH', 'HOME', 'LANG', 'TZ'];

const environmentOf = (names: readonly string[]): Record<string, string> => {
  const taken = [...passedOn, ...names].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(taken), ANNELID_PLUGIN: '1' };
};

/** Rejects with a `Fault` that says what is missing. */
export const launchOf = async (
  { plugin, command, env = [] }: PluginSource,
  directories: readonly string[],
): Promise<Launch> => {
  const program = command ? { command, folder: undefined } : await locatePlugin(plugin, directories);
  return { command: program.command, folder: program.folder, environment: environmentOf(env) };
};
