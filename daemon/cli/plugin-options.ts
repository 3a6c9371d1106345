/** What the subcommands of `annelid plugin` share: which plugin is meant, and what it is configured with. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { addressOf } from '../../plugin-protocol/address.ts';
import type { Config } from '../config.ts';
import type { Subject } from '../kit/conversation.ts';
import { isObject } from '../settle.ts';

export interface Meant {
  subject: Subject;
  instance: string;
  settings: Record<string, unknown>;
  /** Secrets that its configuration refers to. */
  secrets: readonly string[];
}

/** JSON, or `@FILE` with JSON in it. For commander. */
export const readSettings = (text: string): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);
  } catch (error) {
    throw new InvalidArgumentError(`It must be a JSON object, or @FILE with one: ${(error as Error).message}.`);
  }
  if (isObject(value)) return value;
  throw new InvalidArgumentError('It must be a JSON object.');
};

/** For commander. */
export const readSeconds = (text: string): number => {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds.');
};

/** A path or an address is the plugin itself; a name is a connector of the configuration, or a plugin that comes along. */
export const meantPlugin = async (
  word: string,
  { config: file, settings }: { config?: string; settings?: Record<string, unknown> },
): Promise<Meant> => {
  const [{ configFor }, { pluginDirectoriesOf }] = await Promise.all([
    import('./serve.ts'),
    import('../plugin-check.ts'),
  ]);
  const isPlace = word.includes('/') || addressOf(word) !== undefined || existsSync(word);
  const read = (): Config => configFor({ ...(file !== undefined && { config: file }), set: [] });
  if (isPlace) {
    const plugin = addressOf(word) === undefined ? resolve(word) : word;
    return { subject: { plugin, pluginDirectories: [] }, instance: 'inspected', settings: settings ?? {}, secrets: [] };
  }
  const config = read();
  const connector = config.connectors.find(({ name }) => name === word);
  const pluginDirectories = pluginDirectoriesOf(config);
  if (connector === undefined) {
    const subject = { plugin: word, pluginDirectories };
    return { subject, instance: 'inspected', settings: settings ?? {}, secrets: [] };
  }
  const { plugin, command, env, tls, hidden: secrets = [] } = connector;
  const subject = { plugin, pluginDirectories, ...(command && { command }), ...(env && { env }), ...(tls && { tls }) };
  return { subject, instance: word, settings: settings ?? connector.config, secrets };
};
