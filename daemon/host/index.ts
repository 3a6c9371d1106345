/** The plugin host: runs plugins as child processes and offers them to the core as `Backends`. */
import type { BackendListener, BackendStatus, Backends, Clock, Log } from '../core/ports.ts';
import type { Limits } from '../limits.ts';
import { createDesk } from './desk.ts';
import { createDoorway } from './dial-in.ts';
import { createInstance, type Instance } from './instance.ts';
import type { InstanceConfig } from './instance-config.ts';
import { dismissOthers } from './kept.ts';
import { createReaper } from './reaper.ts';
import { createRunner, type Runner, type RunnerOptions, shareKey } from './runner.ts';
import type { PluginTls } from './socket.ts';

import type { TapListener } from './tap.ts';

export type { InstanceConfig, Resources } from './instance-config.ts';

export interface HostOptions {
  /** The connectors; their ids are distinct. */
  instances: readonly InstanceConfig[];
  log: Log;
  limits: Limits['plugins'];
  /** Where plugins that are given by name are looked for, in this order. */
  pluginDirectories: readonly string[];
  /** A directory where keepers are found again; without it nothing is kept. */
  keepers?: string;
  /** Where plugins connect that dial in: `unix:PATH`, or `tls://HOST:PORT` with the files for it. */
  listen?: { addresses: readonly string[]; tls?: PluginTls | undefined };
  clock?: Clock;
}

export interface Host extends Backends {
  /** Let plugins connect that dial in. Rejects with an `Error` that says why when an address cannot be listened at. */
  open(): Promise<void>;
  /** Start all plugins; resolves when each instance is ready or its first try has failed. Never rejects. */
  start(): Promise<void>;
  /** Told each line that a connector and its plugin say to each other from now on; undefined when there is none of that name. */
  watch(connector: string, listener: TapListener): (() => void) | undefined;
  /** What must not be shown of what it says. */
  secretsOf(connector: string): readonly string[];
  /** Drain and end all plugins, with all processes that they started; with `keep` those that keepers hold stay with them. */
  stop(keep?: boolean): Promise<void>;
}

export const createHost = ({
  instances: configs,
  log,
  limits,
  pluginDirectories,
  keepers,
  listen: { addresses, tls } = { addresses: [] },
  clock = Date,
}: HostOptions): Host => {
  const listeners = new Set<BackendListener>();
  const reaper = createReaper(log);
  const doorway = createDoorway({ addresses, tls, instances: configs, limits, clock, log });
  const runners: Runner[] = [];
  let stopped = false;

  /** A bug in a listener must not end the conversation with a plugin. */
  const tell = (say: (listener: BackendListener) => void) => {
    for (const listener of listeners) {
      try {
        say(listener);
      } catch (error) {
        log.error({ err: error }, 'A listener to the plugins failed.');
      }
    }
  };

  const desk = createDesk(limits, () => clock.now(), log);
  const context = {
    limits,
    desk,
    clock,
    log,
    onStatus: (status: BackendStatus) => tell((listener) => listener.status(status)),
  };
  const instances = configs.map((config) => createInstance(config, context));
  const byId = new Map(instances.map((instance) => [instance.config.id, instance.backend]));

  const runnerOptions: RunnerOptions = {
    ...context,
    pluginDirectories,
    keepers,
    reaper,
    doorway,
    onEvent: ({ backend }, event) => tell((listener) => listener.event(backend, event)),
    split: (instance) => run([instance]),
  };
  const run = (of: readonly Instance[]) => {
    if (!stopped) runners.push(createRunner(of, runnerOptions));
    else for (const instance of of) instance.detach('stopped', 'The daemon is stopping.');
  };

  return {
    list: () => [...byId.values()],
    get: (id) => byId.get(id),
    listen: (listener) => listeners.add(listener),
    provide: desk.provide,
    open: doorway.open,
    async start() {
      for (const group of Map.groupBy(instances, ({ config }) => shareKey(config)).values()) run(group);
      await Promise.all(instances.map(({ tried }) => tried));
      if (keepers !== undefined)
        await dismissOthers(keepers, new Set(configs.flatMap(({ id, keep }) => (keep ? [id] : []))));
    },
    watch(connector, listener) {
      const instance = instances.find(({ config }) => config.id === connector);
      if (instance === undefined) return undefined;
      for (const [from, text] of instance.introduction()) listener(from, text);
      return instance.tap.watch(listener);
    },
    secretsOf: (connector) => configs.find(({ id }) => id === connector)?.hidden ?? [],
    async stop(keep = false) {
      stopped = true;
      await Promise.all(runners.map((runner) => runner.stop(keep)));
      doorway.close();
      reaper.stop();
    },
  };
};
