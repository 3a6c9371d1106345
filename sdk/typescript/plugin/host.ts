/** What a call may ask of the daemon, for as long as it has not been answered. */
import type { HostCall, LookedUp, StateValue } from '../../../plugin-protocol/contract/host.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { faultFromError } from '../../../plugin-protocol/rpc/errors.ts';
import { type Message, type RequestId, requestLine } from '../../../plugin-protocol/rpc/messages.ts';

export type { LookedUp };

/** A value that the daemon keeps; version 0 when there is none. */
export interface Kept<T> {
  value?: T;
  version: number;
}

export interface Host {
  /** A secret from `secrets` of the connector. It must not be printed. */
  secret(name: string): Promise<string>;
  /** A value that the daemon keeps for the connector. */
  state<T = unknown>(key: string): Promise<Kept<T>>;
  /**
   * Have the daemon keep a value, or forget the key when it is undefined; with `version` only where that is the version, else
   * it throws a `conflict`. Answers the new version.
   */
  keep(key: string, value: unknown, options?: { version?: number }): Promise<number>;
  /**
   * Hold a lock among all processes of the connector, at most for `leaseMs`; throws `busy` when it is not free within
   * `waitMs`. Answers what gives it back.
   */
  lock(name: string, options: { leaseMs: number; waitMs?: number }): Promise<() => Promise<void>>;
  /** The daemon's own record of a machine, by its backend id or the daemon's. */
  lookup(machine: { vm: string } | { id: string }): Promise<LookedUp>;
}

type Ask = (method: HostCall, params: object) => Promise<unknown>;

export const hostFor = (ask: Ask): Host => ({
  secret: async (name) => ((await ask('host.secret.get', { name })) as { value: string }).value,
  state: async <T>(key: string) => (await ask('host.state.get', { key })) as StateValue as Kept<T>,
  keep: async (key, value, options = {}) => {
    const { version } = (await ask('host.state.put', { key, value, ...options })) as { version: number };
    return version;
  },
  lock: async (name, options) => {
    const { lock } = (await ask('host.lock', { name, ...options })) as { lock: string };
    return async () => {
      await ask('host.unlock', { lock });
    };
  },
  lookup: async (machine) => (await ask('host.lookup', machine)) as LookedUp,
});

/** The requests of one conversation that wait for an answer of the host. */
export const createAsking = (send: (line: string) => void) => {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (fault: Fault) => void }>();
  let last = 0;
  return {
    /** Ask on behalf of a call of the host that is under way, until `signal` says that it is no longer wanted. */
    for: (call: RequestId, signal: AbortSignal): Host =>
      hostFor(
        (method, params) =>
          new Promise((resolve, reject) => {
            signal.throwIfAborted();
            const id = ++last;
            waiting.set(id, { resolve, reject });
            signal.addEventListener('abort', () => {
              waiting.delete(id);
              reject(signal.reason);
            });
            send(requestLine(id, method, { call, ...params }));
          }),
      ),
    receive({ id, result, error }: Message): void {
      const asked = waiting.get(id as number);
      waiting.delete(id as number);
      if (error === undefined || error === null) asked?.resolve(result);
      else asked?.reject(faultFromError(error, false));
    },
    /** The host will answer nothing more. */
    end(): void {
      for (const { reject } of waiting.values()) reject(new Fault('unavailable', 'The daemon has gone.'));
      waiting.clear();
    },
  };
};
