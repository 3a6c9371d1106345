/**
 * Calls by the thousand through the host to plugins that are killed, stopped, replaced and full of noise; then what must
 * hold after all of it. The seed decides who is struck and when, in the order of calls.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createHost } from '../../daemon/host/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { pluginDirectories } from '../host/running-host.ts';
import { randomFrom } from '../support/random.ts';
import { type Check, duplicates, flat, lost, orphans, wrongFaults } from './checks.ts';
import { type SoakCloud, soakClouds } from './clouds.ts';
import { createCensus, ownFigures, type Sample } from './figures.ts';
import { createSilentLog } from './log.ts';
import { change, count, read, type Tally } from './settle.ts';

export interface SoakOptions {
  calls: number;
  seed: number;
  /** For what the plugins keep. */
  folder: string;
  /** Half of the processes. */
  few: boolean;
  onSample: (sample: Sample) => void;
  onProgress: (calls: number) => void;
}

export interface SoakResult {
  clouds: readonly SoakCloud[];
  samples: readonly Sample[];
  /** What was done to the plugins, and what was read in the log. */
  strikes: Tally;
  reads: Tally;
  changes: Tally;
  logged: Tally;
  restarts: number;
  checks: readonly Check[];
}

const callers = 64;
/** Milliseconds after which a call that has not settled is lost: several times the longest deadline. */
const lostAfter = 60_000;

/** An hour in minutes: what waits for long by default waits for a moment. */
const limits = {
  ...defaultLimits.plugins,
  ...{ readTimeoutMs: 2000, changeTimeoutMs: 2000, cancelMs: 200, stopMs: 1000, drainMs: 2000 },
  ...{ restartMinMs: 10, restartMaxMs: 200, crashes: 1_000_000, quarantineMs: 1000 },
};

/** One in so many calls. */
const odds = { change: 4, list: 50, crash: 100, kill: 400, stop: 300, longStop: 15, reload: 2000 };

