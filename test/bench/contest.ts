/** Several servers under the same load, in turns, so that what else the machine does falls on all alike. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { listening, start } from './children.ts';
import { load, probe, type Request } from './load.ts';

export interface Contender {
  name: string;
  request: Request;
  /** What its answer must contain. */
  expected: string;
  /**
   * Its process, whose processor time is shown, with that of what it has started: it tells more than speed does where
   * others use the machine too.
   */
  pid: number | undefined;
}

export interface Pace {
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
}
export const paces: Record<'full' | 'quick', Pace> = {
  full: { rounds: 7, seconds: 2, warmUpSeconds: 3 },
  quick: { rounds: 3, seconds: 1, warmUpSeconds: 2 },
};

export type Say = (line: string) => void;

/** Processor time of a process and its children so far; NaN where the system has no `/proc`. */
export const cpuSeconds = (pid: number | undefined): number => {
  try {
    // proc(5): fields 14 and 15 are user and system time, in ticks of 10 ms; the name, field 2, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
    const own = (Number(fields[11]) + Number(fields[12])) / 100;
    return children.reduce((seconds, child) => seconds + cpuSeconds(Number(child)), own);
  } catch {
    return Number.NaN;
  }
};

export interface Round {
  perSecond: number;
  /** Microseconds of processor time that its processes took for a call. */
  cpu: number;
}

/** How each contender did in each round. Every answer is looked at before and after. */
export const contest = async (
  contenders: readonly Contender[],
  connections: number,
  pace: Pace,
  say: Say,
): Promise<Map<string, Round[]>> => {
  const results = new Map<string, Round[]>();
  for (const { name, request, expected } of contenders) {
    await probe(request, expected);
    say(`${name}: warming up`);
    await load(request, connections, pace.warmUpSeconds);
    results.set(name, []);
  }
  for (let round = 1; round <= pace.rounds; round++) {
    for (const { name, request, pid } of contenders) {
      const before = cpuSeconds(pid);
      const result = await load(request, connections, pace.seconds);
      const perCall = ((cpuSeconds(pid) - before) * 1e6) / (result.perSecond * pace.seconds);
      results.get(name)?.push({ perSecond: result.perSecond, cpu: perCall });
      const shown = [`${Math.round(result.perSecond)}/s`, `p50 ${result.p50} µs`];
      if (!Number.isNaN(perCall)) shown.push(`CPU ${perCall.toFixed(1)} µs a call`);
      say(`${name}: round ${round} of ${pace.rounds}, ${shown.join(', ')}`);
    }
  }
  for (const { request, expected } of contenders) await probe(request, expected);
  return results;
};

/** Starts a server and waits until it listens. Undefined as the processor: it may use all there are. */
export const serving = async (
  name: string,
  port: number,
  command: readonly string[],
  processor: string | undefined,
): Promise<ChildProcess> => {
  const child = start(command, processor);
  await listening(port, child, name);
  return child;
};
