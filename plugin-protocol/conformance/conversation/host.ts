/** The daemon's side of what a plugin asks for while it has a call: secrets, values that are kept, locks. All in memory. */
import { compileCheck } from '../../check/compile.ts';
import { type Given, type HostCall, hostCalls, type Need, type StateValue } from '../../contract/host.ts';
import { Fault } from '../../faults.ts';
import { errorFromFault } from '../../rpc/errors.ts';
import type { RpcError } from '../../rpc/messages.ts';

export interface Host {
  /** Resolves with the answer to a request of the plugin. */
  answer(method: HostCall, params: unknown): Promise<{ result: unknown } | { error: RpcError }>;
  /** What a call needs. */
  give(need: Need): Given;
}

interface Lock {
  name: string;
  free: Promise<void>;
  release(): void;
}

type Params = { name: string; key: string; value?: unknown; version?: number; lock: string; waitMs: number };

const waited = (ms: number) => new Promise<'late'>((resolve) => setTimeout(resolve, ms, 'late').unref());

/** One for each state of the backend: it outlives the processes of the plugin, as the daemon does. */
export const createHost = (secrets: Record<string, string>): Host => {
  const state = new Map<string, StateValue>();
  const locks = new Map<string, Lock>();
  let given = 0;

  const secretOf = (name: string): string => {
    if (Object.hasOwn(secrets, name)) return secrets[name]!;
    throw new Fault('not-found', `The connector has no secret ${name}.`);
  };
  const keptAt = (key: string): StateValue => state.get(key) ?? { version: 0 };

  const calls: Record<HostCall, (params: Params) => unknown> = {
    'host.secret.get': ({ name }) => ({ value: secretOf(name) }),
    'host.state.get': ({ key }) => keptAt(key),
    'host.state.put': ({ key, value, version: wanted }) => {
      const { version } = keptAt(key);
      if (wanted !== undefined && wanted !== version) throw new Fault('conflict', `${key} is of version ${version}.`);
      if (value === undefined) state.delete(key);
      else state.set(key, { value: value as NonNullable<StateValue['value']>, version: ++given });
      return { version: keptAt(key).version };
    },
    'host.lock': async ({ name, waitMs }) => {
      for (const held of locks.values()) {
        if (held.name !== name) continue;
        if ((await Promise.race([held.free, waited(waitMs)])) === 'late') throw new Fault('busy', `${name} is locked.`);
      }
      const { promise: free, resolve: release } = Promise.withResolvers<void>();
      const lock = String(++given);
      locks.set(lock, { name, free, release });
      return { lock };
    },
    'host.unlock': ({ lock }) => {
      locks.get(lock)?.release();
      locks.delete(lock);
      return {};
    },
    'host.lookup': () => {
      throw new Fault('not-found', 'The daemon has no such machine.');
    },
  };

  return {
    async answer(method, params) {
      try {
        return { result: await calls[method](compileCheck(hostCalls[method].params)(params) as Params) };
      } catch (error) {
        if (error instanceof Fault) return { error: errorFromFault(error) };
        throw error;
      }
    },
    give: ({ secret = [], state: keys = [] }) => ({
      secret: Object.fromEntries(secret.map((name) => [name, secretOf(name)])),
      state: Object.fromEntries(keys.map((key) => [key, keptAt(key)])),
    }),
  };
};
