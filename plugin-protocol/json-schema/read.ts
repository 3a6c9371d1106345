/**
 * From JSON Schema, as plugins describe what they publish, to shapes. What is understood is what the kinds of a shape can
 * say; a schema that says more is refused, so that no bound is promised and not kept.
 */
import { compileCheck } from '../check/compile.ts';
import { Fault } from '../faults.ts';
import { any, bool, list, map, optional, type RecordShape, record, type Shape, type Typed } from '../shape.ts';
import { asText, isSchema, type Schema, SchemaError, within, wrong } from './error.ts';
import { countIn, fromInteger, fromNumber, fromString, longestText, type RunsPattern } from './scalars.ts';

export { SchemaError };

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

const mostMembers = 1024;
/** How deep schemas may stand in one another; references that lead to themselves end there. */
const deepest = 32;

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
  pattern?: RunsPattern;
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

const fromArray = (schema: Schema, description: string, place: Place): Shape => {
  const items = within('items', () => convert(schema.items ?? {}, { ...place, name: `${place.name}Item` }));
  const maxItems = countIn(schema, 'maxItems');
  return list(items as Typed<unknown>, description, maxItems === undefined ? {} : { maxItems });
};

const isString = (schema: unknown): schema is Schema => isSchema(schema) && schema.type === 'string';

/** The word of a schema that says more than is understood. */
const unknownIn = (schema: Schema, words: readonly string[]): string | undefined =>
  Object.keys(schema).find(
    (word) => word !== 'type' && !words.includes(word) && !annotations.has(word) && !word.startsWith('x-'),
  );

/** How long the texts of a map may be: nothing else of them is bounded. */
const lengthOfTexts = (schema: Schema): number => {
  const unknown = unknownIn(schema, ['maxLength']);
  if (unknown !== undefined) return within(unknown, () => wrong('is not supported for the texts of a map'));
  return countIn(schema, 'maxLength') ?? longestText;
};

const fromObject = (schema: Schema, description: string, place: Place): Shape => {
  const { properties, additionalProperties: others, required = [] } = schema;
  if (properties === undefined) {
    if (isString(others)) {
      const maxLength = within('additionalProperties', () => lengthOfTexts(others));
      return map(description, { maxLength, maxProperties: countIn(schema, 'maxProperties') ?? mostMembers });
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
  const unknown = unknownIn(schema, words);
  if (unknown !== undefined)
    return within(unknown, () => wrong(`is not supported for ${form === 'any' ? 'any value' : `type ${form}`}`));
  const description = typeof schema.description === 'string' ? schema.description : '';
  const made: Record<Form, () => Shape> = {
    any: () => any(description),
    boolean: () => bool(description),
    integer: () => fromInteger(schema, description),
    number: () => fromNumber(schema, description),
    string: () => fromString(schema, description, place.room.pattern),
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
