/** The plugin host: runs plugins as child processes and offers them to the core as `Backends`. */

import { dialsIn } from '../../plugin-protocol/connection/address.ts';
import type { SecureFiles } from '../../plugin-protocol/connection/secure.ts';
import { createReaper } from '../../plugin-protocol/reaper.ts';
import type { Backend, BackendListener, BackendStatus, Backends, Clock, Log } from '../core/ports.ts';
import type { Limits } from '../limits.ts';
import { createDesk } from './call/desk.ts';
import { DiscreetBackend, discreetRecords, discreetStatus } from './discretion/discreet-backend.ts';
import { createDiscretions, discreetLog } from './discretion/discretion.ts';
import { createInstance, type Instance } from './instance/instance.ts';
import { type Configs, type InstanceConfig, shareKey } from './instance-config.ts';
import { dismissOthers } from './keeper/kept.ts';
import { createPool, type Pool, type PoolOptions } from './lifecycle/pool.ts';
import type { TapListener } from './link/tap.ts';
import { createTurns } from './link/turns.ts';
import { forgetDescriptions } from './program/kept-description.ts';
import { createDoorway } from './transport/dial-in.ts';

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
  /** A directory where it is kept what plugins say of themselves that have a process for each call. */
  descriptions?: string | undefined;
  /** Where plugins connect that dial in: `unix:PATH`, or `tls://HOST:PORT` with the files for it. */
  listen?: { addresses: readonly string[]; tls?: SecureFiles | undefined };
  clock?: Clock;
}

/**
 * What a reload did with a connector; `message` says why it failed, or what is wrong with one that was replaced. One that
 * is `awaited` connects by itself: what was connected has been let go.
 */
export interface Reloaded {
  connector: string;
  did: 'replaced' | 'awaited' | 'added' | 'removed' | 'failed';
  message?: string;
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
  /**
   * Go on with these connectors: further ones are started and others stopped; of the rest each process is replaced by one
   * that has been started anew, is ready and has the configuration. With `only`, that one is looked at, and those that
   * share its processes. What is not ready stays as it was. Resolves when all has been tried.
   */
  reload(configs: readonly InstanceConfig[], only?: string): Promise<Reloaded[]>;
  /** Drain and end all plugins, with all processes that they started; with `keep` those that keepers hold stay with them. */
  stop(keep?: boolean): Promise<void>;
}

