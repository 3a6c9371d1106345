/** From shapes to JSON Schema 2020-12, for those who read it elsewhere. The way back is in `read.ts`. */
import { fieldsOf, fold, type RecordShape, type Shape } from '../shape.ts';

export type JsonSchema = Record<string, unknown>;

/** The words of JSON Schema that a shape has; what is left out is only ours. */
const words = [
  'type',
  'description',
  'default',
  'enum',
  'format',
  'contentEncoding',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'maxItems',
  'maxProperties',
  'additionalProperties',
] as const;

export interface SchemaWriter {
  /** A shape, with records by reference. */
  schema(shape: Shape): JsonSchema;
  /** A record itself. */
  record(shape: RecordShape): JsonSchema;
}

/**
 * `base` is the JSON Pointer of what holds the records by their names, as `#/$defs/`. An `open` record may have members beyond
 * those that are named, which its reader ignores.
 */
export const createSchemaWriter = (base: string, { open = false } = {}): SchemaWriter => {
  const plain = (shape: Shape): JsonSchema => {
    const facts: JsonSchema = { ...shape };
    return Object.fromEntries(words.flatMap((word) => (facts[word] === undefined ? [] : [[word, facts[word]]])));
  };
  const schema = fold<JsonSchema>({
    bool: plain,
    int: plain,
    counter: plain,
    number: plain,
    string: plain,
    enum: plain,
    time: plain,
    bytes: plain,
    ref: plain,
    map: plain,
    any: plain,
    record: (shape) => ({ $ref: `${base}${shape['x-name']}` }),
    list: (shape, inner) => ({ ...plain(shape), items: inner(shape.items) }),
  });
  return {
    schema,
    record(shape) {
      const { additionalProperties, ...facts } = plain(shape);
      return {
        title: shape['x-name'],
        ...facts,
        ...(open ? {} : { additionalProperties }),
        properties: Object.fromEntries(fieldsOf(shape).map(([name, field]) => [name, schema(field)])),
        required: shape.required ?? [],
      };
    },
  };
};
