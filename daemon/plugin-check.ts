/** Whether the plugins that a configuration names are there. Nothing is started. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config, ConnectorConfig } from './config.ts';
import { checkProgram, locatePlugin } from './host/locate.ts';
import { pointerTo } from './settle.ts';
import { readYaml } from './yaml-source.ts';

const bundledPlugins = fileURLToPath(new URL('../plugins', import.meta.url));

/** Where plugins that are given by name are looked for, in this order. */
export const pluginDirectoriesOf = ({ pluginDirectories }: Config): string[] => [...pluginDirectories, bundledPlugins];

const check = async ({ plugin, command }: ConnectorConfig, directories: readonly string[]): Promise<void> => {
  if (command) return checkProgram(command, process.cwd());
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