export const createHost = ({
  instances: configs,
  log: openLog,
  limits,
  pluginDirectories,
  keepers,
  descriptions,
  listen: { addresses, tls } = { addresses: [] },
  clock = Date,
}: HostOptions): Host => {
  const listeners = new Set<BackendListener>();
  const discretions = createDiscretions();
  const log = discreetLog(openLog, discretions.all);
  const reaper = createReaper((reason) => log.warn({ reason }, 'The process that ends orphaned plugins has ended.'));
  let pools: Pool[] = [];
  let reloading: Promise<unknown> = Promise.resolve();
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
    onStatus: (status: BackendStatus) =>
      tell((listener) => listener.status(discreetStatus(status, discretions.of(status.id)))),
  };
  /** One that is to take the place of another is silent until it does. */
  const make = (config: InstanceConfig): Instance => {
    const instance = createInstance(config, {
      ...context,
      onStatus: (status) => instances.includes(instance) && context.onStatus(status),
    });
    return instance;
  };
  let instances: Instance[] = [];
  instances = configs.map(make);
  /** A daemon before may have left their processes to keepers. */
  const firsts: ReadonlySet<Instance> = new Set(instances);
  const backends = new WeakMap<Instance, DiscreetBackend>();
  const backendOf = (instance: Instance): DiscreetBackend => {
    const { backend } = instance;
    const found = backends.get(instance) ?? new DiscreetBackend(backend, discretions, log);
    backends.set(instance, found);
    return found;
  };
  let byId = new Map<string, Backend>();
  const index = () => {
    byId = new Map(instances.map((instance) => [instance.config.id, backendOf(instance)]));
  };
  index();

  const doorway = createDoorway({ addresses, tls, limits, clock, log });
  /** What is known of connectors beside their processes. */
  const take = (now: readonly InstanceConfig[]) => {
    discretions.learn(now);
    doorway.expect(now);
  };
  take(configs);
  const poolOptions: PoolOptions = {
    ...context,
    turns: createTurns(),
    pluginDirectories,
    keepers,
    descriptions,
    doorway,
    reaper,
    onEvent(instance, event) {
      if (!instances.includes(instance)) return;
      const backend = backendOf(instance);
      tell((listener) => listener.event(backend, backend.event(event)));
    },
    split: (instance) => run([instance]),
  };
  const run = (of: readonly Instance[]) => {
    const anew = !of.some((instance) => firsts.has(instance));
    if (!stopped) pools.push(createPool(of, { ...poolOptions, anew }));
    else for (const instance of of) instance.stopped('The daemon is stopping.');
  };

  const runAll = async (all: readonly Instance[]) => {
    for (const group of Map.groupBy(all, ({ config }) => shareKey(config)).values()) run(group);
    await Promise.all(all.map(({ tried }) => tried));
  };

  /** Take instances away from their processes. */
  const remove = async (gone: ReadonlySet<Instance>) => {
    await Promise.all(
      pools.flatMap((pool) => pool.instances.filter((each) => gone.has(each)).map((each) => pool.remove(each))),
    );
    pools = pools.filter(({ instances: left }) => left.some((each) => !gone.has(each)));
  };

  /** Those that shared a process and cannot any more, by their new configurations. */
  const parted = (pool: Pool, given: Configs): Instance[] => {
    const keyOf = ({ config }: Instance) => shareKey(given.get(config.id) ?? config);
    return pool.instances.filter((each) => keyOf(each) !== keyOf(pool.instances[0]!));
  };

  /** Start others in the place of instances that leave their process; they are called once they are ready, and the old ones go. */
  const succeed = async (old: readonly Instance[], given: Configs): Promise<Reloaded[]> => {
    const pairs = old.map((before) => ({ before, after: make(given.get(before.config.id)!) }));
    await runAll(pairs.map(({ after }) => after));
    const isReady = ({ after }: { after: Instance }) => after.backend.state === 'ready';
    const [ready, lacking] = [pairs.filter(isReady), pairs.filter((pair) => !isReady(pair))];
    instances = instances.map((each) => ready.find(({ before }) => before === each)?.after ?? each);
    index();
    for (const { after } of ready) context.onStatus(after.backend.status());
    await remove(new Set([...ready.map(({ before }) => before), ...lacking.map(({ after }) => after)]));
    const failed = lacking.map(({ before, after }): Reloaded => {
      const connector = before.config.id;
      const { message = '' } = after.backend.status();
      const text = `The new process of ${connector} is not ready, and the old one stays: ${message}`;
      return { connector, did: 'failed', message: discretions.of(connector).text(text) };
    });
    return [...ready.map(({ before }) => ({ connector: before.config.id, did: 'replaced' }) as const), ...failed];
  };

  const reload = async (next: readonly InstanceConfig[], only: string | undefined): Promise<Reloaded[]> => {
    const given = new Map(next.map((config) => [config.id, config]));
    const meant =
      only === undefined ? undefined : pools.find((pool) => pool.instances.some(({ config }) => config.id === only));
    const affected = meant === undefined ? [...pools] : [meant];
    const configNow = (each: Instance) =>
      (meant?.instances.includes(each) ? given.get(each.config.id) : undefined) ?? each.config;
    take(only === undefined ? next : instances.map(configNow));
    const gone = only === undefined ? instances.filter(({ config }) => !given.has(config.id)) : [];
    await remove(new Set(gone));
    const moved = affected.flatMap((pool) => parted(pool, given));
    const isAlone = (each: Instance) => pools.some((pool) => pool.instances.includes(each) && pool.isExclusive);
    const leaving = moved.filter(isAlone);
    await remove(new Set(leaving));
    const added = [...given.values()].filter(
      ({ id }) => (only === undefined && !byId.has(id)) || leaving.some(({ config }) => config.id === id),
    );
    const made = new Map(added.map((config) => [config.id, make(config)]));
    const all = new Map(instances.map((each) => [each.config.id, made.get(each.config.id) ?? each]));
    for (const [id, instance] of made) all.set(id, instance);
    // Where two publish one name, the first in the configuration has it.
    const order = only === undefined ? [...given.keys()] : instances.map(({ config }) => config.id);
    instances = order.map((id) => all.get(id)!);
    index();
    for (const { config } of gone) tell((listener) => listener.removed(config.id));
    const [succeeded] = await Promise.all([
      succeed(
        moved.filter((each) => !leaving.includes(each)),
        given,
      ),
      runAll([...made.values()]),
    ]);

    // Those that stay where they were have what they had.
    const stay = new Set(succeeded.flatMap(({ connector, did }) => (did === 'failed' ? [connector] : [])));
    const taken = new Map([...given].filter(([id]) => !stay.has(id)));
    const done = async (pool: Pool): Promise<Reloaded[]> => {
      const connectors = pool.instances.map(({ config }) => config.id).filter((id) => !stay.has(id));
      const failed = (connector: string, message: string): Reloaded => ({
        connector,
        did: 'failed',
        message: discretions.of(connector).text(message),
      });
      try {
        const did = pool.instances.some(({ config }) => config.plugin === dialsIn) ? 'awaited' : 'replaced';
        const lacking = await pool.replace(taken);
        return connectors.map((connector) => {
          const why = lacking.get(connector);
          return why === undefined ? { connector, did } : failed(connector, `It is not ready still: ${why}`);
        });
      } catch (error) {
        const { message } = error as Error;
        return connectors.map((connector) => failed(connector, message));
      }
    };
    const replaced = await Promise.all(affected.filter((pool) => pools.includes(pool)).map(done));
    // Said last: a process that becomes ready is no longer the one before.
    for (const { connector, message } of succeeded) {
      if (message !== undefined) instances.find(({ config }) => config.id === connector)?.stale(message);
    }
    return [
      ...replaced.flat(),
      ...succeeded,
      ...[...made.keys()].map((connector) => ({ connector, did: 'added' }) as const),
      ...gone.map(({ config }) => ({ connector: config.id, did: 'removed' }) as const),
    ];
  };

  return {
    list: () => [...byId.values()],
    get: (id) => byId.get(id),
    listen: (listener) => listeners.add(listener),
    provide: (records) => desk.provide(discreetRecords(records, discretions.of)),
    open: doorway.open,
    async start() {
      if (descriptions !== undefined) await forgetDescriptions(descriptions, new Set(configs.map(({ id }) => id)));
      await runAll(instances);
      if (keepers !== undefined)
        await dismissOthers(keepers, new Set(configs.flatMap(({ id, keep }) => (keep ? [id] : []))));
    },
    watch(connector, listener) {
      const instance = instances.find(({ config }) => config.id === connector);
      if (instance === undefined) return undefined;
      for (const [from, text] of instance.introduction()) listener(from, text);
      return instance.tap.watch(listener);
    },
    secretsOf: (connector) => instances.find(({ config }) => config.id === connector)?.config.hidden ?? [],
    reload(next, only) {
      const done = reloading.then(() => reload(next, only));
      reloading = done.catch(() => {});
      return done;
    },
    async stop(keep = false) {
      stopped = true;
      await Promise.all(pools.map((pool) => pool.stop(keep)));
      doorway.close();
      reaper.stop();
    },
  };
};
