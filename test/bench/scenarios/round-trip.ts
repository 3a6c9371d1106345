/** One plugin call at a time through the host, without HTTP: what the way there and back adds, in each language. */
import { fileURLToPath } from 'node:url';
import type { Log } from '../../../daemon/core/ports.ts';
import { createHost } from '../../../daemon/host/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { median } from '../median.ts';
import type { Measured, Scenario } from '../scenario.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => silent };
const pathOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** What runs the plugin of each language, which does nothing but answer; undefined: noop, on the kit for TypeScript. */
const languages: Record<string, readonly string[] | undefined> = {
  'round-trip': undefined,
  'round-trip-python': [
    'env',
    `PYTHONPATH=${pathOf('sdk/python/src')}`,
    '/usr/bin/python3',
    pathOf('test/bench/labs/lab.py'),
  ],
  'round-trip-ruby': ['/usr/bin/ruby', `-I${pathOf('sdk/ruby/lib')}`, pathOf('test/bench/labs/lab.rb')],
  'round-trip-tcl': ['env', `TCLLIBPATH=${pathOf('sdk/tcl')}`, '/usr/bin/tclsh', pathOf('test/bench/labs/lab.tcl')],
  'round-trip-perl': ['/usr/bin/perl', `-I${pathOf('sdk/perl/lib')}`, pathOf('test/bench/labs/lab.pl')],
};

export const roundTrip: Scenario = async ({ quick, say }) => {
  const names = Object.keys(languages);
  const host = createHost({
    instances: names.map((id) => {
      const command = languages[id];
      return { id, plugin: 'noop', config: {}, ...(command && { command }) };
    }),
    log: silent,
    limits: defaultLimits.plugins,
    pluginDirectories: [pathOf('plugins')],
  });
  try {
    await host.start();
    const measured: Record<string, Measured> = {};
    for (const name of names) {
      const backend = host.get(name);
      if (backend?.status().state !== 'ready') {
        say(`not run: ${name}: ${backend?.status().message}`);
        continue;
      }
      const once = async () => {
        const began = performance.now();
        await backend.call(compute.stats, { vm: 'vm-1' });
        return (performance.now() - began) * 1000;
      };
      for (let warm = 0; warm < 3000; warm++) await once();
      const medians: number[] = [];
      for (let round = 1; round <= (quick ? 1 : 5); round++) {
        const times: number[] = [];
        for (let at = 0; at < 4000; at++) times.push(await once());
        medians.push(median(times));
        say(`${name}, round ${round}: p50 ${medians.at(-1)?.toFixed(0)} µs`);
      }
      measured[name] = { unit: 'µs', ours: median(medians) };
    }
    return measured;
  } finally {
    await host.stop();
  }
};
