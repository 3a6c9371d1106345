/** One configured instance: its cloud from the configuration or from the file, and the calls over it. */
import { randomUUID } from 'node:crypto';
import type { Calls, PluginEvent } from '../../sdk/typescript/plugin/index.ts';
import { Fault } from '../../sdk/typescript/plugin/index.ts';
import { createCloud, type Kept } from './cloud.ts';
import { createDisturbance, matcher } from './disturbance.ts';
import { createKeeper, readKept } from './file.ts';
import { createHistory } from './history.ts';
import { createJobs } from './jobs.ts';
import { machineShown } from './machine.ts';
import { memory } from './memory.ts';
import { settingsFrom } from './settings.ts';

export interface Surroundings {
  event(event: PluginEvent): void;
  now?: () => number;
  crash?: () => never;
}

/** Milliseconds between two questions after a task. */
const pollMs = 200;

/** The exit code of a plugin that was told to crash: the one that SIGKILL leads to. */
const crashed = 137;

export const createInstance = async (config: Record<string, unknown>, around: Surroundings): Promise<Calls> => {
  const settings = settingsFrom(config);
  const { now = Date.now, crash = () => process.exit(crashed) } = around;
  const { file } = settings;
  const kept = file === undefined ? undefined : keptFrom(await readKept(file).catch(refuseFile(file)), file);
  const cloud = createCloud(settings, now, kept);
  const show = (id: string) => {
    const machine = cloud.machines.get(id);
    return machine && machineShown(machine);
  };
  const history = createHistory(randomUUID(), kept?.history, show, (event) => around.event(event));
  const patterns = settings.tasks.map(matcher);
  const fits = (call: string) => call.startsWith('compute.') && patterns.some((fits) => fits(call));
  const jobs = createJobs({ fits, kept: kept?.jobs, keep: () => keep(), now, pollMs });
  const value = () => ({ ...cloud.kept(), history: history.kept(), jobs: jobs.kept() });
  const keeper = file === undefined ? undefined : createKeeper(file, value);
  const keep = async () => keeper?.keep();
  if (kept === undefined) await keep().catch(refuseFile(file));
  const disturbance = createDisturbance(settings.faults, settings.latency, settings.seed);
  const emit = (event: PluginEvent) => around.event(event);
  return jobs.over(memory({ cloud, disturbance, now, keep, crash, history, emit }));
};

const refuseFile = (file: string | undefined) => (error: NodeJS.ErrnoException) => {
  if (error instanceof Fault) throw error;
  throw new Fault('invalid-params', `${file} cannot be used: ${error.code}.`, { field: '/config/file' });
};

const keptFrom = (value: unknown, file: string): Kept | undefined => {
  if (value === undefined) return undefined;
  if ((value as Partial<Kept> | null)?.format === 1) return value as Kept;
  throw new Fault('invalid-params', `${file} was not written by this plugin.`, { field: '/config/file' });
};
