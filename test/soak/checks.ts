/** What must hold after a soak, each with what is wrong. */
import type { Operation } from '../../daemon/catalogue/resources.ts';
import type { ProcessInfo } from '../support/processes.ts';
import type { SoakCloud } from './clouds.ts';
import type { DaemonSample, Sample } from './figures.ts';
import type { Tally } from './settle.ts';

export interface Check {
  what: string;
  /** Empty when it holds. */
  problems: readonly string[];
}

export const lost = (late: readonly string[]): Check => ({
  what: 'Each call has settled.',
  problems: late.map((what) => `${what} has not`),
});

/** What a caller can be told while plugins end: anything else would be a bug. */
const mayHappen = ['timeout', 'unavailable', 'throttled', 'failed'];

export const wrongFaults = (...tallies: Tally[]): Check => ({
  what: 'No call has failed but with a timeout, or since its plugin was away or it was held back.',
  problems: tallies.flatMap((tally) =>
    [...tally].filter(([kind]) => !mayHappen.includes(kind)).map(([kind, times]) => `${times} times ${kind}`),
  ),
});

/** A key may end with where the plugin crashed; the number before it is that of the call. */
const numberOf = (key: string) => key.split('.')[0]!;

/** `settled`: the numbers of the mutations that were told to be carried out. */
export const duplicates = async (
  { instance: { id }, effects }: SoakCloud,
  settled: ReadonlySet<string>,
): Promise<Check> => {
  if (effects === undefined)
    return { what: `${id} keeps no effects; ${settled.size} changes have settled.`, problems: [] };
  const keys = (await effects()).map(numberOf);
  const made = new Set(keys);
  return {
    what: `Each of the ${settled.size} changes of ${id} has had one effect.`,
    problems: [
      ...keys.filter((key, at) => keys.indexOf(key) !== at).map((key) => `${key} has had two`),
      ...[...settled].filter((key) => !made.has(key)).map((key) => `${key} has had none`),
      ...[...made].filter((key) => !settled.has(key)).map((key) => `${key} has had one and was not told of`),
    ],
  };
};

export const orphans = (left: readonly ProcessInfo[]): Check => ({
  what: 'No process is left.',
  problems: left.map(({ pid, command }) => `${pid} runs: ${command}`),
});

type Figure = 'heapMiB' | 'residentMiB' | 'openFiles';

/** By how much a figure may be more in the end than after the first quarter: a part of it, and so many. */
type Growth<Name extends Figure> = Readonly<Record<Name, readonly [part: number, more: number]>>;

/**
 * What is resident of one that has collected its garbage and given it back is what it holds, and what malloc cannot give back
 * between: over 40,000 calls that grew from 100 to 102 MiB.
 */
const growth: Growth<Figure> = { heapMiB: [0.1, 2], residentMiB: [0.1, 8], openFiles: [0, 0] };

/** Of a daemon, which nobody tells to give anything back. */
const daemonGrowth: Growth<'residentMiB' | 'openFiles'> = { residentMiB: [0.2, 16], openFiles: [0, 0] };

const grown = <Name extends Figure>(of: Growth<Name>, samples: readonly Record<Name, number>[]) => {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return (Object.keys(of) as Name[]).map((name): Check => {
    const [part, more] = of[name];
    return {
      what: `${name} is no more in the end than after a quarter.`,
      problems:
        last[name] > first[name] * (1 + part) + more
          ? [`${first[name].toFixed(1)} has become ${last[name].toFixed(1)}`]
          : [],
    };
  });
};

export const flat = (samples: readonly Sample[], processes: number): Check[] => [
  ...grown(growth, samples),
  {
    what: `At rest there are ${processes} processes.`,
    problems: samples
      .filter((sample) => sample.processes !== processes)
      .map((sample) => `after ${sample.calls} calls there were ${sample.processes}`),
  },
];

/** `connections` of clients are files of the daemon, too, and come and go. */
export const flatDaemon = (samples: readonly DaemonSample[], connections: number): Check[] => {
  const allowed = samples.map((sample, at) => ({
    ...sample,
    openFiles: sample.openFiles + (at === 0 ? connections : 0),
  }));
  return grown(daemonGrowth, allowed);
};

/** What a caller of the daemon may be told while plugins end, and once the daemon itself. */
const mayBeAnswered = ['read', 'succeeded', 'failed', 'conflict', 'busy', 'unavailable', 'cut off with the daemon'];

export const wrongAnswers = (answers: Tally): Check => ({
  what: 'Each call was answered with what it may be answered with.',
  problems: [...answers]
    .filter(([said]) => !mayBeAnswered.includes(said))
    .map(([said, times]) => `${times} times ${said}`),
});

/** `keys`: those of all effects, which are the ids of operations. */
export const operationsEnded = (operations: readonly Operation[], keys: readonly string[]): Check => {
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  const known = new Set(operations.map(({ id }) => id));
  return {
    what: `Each of the ${operations.length} operations has ended; one that succeeded has had one effect, no other two.`,
    problems: [
      ...operations.flatMap(({ id, state }) => {
        const effects = times.get(id) ?? 0;
        if (state === 'queued' || state === 'running') return [`${id} is ${state}`];
        if (effects > 1 || (state === 'succeeded' && effects === 0)) return [`${id} ${state}, with ${effects} effects`];
        return [];
      }),
      ...[...times.keys()].filter((key) => !known.has(key)).map((key) => `${key} is the effect of no operation`),
    ],
  };
};
