/** What has been counted, in the text format of Prometheus. Loaded when the metrics are first asked for. */
import { createRequire } from 'node:module';
import { Counter, collectDefaultMetrics, Gauge, type Histogram, Registry } from 'prom-client';
import type { BackendStatus } from '../core/ports.ts';
import { bounds, type Counted, type Observed, type Times } from './metrics.ts';

const histogramName = 'annelid_call_seconds';
const cumulative = (frontend: string, { buckets, seconds, count }: Times) => {
  let below = 0;
  const rows = bounds.map((le, at) => {
    below += buckets[at] as number;
    return { metricName: `${histogramName}_bucket`, labels: { frontend, le }, value: below };
  });
  return [
    ...rows,
    { metricName: `${histogramName}_bucket`, labels: { frontend, le: '+Inf' }, value: count },
    { metricName: `${histogramName}_sum`, labels: { frontend }, value: seconds },
    { metricName: `${histogramName}_count`, labels: { frontend }, value: count },
  ];
};

/** A histogram whose buckets are counted elsewhere; prom-client's own can only be filled by observing. */
const keptHistogram = (frontends: ReadonlyMap<string, Times>) => ({
  name: histogramName,
  get: async () => ({
    name: histogramName,
    help: 'Seconds that calls took.',
    type: 'histogram',
    aggregator: 'sum',
    values: [...frontends].flatMap(([frontend, times]) => cumulative(frontend, times)),
  }),
});

const require = createRequire(import.meta.url);
/**
 * What prom-client tells of a process, but not how long each collection of garbage took: Node makes an event of each, with
 * properties of its own, which took one in twenty-five of the processor time of small calls.
 */
const collectOfProcess = (registry: Registry): void => {
  for (const name of collectDefaultMetrics.metricsList) {
    if (name === 'gc') continue;
    const collect = require(`prom-client/lib/metrics/${name}.js`) as (registry: Registry, config: object) => void;
    collect(registry, { eventLoopMonitoringPrecision: 10 });
  }
};

/** A registry that reads what has been counted each time that it is read itself. */
export const createRegistry = ({ frontends, refusals, observed }: Counted): Registry => {
  const registry = new Registry();
  const registers = [registry];

  collectOfProcess(registry);
  // The registry asks no more of a metric than its name and `get`.
  registry.registerMetric(keptHistogram(frontends) as unknown as Histogram);
  new Counter({
    name: 'annelid_calls_total',
    help: 'Calls that were answered; `fault` is empty for those that succeeded.',
    labelNames: ['frontend', 'method', 'fault'],
    registers,
    collect() {
      this.reset();
      for (const [frontend, { methods }] of frontends) {
        for (const [method, { succeeded, failed }] of methods) {
          if (succeeded > 0) this.inc({ frontend, method, fault: '' }, succeeded);
          for (const [fault, count] of failed) this.inc({ frontend, method, fault }, count);
        }
      }
    },
  });
  new Counter({
    name: 'annelid_refused_total',
    help: 'Requests that never became a call.',
    labelNames: ['frontend', 'kind'],
    registers,
    collect() {
      this.reset();
      for (const [frontend, kinds] of refusals) {
        for (const [kind, count] of kinds) this.inc({ frontend, kind }, count);
      }
    },
  });
  const gauge = (name: string, help: string, read: (counts: ReturnType<Observed['counts']>) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const now = observed();
        if (now) this.set(read(now.counts()));
      },
    });
  gauge('annelid_vms', 'Machines in the inventory.', ({ vms }) => vms);
  gauge('annelid_operations', 'Operations that have not ended.', ({ operations }) => operations);
  const perConnector = (name: string, help: string, read: (status: BackendStatus) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['connector'],
      registers,
      collect() {
        this.reset();
        for (const backend of observed()?.backends.list() ?? []) {
          this.set({ connector: backend.id }, read(backend.status()));
        }
      },
    });
  perConnector('annelid_plugin_restarts', 'Restarts of plugins since the daemon started.', ({ restarts }) => restarts);
  perConnector('annelid_plugin_crashing', '1 for a plugin that crashes again and again.', ({ isCrashing }) =>
    Number(isCrashing ?? false),
  );
  perConnector(
    'annelid_calls_held_back',
    'Calls that are held back because their plugin kept ending with them.',
    ({ heldBack }) => heldBack ?? 0,
  );
  new Gauge({
    name: 'annelid_connectors',
    help: 'Connectors by their state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const backend of observed()?.backends.list() ?? []) this.inc({ state: backend.state });
    },
  });

  return registry;
};
