/**
 * The core's `Metrics` port on prom-client. A call costs a few look-ups and additions in plain objects: prom-client's own
 * `inc` and `observe` hash their labels each time, which is more than an XML-RPC call may cost in all. It gets the sums
 * when somebody reads them.
 */
import { Counter, collectDefaultMetrics, Gauge, type Histogram, Registry } from 'prom-client';
import type { FaultKind } from '../plugin-protocol/faults.ts';
import type { Backends, Metrics } from './core/ports.ts';

/** What the gauges are read from, each time that the metrics are asked for. */
export interface Observed {
  counts(): { vms: number; operations: number };
  backends: Pick<Backends, 'list'>;
}

export interface MetricsRegistry extends Metrics {
  /** Everything in the text format of Prometheus. */
  text(): Promise<string>;
  observe(observed: Observed): void;
}

/** Seconds. From an answer out of memory to a call that waits for an operation. */
const bounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

interface Times {
  /** One more than there are bounds: the last one takes what is over all of them. */
  buckets: number[];
  seconds: number;
  count: number;
}
interface Counts {
  succeeded: number;
  failed: Map<FaultKind, number>;
}
interface FrontendCounts extends Times {
  methods: Map<string, Counts>;
}

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

const increment = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1);

export const createMetrics = (): MetricsRegistry => {
  const registry = new Registry();
  const registers = [registry];
  const frontends = new Map<string, FrontendCounts>();
  const refusals = new Map<string, Map<string, number>>();
  let observed: Observed | undefined;

  collectDefaultMetrics({ register: registry });
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
        if (observed) this.set(read(observed.counts()));
      },
    });
  gauge('annelid_vms', 'Machines in the inventory.', ({ vms }) => vms);
  gauge('annelid_operations', 'Operations that have not ended.', ({ operations }) => operations);
  new Gauge({
    name: 'annelid_connectors',
    help: 'Connectors by their state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const backend of observed?.backends.list() ?? []) this.inc({ state: backend.status().state });
    },
  });

  const frontendCounts = (name: string): FrontendCounts => {
    const known = frontends.get(name);
    if (known !== undefined) return known;
    const made = { buckets: new Array(bounds.length + 1).fill(0), seconds: 0, count: 0, methods: new Map() };
    frontends.set(name, made);
    return made;
  };
  const methodCounts = ({ methods }: FrontendCounts, name: string): Counts => {
    const known = methods.get(name);
    if (known !== undefined) return known;
    const made = { succeeded: 0, failed: new Map() };
    methods.set(name, made);
    return made;
  };

  return {
    called(frontend, method, milliseconds, fault) {
      const times = frontendCounts(frontend);
      const seconds = milliseconds / 1000;
      let at = 0;
      while (at < bounds.length && seconds > (bounds[at] as number)) at += 1;
      times.buckets[at] = (times.buckets[at] as number) + 1;
      times.seconds += seconds;
      times.count += 1;
      const counts = methodCounts(times, method);
      if (fault === undefined) counts.succeeded += 1;
      else increment(counts.failed, fault);
    },
    refused(frontend, kind) {
      let kinds = refusals.get(frontend);
      if (kinds === undefined) {
        kinds = new Map();
        refusals.set(frontend, kinds);
      }
      increment(kinds, kind);
    },
    text: () => registry.metrics(),
    observe(these) {
      observed = these;
    },
  };
};
