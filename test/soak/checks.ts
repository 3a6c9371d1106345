/** What must hold after a soak, each with what is wrong. */
import type { ProcessInfo } from '../support/processes.ts';
import type { SoakCloud } from './clouds.ts';
import type { Sample } from './figures.ts';
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

/** By how much a figure may be more in the end than after the first quarter: a part of it, and so many. */
const growth = { heapMiB: [0.1, 2], residentMiB: [0.2, 16], openFiles: [0, 0] } as const;

export const flat = (samples: readonly Sample[], processes: number): Check[] => {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const figures = Object.entries(growth) as [keyof typeof growth, readonly [number, number]][];
  return [
    ...figures.map(([name, [part, more]]) => ({
      what: `${name} is no more in the end than after a quarter.`,
      problems:
        last[name] > first[name] * (1 + part) + more
          ? [`${first[name].toFixed(1)} has become ${last[name].toFixed(1)}`]
          : [],
    })),
    {
      what: `At rest there are ${processes} processes.`,
      problems: samples
        .filter((sample) => sample.processes !== processes)
        .map((sample) => `after ${sample.calls} calls there were ${sample.processes}`),
    },
  ];
};
