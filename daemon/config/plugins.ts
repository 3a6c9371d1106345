/** Whether the plugins that a configuration names are there. Nothing is started. */
import { constants, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { addressOf, dialsIn } from '../../plugin-protocol/connection/address.ts';
import type { Needs } from '../../plugin-protocol/manifest.ts';
import { checkUser, launchOf, limited } from '../host/program/launch.ts';
import { locatePlugin, programOf } from '../host/program/locate.ts';
import type { Config, ConnectorConfig } from './config.ts';
import { pointerTo, unreadable } from './settle.ts';
import { readYaml } from './yaml-source.ts';

const bundledPlugins = fileURLToPath(new URL('../../plugins', import.meta.url));

/** Where plugins that are given by name are looked for, in this order. */
export const pluginDirectoriesOf = ({ pluginDirectories }: Pick<Config, 'pluginDirectories'>): string[] => [
  ...pluginDirectories,
  bundledPlugins,
];

const checkFile = (file: string): Promise<void> =>
  access(file, constants.R_OK).catch((cause: unknown) => {
    throw new Error(unreadable(file, cause));
  });

/** Something that is looked at: the setting that it is about, and what rejects where that is wrong. */
type Look = [setting: string, look: () => Promise<unknown>];

const looksAt = (connector: ConnectorConfig, directories: readonly string[]): Look[] => {
  const { plugin, command, tls, user, resources, sandbox, keep } = connector;
  const address = command ? undefined : addressOf(plugin);
  if (!command && plugin === dialsIn) return [];
  if (address?.kind === 'tls' && tls === undefined) {
    const missing = () => Promise.reject(new Error('A plugin over TLS needs the setting tls: cert, key and ca.'));
    return [['plugin', missing]];
  }
  // Whether it runs at the moment is not looked at.
  if (address !== undefined)
    return Object.entries(tls ?? {}).map(([name, file]) => [`tls/${name}`, () => checkFile(file)]);
  const located = async () => {
    if (command) return { path: await programOf(command, process.cwd()), own: [] };
    const { folder, script, command: words } = await locatePlugin(plugin, directories);
    return { path: await programOf(words, folder), own: [script ?? folder] };
  };
  const asUser = async () => {
    const { path, own } = await located();
    await checkUser(user!, path, own);
  };
  const { user: _, resources: __, ...bare } = connector;
  return [
    [command ? 'command' : 'plugin', located],
    ...(user === undefined ? [] : [['user', asUser] satisfies Look]),
    ...(resources === undefined ? [] : [['resources', () => limited(resources, user)] satisfies Look]),
    ...(keep ? [['keep', () => launchOf(bare, directories)] satisfies Look] : []),
    ...(sandbox ? [['sandbox', () => launchOf(bare, directories)] satisfies Look] : []),
  ];
};

/** One sentence for each connector that could not be started, with its place in the file. */
export const pluginProblems = async (config: Config): Promise<string[]> => {
  const { file, connectors } = config;
  const source = file === undefined ? undefined : readYaml(file, readFileSync(file, 'utf8'));
  const problems: string[] = [];
  for (const connector of connectors) {
    for (const [setting, look] of looksAt(connector, pluginDirectoriesOf(config))) {
      try {
        await look();
      } catch (error) {
        const pointer = `${pointerTo('/connectors', connector.name)}/${setting}`;
        const place = source ? `${source.placeOf(pointer)}: ` : '';
        problems.push(`${place}connectors.${connector.name}: ${error instanceof Error ? error.message : error}`);
        // What is wrong with the rest of a program may follow from it.
        if (!setting.startsWith('tls/')) break;
      }
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
