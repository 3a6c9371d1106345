/** Services that plugins publish, as methods like those of the catalogue. */
import { compileCheck } from '../../plugin-protocol/check/compile.ts';
import {
  type PublishedInterface,
  type PublishedMethod,
  reservedParams,
} from '../../plugin-protocol/contract/published.ts';
import type { Fault } from '../../plugin-protocol/faults.ts';
import {
  recordFromSchema,
  SchemaError,
  type SchemaRoom,
  shapeFromSchema,
} from '../../plugin-protocol/json-schema/read.ts';
import { any, type RecordShape, type Shape, type Typed } from '../../plugin-protocol/shape.ts';
import { exampleFrom } from './example.ts';
import type { Method } from './method.ts';
import { namedRecords } from './records.ts';

/** What a plugin publishes under one name. */
export interface PublishedService {
  name: string;
  doc: string;
  /** The connector that it is called at. */
  connector: string;
  /** By their names within the service. */
  methods: ReadonlyMap<string, Method>;
}

/** What a plugin publishes cannot be offered. The message goes on after its name, and says where in it. */
export class PublishError extends Error {}

const given = <T>(value: unknown, shape: Shape, what: string): T => {
  if (value === undefined) return exampleFrom(shape) as T;
  try {
    return compileCheck(shape)(value) as T;
  } catch (error) {
    throw new PublishError(`the ${what} of its example do not fit: ${(error as Fault).message.replace(/\.$/, '')}`);
  }
};

/** The parameters that `order` names come first. */
const inOrder = (params: RecordShape, order: readonly string[] = [], method: string): RecordShape => {
  const { properties } = params;
  const missing = order.find((name) => !Object.hasOwn(properties, name));
  if (missing !== undefined) throw new PublishError(`${method}: its order has ${missing}, which is no parameter`);
  const names = new Set([...order, ...Object.keys(properties)]);
  return { ...params, properties: Object.fromEntries([...names].map((name) => [name, properties[name]!])) };
};

const faultsOfPlugins = ['unsupported', 'failed', 'unavailable', 'timeout'] as const;

const methodFrom = (service: string, of: PublishedMethod, since: string, room?: SchemaRoom): Method => {
  const { name, changes = true, example = {} } = of;
  const prefix = service.charAt(0).toUpperCase() + service.slice(1);
  const shapeOf = <S extends Shape>(what: 'params' | 'result', make: () => S): S => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      throw new PublishError(`${name}: ${what}${error.path} ${error.message}`);
    }
  };
  const params = inOrder(
    shapeOf('params', () => recordFromSchema(of.params, prefix, `${name} Params`, room)),
    of.order,
    name,
  );
  const reserved = reservedParams.find((word) => word in params.properties);
  if (reserved !== undefined) throw new PublishError(`${name}: the parameter ${reserved} belongs to the protocol`);
  const result = shapeOf<Shape>('result', () =>
    of.result === undefined ? any('') : shapeFromSchema(of.result, prefix, `${name} Result`, room),
  );
  return {
    name: `${service}.${name}`,
    service,
    since,
    doc: of.doc ?? '',
    params: params as Typed<unknown, 'record'>,
    result: result as Typed<unknown>,
    returns: of.returns ?? '',
    faults: faultsOfPlugins,
    permission: of.permission ?? (changes ? 'operate' : 'read'),
    calls: `${service}.${name}`,
    changes: false,
    example: {
      params: given(example.params, params, 'parameters'),
      result: given(example.result, result, 'results'),
    },
  };
};

/** Throws `PublishError`. `since` says from which plugin it is, with its version; `room` is for all that it publishes. */
export const serviceFrom = (
  of: PublishedInterface,
  connector: string,
  since: string,
  room?: SchemaRoom,
): PublishedService => {
  const methods = new Map<string, Method>();
  for (const described of of.methods) {
    // In SOAP, generators make classes of names, and files of classes.
    const other = [...methods.keys()].find((name) => name.toLowerCase() === described.name.toLowerCase());
    if (other !== undefined && other !== described.name) {
      throw new PublishError(`its methods ${other} and ${described.name} differ in nothing but case`);
    }
    if (methods.has(described.name)) throw new PublishError(`it has two methods ${described.name}`);
    methods.set(described.name, methodFrom(of.service, described, since, room));
  }
  try {
    namedRecords(methods.values());
  } catch (error) {
    throw new PublishError(`it cannot be described: ${(error as Error).message.replace(/\.$/, '')}`);
  }
  return { name: of.service, doc: of.doc ?? '', connector, methods };
};
