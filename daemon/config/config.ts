/** The configuration: a YAML file, the environment and flags, checked, with every mistake named by its place. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { addressOf, dialsIn, looksLikeAddress } from '../../plugin-protocol/connection/address.ts';
import { Needs } from '../../plugin-protocol/manifest.ts';
import { nearest } from '../../plugin-protocol/text/nearest.ts';
import { defaultState } from '../state/files.ts';
import { misspelledVariables } from './environment.ts';
import { netFrom } from './nets.ts';
import { maskSecrets, namedSecrets, referredIn, resolveSecrets, secretsIn } from './secrets.ts';
import { type ServiceConfig, settleServices } from './service-settings.ts';
import {
  ConnectorSettings,
  type ConnectorValues,
  connectorName,
  Settings,
  type SettingValues,
  scalarSettings,
  valueFromText,
} from './settings.ts';
import { ConfigError, dotted, isObject, pointerTo, type Report, settle, unreadable } from './settle.ts';
import { readYaml, stepsOf, type YamlSource } from './yaml-source.ts';

export interface ConnectorConfig extends ConnectorValues {
  name: string;
  /** What the plugin gets with `configure`, secrets included. */
  config: Record<string, unknown>;
  /** The secrets of it: all, and those that it refers to. */
  hidden?: readonly string[];
  referred?: readonly string[];
}

export interface Config extends Omit<SettingValues, 'state'> {
  /** The file that it was read from. */
  file?: string;
  /** Absolute. */
  state: string;
  /** What said so: `--state`, `ANNELID_STATE`, `state in annelid.yaml` or `the default`. */
  stateSource: string;
  /** What is probably not meant so, as sentences. */
  warnings: readonly string[];
  connectors: ConnectorConfig[];
  /** Forms in which services of plugins are served over SOAP. */
  services: ServiceConfig[];
  /** All of it as it can be shown to anyone: without secrets. */
  shown: Record<string, unknown>;
}

/** A setting given on the command line. */
export interface Flag {
  /** Where it belongs: `listen.port`. */
  setting: string;
  /** How it was written: `--port`. */
  name: string;
  value: string;
}

export interface ConfigSources {
  /** The file; without it `annelid.yaml` in the working directory is read when there is one. */
  file?: string | undefined;
  flags?: readonly Flag[];
  environment?: NodeJS.ProcessEnv;
  directory?: string;
  /** Whether plugins are watched of which the file does not say so. */
  watch?: boolean | undefined;
  /** What stands in for a file when there is none, given the state directory. */
  fallback?: (state: string) => Record<string, unknown>;
}

/** Settings that were given outside the file, by pointer: how they were written, and their text. */
const overridesFrom = (environment: NodeJS.ProcessEnv, flags: readonly Flag[], problems: string[]) => {
  const overrides = new Map<string, { name: string; value: unknown }>();
  for (const { path, shape, variable } of scalarSettings) {
    const text = environment[variable];
    if (text !== undefined && text !== '') {
      overrides.set(`/${path.join('/')}`, { name: variable, value: valueFromText(shape, text) });
    }
  }
  for (const { setting, name, value } of flags) {
    const known = scalarSettings.find(({ path }) => path.join('.') === setting);
    if (known === undefined) {
      const meant = nearest(
        setting,
        scalarSettings.map(({ path }) => path.join('.')),
      );
      problems.push(`${name}: there is no setting ${setting}${meant === undefined ? '.' : `; did you mean ${meant}?`}`);
      continue;
    }
    overrides.set(`/${known.path.join('/')}`, { name, value: valueFromText(known.shape, value) });
  }
  return overrides;
};

/** A copy of `tree` in which the value at the pointer is another one. What is no map on the way is left for the check. */
const withValue = (tree: unknown, [step, ...rest]: string[], value: unknown): unknown => {
  if (step === undefined) return value;
  if (tree !== undefined && tree !== null && !isObject(tree)) return tree;
  return { ...tree, [step]: withValue(tree?.[step], rest, value) };
};

