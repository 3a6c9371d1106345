/**
 * From JSON Schema, as plugins describe what they publish, to shapes. What is understood is what the kinds of a shape can
 * say; a schema that says more is refused, so that no bound is promised and not kept.
 */
import { compileCheck } from './check.ts';
import { Fault } from './faults.ts';
import {
  any,
  bool,
  bytes,
  counter,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  type Pattern,
  type RecordShape,
  record,
  runsPattern,
  type Shape,
  type StringShape,
  string,
  type Typed,
  time,
} from './shape.ts';

type Schema = Record<string, unknown>;

/** A schema that cannot be a shape. `path` is the JSON Pointer of what is wrong. */
export class SchemaError extends Error {
  path = '';
}

const wrong = (message: string): never => {
  throw new SchemaError(message);
};

const within = <T>(step: string | number, make: () => T): T => {
  try {
    return make();
  } catch (error) {
    if (error instanceof SchemaError) {
      error.path = `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}${error.path}`;
    }
    throw error;
  }
};

/** What stands in a schema, for words about it. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Words that say something of a value, and nothing of what it may be. */
const annotations = new Set([
  ...['$schema', '$id', '$comment', '$defs', 'definitions', '$anchor'],
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
]);

/** For each form of a schema the words that are understood beside `type` and the annotations. */
const understood = {
  any: [],
  boolean: [],
  integer: ['minimum', 'maximum', 'format'],
  number: ['minimum', 'maximum', 'format'],
  string: ['minLength', 'maxLength', 'pattern', 'format', 'contentEncoding', 'enum', 'const'],
  array: ['items', 'maxItems'],
  object: ['properties', 'required', 'additionalProperties', 'maxProperties'],
} as const;
type Form = keyof typeof understood;

const longestText = 1_048_576;
const mostMembers = 1024;
/** How deep schemas may stand in one another; references that lead to themselves end there. */
const deepest = 32;

const int64 = new Set<unknown>(['int64', 'uint64']);
/** What a field may be called: it becomes the name of an element in SOAP. To JavaScript `__proto__` is no field. */
const fieldName = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

/** `temperature sensor` is TemperatureSensor. */
const typeWord = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

interface Place {
  /** What `$ref` is looked up in. */
  root: Schema;
  /** What the names of records begin with. */
  prefix: string;
  /** What a record is called that has no title. */
  name: string;
  depth: number;
  room: SchemaRoom;
}

/** How many schemas may still be looked at: references can lead to the same ones again and again. */
export interface SchemaRoom {
  left: number;
  /** How many there were at first, for the words of the refusal. */
  most: string;
  /** Runs patterns, where JavaScript's own expressions are not to; throws for one that it has not. */
  pattern?: (source: string) => Pattern;
}
const unlimited = (): SchemaRoom => ({ left: Number.POSITIVE_INFINITY, most: '' });

const referred = (reference: unknown, { root }: Place): [schema: Schema, name: string] => {
  const found = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(asText(reference));
  const group = found === null ? undefined : root[found[1]!];
  const schema = isSchema(group) && Object.hasOwn(group, found![2]!) ? group[found![2]!] : undefined;
  if (!isSchema(schema)) return wrong(`refers to ${asText(reference)}, which is not among its $defs`);
  return [schema, found![2]!];
};

/** `T | null` as generators write it: T, which may be left out anyway. */
const withoutNull = (schema: Schema): Schema => {
  const { anyOf, oneOf: alternatives = anyOf, type, ...rest } = schema;
  if (Array.isArray(type)) {
    const types = type.filter((one) => one !== 'null');
    return types.length === 1 ? { ...rest, type: types[0] } : rest;
  }
  if (!Array.isArray(alternatives)) return schema;
  const { anyOf: _, oneOf: __, ...others } = schema;
  const real = alternatives.filter((one) => !(isSchema(one) && one.type === 'null'));
  if (real.length !== 1 || !isSchema(real[0])) return wrong('has alternatives: a value is of one type, or of any');
  return { ...real[0], ...others };
};

