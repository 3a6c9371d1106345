/** What a process uses, measured when nothing is under way. */
import { readdir, readlink } from 'node:fs/promises';
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
const collect = runInNewContext('gc') as (options?: object) => void;
/** V8 keeps what it once had for new objects, up to some 100 MiB, unless it is told that there is no other memory left. */
const giveBack = () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });

const MiB = 1024 * 1024;

/** The files that a process has open. What is being read of /proc, of processes that come and go, is none that stays. */
export const openFilesOf = async (pid: number | 'self'): Promise<number> => {
  const folder = `/proc/${pid}/fd`;
  const links = (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '/proc/'));
  return (await Promise.all(links)).filter((file) => !file.startsWith('/proc/')).length;
};

/** Of this process, once what is not needed has been collected and given back. */
export const ownFigures = async () => {
  collect();
  // What finalizers let go of is collected by a second run.
  await new Promise(setImmediate);
  giveBack();
  const { heapUsed, rss } = process.memoryUsage();
  const openFiles = await openFilesOf('self');
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