const readSource = (file: string, shownAs: string): YamlSource => {
  try {
    return readYaml(shownAs, readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError([unreadable(shownAs, cause)]);
  }
};

/** A path, also that of a socket, is relative to the file; a name is looked up in the directories of plugins. */
const resolvedPlugin = (plugin: string, folder: string): string => {
  const address = addressOf(plugin);
  if (address === undefined && looksLikeAddress(plugin)) return plugin;
  if (address?.kind === 'unix') return `unix:${resolve(folder, address.path)}`;
  return address === undefined && plugin.includes('/') ? resolve(folder, plugin) : plugin;
};

const resolvedFiles = <F extends object>(files: F, folder: string): F =>
  Object.fromEntries(Object.entries(files).map(([what, file]) => [what, file && resolve(folder, file)])) as F;

const settleConnectors = (
  given: unknown,
  report: Report,
  resolved: Parameters<typeof resolveSecrets>[2],
  watch: boolean,
) => {
  const connectors: ConnectorConfig[] = [];
  const shown: Record<string, unknown> = {};
  if (given === undefined || given === null) return { connectors, shown };
  if (!isObject(given)) {
    report('/connectors', 'must be a map of connectors by name');
    return { connectors, shown };
  }
  for (const [name, of] of Object.entries(given)) {
    const pointer = pointerTo('/connectors', name);
    if (!connectorName.test(name)) {
      report(pointer, 'must be named with letters, digits, ".", "_" and "-", at most 63 of them', 'name');
    }
    const values = settle(ConnectorSettings, of, pointer, report, ['config']) as unknown as ConnectorValues;
    const config = (isObject(of) ? of.config : undefined) ?? {};
    if (!isObject(config)) {
      report(pointerTo(pointer, 'config'), 'must be a map');
      continue;
    }
    values.plugin &&= resolvedPlugin(values.plugin, resolved.folder);
    if (values.tls) values.tls = resolvedFiles(values.tls, resolved.folder);
    const secrets = namedSecrets(values.secrets ?? {}, pointerTo(pointer, 'secrets'), resolved);
    if (values.needs !== undefined) {
      values.needs = settle(Needs, values.needs, pointerTo(pointer, 'needs'), report);
    }
    if (Object.keys(values.resources ?? {}).length === 0) delete values.resources;
    if (values.plugin && looksLikeAddress(values.plugin) && addressOf(values.plugin) === undefined) {
      report(
        pointerTo(pointer, 'plugin'),
        `must be unix:PATH or tls://HOST:PORT where it is an address, not ${values.plugin}`,
      );
    }
    if (values.command === undefined && values.plugin && (values.plugin === dialsIn || addressOf(values.plugin))) {
      for (const setting of [
        'keep',
        'processes',
        'watch',
        'sandbox',
        'needs',
        'resources',
        'user',
        'env',
        'oneShot',
      ] as const) {
        if (values[setting] === undefined) continue;
        report(pointerTo(pointer, setting), 'is for a plugin that the daemon starts; this one runs already');
      }
    } else if (watch) values.watch ??= true;
    if (values.keep && (values.processes ?? 1) > 1) {
      report(pointerTo(pointer, 'processes'), 'must be 1 beside keep: a keeper holds one process');
    }
    if (values.keep && values.oneShot) {
      report(pointerTo(pointer, 'keep'), 'must be false beside oneShot: there is no process between calls to be held');
    }
    const shownValues = { ...values };
    if (values.token !== undefined) {
      const token = resolveSecrets({ secret: values.token }, pointerTo(pointer, 'token'), resolved) as
        | string
        | undefined;
      // As the kits read their files: an editor leaves white space that nobody sees.
      if (token?.trim() === '') report(pointerTo(pointer, 'token'), 'names an empty token: anybody could show that');
      values.token = token?.trim() ?? '';
    }
    if (values.plugin === dialsIn && (of as { token?: unknown }).token === undefined) {
      report(pointerTo(pointer, 'token'), 'is missing: a plugin that dials in shows one');
    }
    const open = resolveSecrets(config, pointerTo(pointer, 'config'), resolved) as Record<string, unknown>;
    const shownOnce = [...Object.values(secrets), ...(values.token ? [values.token] : [])];
    const referred = [...referredIn(config, open), ...shownOnce];
    const hidden = [...secretsIn(config, open), ...shownOnce];
    connectors.push({ ...values, name, config: open, hidden, referred, ...(values.secrets && { secrets }) });
    shown[name] = { ...shownValues, config: maskSecrets(config) };
  }
  return { connectors, shown };
};

const shownServices = (services: readonly ServiceConfig[]) =>
  Object.fromEntries(services.map(({ name, ...of }) => [name, of]));

/**
 * Read and check the configuration. Flags come before the environment, that before the file, that before defaults.
 * Throws `ConfigError`, which names every mistake as `annelid.yaml:7:13: listen.port must be ...`.
 */
export const loadConfig = (sources: ConfigSources = {}): Config => {
  const { flags = [], environment = process.env, directory = process.cwd() } = sources;
  const problems: string[] = [];
  const asked = sources.file ?? (environment.ANNELID_CONFIG || undefined);
  const shownAs = asked ?? (existsSync(join(directory, 'annelid.yaml')) ? 'annelid.yaml' : undefined);
  const file = shownAs === undefined ? undefined : resolve(directory, shownAs);
  const source = file === undefined || shownAs === undefined ? undefined : readSource(file, shownAs);
  if (source !== undefined && source.mistakes.length > 0) throw new ConfigError(source.mistakes);

  const overrides = overridesFrom(environment, flags, problems);
  const report: Report = (pointer, complaint, about) => {
    const setting = pointer === '' ? 'The configuration' : dotted(pointer);
    const given = overrides.get(pointer);
    // What is known to be wrong in a file has a place there; the rest was said elsewhere.
    const place = given ? `${given.name}: ` : source ? `${source.placeOf(pointer, about)}: ` : '';
    problems.push(`${place}${setting} ${complaint}${complaint.endsWith('?') ? '' : '.'}`);
  };

  const stateFor = (given: unknown, from: string) =>
    typeof given === 'string' ? resolve(from, given) : defaultState(directory, environment);
  let tree: unknown = source?.value ?? {};
  if (source === undefined && sources.fallback) {
    tree = sources.fallback(stateFor(overrides.get('/state')?.value, directory));
  }
  for (const [pointer, { value }] of overrides) tree = withValue(tree, stepsOf(pointer), value);
  const values = settle(Settings, tree, '', report, ['connectors', 'services']) as unknown as SettingValues;

  for (const [index, proxy] of (values.listen?.proxies ?? []).entries()) {
    if (netFrom(proxy) === undefined)
      report(`/listen/proxies/${index}`, 'must be an address, or a net such as 10.0.0.0/8');
  }
  for (const [index, address] of (values.plugins?.listen ?? []).entries()) {
    if (addressOf(address) === undefined) report(`/plugins/listen/${index}`, 'must be unix:PATH or tls://HOST:PORT');
  }
  if (values.plugins?.listen?.some((address) => address.startsWith('tls:')) && values.plugins.tls === undefined) {
    report('/plugins/tls', 'is missing: plugins that connect over TLS are shown a certificate');
  }
  const folder = file === undefined ? directory : dirname(file);
  const variables = new Set<string>();
  const resolved = { environment, folder, report, onVariable: (name: string) => variables.add(name) };
  const given = isObject(tree) ? tree.connectors : undefined;
  const { connectors, shown } = settleConnectors(given, report, resolved, sources.watch ?? false);
  const [waiting] = connectors.filter(({ plugin }) => plugin === dialsIn);
  if (waiting !== undefined && values.plugins?.listen?.length === 0)
    report(
      `/connectors/${waiting.name}/plugin`,
      'is dial-in, and plugins.listen has no address where it could connect',
    );
  const services = settleServices(isObject(tree) ? tree.services : undefined, report, folder);
  for (const name of connectors.flatMap(({ env = [] }) => env)) variables.add(name);
  if (problems.length > 0) throw new ConfigError(problems);

  const place = (name: string, setting: string) => resolve(overrides.has(setting) ? directory : folder, name);
  const settled = {
    ...values,
    state: stateFor(values.state, overrides.has('/state') ? directory : folder),
    pluginDirectories: values.pluginDirectories.map((name) => resolve(folder, name)),
    plugins: {
      listen: values.plugins.listen.map((address) => resolvedPlugin(address, folder)),
      ...(values.plugins.tls && { tls: resolvedFiles(values.plugins.tls, folder) }),
    },
    ...(values.tls && { tls: { cert: place(values.tls.cert, '/tls/cert'), key: place(values.tls.key, '/tls/key') } }),
  };
  return {
    ...settled,
    ...(file !== undefined && { file }),
    stateSource: overrides.get('/state')?.name ?? (values.state === undefined ? 'the default' : `state in ${shownAs}`),
    warnings: misspelledVariables(environment, variables),
    connectors,
    services,
    shown: { ...settled, connectors: shown, ...(services.length > 0 && { services: shownServices(services) }) },
  };
};
