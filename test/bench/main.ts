/**
 * `npm run bench [-- --only NAME] [--quick]`: measures us and our peers in the same run and prints a table of ratios
 * against the budgets of the design. Nothing is asserted: a machine that is busy makes no test fail.
 */
import { availableParallelism } from 'node:os';
import { misused, readOptions } from '../support/options.ts';
import { budgets } from './budgets.ts';
import { hasProgram, isBusy, loadBefore, stopAll } from './children.ts';
import { paces } from './contest.ts';
import type { Measured, Scenario } from './scenario.ts';
import { machines, plugin, soap, xmlrpc } from './scenarios/calls.ts';
import { codec } from './scenarios/codec.ts';
import { large } from './scenarios/large.ts';
import { list } from './scenarios/list.ts';
import { roundTrip } from './scenarios/round-trip.ts';
import { soapCodec } from './scenarios/soap-codec.ts';
import { memory, start } from './scenarios/start.ts';
import { rowOf, tableOf } from './table.ts';
import { saxesHere, saxesThere } from './yardstick.ts';

const scenarios: Record<string, { run: Scenario; load: boolean }> = {
  // First, while this process is small: what the codecs leave in it to be collected takes from a start beside it.
  start: { run: start, load: false },
  memory: { run: memory, load: false },
  xmlrpc: { run: xmlrpc, load: true },
  soap: { run: soap, load: true },
  plugin: { run: plugin, load: true },
  'round-trip': { run: roundTrip, load: false },
  machines: { run: machines, load: true },
  list: { run: list, load: false },
  large: { run: large, load: true },
  codec: { run: codec, load: false },
  'soap-codec': { run: soapCodec, load: false },
};

const usage = `Usage: npm run bench [-- --only NAME ...] [--quick]

Measures the daemon and its peers in the same run and prints ratios against the budgets.

  --only NAME  This benchmark alone; can be given several times: ${Object.keys(scenarios).join(', ')}.
  --quick      Three short rounds instead of ${paces.full.rounds}.
`;
const values = readOptions(usage, {
  only: { type: 'string', multiple: true },
  quick: { type: 'boolean', default: false },
});
const chosen = values.only ?? Object.keys(scenarios);
const unknown = chosen.filter((name) => !Object.hasOwn(scenarios, name));
if (unknown.length > 0) misused(usage, `There is no benchmark ${unknown.join(', ')}.`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(130)));
}

const pace = values.quick ? paces.quick : paces.full;
const measured: Record<string, Measured> = {};
/** How fast the machine was at each measurement, beside the one that the budgets are from. */
const speeds: Record<string, number> = {};
const notRun: string[] = [];
const hasLoad = hasProgram('wrk');

try {
  for (const name of chosen) {
    const scenario = scenarios[name];
    if (scenario === undefined) continue;
    const say = (line: string) => {
      if (line.startsWith('not run')) notRun.push(`${name}: ${line}`);
      console.error(`${name}: ${line}`);
    };
    if (scenario.load && !hasLoad) {
      say('not run: wrk is missing (Debian: wrk)');
      continue;
    }
    try {
      const before = await saxesHere();
      const found = await scenario.run({ pace, quick: values.quick, say });
      const speed = (before + (await saxesHere())) / 2 / saxesThere;
      Object.assign(measured, found);
      for (const measure of Object.keys(found)) speeds[measure] = speed;
    } catch (error) {
      say(`not run: ${error instanceof Error ? error.message : error}`);
    }
  }
} finally {
  await stopAll();
}

const rows = budgets
  .map((budget) => rowOf(budget, measured[budget.measure], speeds[budget.measure] ?? 1))
  .filter((row) => row !== undefined);
process.stdout.write(`\n${tableOf(rows, process.stdout.isTTY && !process.env.NO_COLOR)}`);
const [slowest, fastest] = [Math.min(...Object.values(speeds)), Math.max(...Object.values(speeds))];
if (fastest > 0) {
  console.log(`This machine was ${slowest.toFixed(2)} to ${fastest.toFixed(2)} times as fast as the one that the budgets are from, by what saxes
reads (${saxesThere} MB/s there). Under "there" stands what a figure comes to at its speed.`);
}
if (rows.some(({ verdict }) => verdict === 'met by CPU')) {
  console.log(`Where it says "met by CPU", the peer has a thread for each connection and used all ${availableParallelism()} processors, one of
which makes the load, and was faster for that; a call takes ours less processor time by as much as the budget asks for.`);
}
for (const line of notRun) console.log(line);
if (isBusy) {
  const others = `A load of ${loadBefore.toFixed(1)} on ${availableParallelism()} processors was there before`;
  console.log(`${others}: speeds say little, and the ratios by CPU more.`);
}
