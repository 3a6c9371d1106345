/**
 * What an SDK is generated from, in terms of no language: the calls of plugins, the methods of the API, their types and
 * the faults. Made from the contract and the catalogue; an emitter reads this and nothing else.
 */
import {
  AnswerError,
  type BaseCall,
  baseParams,
  baseResults,
  Context,
  kitFeatures,
  logLevels,
  protocolVersion,
  TaskHandle,
  TaskState,
} from '../../../plugin-protocol/contract/base.ts';
import { LookedUp, Need } from '../../../plugin-protocol/contract/host.ts';
import { type ContractCall, interfaces } from '../../../plugin-protocol/contract/index.ts';
import { type FaultKind, faults, outcomes } from '../../../plugin-protocol/faults.ts';
import { NativeVm } from '../../../plugin-protocol/resources.ts';
import { refusals } from '../../../plugin-protocol/rpc/errors.ts';
import {
  fieldsOf,
  type Kind,
  optional,
  type RecordShape,
  record,
  type Shape,
  string,
  type Typed,
} from '../../../plugin-protocol/shape.ts';
import { methods, nounDocs } from '../../catalogue/index.ts';
import { paramsOf } from '../../catalogue/method.ts';
import { namedRecords } from '../../catalogue/records.ts';
import { boundsOf, faultCodes, faultsOf, groupsOf } from '../../frontends/docs/describe.ts';

/** What a value is. Values are what JSON carries: a counter is a decimal string, a time RFC 3339, bytes base64. */
export interface ValueType {
  kind: Kind;
  /** The words of an enum. */
  words?: readonly string[];
  /** What a list holds. */
  items?: ValueType;
  /** The name of a record among `records`. */
  record?: string;
  /** The kind of resource that a ref names. */
  resource?: string;
}

/** A member of a record, or a parameter. */
export interface Field {
  /** As it is on the wire, in every language. */
  name: string;
  type: ValueType;
  /** False: may be left out. */
  required: boolean;
  /** What stands in when it is left out, if anything does. */
  default?: unknown;
  doc: string;
  /** What it may be, in words; empty when there is nothing to say. */
  bounds: string;
}

export interface RecordType {
  name: string;
  doc: string;
  fields: Field[];
}

export interface Call {
  /** `compute.powerOff` */
  name: string;
  /** `['compute', 'power', 'off']`, to be joined as the language joins words. */
  words: string[];
  doc: string;
  /** In the order of the wire: required ones need not come first. */
  params: Field[];
  result: ValueType;
  /** What the result means; of a plugin's call, what its record says. */
  returns: string;
  /** Faults that it can answer; empty for calls of plugins, which can answer each. */
  faults: readonly FaultKind[];
  /** Whether it changes something. */
  changes: boolean;
}

export interface Group {
  /** `compute`, `vm` */
  name: string;
  doc: string;
  calls: Call[];
}

/** Calls by interface or noun, and every record that they use, sorted by name. */
export interface Surface {
  groups: Group[];
  records: RecordType[];
}

export interface FaultDescription {
  kind: FaultKind;
  /** `['not', 'found']` */
  words: string[];
  /** What plugins answer. */
  code: number;
  /** What XML-RPC and JSON-RPC carry. */
  wireCode: number;
  retry: boolean;
  /** Chosen before anything is touched: its outcome is `none` unless it says otherwise. */
  refusal: boolean;
  doc: string;
}

export interface SdkDescription {
  protocolVersion: number;
  features: readonly string[];
  logLevels: readonly string[];
  outcomes: readonly string[];
  faults: FaultDescription[];
  /** What may go with the sentence of a fault. */
  faultData: Field[];
  /** What authors read of the context of a call. */
  context: Field[];
  /** What a plugin serves. Its records have those of `base` too. */
  plugin: Surface;
  /** What is asked of every plugin that has it, whatever its interfaces are. */
  base: Call[];
  /** What the daemon serves. */
  api: Surface;
}