const formOf = (schema: Schema): Form => {
  const { type } = schema;
  if (type === undefined) {
    if (schema.properties !== undefined) return 'object';
    if (schema.enum !== undefined || schema.const !== undefined) return 'string';
    return 'any';
  }
  if (typeof type === 'string' && Object.hasOwn(understood, type)) return type as Form;
  return wrong(`has the type ${asText(type)}: there are boolean, integer, number, string, array and object`);
};

const numberIn = (schema: Schema, word: string): number | undefined => {
  const value = schema[word];
  if (value === undefined) return undefined;
  return typeof value === 'number' ? value : within(word, () => wrong('must be a number'));
};

/** How long a text, or how many of something there may be; none of them is longer than `longestText`. */
const countIn = (schema: Schema, word: string): number | undefined => {
  const value = numberIn(schema, word);
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return value;
  return within(word, () => wrong('must be a whole number from 0 up'));
};

const boundsIn = (schema: Schema) => {
  const minimum = numberIn(schema, 'minimum');
  const maximum = numberIn(schema, 'maximum');
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    within('minimum', () => wrong(`is beyond the maximum: ${maximum}`));
  }
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
};

const fromInteger = (schema: Schema, description: string): Shape => {
  if (int64.has(schema.format)) return counter(description);
  const bounds = boundsIn(schema);
  for (const [word, bound] of Object.entries(bounds)) {
    if (bound !== (bound | 0)) {
      return within(word, () => wrong('is no integer of 32 bits; of 64 bits, with format int64, it has no bounds'));
    }
  }
  return int(description, bounds);
};

const patternFrom = (source: unknown, { pattern }: SchemaRoom): Pick<StringShape, 'pattern' | typeof runsPattern> => {
  if (typeof source !== 'string') return wrong('must be a string');
  try {
    new RegExp(source, 'u');
  } catch {
    return wrong('is no regular expression');
  }
  if (pattern === undefined) return { pattern: source };
  try {
    return { pattern: source, [runsPattern]: pattern(source) };
  } catch {
    return wrong(
      'asks for what takes more and more time on some texts: it has to do without looking ahead or behind, references to groups, scripts and more than 1000 repetitions',
    );
  }
};

const fromString = (schema: Schema, description: string, room: SchemaRoom): Shape => {
  if (schema['x-kind'] === 'counter' || int64.has(schema.format)) return counter(description);
  if (schema.format === 'date-time') return time(description);
  if (schema.contentEncoding === 'base64') return bytes(description);
  const words = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (words !== undefined) {
    if (!Array.isArray(words) || words.length === 0 || !words.every((word) => typeof word === 'string')) {
      return within('enum', () => wrong('must be a list of strings'));
    }
    return oneOf(words as string[], description);
  }
  const { pattern } = schema;
  const held = pattern === undefined ? {} : within('pattern', () => patternFrom(pattern, room));
  const minLength = countIn(schema, 'minLength');
  const maxLength = countIn(schema, 'maxLength') ?? longestText;
  if (minLength !== undefined && minLength > Math.min(maxLength, longestText)) {
    return within('minLength', () => wrong(`is beyond what a text may have: ${Math.min(maxLength, longestText)}`));
  }
  return string(description, {
    ...(minLength === undefined ? {} : { minLength }),
    maxLength,
    ...held,
  });
};

const fromArray = (schema: Schema, description: string, place: Place): Shape => {
  const items = within('items', () => convert(schema.items ?? {}, { ...place, name: `${place.name}Item` }));
  const maxItems = countIn(schema, 'maxItems');
  return list(items as Typed<unknown>, description, maxItems === undefined ? {} : { maxItems });
};

const isString = (schema: unknown): boolean => isSchema(schema) && schema.type === 'string';

