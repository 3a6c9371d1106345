/**
 * The kinds of value that every wire can carry, as JSON Schema 2020-12 with static types.
 *
 * TypeBox does the same, and so did this with its help. What of it is used here is three lines; it takes 60 ms to load, a
 * fifth of the time in which the daemon must answer its first call, and whoever installs the kit would have to have its types.
 *
 * A shape is a schema with the keyword `x-kind`. Values in memory are what JSON carries: a counter is a decimal
 * string (exact beyond 2^53), a time is an RFC 3339 UTC string, bytes are a canonical base64 string (both XML wires
 * carry base64 too, so such a value crosses the daemon without being converted).
 */
import type { Json } from './any.ts';

/** One row a kind: the names it has where a wire or a document names types. A new kind is a new row here. */
export const kinds = {
  bool: { xmlrpc: 'boolean', xsd: 'boolean' },
  int: { xmlrpc: 'int', xsd: 'int' },
  counter: { xmlrpc: 'string', xsd: 'long' },
  number: { xmlrpc: 'double', xsd: 'double' },
  string: { xmlrpc: 'string', xsd: 'string' },
  enum: { xmlrpc: 'string', xsd: 'string' },
  time: { xmlrpc: 'dateTime.iso8601', xsd: 'dateTime' },
  bytes: { xmlrpc: 'base64', xsd: 'base64Binary' },
  ref: { xmlrpc: 'string', xsd: 'string' },
  list: { xmlrpc: 'array', xsd: undefined },
  record: { xmlrpc: 'struct', xsd: undefined },
  map: { xmlrpc: 'struct', xsd: undefined },
  // Introspection has no word for a value of any type.
  any: { xmlrpc: 'struct', xsd: 'anyType' },
} as const satisfies Record<string, { xmlrpc: string; xsd: string | undefined }>;

export type Kind = keyof typeof kinds;

/** What every shape carries beside its static type. */
export interface Facts {
  'x-kind': Kind;
  description: string;
  /** The value that stands in when the caller gives none. */
  default?: unknown;
  /** A value for the reference; examples of whole methods are on the method. */
  examples?: unknown[];
  /** The simple type of XML Schema that it is in SOAP, when it is not that of its kind: `decimal`, `hexBinary`, `date`. */
  'x-xsd'?: string;
  /** Of a field that may be left out: whether an empty text or list counts as left out. */
  'x-empty-is-unset'?: true;
}

export interface BoolShape extends Facts {
  'x-kind': 'bool';
}
export interface IntShape extends Facts {
  'x-kind': 'int';
  minimum: number;
  maximum: number;
}
export interface CounterShape extends Facts {
  'x-kind': 'counter';
}
export interface NumberShape extends Facts {
  'x-kind': 'number';
  minimum?: number;
  maximum?: number;
}
/** A regular expression, whatever runs it. */
export interface Pattern {
  test(text: string): boolean;
}
/** Beside `pattern`, where JavaScript's own expressions are not to run it. Not in JSON. */
export const runsPattern = Symbol('runsPattern');

export interface StringShape extends Facts {
  'x-kind': 'string';
  minLength?: number;
  maxLength: number;
  pattern?: string;
  [runsPattern]?: Pattern;
  /** What `pattern` asks for, as the end of a sentence that begins with "must". */
  'x-pattern-words'?: string;
}
export interface EnumShape extends Facts {
  'x-kind': 'enum';
  enum: readonly string[];
}
export interface TimeShape extends Facts {
  'x-kind': 'time';
}
export interface BytesShape extends Facts {
  'x-kind': 'bytes';
}
export interface RefShape extends Facts {
  'x-kind': 'ref';
  /** The kind of resource meant: `vm`, `host`, ... */
  'x-ref': string;
  minLength: number;
  maxLength: number;
}
export interface ListShape extends Facts {
  'x-kind': 'list';
  items: Shape;
  maxItems: number;
}
export interface RecordShape extends Facts {
  'x-kind': 'record';
  /** The name of the type in WSDL, docs and SDKs. Every record has one: anonymous types make poor clients. */
  'x-name': string;
  properties: Record<string, Shape>;
  required?: readonly string[];
}
export interface MapShape extends Facts {
  'x-kind': 'map';
  additionalProperties: { maxLength: number };
  maxProperties: number;
}
export interface AnyShape extends Facts {
  'x-kind': 'any';
  /** How many lists and maps may stand in one another. */
  'x-max-depth': number;
  /** JSON as it is: names that begin with a dollar sign mean nothing, as in a JSON Schema. */
  'x-plain'?: boolean;
}
export interface ShapeByKind {
  bool: BoolShape;
  int: IntShape;
  counter: CounterShape;
  number: NumberShape;
  string: StringShape;
  enum: EnumShape;
  time: TimeShape;
  bytes: BytesShape;
  ref: RefShape;
  list: ListShape;
  record: RecordShape;
  map: MapShape;
  any: AnyShape;
}
export type Shape = ShapeByKind[Kind];

