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
import { folder, start, stop } from '../children.ts';
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
const socketOf = ({ id }: Language) => join(folder, `${id}.sock`);

export const roundTrip: Scenario = async ({ quick, say }) => {
  const ways = languages.flatMap((language) => [
    { language, transport: 'stdio' as const, id: `round-trip-${language.id}` },
    ...(listens(language) ? [{ language, transport: 'unix' as const, id: `round-trip-${language.id}-unix` }] : []),
  ]);
  for (const language of languages.filter(listens)) {
    start([...lab(language), '--listen', `unix:${socketOf(language)}`]);
    while (!existsSync(socketOf(language))) await sleep(20);
  }
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
  const timed = async (id: string, call: () => Promise<unknown>): Promise<{ p50: number; p99: number }> => {
    const time = async () => {
      const began = performance.now();
      await call();
      return (performance.now() - began) * 1000;
    };
    for (let warm = 0; warm < 3000; warm++) await time();
    const rounds: { p50: number; p99: number }[] = [];
    for (let round = 1; round <= (quick ? 1 : 5); round++) {
      const times: number[] = [];
      for (let at = 0; at < 4000; at++) times.push(await time());
      times.sort((one, other) => one - other);
      rounds.push({ p50: median(times), p99: times[Math.floor(times.length * 0.99)]! });
      say(`${id}, round ${round}: p50 ${rounds.at(-1)?.p50.toFixed(0)} µs`);
    }
    return { p50: median(rounds.map((one) => one.p50)), p99: median(rounds.map((one) => one.p99)) };
  };
  try {
    await host.start();
    const echo = start(['cat'], undefined, 'pipe');
    const own = await timed('echo', async () => {
      echo.stdin?.write(line);
      await once(echo.stdout!, 'data');
    });
    await stop(echo);
    const measured: Record<string, Measured> = { 'round-trip-echo': { unit: 'µs', ours: own.p50 } };
    const rows: RoundTrip[] = [];
    for (const { language, transport, id } of ways) {
      const backend = host.get(id);
      if (backend?.status().state !== 'ready') {
        say(`not run: ${id}: ${backend?.status().message}`);
        continue;
      }
      const { p50, p99 } = await timed(id, () => backend.call(compute.stats, { vm: 'vm-1' }));
      measured[id] = { unit: 'µs', ours: p50 };
      rows.push({ language: language.name, transport, p50, p99 });
    }
    if (process.env.UPDATE_DOCS !== undefined)
      writeFileSync(join(root, 'docs/round-trips.md'), roundTripPage(rows, own));
    return measured;
  } finally {
    await host.stop();
  }
};