const fromObject = (schema: Schema, description: string, place: Place): Shape => {
  const { properties, additionalProperties: others, required = [] } = schema;
  if (properties === undefined) {
    if (isString(others)) {
      return map(description, { maxProperties: countIn(schema, 'maxProperties') ?? mostMembers });
    }
    if (others === undefined || others === true || (isSchema(others) && Object.keys(others).length === 0)) {
      return any(description);
    }
    if (others !== false)
      return within('additionalProperties', () => wrong('may say that all members are strings, and no more'));
  }
  if (others !== undefined && others !== false) {
    return within('additionalProperties', () => wrong('must be false beside properties'));
  }
  if (!isSchema(properties ?? {})) return within('properties', () => wrong('must be an object'));
  if (Object.keys((properties ?? {}) as Schema).length > mostMembers) {
    return within('properties', () => wrong(`must be at most ${mostMembers}`));
  }
  if (!Array.isArray(required)) return within('required', () => wrong('must be a list of names'));
  const { title: given = schema['x-name'] } = schema;
  const title = typeof given === 'string' ? typeWord(given) : '';
  const name = place.prefix + (title || place.name);
  const fields = Object.entries((properties ?? {}) as Schema).map(([field, of]) =>
    within('properties', () =>
      within(field, () => {
        if (!fieldName.test(field))
          wrong('is no name that every wire can carry: it must be letters, digits, _, . and -');
        const shape = convert(of, { ...place, name: (title || place.name) + typeWord(field) });
        const needed = required.includes(field) && shape.default === undefined;
        return [field, needed ? shape : optional(shape as Typed<unknown>)] as const;
      }),
    ),
  );
  const missing = required.find((field) => !fields.some(([known]) => known === field));
  if (missing !== undefined) return within('required', () => wrong(`has ${asText(missing)}, which is no property`));
  return record(name, description, Object.fromEntries(fields) as Parameters<typeof record>[2]);
};

const withDefault = (shape: Shape, value: unknown): Shape => {
  if (value === undefined || value === null) return shape;
  return within('default', () => {
    try {
      return { ...shape, default: compileCheck(shape)(value) } as Shape;
    } catch (error) {
      return wrong(error instanceof Fault ? `does not fit: ${error.message}` : 'does not fit');
    }
  });
};

const convert = (given: unknown, place: Place): Shape => {
  if (given === true) return any('');
  if (!isSchema(given)) return wrong('must be a schema');
  if (place.depth > deepest) return wrong(`has more than ${deepest} schemas in one another, or one in itself`);
  if (--place.room.left < 0) return wrong(`is more than ${place.room.most} schemas, references counted each time`);
  const inner = { ...place, depth: place.depth + 1 };
  if (given.$ref !== undefined) {
    const [schema, name] = referred(given.$ref, place);
    const { $ref: _, ...own } = given;
    return convert({ title: name, ...schema, ...own }, inner);
  }
  const schema = withoutNull(given);
  if (schema.$ref !== undefined) return convert(schema, inner);
  const form = formOf(schema);
  const words: readonly string[] = understood[form];
  const unknown = Object.keys(schema).find(
    (word) => word !== 'type' && !words.includes(word) && !annotations.has(word) && !word.startsWith('x-'),
  );
  if (unknown !== undefined)
    return within(unknown, () => wrong(`is not supported for ${form === 'any' ? 'any value' : `type ${form}`}`));
  const description = typeof schema.description === 'string' ? schema.description : '';
  const made: Record<Form, () => Shape> = {
    any: () => any(description),
    boolean: () => bool(description),
    integer: () => fromInteger(schema, description),
    number: () => number(description, boundsIn(schema)),
    string: () => fromString(schema, description, place.room),
    array: () => fromArray(schema, description, inner),
    object: () => fromObject(schema, description, inner),
  };
  const shape = made[form]();
  const type = schema['x-xsd'];
  return withDefault(typeof type === 'string' ? { ...shape, 'x-xsd': type } : shape, schema.default);
};

/**
 * The shape that a schema describes. Records are named by their titles, or by `name` and their place, with `prefix`
 * before it. Throws `SchemaError`.
 */
export const shapeFromSchema = (schema: unknown, prefix: string, name: string, room = unlimited()): Shape =>
  convert(schema, { root: isSchema(schema) ? schema : {}, prefix, name: typeWord(name), depth: 0, room });

/** The record that a schema of parameters describes, in the order of its properties. Throws `SchemaError`. */
export const recordFromSchema = (schema: unknown, prefix: string, name: string, room = unlimited()): RecordShape => {
  if (schema === undefined) return record(prefix + typeWord(name), '', {});
  const { title: _, 'x-name': __, ...untitled } = isSchema(schema) ? schema : wrong('must be a schema of an object');
  const shape = shapeFromSchema({ properties: {}, ...untitled }, prefix, name, room);
  return shape['x-kind'] === 'record' ? shape : wrong('must be of type object');
};
