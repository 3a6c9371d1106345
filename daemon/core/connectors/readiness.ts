/** Operations that wait until a connector can be used. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { unavailable } from '../discretion.ts';
import type { Backend, Backends } from '../ports.ts';

const unconfigured = (connector: string): Fault =>
  unavailable(`The connector ${connector} is not configured any more.`, { outcome: 'unknown' });

export class Readiness {
  readonly #backends: Backends;
  readonly #waiting = new Map<string, Set<PromiseWithResolvers<Backend>>>();

  constructor(backends: Backends) {
    this.#backends = backends;
  }

  /** The connector once it can be used. Rejects when `signal` is aborted, or it is not configured (any more). */
  async wait(connector: string, signal: AbortSignal): Promise<Backend> {
    const backend = this.#backends.get(connector);
    if (backend === undefined) throw unconfigured(connector);
    if (backend.state === 'ready') return backend;
    const waiting = Promise.withResolvers<Backend>();
    const cancel = () => waiting.reject(new Fault('cancelled', 'The operation was cancelled.', { outcome: 'unknown' }));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const others = this.#waiting.get(connector) ?? new Set();
    this.#waiting.set(connector, others.add(waiting));
    try {
      return await waiting.promise;
    } finally {
      others.delete(waiting);
      signal.removeEventListener('abort', cancel);
    }
  }

  ready(backend: Backend): void {
    for (const { resolve } of this.#waiting.get(backend.id) ?? []) resolve(backend);
  }

  removed(connector: string): void {
    for (const { reject } of this.#waiting.get(connector) ?? []) reject(unconfigured(connector));
    this.#waiting.delete(connector);
  }
}