/** A shape that has a static type too: `Static<typeof Vm>`. The member is there for the compiler alone. */
export type Typed<T, K extends Kind = Kind> = ShapeByKind[K] & { readonly '~type': T };
export type Static<S> = S extends { readonly '~type': infer T } ? T : never;
type Options<T> = { default?: T; examples?: T[]; 'x-xsd'?: string };

const shape = <T, K extends Kind>(schema: object): Typed<T, K> => schema as Typed<T, K>;

/** True or false. */
export const bool = (description: string, options: Options<boolean> = {}) =>
  shape<boolean, 'bool'>({ type: 'boolean', 'x-kind': 'bool', description, ...options });

/** A 32-bit signed integer. */
export const int = (description: string, options: Options<number> & { minimum?: number; maximum?: number } = {}) =>
  shape<number, 'int'>({
    type: 'integer',
    'x-kind': 'int',
    description,
    minimum: -2147483648,
    maximum: 2147483647,
    ...options,
  });

/** A 64-bit signed integer, carried as a decimal string wherever a JavaScript number or an XML-RPC int would lose digits. */
export const counter = (description: string, options: Options<string> = {}) =>
  shape<string, 'counter'>({
    type: 'string',
    'x-kind': 'counter',
    pattern: '^-?[0-9]{1,19}$',
    description,
    ...options,
  });

/** A finite IEEE 754 double: XML-RPC has no infinity and no NaN. */
export const number = (description: string, options: Options<number> & { minimum?: number; maximum?: number } = {}) =>
  shape<number, 'number'>({ type: 'number', 'x-kind': 'number', description, ...options });

/** Unicode text. `maxLength` counts UTF-16 units and defaults to 4096. */
export const string = (
  description: string,
  {
    patternWords,
    ...options
  }: Options<string> & { minLength?: number; maxLength?: number; pattern?: string; patternWords?: string } = {},
) =>
  shape<string, 'string'>({
    type: 'string',
    'x-kind': 'string',
    description,
    maxLength: 4096,
    ...options,
    ...(patternWords !== undefined && { 'x-pattern-words': patternWords }),
  });

/** One of a closed set of words. */
export const oneOf = <const T extends readonly string[]>(
  values: T,
  description: string,
  options: Options<T[number]> = {},
) => shape<T[number], 'enum'>({ type: 'string', 'x-kind': 'enum', enum: values, description, ...options });

/** A moment: RFC 3339 in UTC with milliseconds, `2026-01-31T12:00:00.000Z`. */
export const time = (description: string, options: Options<string> = {}) =>
  shape<string, 'time'>({ type: 'string', format: 'date-time', 'x-kind': 'time', description, ...options });

/** Raw bytes; in memory and in JSON a base64 string (RFC 4648 section 4, padded, no line breaks). */
export const bytes = (description: string, options: Options<string> = {}) =>
  shape<string, 'bytes'>({ type: 'string', contentEncoding: 'base64', 'x-kind': 'bytes', description, ...options });

