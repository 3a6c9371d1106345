/** What a process uses, measured when nothing is under way. */
import { readdir } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ProcessInfo, processes } from '../support/processes.ts';

export interface Sample {
  /** Calls that have been made until then. */
  calls: number;
  seconds: number;
  heapMiB: number;
  residentMiB: number;
  openFiles: number;
  /** Of plugins, with all that they have started. */
  processes: number;
}

/** Of a daemon, from outside. */
export type DaemonSample = Pick<Sample, 'calls' | 'residentMiB' | 'openFiles'>;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MiB = 1024 * 1024;

/** Of this process, once what is not needed has been collected. */
export const ownFigures = async () => {
  collect();
  // What finalizers let go of is collected by a second run.
  await new Promise(setImmediate);
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  const openFiles = (await readdir('/proc/self/fd')).length;
  return { heapMiB: heapUsed / MiB, residentMiB: rss / MiB, openFiles };
};

const markOf = ({ environment }: ProcessInfo) =>
  environment.find((line) => line.startsWith('ANNELID_PLUGIN_ID='))?.split(/[=.]/)[1];

/** The processes of plugins that the hosts of this process have started, now and earlier. */
export const createCensus = () => {
  const marks = new Set<string>();
  return {
    /** Those that were started by us, and all that carries the mark of one. */
    async count(): Promise<{ direct: ProcessInfo[]; all: ProcessInfo[] }> {
      const everything = await processes();
      const direct = everything.filter((each) => each.parent === process.pid && markOf(each) !== undefined);
      for (const each of direct) marks.add(markOf(each)!);
      return { direct, all: everything.filter((each) => marks.has(markOf(each) ?? '')) };
    },
  };
};