export const soak = async ({ calls, seed, folder, few, onSample, onProgress }: SoakOptions): Promise<SoakResult> => {
  const random = randomFrom(seed);
  const oneIn = (many: number) => random(many) === 0;
  const clouds = soakClouds(folder, few);
  const { log, logged } = createSilentLog();
  const instances = clouds.map(({ instance }) => instance);
  const host = createHost({ instances, log, limits, pluginDirectories });
  const census = createCensus();
  const over = new AbortController();
  const strikes: Tally = new Map();
  const reads: Tally = new Map();
  const changes: Tally = new Map();
  const samples: Sample[] = [];
  const began = performance.now();
  /** By the number of the call. */
  const underWay = new Map<number, { what: string; since: number }>();
  /** What is being done to plugins. */
  const striking = new Set<Promise<void>>();
  /** Whether a mutation of that number was carried out; where it was made is the cloud of that number. */
  const settled = new Uint8Array(calls);
  const madeBy = new Uint8Array(calls);
  const processesWanted = clouds.reduce((sum, { processes, beside }) => sum + processes + beside, 0);
  const weighted = clouds.flatMap((cloud, at) => Array.from({ length: Math.max(1, cloud.processes) }, () => at));

  const strike = (what: string, done: () => Promise<void>) => {
    count(strikes, what);
    const doing = done().finally(() => striking.delete(doing));
    striking.add(doing);
  };
  const signal = (pid: number, name: NodeJS.Signals) => {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  };
  const strikeWith = async (first: NodeJS.Signals, at: number, ms: number) => {
    const { direct } = await census.count();
    const { pid } = direct[at % Math.max(1, direct.length)] ?? {};
    if (pid === undefined) return;
    signal(pid, first);
    if (first !== 'SIGSTOP') return;
    await pause(ms);
    signal(pid, 'SIGCONT');
  };
  const disturb = () => {
    // All are drawn each time, so that one does not move the row of the others.
    const [kills, stops, isLong, reloads, at, which] = [
      oneIn(odds.kill),
      oneIn(odds.stop),
      oneIn(odds.longStop),
      oneIn(odds.reload),
      random(1000),
      random(clouds.length),
    ];
    if (kills) strike('killed with SIGKILL', () => strikeWith('SIGKILL', at, 0));
    if (stops && isLong) strike('stopped beyond all deadlines', () => strikeWith('SIGSTOP', at, 4000));
    else if (stops) strike('stopped for a moment', () => strikeWith('SIGSTOP', at, 20 + at / 4));
    if (!reloads) return;
    strike('reloaded', async () => {
      for (const { did } of await host.reload(instances, instances[which]!.id)) count(strikes, `reload: ${did}`);
    });
  };

  const make = async (n: number) => {
    disturb();
    const [at, vmAt, isChange, isList, crash] = [
      weighted[random(weighted.length)]!,
      random(1000),
      oneIn(odds.change),
      oneIn(odds.list),
      ['.before', '.after'][random(2 * odds.crash)] ?? '',
    ];
    const cloud = clouds[at]!;
    const backend = host.get(cloud.instance.id)!;
    const vm = cloud.machines[vmAt % cloud.machines.length]!;
    underWay.set(n, { what: `${isChange ? 'change' : 'read'} ${n} of ${cloud.instance.id}`, since: performance.now() });
    if (isChange) {
      madeBy[n] = at + 1;
      if (crash !== '' && cloud.effects !== undefined) count(strikes, `ends itself ${crash.slice(1)} an effect`);
      await change(backend, cloud.mutation(n, vm), { key: `${n}${crash}`, faults: changes, over: over.signal });
      settled[n] = over.signal.aborted ? 0 : 1;
    } else {
      await read(backend, isList ? { call: compute.list, params: {} } : { call: compute.get, params: { vm } }, reads);
    }
    underWay.delete(n);
    if (n % 100 === 0) onProgress(n);
  };

  const sample = async (made: number) => {
    await Promise.all(striking);
    let { all } = await census.count();
    for (const since = performance.now(); all.length !== processesWanted; { all } = await census.count()) {
      if (performance.now() - since > lostAfter) break;
      await pause(50);
    }
    const seconds = (performance.now() - began) / 1000;
    samples.push({ calls: made, seconds, processes: all.length, ...(await ownFigures()) });
    onSample(samples.at(-1)!);
  };

  /** Resolves with calls that do not settle, as soon as there are any. */
  const watchOver = async (over: AbortSignal): Promise<string[]> => {
    for (;;) {
      await pause(1000, undefined, { signal: over });
      const late = [...underWay.values()].filter(({ since }) => performance.now() - since > lostAfter);
      if (late.length > 0) return late.map(({ what }) => what);
    }
  };

  await host.start();
  const noneLeft: string[] = [];
  const watching = watchOver(over.signal).catch(() => noneLeft);
  let next = 0;
  let late = noneLeft;
  for (let quarter = 1; quarter <= 4 && late.length === 0; quarter += 1) {
    const until = Math.round((calls * quarter) / 4);
    const work = async () => {
      while (next < until && !over.signal.aborted) await make(next++);
    };
    const all = Promise.all(Array.from({ length: callers }, work)).then(() => noneLeft);
    late = await Promise.race([all, watching]);
    if (late.length > 0) over.abort();
    await sample(next);
  }
  over.abort();
  const restarts = host.list().reduce((sum, backend) => sum + backend.status().restarts, 0);
  await host.stop();

  const expected = (at: number) =>
    new Set([...settled.keys()].filter((n) => madeBy[n] === at + 1 && settled[n] === 1).map(String));
  return {
    ...{ clouds, samples, strikes, reads, changes, logged, restarts },
    checks: [
      lost(late),
      wrongFaults(reads, changes),
      ...(await Promise.all(clouds.map((cloud, at) => duplicates(cloud, expected(at))))),
      orphans((await census.count()).all),
      ...flat(samples, processesWanted),
    ],
  };
};
