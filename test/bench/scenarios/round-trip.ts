/** One plugin call at a time through the host, without HTTP: what the way there and back adds. */
import { fileURLToPath } from 'node:url';
import type { Log } from '../../../daemon/core/ports.ts';
import { createHost } from '../../../daemon/host/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { median } from '../median.ts';
import type { Scenario } from '../scenario.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => silent };
const plugins = fileURLToPath(new URL('../../../plugins', import.meta.url));

export const roundTrip: Scenario = async ({ quick, say }) => {
  const instance = { id: 'lab', plugin: 'noop', config: {} };
  const host = createHost({
    instances: [instance],
    log: silent,
    limits: defaultLimits.plugins,
    pluginDirectories: [plugins],
  });
  try {
    await host.start();
    const backend = host.get('lab');
    if (backend?.status().state !== 'ready') throw new Error(`noop is not ready: ${backend?.status().message}`);
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
      say(`round ${round}: p50 ${medians.at(-1)?.toFixed(0)} µs`);
    }
    return { 'round-trip': { unit: 'µs', ours: median(medians) } };
  } finally {
    await host.stop();
  }
};
