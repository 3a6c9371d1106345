/** What the subcommands of `annelid plugin` share: which plugin is meant, and what it is configured with. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { addressOf } from '../../plugin-protocol/connection/address.ts';
import { namedSecrets, resolveSecrets, secretsIn } from '../config/secrets.ts';
import { ConfigError, dotted, isObject, unreadable } from '../config/settle.ts';
import { readYaml } from '../config/yaml-source.ts';
import type { Subject } from '../kit/conversation.ts';

export interface Meant {
  subject: Subject;
  instance: string;
  settings: Record<string, unknown>;
  /** What must not be shown of it. */
  hidden: readonly string[];
  /** What the plugin may ask for by name. */
  secrets: Readonly<Record<string, string>>;
}

/** What an instance is configured with, and the texts in it that are secret. */
export interface InstanceSettings {
  config: Record<string, unknown>;
  secrets: string[];
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError([unreadable(file, cause)]);
  }
};

/** A file in YAML or JSON, or the JSON itself; secrets are where `{secret: ...}` says. Throws `ConfigError`. */
export const readInstanceConfig = (given: string): InstanceSettings => {
  const isInline = given.trimStart().startsWith('{');
  const name = isInline ? '--config' : given;
  const { value = {}, mistakes, placeOf } = readYaml(name, isInline ? given : textOf(given));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  if (!isObject(value)) {
    throw new ConfigError([`${name} is no configuration of an instance: it must be a map of settings.`]);
  }
  const problems: string[] = [];
  const config = resolveSecrets(value, '', {
    environment: process.env,
    folder: isInline ? process.cwd() : dirname(resolve(given)),
    report: (pointer, complaint) => problems.push(`${placeOf(pointer)}: ${dotted(pointer)} ${complaint}.`),
  }) as Record<string, unknown>;
  if (problems.length > 0) throw new ConfigError(problems);
  return { config, secrets: secretsIn(value, config) };
};

/** For commander. */
export const readSeconds = (text: string): number => {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds.');
};

/** Which plugin `inspect` and `replay` mean, and what it is configured with. */
export interface MeantOptions {
  /** Of the instance. */
  config?: string;
  /** The configuration of the daemon. */
  daemonConfig?: string;
  /** What the plugin may ask for: where each is, by its name. */
  secret?: Record<string, string>;
}

/** Reads `NAME=file:PATH`, for commander. */
const collectSecret = (text: string, before: Record<string, string> = {}): Record<string, string> => {
  const [, name, from] = /^([^=]+)=((?:file|env):.+)$/s.exec(text) ?? [];
  if (name === undefined || from === undefined)
    throw new InvalidArgumentError('Write it as NAME=file:PATH or NAME=env:NAME.');
  return { ...before, [name]: from };
};

/** The secrets that options name. Throws `ConfigError`. */
const readSecrets = (from: Record<string, string> = {}): Record<string, string> => {
  const problems: string[] = [];
  const secrets = namedSecrets(from, '', {
    environment: process.env,
    folder: process.cwd(),
    report: (pointer, complaint) => problems.push(`--secret ${pointer.split('/')[1]} ${complaint}.`),
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return secrets;
};

/** For commander: the options above. */
export const meantOptions = (command: Command): Command =>
  command
    .option(
      '--config <file>',
      'The configuration of the instance, YAML or JSON, or the JSON itself; of a connector, its own when left out.',
    )
    .option(
      '--daemon-config <file>',
      'The configuration of the daemon that the connector is in; annelid.yaml when left out.',
    )
    .option(
      '--secret <name=source>',
      'What the plugin may ask for by this name, as NAME=file:PATH or NAME=env:NAME; of a connector, its own when left out. Can be given several times.',
      collectSecret,
    );

/** A path or an address is the plugin itself; a name is a connector of the configuration, or a plugin that comes along. */
export const meantPlugin = async (
  word: string,
  { config: own, daemonConfig, secret }: MeantOptions,
): Promise<Meant> => {
  const given = own === undefined ? undefined : readInstanceConfig(own);
  const named = readSecrets(secret);
  const hiddenToo = [...(given?.secrets ?? []), ...Object.values(named)];
  const unnamed = { instance: 'inspected', settings: given?.config ?? {}, hidden: hiddenToo, secrets: named };
  if (word.includes('/') || addressOf(word) !== undefined || existsSync(word)) {
    const plugin = addressOf(word) === undefined ? resolve(word) : word;
    return { subject: { plugin, pluginDirectories: [] }, ...unnamed };
  }
  const [{ configFor }, { pluginDirectoriesOf }] = await Promise.all([
    import('./serve.ts'),
    import('../config/plugins.ts'),
  ]);
  const config = configFor(daemonConfig === undefined ? {} : { config: daemonConfig });
  const connector = config.connectors.find(({ name }) => name === word);
  const pluginDirectories = pluginDirectoriesOf(config);
  if (connector === undefined) return { subject: { plugin: word, pluginDirectories }, ...unnamed };
  const { plugin, command, env, tls, hidden = [], secrets = {} } = connector;
  return {
    subject: { plugin, pluginDirectories, ...(command && { command }), ...(env && { env }), ...(tls && { tls }) },
    instance: word,
    settings: given?.config ?? connector.config,
    hidden: [...hidden, ...hiddenToo],
    secrets: { ...secrets, ...named },
  };
};
