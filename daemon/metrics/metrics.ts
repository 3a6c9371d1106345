/**
 * The core's `Metrics` port on prom-client. A call costs a few look-ups and additions in plain objects: prom-client's own
 * `inc` and `observe` hash their labels each time, which is more than an XML-RPC call may cost in all. It gets the sums
 * when somebody reads them.
 */
import type { Registry } from 'prom-client';
import type { FaultKind } from '../../plugin-protocol/faults.ts';
import type { Backends, Metrics } from '../core/ports.ts';

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
export const bounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

export interface Times {
  /** One more than there are bounds: the last one takes what is over all of them. */
  buckets: number[];
  seconds: number;
  count: number;
}
interface Counts {
  succeeded: number;
  failed: Map<FaultKind, number>;
}
export interface FrontendCounts extends Times {
  methods: Map<string, Counts>;
}

/** What the registry reads. */
export interface Counted {
  frontends: ReadonlyMap<string, FrontendCounts>;
  refusals: ReadonlyMap<string, ReadonlyMap<string, number>>;
  observed: () => Observed | undefined;
}

const increment = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1);

/** Behind the start of the daemon, in milliseconds. */
const loadAfterMs = 1000;

export const createMetrics = (): MetricsRegistry => {
  const frontends = new Map<string, FrontendCounts>();
  const refusals = new Map<string, Map<string, number>>();
  let observed: Observed | undefined;
  let registry: Promise<Registry> | undefined;

  const load = (): Promise<Registry> => {
    registry ??= import('./prometheus.ts').then(({ createRegistry }) =>
      createRegistry({ frontends, refusals, observed: () => observed }),
    );
    return registry;
  };

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
    text: async () => (await load()).metrics(),
    observe(these) {
      observed = these;
      // The metrics of the process begin when this is loaded, so not only when they are first asked for.
      setTimeout(() => void load(), loadAfterMs).unref();
    },
  };
};
