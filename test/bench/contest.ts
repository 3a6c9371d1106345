/** Several servers under the same load, in turns, so that what else the machine does falls on all alike. */
import type { ChildProcess } from 'node:child_process';
import { listening, processors, start } from './children.ts';
import { type Load, load, probe, type Request } from './load.ts';

export interface Contender {
  name: string;
  request: Request;
  /** What its answer must contain. */
  expected: string;
}

export interface Pace {
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
}
export const paces: Record<'full' | 'quick', Pace> = {
  full: { rounds: 5, seconds: 3, warmUpSeconds: 3 },
  quick: { rounds: 1, seconds: 1, warmUpSeconds: 1 },
};

export type Say = (line: string) => void;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
};

/** Calls per second of each contender: the median of all rounds. Every answer is looked at before and after. */
export const contest = async (
  contenders: readonly Contender[],
  connections: number,
  pace: Pace,
  say: Say,
): Promise<Map<string, number>> => {
  const results = new Map<string, Load[]>();
  for (const { name, request, expected } of contenders) {
    await probe(request, expected);
    say(`${name}: warming up`);
    await load(request, connections, pace.warmUpSeconds);
    results.set(name, []);
  }
  for (let round = 1; round <= pace.rounds; round++) {
    for (const { name, request } of contenders) {
      const result = await load(request, connections, pace.seconds);
      results.get(name)?.push(result);
      say(`${name}: round ${round} of ${pace.rounds}, ${Math.round(result.perSecond)}/s, p50 ${result.p50} µs`);
    }
  }
  for (const { request, expected } of contenders) await probe(request, expected);
  return new Map([...results].map(([name, loads]) => [name, median(loads.map(({ perSecond }) => perSecond))]));
};

/** Starts a server and waits until it listens. */
export const serving = async (
  name: string,
  port: number,
  command: readonly string[],
  processor: string | undefined = processors.server,
): Promise<ChildProcess> => {
  const child = start(command, processor);
  await listening(port, child, name);
  return child;
};
