/** The processes of one plugin, for the instances that share them. */
import { addressOf, dialsIn } from '../../../plugin-protocol/connection/address.ts';
import type { Description } from '../../../plugin-protocol/contract/base.ts';
import type { Instance } from '../instance/instance.ts';
import type { Configs } from '../instance-config.ts';
import { createRunner, type Runner, type RunnerOptions } from './runner.ts';

export interface PoolOptions extends Omit<RunnerOptions, 'onDescribed'> {
  /** The plugin serves one instance a process: this one needs others. */
  split: (instance: Instance) => void;
}

export interface Pool {
  readonly instances: readonly Instance[];
  /** There must never be two of its process that are configured, not even while one takes the place of the other. */
  readonly isExclusive: boolean;
  /**
   * Replace its processes, one after the other; rejects with a `Fault` when one is not ready, and leaves the rest alone. Resolves
   * with why instances are not ready that were not so before either, by their names.
   */
  replace(configs: Configs): Promise<ReadonlyMap<string, string>>;
  /** An instance is served no more. Resolves when nothing of it is under way. */
  remove(instance: Instance): Promise<void>;
  /** With `keep` what keepers hold stays with them. */
  stop(keep: boolean): Promise<void>;
}

export const createPool = (of: readonly Instance[], options: PoolOptions): Pool => {
  const { log, split } = options;
  const instances = [...of];
  const runners: Runner[] = [];
  let isStopping = false;

  /** How many processes are to be there, once one has said what it is. */
  const wanted = ({ processes: described }: Description): number => {
    const { id, plugin, command, keep, processes: configured } = instances[0]!.config;
    const runsAlready = command === undefined && (plugin === dialsIn || addressOf(plugin) !== undefined);
    if (keep || runsAlready) return 1;
    if (described === 1 && (configured ?? 1) > 1) {
      log.warn({ connector: id, plugin }, 'The plugin says that there must be one process of it; there is one.');
      return 1;
    }
    return configured ?? described ?? 1;
  };
  const grow = (description: Description, isOneShot: boolean) => {
    if (!description.features?.includes('instances')) for (const further of instances.splice(1)) split(further);
    while (!isStopping && runners.length < (isOneShot ? 1 : wanted(description))) start();
  };
  const start = () => {
    runners.push(createRunner(instances, runners.length, { ...options, onDescribed: grow }));
  };
  start();

  const stop = async (keep: boolean) => {
    isStopping = true;
    for (const instance of instances) instance.quit();
    await Promise.all(runners.map((runner) => runner.stop(keep)));
    for (const instance of instances) instance.stopped('The plugin was stopped.');
  };

  return {
    instances,
    get isExclusive() {
      return runners.some(({ isExclusive }) => isExclusive);
    },
    async replace(configs) {
      for (const instance of instances) instance.release();
      const lacking = new Map<string, string>();
      for (const runner of [...runners]) for (const [id, why] of await runner.replace(configs)) lacking.set(id, why);
      return lacking;
    },
    async remove(instance) {
      if (instances.length === 1) return stop(false);
      instances.splice(instances.indexOf(instance), 1);
      instance.quit();
      instance.stopped('The connector was removed from the configuration.');
    },
    stop,
  };
};
