/**
 * The resources that users see, as data. A published record is frozen: an added field breaks generated SOAP clients
 * (zeep, suds, Axis 1), so growth goes into new types. `catalogue.lock.json` guards that.
 */
import { type FaultKind, faults, outcomes } from '../../plugin-protocol/faults.ts';
import {
  hostFields,
  imageFields,
  nativeVmStates,
  networkFields,
  vmFields,
  volumeFields,
} from '../../plugin-protocol/resources.ts';
import {
  bool,
  counter,
  int,
  list,
  map,
  oneOf,
  optional,
  record,
  ref,
  type Static,
  string,
  type Typed,
  time,
} from '../../plugin-protocol/shape.ts';

export const vmStates = ['pending', ...nativeVmStates, 'deleting', 'deleted'] as const;
export type VmState = (typeof vmStates)[number];

const faultKinds = Object.keys(faults) as FaultKind[];

export const FaultInfo = record('FaultInfo', 'Why something failed.', {
  kind: oneOf(faultKinds, 'The kind of fault; the reference lists them.'),
  code: int('The number of the kind.'),
  message: string('What went wrong, for people.', { maxLength: 65_536 }),
  field: optional(string('JSON Pointer to the parameter that was wrong.', { maxLength: 1024 })),
  outcome: optional(oneOf(outcomes, 'What had happened on the backend when it failed.')),
  resource: optional(string('The id of the resource meant.', { maxLength: 1024 })),
  operation: optional(ref('operation', 'The operation that failed.')),
  retryAfterMs: optional(int('When to try again, in milliseconds.', { minimum: 0 })),
  hint: optional(string('What to do next.', { maxLength: 4096 })),
});
export type FaultInfo = Static<typeof FaultInfo>;

const id = string('Its id, a UUID.', { maxLength: 36 });
const owner = {
  connector: ref('connector', 'The connector that it lives on.'),
  nativeId: string('Its id on the backend.', { maxLength: 1024 }),
};

export const Vm = record('Vm', 'A virtual machine.', {
  id,
  name: string('Its name.', { maxLength: 256 }),
  account: ref('account', 'The account that owns it.'),
  ...owner,
  host: optional(ref('host', 'The host that it runs on.')),
  state: oneOf(vmStates, 'Its state. `unknown`: the backend cannot be reached; `lastState` is the last one seen.'),
  lastState: optional(oneOf(vmStates, 'The last state seen, while `state` is `unknown`.')),
  image: optional(ref('image', 'The image that it was made from.')),
  ...vmFields,
  labels: map('Labels set by users.'),
  changed: time('When anything of this record last changed.'),
});
export type Vm = Static<typeof Vm>;

export const Host = record('Host', 'A machine that runs virtual machines.', {
  id,
  ...owner,
  ...hostFields,
  changed: time('When it last changed.'),
});
export const Image = record('Image', 'Something that machines are made from.', {
  id,
  ...owner,
  ...imageFields,
  changed: time('When it last changed.'),
});
export const Network = record('Network', 'A network that machines can be connected to.', {
  id,
  ...owner,
  ...networkFields,
  changed: time('When it last changed.'),
});
export const Volume = record('Volume', 'A disk on a backend.', {
  id,
  ...owner,
  ...volumeFields,
  changed: time('When it last changed.'),
});
export type Host = Static<typeof Host>;
export type Image = Static<typeof Image>;
export type Network = Static<typeof Network>;
export type Volume = Static<typeof Volume>;

const connectorStates = ['starting', 'ready', 'failing', 'stopped'] as const;
export const Connector = record('Connector', 'A configured backend: one instance of a plugin.', {
  id: string('Its name in the configuration.', { maxLength: 256 }),
  plugin: string('The plugin that drives it.', { maxLength: 256 }),
  version: optional(string('The version that the plugin reports.', { maxLength: 64 })),
  state: oneOf(connectorStates, 'Whether it can be used.'),
  message: optional(string('Why it is in that state.', { maxLength: 65_536 })),
  calls: list(string('A call.', { maxLength: 256 }), 'The plugin calls that it serves.'),
  restarts: int('How often the plugin was restarted since the daemon started.', { minimum: 0 }),
  changed: time('When its state last changed.'),
});
export type Connector = Static<typeof Connector>;

export const operationStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const Operation = record('Operation', 'A change under way, or one that has ended.', {
  id,
  method: string('The method that asked for it.', { maxLength: 256 }),
  account: ref('account', 'The account of the resource.'),
  user: ref('user', 'Who asked for it.'),
  resourceKind: string('The kind of the resource that it changes, such as `vm`.', { maxLength: 64 }),
  resource: string('The id of the resource that it changes.', { maxLength: 256 }),
  state: oneOf(operationStates, 'Its state; `succeeded`, `failed` and `cancelled` are final.'),
  progress: int('How far it is, in percent.', { minimum: 0, maximum: 100 }),
  message: optional(string('What it is doing, in the words of the plugin.', { maxLength: 4096 })),
  fault: optional(FaultInfo),
  created: time('When it was asked for.'),
  started: optional(time('When it was first sent to the backend.')),
  finished: optional(time('When it ended.')),
});
export type Operation = Static<typeof Operation>;

export const Event = record('Event', 'Something that happened.', {
  cursor: counter('Its place in the log.'),
  time: time('When it happened.'),
  type: string(
    'What happened: `vm.created`, `vm.state`, `vm.changed`, `vm.deleted`, `operation.finished`, `connector.state`, `usage.refused`.',
    { maxLength: 64 },
  ),
  resourceKind: string('The kind of the resource.', { maxLength: 64 }),
  resource: string('The id of the resource.', { maxLength: 256 }),
  account: optional(ref('account', 'The account of the resource.')),
  operation: optional(ref('operation', 'The operation that caused it; left out when it happened on the backend.')),
  data: map('Details, such as `state` and `previous`.'),
});
export type Event = Static<typeof Event>;

/** A page of a list. */
export const page = <T>(name: string, items: Typed<T>, noun: string) =>
  record(name, `A page of ${noun}.`, {
    items: list(items, `The ${noun}.`, { maxItems: 1_000_000 }),
    total: int('How many there are in all pages.', { minimum: 0 }),
    next: optional(string('Pass it as `after` to get the next page; left out on the last.', { maxLength: 1024 })),
  });

export const Session = record('Session', 'A login.', {
  token: string('The token: send it as HTTP bearer token, as Basic password, or as first XML-RPC parameter.', {
    maxLength: 256,
  }),
  user: ref('user', 'Who logged in.'),
  account: ref('account', 'The account of the user.'),
  role: oneOf(['reader', 'user', 'admin'], 'The role of the user.'),
  expires: time('When the token ends, unless it is used before.'),
});
export type Session = Static<typeof Session>;

export const Identity = record('Identity', 'Who is calling.', {
  user: ref('user', 'The user.'),
  account: ref('account', 'The account of the user.'),
  role: oneOf(['reader', 'user', 'admin'], 'The role of the user.'),
  token: bool('Whether a token was used, and not a password.'),
});
export type Identity = Static<typeof Identity>;
