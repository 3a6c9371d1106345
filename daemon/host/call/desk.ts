/** Answers what plugins ask of the daemon while they have a call: `host.*`. */
import { type Check, compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { type Given, type HostCall, hostCalls, type Need } from '../../../plugin-protocol/contract/host.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { shortened } from '../../../plugin-protocol/text/shortened.ts';
import type { Log, PluginRecords } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import { nameOf } from '../limit-name.ts';
import { createLocks } from './locks.ts';

/** Who asks: the instance whose call is under way, and the process. */
export interface Asker {
  connector: string;
  owner: object;
  secrets: Readonly<Record<string, string>>;
}

export interface Desk {
  /** From then on the daemon's records can be asked for. */
  provide(records: PluginRecords): void;
  /** Rejects with a `Fault`. Never logs what it is given or answers. */
  answer(method: string, params: unknown, asker: Asker | undefined, owner: object): Promise<object>;
  /** What a call needs; throws a `Fault` when the connector does not have it. */
  gather(need: Need, asker: Omit<Asker, 'owner'>): Given;
  /** A process has ended. */
  release(owner: object): void;
}

const checks = new Map<string, Check>(
  Object.entries(hostCalls).map(([name, { params }]) => [name, compileCheck(params, { lenient: true })]),
);

type ParamsOf = Record<string, never> & { name: string; key: string; lock: string; leaseMs: number; waitMs: number };
type Params = ParamsOf & { value?: unknown; version?: number; vm?: string; id?: string };

export const createDesk = (limits: Limits['plugins'], now: () => number, log: Log): Desk => {
  const locks = createLocks(limits, now);
  /** How many requests of each process are being answered. */
  const underWay = new WeakMap<object, number>();
  let records: PluginRecords | undefined;

  const kept = (): PluginRecords => {
    if (records !== undefined) return records;
    throw new Fault('unavailable', 'The daemon is not ready to be asked.', { retryAfterMs: 100 });
  };
  const secretOf = ({ connector, secrets }: Omit<Asker, 'owner'>, name: string): string => {
    const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (value !== undefined) return value;
    throw new Fault('not-found', `There is no secret ${name}: connectors.${connector}.secrets does not have it.`);
  };

  const calls: Record<HostCall, (params: Params, asker: Asker) => object | Promise<object>> = {
    'host.secret.get': ({ name }, asker) => ({ value: secretOf(asker, name) }),
    'host.state.get': ({ key }, { connector }) => kept().state(connector, key),
    'host.state.put': async ({ key, value, version }, { connector }) => ({
      version: await kept().putState(connector, key, value, version),
    }),
    'host.lock': async ({ name, leaseMs, waitMs }, { connector: scope, owner }) => ({
      lock: await locks.lock({ scope, name, owner, leaseMs, waitMs }),
    }),
    'host.unlock': ({ lock }, { connector }) => {
      locks.unlock(connector, lock);
      return {};
    },
    'host.lookup': ({ vm, id }, { connector }) => {
      const found = kept().lookup(connector, {
        ...(vm === undefined ? {} : { vm }),
        ...(id === undefined ? {} : { id }),
      });
      if (found !== undefined) return found;
      throw new Fault('not-found', `The daemon has no machine ${vm ?? id ?? ''} of ${connector}.`);
    },
  };

  return {
    provide(given) {
      records = given;
    },
    async answer(method, params, asker, owner) {
      const others = underWay.get(owner) ?? 0;
      underWay.set(owner, others + 1);
      try {
        const check = checks.get(method);
        if (check === undefined) throw new Fault('unknown-method', `The daemon has no method ${shortened(method)}.`);
        const checked = check(params) as Params;
        if (asker === undefined) {
          const text = `${method} needs the id of a call that is under way.`;
          throw new Fault('invalid-params', text, { field: '/call' });
        }
        if (others >= limits.hostRequests) {
          const text = `${limits.hostRequests} requests of this plugin are being answered${nameOf('hostRequests')}.`;
          throw new Fault('throttled', text, { retryAfterMs: 100 });
        }
        return await calls[method as HostCall](checked, asker);
      } catch (error) {
        if (error instanceof Fault) throw error;
        log.error({ err: error, method }, 'A plugin could not be answered.');
        throw new Fault('internal', 'The daemon could not answer; its log says why.');
      } finally {
        underWay.set(owner, underWay.get(owner)! - 1);
      }
    },
    gather({ secret, state }, asker) {
      const entries = <T>(names: readonly string[] | undefined, of: (name: string) => T) =>
        names && Object.fromEntries(names.map((name) => [name, of(name)]));
      const secrets = entries(secret, (name) => secretOf(asker, name));
      const states = entries(state, (key) => kept().state(asker.connector, key));
      return { ...(secrets && { secret: secrets }), ...(states && { state: states }) };
    },
    release: locks.release,
  };
};
