/**
 * One plugin call at a time through the host, without HTTP: what the way there and back adds, in each language and over each
 * transport. With `UPDATE_DOCS` in the environment the figures go to docs/round-trips.md.
 */
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../daemon/core/ports.ts';
import { createHost } from '../../../daemon/host/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { type Language, languages } from '../../sdk/languages.ts';
import { root } from '../../support/annelid.ts';
import { folder, onOneProcessor, start, stop } from '../children.ts';
import type { Say } from '../contest.ts';
import { median } from '../median.ts';
import { type RoundTrip, roundTripPage } from '../round-trip-page.ts';
import type { Measured, Scenario } from '../scenario.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => silent };

/** The plugin of each language, which does nothing but answer. */
const lab = ({ command, end }: Language) => command(`test/bench/labs/lab.${end}`);
/** As long as a call. What sends it back and does nothing tells how fast two processes can answer each other here. */
const line = `${'.'.repeat(150)}\n`;
/** Tcl's core has no unix sockets. */
const listens = ({ id }: Language) => id !== 'tcl';

type Timed = { p50: number; p99: number };
type Time = (id: string, call: () => Promise<unknown>) => Promise<Timed>;

const timer =
  (quick: boolean, say: Say): Time =>
  async (id, call) => {
    const time = async () => {
      const began = performance.now();
      await call();
      return (performance.now() - began) * 1000;
    };
    for (let warm = 0; warm < 3000; warm++) await time();
    const rounds: Timed[] = [];
    for (let round = 1; round <= (quick ? 1 : 5); round++) {
      const times: number[] = [];
      for (let at = 0; at < 4000; at++) times.push(await time());
      times.sort((one, other) => one - other);
      rounds.push({ p50: median(times), p99: times[Math.floor(times.length * 0.99)]! });
      say(`${id}, round ${round}: p50 ${rounds.at(-1)?.p50.toFixed(0)} µs`);
    }
    return { p50: median(rounds.map((one) => one.p50)), p99: median(rounds.map((one) => one.p99)) };
  };

/** Each way there is, from a plugin that does nothing, and `cat`. What could not be tried is said. */
const timeAll = async (where: string, timed: Time, say: Say): Promise<{ echo: Timed; rows: RoundTrip[] }> => {
  const ways = languages.flatMap((language) => [
    { language, transport: 'stdio' as const, id: language.id },
    ...(listens(language) ? [{ language, transport: 'unix' as const, id: `${language.id}-unix` }] : []),
  ]);
  const socketOf = ({ id }: Language) => join(folder, `${id}-${where}.sock`);
  const listeners = languages
    .filter(listens)
    .map((language) => start([...lab(language), '--listen', `unix:${socketOf(language)}`]));
  for (const language of languages.filter(listens)) while (!existsSync(socketOf(language))) await sleep(20);
  const host = createHost({
    instances: ways.map(({ language, transport, id }) =>
      transport === 'stdio'
        ? { id, plugin: 'lab', command: lab(language), config: {} }
        : { id, plugin: `unix:${socketOf(language)}`, config: {} },
    ),
    log: silent,
    limits: defaultLimits.plugins,
    pluginDirectories: [],
  });
  try {
    await host.start();
    const cat = start(['cat'], undefined, 'pipe');
    const echo = await timed(`${where}: cat`, async () => {
      cat.stdin?.write(line);
      await once(cat.stdout!, 'data');
    });
    await stop(cat);
    const rows: RoundTrip[] = [];
    for (const { language, transport, id } of ways) {
      const backend = host.get(id);
      if (backend?.state !== 'ready') {
        say(`not run: ${id}: ${backend?.status().message}`);
        continue;
      }
      const times = await timed(`${where}: ${id}`, () => backend.call(compute.stats, { vm: 'vm-1' }));
      rows.push({ id, language: language.name, transport, ...times });
    }
    return { echo, rows };
  } finally {
    await host.stop();
    await Promise.all(listeners.map(stop));
  }
};

export const roundTrip: Scenario = async ({ quick, say }) => {
  const timed = timer(quick, say);
  const anywhere = await timeAll('anywhere', timed, say);
  const measured: Record<string, Measured> = { 'round-trip-echo': { unit: 'µs', ours: anywhere.echo.p50 } };
  for (const { id, p50 } of anywhere.rows) measured[`round-trip-${id}`] = { unit: 'µs', ours: p50 };
  const together = await onOneProcessor(() => timeAll('on one processor', timed, say));
  if (together !== undefined) {
    measured['round-trip-echo-one'] = { unit: 'µs', ours: together.echo.p50 };
    for (const { id, p50 } of together.rows) measured[`round-trip-${id}-one`] = { unit: 'µs', ours: p50 };
  }
  if (process.env.UPDATE_DOCS !== undefined)
    writeFileSync(join(root, 'docs/round-trips.md'), roundTripPage(anywhere, together));
  return measured;
};
