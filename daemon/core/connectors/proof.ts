/**
 * What connectors have proven: how often each call of a plugin succeeded and failed, when last, and how long it took. It is
 * counted where calls leave the core, and kept across restarts by a write now and then: nothing depends on the last ones.
 */
import type { ContractCall } from '../../../plugin-protocol/contract/index.ts';
import type { PublishedInterface } from '../../../plugin-protocol/contract/published.ts';
import { Fault, type FaultKind, faults } from '../../../plugin-protocol/faults.ts';
import type { ConnectorProof } from '../../catalogue/proof.ts';
import type { Journal } from '../journal.ts';
import type {
  Backend,
  BackendListener,
  BackendStatus,
  Backends,
  CallOptions,
  Clock,
  Found,
  KeptTask,
  PulledEvents,
  TaskEnd,
} from '../ports.ts';

/** Durations of which the median is taken, the latest. */
const kept = 64;
/** Failures of a connector that are remembered, the latest. */
const mostFailures = 20;
const longestMessage = 500;
/** Calls of one connector: names of published methods may change again and again. */
const mostCalls = 2000;
const metaKey = 'proof';
const saveEveryMs = 60_000;

export interface Proven {
  succeeded: number;
  failed: number;
  /** Milliseconds since 1970. */
  last: number;
  /** The latest durations, in milliseconds, in any order. */
  durations: number[];
}

export interface Failure {
  time: number;
  call: string;
  kind: FaultKind;
  message: string;
}

/** What has been counted of a connector. */
export interface Counts {
  since: number;
  calls: Map<string, Proven>;
  failures: Failure[];
}

