/** What a plugin may ask of the host while a call is under way: requests from the plugin, and `need` in their place. */
import { int, list, map, optional, record, type Static, string } from '../shape.ts';
import { json } from './answer-error.ts';

const call = int('The id of the request under way that it is for.', { minimum: 1 });
const name = (description: string) => string(description, { minLength: 1, maxLength: 256 });
const secretName = name('Its name in `secrets` of the connector.');
const key = name('The key.');
const version = int('Which value it is; 0: there is none.', { minimum: 0 });

const Done = record('HostDone', 'Nothing to say but that it is done.', {});

export const StateValue = record('StateValue', 'A value that the daemon keeps for a connector.', {
  value: optional(json('The value; left out when there is none.')),
  version,
});
export type StateValue = Static<typeof StateValue>;

/** The daemon's own record of a machine. */
export const LookedUp = record('LookedUp', 'A machine as the daemon has it.', {
  id: string("The daemon's id.", { maxLength: 64 }),
  nativeId: string('The backend id; empty as long as the machine is being made.', { maxLength: 1024 }),
  name: string('Its name.', { maxLength: 256 }),
  account: string('The account that owns it.', { maxLength: 256 }),
  state: string('Its state as users see it, such as `running` or `deleted`.', { maxLength: 64 }),
  labels: map('Its labels.'),
});
export type LookedUp = Static<typeof LookedUp>;

/** The requests of a plugin, with their parameters and results. */
export const hostCalls = {
  'host.secret.get': {
    params: record('SecretParams', 'Parameters of `host.secret.get`.', { call, name: secretName }),
    result: record('Secret', 'A secret of the connector.', { value: string('The secret.') }),
  },
  'host.state.get': {
    params: record('StateParams', 'Parameters of `host.state.get`.', { call, key }),
    result: StateValue,
  },
  'host.state.put': {
    params: record('StatePutParams', 'Parameters of `host.state.put`.', {
      call,
      key,
      value: optional(json('The new value; the key is removed when it is left out.')),
      version: optional(int('Put it only where this is the version; 0: only where there is none.', { minimum: 0 })),
    }),
    result: record('StatePut', 'What was put.', { version }),
  },
  'host.lock': {
    params: record('LockParams', 'Parameters of `host.lock`.', {
      call,
      name: name('What is locked, among all processes of the connector.'),
      leaseMs: int('Milliseconds after which it is free again whatever happens.', { minimum: 1 }),
      waitMs: optional(int('Milliseconds to wait for it.', { minimum: 0, maximum: 3_600_000, default: 0 })),
    }),
    result: record('Lock', 'A lock that is held.', { lock: string('Names it for `host.unlock`.', { maxLength: 64 }) }),
  },
  'host.unlock': {
    params: record('UnlockParams', 'Parameters of `host.unlock`.', {
      call,
      lock: string('The lock.', { maxLength: 64 }),
    }),
    result: Done,
  },
  'host.lookup': {
    params: record('LookupParams', 'Parameters of `host.lookup`.', {
      call,
      vm: optional(string('The backend id of the machine.', { maxLength: 1024 })),
      id: optional(string("Or the daemon's id.", { maxLength: 64 })),
    }),
    result: LookedUp,
  },
} as const;
export type HostCall = keyof typeof hostCalls;

const names = (of: typeof key, description: string) => optional(list(of, description, { maxItems: 64 }));

export const Need = record('Need', 'What a call needs before anything is done: it is made again with it.', {
  secret: names(secretName, 'Secrets of the connector.'),
  state: names(key, 'Keys of what the daemon keeps for the connector.'),
});
export type Need = Static<typeof Need>;

/** What a call had asked for: `ctx.given`. */
export interface Given {
  secret?: Record<string, string>;
  state?: Record<string, StateValue>;
}
