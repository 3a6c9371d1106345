/**
 * Where all that plugins say goes through on its way to the core: what is secret of a connector is taken out of it here, and
 * nowhere else. The results of published methods stay as they are: they are for their callers alone, who may have asked for
 * just that, and nothing keeps them.
 */
import { type ContractCall, contract } from '../../../plugin-protocol/contract/index.ts';
import type { PublishedInterface } from '../../../plugin-protocol/contract/published.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import type {
  Backend,
  BackendStatus,
  CallOptions,
  Found,
  KeptTask,
  Log,
  NativeEvent,
  PluginRecords,
  PulledEvents,
  TaskEnd,
} from '../../core/ports.ts';
import { type Discretion, type Discretions, nothingHidden } from './discretion.ts';

export const discreetStatus = (given: BackendStatus, discretion: Discretion): BackendStatus => {
  if (discretion === nothingHidden) return given;
  const { plugin, version, message, ...status } = given;
  const { text } = discretion;
  return {
    ...status,
    plugin: text(plugin),
    ...(version === undefined ? {} : { version: text(version) }),
    ...(message === undefined ? {} : { message: text(message) }),
  };
};

export class DiscreetBackend implements Backend {
  readonly #backend: Backend;
  readonly #discretions: Discretions;
  readonly #log: Log;
  /** What it has answered with a secret, as the log was told. */
  readonly #told = new Set<string>();
  #published: { given: readonly PublishedInterface[]; shown: readonly PublishedInterface[] } | undefined;

  constructor(backend: Backend, discretions: Discretions, log: Log) {
    this.#backend = backend;
    this.#discretions = discretions;
    this.#log = log;
  }

  get id() {
    return this.#backend.id;
  }
  get idempotency() {
    return this.#backend.idempotency;
  }
  get cursors() {
    return this.#backend.cursors;
  }
  get publishes() {
    const given = this.#backend.publishes;
    // The same object for as long as it says the same.
    if (this.#published?.given !== given) this.#published = { given, shown: this.#data('what it publishes', given) };
    return this.#published.shown;
  }
  get state() {
    return this.#backend.state;
  }
  status() {
    return discreetStatus(this.#backend.status(), this.#discretion());
  }
  supports(call: string) {
    return this.#backend.supports(call);
  }
  call<P, R>(call: ContractCall<P, R>, params: P, options: CallOptions = {}): Promise<R> {
    const { secrets } = options;
    if (secrets !== undefined) {
      const release = this.#discretions.hold(this.id, secrets);
      return this.#call(call, params, options).finally(release);
    }
    if (this.#discretion() === nothingHidden) return this.#backend.call(call, params, options);
    return this.#call(call, params, options);
  }
  async follow<P, R>(task: KeptTask, call: ContractCall<P, R>, options: CallOptions = {}): Promise<TaskEnd<R>> {
    const end = await this.#failing(this.#backend.follow(task, call, this.#spoken(options)));
    if (end.state === 'failed') return { ...end, fault: this.#discretion().fault(end.fault) };
    return this.#data(call.name, end);
  }
  async find(key: string, call: string, params: object, options?: CallOptions): Promise<Found> {
    return this.#data('find', await this.#failing(this.#backend.find(key, call, params, options)));
  }
  async pullEvents(request: { since?: string; max: number }, options?: CallOptions): Promise<PulledEvents> {
    return this.#data('events.pull', await this.#failing(this.#backend.pullEvents(request, options)));
  }

  /** An event of it as it is told. */
  event(event: NativeEvent): NativeEvent {
    return this.#data('$/event', event);
  }

  #discretion(): Discretion {
    return this.#discretions.of(this.id);
  }
  async #call<P, R>(call: ContractCall<P, R>, params: P, options: CallOptions): Promise<R> {
    const { onTask, terms, ...others } = options;
    const told: CallOptions = onTask ? { onTask: (task) => onTask(this.#data(call.name, task)) } : {};
    // Where a description was shown with something hidden, what relies on it cannot be compared.
    const relied = terms !== undefined && this.publishes === this.#backend.publishes ? { terms } : {};
    const work = this.#backend.call(call, params, { ...this.#spoken(others), ...told, ...relied });
    const result = await this.#failing(work);
    return contract.has(call.name)
      ? this.#noted(call.name, result, await inSlices(this.#discretion().dataInSlices(result)))
      : result;
  }
  /** Told what it says of a call while that is under way. */
  #spoken({ onProgress, onLog, ...options }: CallOptions): CallOptions {
    const { text } = this.#discretion();
    return {
      ...options,
      ...(onProgress && {
        onProgress: ({ message, ...progress }) =>
          onProgress({ ...progress, ...(message === undefined ? {} : { message: text(message) }) }),
      }),
      ...(onLog && { onLog: (line) => onLog({ ...line, message: text(line.message) }) }),
    };
  }
  async #failing<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.#discretion().fault(error);
    }
  }
  #data<T>(from: string, value: T): T {
    return this.#noted(from, value, this.#discretion().data(value));
  }
  /** What is shown for a value; the log hears when that is another one. */
  #noted<T>(from: string, value: T, shown: T): T {
    if (shown !== value && !this.#told.has(from)) {
      this.#told.add(from);
      this.#log.warn({ connector: this.id, from }, 'A plugin answers with a secret of its connector, which is hidden.');
    }
    return shown;
  }
}

/** What plugins keep with the daemon: what has a secret in it is refused, since with another value they would go wrong. */
export const discreetRecords = (records: PluginRecords, of: (connector: string) => Discretion): PluginRecords => ({
  state: (connector, key) => records.state(connector, key),
  lookup: (connector, by) => records.lookup(connector, by),
  async putState(connector, key, value, version) {
    const { data } = of(connector);
    const field = data(key) !== key ? '/key' : data(value) !== value ? '/value' : undefined;
    if (field === undefined) return records.putState(connector, key, value, version);
    const message = `${field} has a secret of ${connector} in it, which the daemon does not keep.`;
    throw new Fault('invalid-params', message, { field, outcome: 'none' });
  },
});
