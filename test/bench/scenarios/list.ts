/**
 * `vm.list` of ten thousand machines: processor time of the daemon for each call, and its memory. The budgets are for
 * answers of 6 MB, which is what such a list takes elsewhere; ours are of 20 MB over XML-RPC and 8 MB over SOAP.
 */

import { cpuSeconds } from '../contest.ts';
import { type Daemon, inventoried, startDaemon } from '../daemon.ts';
import { probe, type Request } from '../load.ts';
import { median } from '../median.ts';
import { bare } from '../peers.ts';
import type { Measured, Scenario } from '../scenario.ts';

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

/** Milliseconds that a bare `node:http` server takes to answer the same bytes. */
const bareCpu = async (request: Request, times: number): Promise<number> => {
  const { request: same, expected, pid } = await bare({ name: 'ours', request, expected: 'vm-10000', pid: undefined });
  for (let warm = 0; warm < 10; warm++) await probe(same, expected);
  const before = cpuSeconds(pid);
  for (let time = 0; time < times; time++) await probe(same, expected);
  return ((cpuSeconds(pid) - before) * 1000) / times;
};

export const list: Scenario = async ({ quick, say }) => {
  const daemon = await startDaemon({ lab: { plugin: 'memory', config: { count: machines } } });
  const ids = (await inventoried(daemon, machines)).map(({ id }) => id);
  const memory = await resident(daemon);
  const calls = Object.entries({ 'XML-RPC': daemon.xmlrpc('vm.list'), SOAP: daemon.soap('vmList') }).map(
    ([wire, request]) => ({
      wire,
      request,
      call: () => probe(request, 'vm-10000'),
      megabytes: 0,
      bare: 0,
      steady: [] as number[],
      changed: [] as number[],
    }),
  );
  for (const of of calls) {
    of.megabytes = (await of.call()).body.length / 1e6;
    say(`an answer over ${of.wire} has ${of.megabytes.toFixed(1)} MB`);
    of.bare = await bareCpu(of.request, quick ? 30 : 100);
    for (let warm = 0; warm < 20; warm++) await of.call();
  }

  for (let at = 0; at < (quick ? 10 : 50); at++) {
    await change(daemon, [ids[(at * 97) % machines] ?? ''], `steady-${at}`);
    for (const { call, steady } of calls) steady.push(await cpuOf(daemon, call));
  }
  for (const { wire, steady } of calls) say(`one changed, ${wire}: ${median(steady).toFixed(1)} ms`);

  // One more than is counted, and in turns who is the first to look at what has changed.
  for (let at = 0; at <= (quick ? 2 : 8); at++) {
    await change(daemon, ids, `all-${at}`);
    for (const { wire, call, changed } of at % 2 === 0 ? calls : calls.toReversed()) {
      const cpu = await cpuOf(daemon, call);
      say(`all changed, ${wire}: ${cpu.toFixed(1)} ms`);
      if (at > 0) changed.push(cpu);
    }
  }

  const [growing] = calls;
  const [begin, end] = quick ? [50, 150] : [200, 1000];
  let early = 0;
  for (let at = 1; at <= end; at++) {
    await growing?.call();
    if (at === begin) early = await resident(daemon);
    if (at % 100 === 0) say(`call ${at}: ${Math.round(await resident(daemon))} MiB`);
  }
  const late = await resident(daemon);
  await daemon.stop();
  const figure = (unit: string, ours: number): Measured => ({ unit, ours });
  const byWire = calls.flatMap(({ wire, steady, changed, megabytes, bare }) => [
    [`list-steady ${wire}`, figure('ms', median(steady))] as const,
    [`list-changed ${wire}`, figure('ms', median(changed))] as const,
    [`list-changed-mb ${wire}`, figure('ms/MB', median(changed) / megabytes)] as const,
    [`list-steady-mb ${wire}`, figure('ms/MB', median(steady) / megabytes)] as const,
    [`list-bare ${wire}`, figure('ms', bare)] as const,
  ]);
  return {
    ...Object.fromEntries(byWire),
    'list-growth': figure('%', Math.max(0, (late / early - 1) * 100)),
    'list-memory': figure('MiB', memory),
  };
};
