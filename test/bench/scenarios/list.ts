/** `vm.list` of ten thousand machines over XML-RPC: processor time of the daemon for each call, and its memory. */

import { type Daemon, inventoried, startDaemon } from '../daemon.ts';
import { probe } from '../load.ts';
import { median } from '../median.ts';
import type { Scenario } from '../scenario.ts';

const machines = 10_000;

/** Milliseconds of processor time, all threads, while `work` runs; what reading the figure costs is taken off. */
const cpuOf = async (daemon: Daemon, work: () => Promise<unknown>): Promise<number> => {
  const read = () => daemon.metric('process_cpu_seconds_total');
  const idle = [await read(), await read()] as const;
  await work();
  return ((await read()) - idle[1] - (idle[1] - idle[0])) * 1000;
};

const resident = async (daemon: Daemon) => (await daemon.metric('process_resident_memory_bytes')) / 1024 / 1024;

/** Changes machines, so many calls at a time, and waits until each change is done. */
const change = async (daemon: Daemon, ids: readonly string[], tier: string): Promise<void> => {
  const left = ids.values();
  const one = async () => {
    for (const vm of left) await daemon.call('vm.update', { vm, labels: { tier }, wait: 60 });
  };
  await Promise.all(Array.from({ length: 32 }, one));
};

export const list: Scenario = async ({ quick, say }) => {
  const daemon = await startDaemon({ lab: { plugin: 'memory', config: { count: machines } } });
  const ids = (await inventoried(daemon, machines)).map(({ id }) => id);
  const memory = await resident(daemon);
  const request = daemon.xmlrpc('vm.list');
  const call = () => probe(request, 'vm-10000');
  const { body } = await call();
  say(`an answer has ${(body.length / 1e6).toFixed(1)} MB`);
  for (let warm = 0; warm < 20; warm++) await call();

  const steady: number[] = [];
  for (let at = 0; at < (quick ? 10 : 50); at++) {
    await change(daemon, [ids[(at * 97) % machines] ?? ''], `steady-${at}`);
    steady.push(await cpuOf(daemon, call));
  }
  say(`one changed: ${median(steady).toFixed(1)} ms`);

  const changed: number[] = [];
  for (let at = 0; at < (quick ? 1 : 5); at++) {
    await change(daemon, ids, `all-${at}`);
    changed.push(await cpuOf(daemon, call));
    say(`all changed: ${changed.at(-1)?.toFixed(1)} ms`);
  }

  const calls = quick ? [50, 150] : [200, 1000];
  let early = 0;
  for (let at = 1; at <= (calls[1] ?? 0); at++) {
    await call();
    if (at === calls[0]) early = await resident(daemon);
    if (at % 100 === 0) say(`call ${at}: ${Math.round(await resident(daemon))} MiB`);
  }
  const late = await resident(daemon);
  await daemon.stop();
  return {
    'list-steady': { unit: 'ms', ours: median(steady) },
    'list-changed': { unit: 'ms', ours: median(changed) },
    'list-growth': { unit: '%', ours: Math.max(0, (late / early - 1) * 100) },
    'list-memory': { unit: 'MiB', ours: memory },
  };
};