const medianOf = (durations: readonly number[]): number | undefined => {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

/** Faults that are the answer itself: the plugin did what it should. */
const isAnswer = (kind: FaultKind): boolean => faults[kind].code < 500 && kind !== 'throttled';

export class Proof {
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #counts = new Map<string, Counts>();
  readonly #wakes = new Set<() => void>();
  #saving: NodeJS.Timeout | undefined;

  /** `connectors` are those that there are: of others nothing is kept. */
  constructor(clock: Clock, journal: Journal, meta: ReadonlyMap<string, string>, connectors: readonly string[]) {
    this.#clock = clock;
    this.#journal = journal;
    const saved = restored(meta.get(metaKey));
    for (const id of connectors) this.#counts.set(id, saved.get(id) ?? this.#nothing());
  }

  of(connector: string): Counts {
    // One that was configured while the daemon ran.
    const counts = this.#counts.get(connector) ?? this.#nothing();
    this.#counts.set(connector, counts);
    return counts;
  }

  /** Calls `wake` at each call that is counted and each status of a connector, until the answer is called. */
  onChange(wake: () => void): () => void {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }

  /** Connectors may read otherwise than before. */
  changed(): void {
    for (const wake of this.#wakes) wake();
  }

  #nothing(): Counts {
    return { since: this.#clock.now(), calls: new Map(), failures: [] };
  }

  /** It is not configured any more. */
  forget(connector: string): void {
    this.#counts.delete(connector);
  }

  succeeded(connector: string, call: string, milliseconds: number): void {
    const proven = this.#proven(connector, call);
    const { durations } = proven;
    if (durations.length < kept) durations.push(milliseconds);
    else durations[proven.succeeded % kept] = milliseconds;
    proven.succeeded++;
  }

  failed(connector: string, call: string, fault: unknown): void {
    const proven = this.#proven(connector, call);
    proven.failed++;
    const { kind, message } = fault instanceof Fault ? fault : { kind: 'internal' as const, message: '' };
    if (isAnswer(kind)) return;
    const { failures } = this.of(connector);
    failures.push({ time: proven.last, call, kind, message: message.slice(0, longestMessage) });
    if (failures.length > mostFailures) failures.shift();
  }

  #proven(connector: string, call: string): Proven {
    const { calls } = this.of(connector);
    let proven = calls.get(call);
    if (proven === undefined) {
      if (calls.size >= mostCalls) calls.delete(calls.keys().next().value!);
      proven = { succeeded: 0, failed: 0, last: 0, durations: [] };
      calls.set(call, proven);
    }
    proven.last = this.#clock.now();
    this.changed();
    if (this.#saving === undefined) {
      this.#saving = setTimeout(() => this.save(), saveEveryMs);
      this.#saving.unref();
    }
    return proven;
  }

  /** Write what has been counted since it was last written. */
  save(): void {
    if (this.#saving === undefined) return;
    clearTimeout(this.#saving);
    this.#saving = undefined;
    const value = JSON.stringify(
      [...this.#counts].map(([id, { calls, ...rest }]) => ({
        id,
        ...rest,
        calls: [...calls].map(([call, { durations, ...proven }]) => ({ call, ...proven, median: medianOf(durations) })),
      })),
    );
    // Whoever minds that the store cannot be written is told by the journal.
    this.#journal.write([{ put: 'meta', key: metaKey, value }]).catch(() => {});
  }
}

/** What is told of a connector: what it claims, in its order, and then what else was called. */
export const proofOf = (
  status: BackendStatus,
  publishes: readonly PublishedInterface[],
  { since, calls, failures }: Counts,
): ConnectorProof => {
  const published = publishes.flatMap(({ service, methods }) => methods.map(({ name }) => `${service}.${name}`));
  const claimed = new Set([...status.calls, ...published]);
  const iso = (moment: number) => new Date(moment).toISOString();
  return {
    connector: status.id,
    since: iso(since),
    features: [...(status.features ?? [])],
    services: publishes.map(({ service }) => service),
    calls: [...new Set([...claimed, ...calls.keys()])].map((call) => {
      const { succeeded = 0, failed = 0, last, durations = [] } = calls.get(call) ?? {};
      const medianMs = medianOf(durations);
      return {
        call,
        claimed: claimed.has(call),
        succeeded: String(succeeded),
        failed: String(failed),
        ...(last === undefined ? {} : { last: iso(last) }),
        ...(medianMs === undefined ? {} : { medianMs: Math.round(medianMs * 1000) / 1000 }),
      };
    }),
    failures: failures.map(({ time, ...failure }) => ({ time: iso(time), ...failure })).reverse(),
  };
};

interface Saved extends Omit<Counts, 'calls'> {
  id: string;
  calls: (Omit<Proven, 'durations'> & { call: string; median?: number })[];
}

const restored = (text: string | undefined): Map<string, Counts> => {
  const saved = JSON.parse(text ?? '[]') as Saved[];
  return new Map(
    saved.map(({ id, since, failures, calls }) => [
      id,
      {
        since,
        failures,
        calls: new Map(
          calls.map(({ call, median, ...proven }) => [
            call,
            // One stands for those before, until there are others.
            { ...proven, durations: median === undefined ? [] : [median] },
          ]),
        ),
      },
    ]),
  );
};

/** A connector whose calls are counted. */
class Counted implements Backend {
  readonly #backend: Backend;
  readonly #proof: Proof;

  constructor(backend: Backend, proof: Proof) {
    this.#backend = backend;
    this.#proof = proof;
  }

  get id() {
    return this.#backend.id;
  }
  get idempotency() {
    return this.#backend.idempotency;
  }
  get publishes() {
    return this.#backend.publishes;
  }
  get cursors() {
    return this.#backend.cursors;
  }
  get state() {
    return this.#backend.state;
  }
  status() {
    return this.#backend.status();
  }
  supports(call: string) {
    return this.#backend.supports(call);
  }
  call<P, R>(call: ContractCall<P, R>, params: P, options?: CallOptions): Promise<R> {
    const began = performance.now();
    const answer = this.#backend.call(call, params, options);
    answer.then(
      () => this.#proof.succeeded(this.id, call.name, performance.now() - began),
      (fault: unknown) => this.#proof.failed(this.id, call.name, fault),
    );
    return answer;
  }
  follow<P, R>(task: KeptTask, call: ContractCall<P, R>, options?: CallOptions): Promise<TaskEnd<R>> {
    return this.#backend.follow(task, call, options);
  }
  find(key: string, call: string, params: object, options?: CallOptions): Promise<Found> {
    return this.#backend.find(key, call, params, options);
  }
  pullEvents(request: { since?: string; max: number }, options?: CallOptions): Promise<PulledEvents> {
    return this.#backend.pullEvents(request, options);
  }
}

/** The same connectors, whose calls are counted. */
export const counted = (backends: Backends, proof: Proof): Backends => {
  const known = new WeakMap<Backend, Counted>();
  const of = (backend: Backend): Counted => {
    let found = known.get(backend);
    if (found === undefined) {
      found = new Counted(backend, proof);
      known.set(backend, found);
    }
    return found;
  };
  return {
    provide: (records) => backends.provide(records),
    list: () => backends.list().map(of),
    get(id) {
      const backend = backends.get(id);
      return backend && of(backend);
    },
    listen: (listener: BackendListener) =>
      backends.listen({
        status(status) {
          listener.status(status);
          proof.changed();
        },
        event: (backend, event) => listener.event(of(backend), event),
        removed(id) {
          proof.forget(id);
          listener.removed(id);
          proof.changed();
        },
      }),
  };
};