/** The id, or where it is unique the name, of a resource. */
export const ref = (resource: string, description: string, options: Options<string> = {}) =>
  shape<string, 'ref'>({
    type: 'string',
    'x-kind': 'ref',
    'x-ref': resource,
    minLength: 1,
    maxLength: 256,
    description,
    ...options,
  });

/** A list of values of one shape. */
export const list = <T>(items: Typed<T>, description: string, options: Options<T[]> & { maxItems?: number } = {}) =>
  shape<T[], 'list'>({ type: 'array', 'x-kind': 'list', items, description, maxItems: 100_000, ...options });

/**
 * A map of strings, such as labels, each of up to `maxLength` UTF-16 units. Member names are data: `__proto__` is a name
 * like any other.
 */
export const map = (
  description: string,
  {
    maxLength = 4096,
    ...options
  }: Options<Record<string, string>> & { maxLength?: number; maxProperties?: number } = {},
) =>
  shape<Record<string, string>, 'map'>({
    type: 'object',
    'x-kind': 'map',
    additionalProperties: { type: 'string', maxLength },
    maxProperties: 64,
    description,
    ...options,
  });

/** A value of any kind, as `any.ts` writes it. A required one may be null. */
export const any = (
  description: string,
  options: Options<Json> & { 'x-max-depth'?: number; 'x-plain'?: boolean } = {},
) => shape<Json, 'any'>({ 'x-kind': 'any', description, 'x-max-depth': 32, ...options });

type Fields = Record<string, Typed<unknown>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { '~optional': true } ? K : never }[keyof F];
type RecordOf<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Static<F[K]> } & {
  [K in OptionalKeys<F>]?: Static<F[K]>;
};
type Flat<T> = { [K in keyof T]: T[K] };

/** A record of named fields, sent in the order given here. */
export const record = <const F extends Fields>(
  name: string,
  description: string,
  fields: F,
): Typed<Flat<RecordOf<F>>, 'record'> => {
  const required = Object.keys(fields).filter((field) => !isOptional(fields[field]!));
  return shape({
    type: 'object',
    'x-kind': 'record',
    'x-name': name,
    description,
    ...(required.length === 0 ? {} : { required }),
    properties: fields,
    additionalProperties: false,
  });
};

/**
 * A field or parameter that may be left out. NuSOAP and soapix send all parameters of a call, and what is empty for those
 * that are not set: `emptyIsUnset` is for those where nothing else can be meant by it.
 */
export const optional = <T, K extends Kind>(inner: Typed<T, K>, { emptyIsUnset = false } = {}) =>
  Object.defineProperty({ ...inner, ...(emptyIsUnset && { 'x-empty-is-unset': true }) }, '~optional', {
    value: true,
  }) as Typed<T, K> & { '~optional': true };

/** Told by a property that JSON does not show. */
const isOptional = (field: object): boolean => '~optional' in field;

/** Whether a field of a record must be there. A field with a default may be left out by the caller. */
export const isRequired = (of: RecordShape, field: string): boolean => of.required?.includes(field) ?? false;

/** The fields of a record in the order in which every wire sends them. */
export const fieldsOf = (of: RecordShape): [name: string, shape: Shape, required: boolean][] =>
  Object.entries(of.properties).map(([name, field]) => [name, field, isRequired(of, name)]);

/** One function a kind; adding a kind to `kinds` stops the build in every table until the table has its line. */
export type KindTable<T> = { [K in Kind]: (shape: ShapeByKind[K], inner: (shape: Shape) => T) => T };

/**
 * Compiles shapes with a table, once for each shape however often it is referred to. Codecs are folds: they run once
 * per method at start and yield closures, so nothing interprets a schema while a call is served.
 */
export const fold = <T>(table: KindTable<T>): ((shape: Shape) => T) => {
  const done = new WeakMap<object, T>();
  const inner = (of: Shape): T => {
    const known = done.get(of);
    if (known !== undefined) return known;
    const row = table[of['x-kind']] as (shape: Shape, inner: (shape: Shape) => T) => T;
    const made = row(of, inner);
    done.set(of, made);
    return made;
  };
  return inner;
};
