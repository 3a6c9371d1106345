/** How a public method is described: all its facts in one value, from which every frontend and document is derived. */
import type { FaultKind } from '../../plugin-protocol/faults.ts';
import {
  fieldsOf,
  number,
  optional,
  record,
  type Shape,
  type Static,
  type Typed,
} from '../../plugin-protocol/shape.ts';
import { Operation } from './resources.ts';

/** What a caller must be allowed to do. `public` needs no credentials. */
export type Permission = 'public' | 'read' | 'operate' | 'admin';

export interface Method<Params = unknown, Result = unknown> {
  /** `noun.verb` */
  name: string;
  /** The service of a plugin that it belongs to; undefined for methods of the catalogue. */
  service?: string;
  /** The version of Annelid that first had it, or the plugin with its version. */
  since: string;
  /** For users: what it does, then what they should know. */
  doc: string;
  params: Typed<Params, 'record'>;
  result: Typed<Result>;
  /** What the result means, for users. */
  returns: string;
  /** Faults beyond those that every method can have (see `commonFaults`). */
  faults: readonly FaultKind[];
  permission: Permission;
  /** The plugin call that serves it, such as `compute.start`. */
  calls?: string;
  /** Whether it changes something: it then returns an operation and takes `wait`. */
  changes: boolean;
  example: { params: Record<string, unknown>; result: unknown };
}

/** Faults that any method can have. */
export const commonFaults: readonly FaultKind[] = [
  'invalid-params',
  'unauthenticated',
  'forbidden',
  'throttled',
  'internal',
];

type Fields = Parameters<typeof record>[2];

interface Declared<F extends Fields, R> {
  since: string;
  doc: string;
  params: F;
  result: Typed<R>;
  returns: string;
  faults?: readonly FaultKind[];
  permission: Permission;
  calls?: string;
  example: { params: Record<string, unknown>; result: unknown };
}

const typeName = (method: string, suffix: string) =>
  method.replace(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase()) + suffix;

/** A method that answers at once. */
export const method = <const F extends Fields, R>(name: string, facts: Declared<F, R>) => {
  const params = record(typeName(name, 'Params'), `Parameters of ${name}.`, facts.params);
  return { name, faults: [], ...facts, params, changes: false as boolean } satisfies Method<Static<typeof params>, R>;
};

const wait = optional(
  number('Seconds to wait for the operation to end before answering; 0 answers at once.', {
    minimum: 0,
    maximum: 3600,
    default: 0,
  }),
);

/** A method that changes something: its result is an operation, and it takes `wait` as its last parameter. */
export const change = <const F extends Fields>(
  name: string,
  facts: Omit<Declared<F, Operation>, 'result' | 'permission'> & { permission?: Permission },
) => {
  const params = record(typeName(name, 'Params'), `Parameters of ${name}.`, { ...facts.params, wait });
  return {
    name,
    permission: 'operate' as Permission,
    ...facts,
    faults: [...(facts.faults ?? []), 'unavailable', 'timeout'] as readonly FaultKind[],
    params,
    result: Operation as Typed<Operation>,
    changes: true as boolean,
  } satisfies Method<Static<typeof params>, Operation>;
};

/** The parameters of a method in the order in which XML-RPC takes them. */
export const paramsOf = (of: { params: Shape }) => fieldsOf(of.params as Parameters<typeof fieldsOf>[0]);

/** `vm.powerOff` as SOAP and generated code name it: `vmPowerOff`. */
export const lowerCamel = (name: string): string =>
  name.replace(/\.([a-zA-Z])/g, (_, letter: string) => letter.toUpperCase());
