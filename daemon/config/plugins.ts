/** Whether the plugins that a configuration names are there. Nothing is started. */
import { constants, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { addressOf, dialsIn } from '../../plugin-protocol/connection/address.ts';
import type { Needs } from '../../plugin-protocol/manifest.ts';
import { checkProgram, locatePlugin } from '../host/locate.ts';
import type { Config, ConnectorConfig } from './config.ts';
import { pointerTo } from './settle.ts';
import { readYaml } from './yaml-source.ts';

const bundledPlugins = fileURLToPath(new URL('../../plugins', import.meta.url));

/** Where plugins that are given by name are looked for, in this order. */
export const pluginDirectoriesOf = ({ pluginDirectories }: Pick<Config, 'pluginDirectories'>): string[] => [
  ...pluginDirectories,
  bundledPlugins,
];

/** Whether it runs at the moment is not looked at. */
const checkFiles = async (files: readonly string[]): Promise<void> => {
  for (const file of files) await access(file, constants.R_OK);
};

const check = async ({ plugin, command, tls }: ConnectorConfig, directories: readonly string[]): Promise<void> => {
  if (command) return checkProgram(command, process.cwd());
  const address = addressOf(plugin);
  if (address?.kind === 'tls' && tls === undefined) {
    throw new Error('A plugin over TLS needs the setting tls: cert, key and ca.');
  }
  if (plugin === dialsIn) return undefined;
  if (address !== undefined) return checkFiles(Object.values(tls ?? {}));
  const program = await locatePlugin(plugin, directories);
  await checkProgram(program.command, program.folder);
};

/** One sentence for each connector that could not be started, with its place in the file. */
export const pluginProblems = async (config: Config): Promise<string[]> => {
  const { file, connectors } = config;
  const source = file === undefined ? undefined : readYaml(file, readFileSync(file, 'utf8'));
  const problems: string[] = [];
  for (const connector of connectors) {
    try {
      await check(connector, pluginDirectoriesOf(config));
    } catch (error) {
      const pointer = pointerTo(pointerTo('/connectors', connector.name), connector.command ? 'command' : 'plugin');
      const place = source ? `${source.placeOf(pointer)}: ` : '';
      problems.push(`${place}connectors.${connector.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return problems;
};

const needsInWords = ({ net, fs = [], exec }: Needs): string => {
  const paths = (write: boolean) => fs.filter((of) => (of.write ?? false) === write).map(({ path }) => path);
  const [read, written] = [paths(false), paths(true)];
  const all = [
    ...(net ? ['the network'] : []),
    ...(exec ? ['other programs'] : []),
    ...(read.length > 0 ? [`to read ${read.join(', ')}`] : []),
    ...(written.length > 0 ? [`to write ${written.join(', ')}`] : []),
  ];
  return all.length > 0 ? `needs ${all.join('; ')}` : 'needs nothing but its own folder';
};

/** One sentence for each connector whose program the daemon starts: what it needs, and whether it is held to that. */
export const pluginNeeds = async (config: Config): Promise<string[]> => {
  const sentences: string[] = [];
  for (const { name, plugin, command, needs, sandbox } of config.connectors) {
    if (command === undefined && (plugin === dialsIn || addressOf(plugin) !== undefined)) continue;
    const declared = needs ?? (command ? undefined : (await locatePlugin(plugin, pluginDirectoriesOf(config))).needs);
    const held = sandbox ? ', and has no more: it runs in a sandbox' : ', and is not held to it';
    const unsaid = sandbox
      ? 'does not say what it needs, and has nothing: it runs in a sandbox'
      : 'does not say what it needs';
    sentences.push(`${name} (${plugin}) ${declared === undefined ? unsaid : needsInWords(declared) + held}.`);
  }
  return sentences;
};