/** `compute.powerOff` as its words, in lower case. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase());

const typeFrom = (shape: Shape): ValueType => {
  const kind = shape['x-kind'];
  switch (kind) {
    case 'enum':
      return { kind, words: shape.enum };
    case 'list':
      return { kind, items: typeFrom(shape.items) };
    case 'record':
      return { kind, record: shape['x-name'] };
    case 'ref':
      return { kind, resource: shape['x-ref'] };
    default:
      return { kind };
  }
};

const fieldsFrom = (fields: ReturnType<typeof fieldsOf>): Field[] =>
  fields.map(([name, shape, required]) => ({
    name,
    type: typeFrom(shape),
    required,
    ...(shape.default === undefined ? {} : { default: shape.default }),
    doc: shape.description,
    bounds: boundsOf(shape),
  }));

const recordFrom = (record: RecordShape): RecordType => ({
  name: record['x-name'],
  doc: record.description,
  fields: fieldsFrom(fieldsOf(record)),
});
const recordsFrom = (of: Parameters<typeof namedRecords>[0]): RecordType[] =>
  [...namedRecords(of).values()].map(recordFrom);

const interfaceDocs: Record<keyof typeof interfaces, string> = {
  compute: 'Machines, the hosts that they run on and the images that they are made from.',
  storage: 'Volumes.',
  network: 'Networks that machines can be connected to.',
  directory: 'People who log in, and their secrets.',
  accounting: 'What machines have used.',
};

const pluginGroups = (): { group: Group; calls: ContractCall[] }[] =>
  Object.entries(interfaces).map(([name, table]) => {
    const calls = Object.values(table);
    const described = calls.map((call) => ({
      name: call.name,
      words: wordsOf(call.name),
      doc: call.doc,
      params: fieldsFrom(fieldsOf(call.params)),
      result: typeFrom(call.result),
      returns: call.result.description,
      faults: [],
      changes: call.mutates,
    }));
    return { group: { name, doc: interfaceDocs[name as keyof typeof interfaces], calls: described }, calls };
  });

const apiGroups = (): Group[] =>
  groupsOf(methods.values()).map(({ noun, methods: calls }) => ({
    name: noun,
    doc: nounDocs[noun as keyof typeof nounDocs],
    calls: calls.map((method) => ({
      name: method.name,
      words: wordsOf(method.name),
      doc: method.doc,
      params: fieldsFrom(paramsOf(method)),
      result: typeFrom(method.result),
      returns: method.returns,
      faults: faultsOf(method),
      changes: method.changes,
    })),
  }));

const baseDocs = {
  find: 'What became of the mutation with the key of the call. A connector that has it promises that a mutation which it gets again with the same key has no second effect.',
  probe: 'Whether the backend can be reached: fails when not.',
  drain: 'The daemon is about to stop: finish what must be finished.',
  'events.pull':
    'What happened since a cursor, the oldest first and at most `max`; without `since` no events, and where they begin. An event that is reported has the cursor that it is answered with here.',
  'task.get': 'How a task goes that stands for the result of a mutation; a `not-found` fault when it is not known.',
  'task.cancel': 'A task is no longer wanted. How it ends, `task.get` says.',
} as const satisfies Partial<Record<BaseCall, string>>;

/** To the host they are any JSON, which it checks once it knows the call; mutations of machines answer machines. */
const KnownTaskState = record('TaskState', TaskState.description, {
  ...(TaskState.properties as Record<string, Typed<unknown>>),
  result: optional(NativeVm),
  error: optional(AnswerError),
});

const baseCalls = (): { call: Call; shapes: { params: RecordShape; result: Shape } }[] =>
  (Object.keys(baseDocs) as (keyof typeof baseDocs)[]).map((name) => {
    const result = name === 'task.get' ? KnownTaskState : baseResults[name];
    const call = {
      name,
      words: wordsOf(name),
      doc: baseDocs[name],
      params: fieldsFrom(fieldsOf(baseParams[name])),
      result: typeFrom(result),
      returns: result.description,
      faults: [],
      changes: false,
    };
    return { call, shapes: { params: baseParams[name], result } };
  });

/** The kind is that of the class of the fault; an operation is told by the daemon alone. */
const faultData = (): Field[] => {
  const { data } = AnswerError.properties as { data: RecordShape };
  const operation = optional(string('The operation that failed.'));
  const told = fieldsFrom(fieldsOf(record('FaultData', '', { operation })));
  const known = [...fieldsFrom(fieldsOf(data)), ...told].filter(({ name }) => name !== 'kind');
  // How long it may be is the host's care.
  return known.map((field) => ({ ...field, bounds: '' }));
};

/** The rest of it the kits act on: the version, the deadline, and parameters that came in parts. */
const actedOn: readonly string[] = ['v', 'timeoutMs', 'blob'];
const contextFields = (): Field[] => fieldsFrom(fieldsOf(Context)).filter(({ name }) => !actedOn.includes(name));

export const describeSdk = (): SdkDescription => {
  const plugin = pluginGroups();
  const base = baseCalls();
  // What stands for a result, and what the host answers.
  const others = [TaskHandle, Need, LookedUp].map((result) => ({ params: baseParams.echo, result }));
  return {
    protocolVersion,
    features: kitFeatures,
    logLevels,
    outcomes,
    faults: (Object.keys(faults) as FaultKind[]).map((kind) => {
      const { code, wire, retry, doc } = faultCodes(kind);
      return { kind, words: wordsOf(kind), code, wireCode: wire, retry, refusal: refusals.has(kind), doc };
    }),
    faultData: faultData(),
    context: contextFields(),
    plugin: {
      groups: plugin.map(({ group }) => group),
      records: recordsFrom([...plugin.flatMap(({ calls }) => calls), ...base.map(({ shapes }) => shapes), ...others]),
    },
    base: base.map(({ call }) => call),
    api: { groups: apiGroups(), records: recordsFrom(methods.values()) },
  };
};
