/** Takes up a changed configuration, changed programs and secrets while the daemon runs. */
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/settle.ts';
import type { DirectorySettings } from '../core/accounts/directories.ts';
import type { Log } from '../core/ports.ts';
import type { Host, InstanceConfig, Reloaded } from '../host/index.ts';

/** Reload one connector, or all of them with those that are new and those that are gone. Rejects with a `Fault`. */
export type Reload = (only?: string) => Promise<Reloaded[]>;

/** The connectors as the host of plugins has them. */
export const instancesOf = (config: Config): InstanceConfig[] =>
  config.connectors.map(({ name, account: _, watch: __, directory: ___, accounting: ____, ...instance }) => ({
    ...instance,
    id: name,
    logLevel: config.log.level,
  }));

/** The account that owns what a connector reports. */
export const ownersOf = ({ connectors }: Config, otherwise: string): Map<string, string> =>
  new Map(connectors.map(({ name, account }) => [name, account ?? otherwise]));

/** The connectors that are asked for users, in their order. */
export const directoriesOf = ({ connectors }: Config): DirectorySettings[] =>
  connectors.flatMap(({ name, directory }) => (directory === undefined ? [] : [{ connector: name, ...directory }]));

/** The connectors that are told what machines have used. */
export const accountingOf = ({ connectors }: Config): string[] =>
  connectors.flatMap(({ name, accounting }) => (accounting ? [name] : []));

export interface ReloadContext {
  /** The configuration as it is now; throws `ConfigError`. */
  readConfig: () => Config;
  host: Pick<Host, 'reload' | 'get'>;
  /** What of a connector's services cannot be offered. */
  troubleOf: (connector: string) => string | undefined;
  log: Log;
  /** It has been found right, and is about to be taken up. */
  onConfig: (config: Config) => void;
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

export const createReload = (first: Config, { readConfig, host, troubleOf, log, onConfig }: ReloadContext): Reload => {
  const read = (): Config => {
    try {
      return readConfig();
    } catch (error) {
      if (error instanceof ConfigError) throw new Fault('conflict', error.message);
      throw error;
    }
  };
  /** What else has been changed takes a start. */
  const warnOfRest = (config: Config) => {
    const rest = ({ connectors: _, ...others }: Record<string, unknown>) => others;
    if (isSame(rest(first.shown), rest(config.shown))) return;
    log.warn(
      {},
      'The configuration has changed beside its connectors; that is taken up when the daemon is started again.',
    );
  };
  return async (only) => {
    const config = read();
    const instances = instancesOf(config);
    if (only !== undefined && (host.get(only) === undefined || !instances.some(({ id }) => id === only))) {
      const where = host.get(only) === undefined ? 'The daemon has no connector' : 'The configuration has no connector';
      throw new Fault('not-found', `${where} ${only}; to take up or end connectors, reload without a name.`);
    }
    warnOfRest(config);
    onConfig(config);
    const done = (await host.reload(instances, only)).map((each): Reloaded => {
      const trouble = each.did === 'replaced' || each.did === 'added' ? troubleOf(each.connector) : undefined;
      return trouble === undefined ? each : { ...each, message: trouble };
    });
    for (const { connector, did, message } of done) {
      if (did === 'failed') log.error({ connector, reason: message }, 'A connector could not be replaced.');
      else log.info({ connector, did, ...(message && { trouble: message }) }, 'A connector was reloaded.');
    }
    return done;
  };
};
