import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { recordFromSchema, SchemaError, shapeFromSchema } from '../../../plugin-protocol/json-schema/read.ts';
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
  record,
  type Shape,
  string,
  time,
} from '../../../plugin-protocol/shape.ts';
import { root } from '../../support/annelid.ts';

const shape = (schema: unknown): Shape => shapeFromSchema(schema, 'Meter', 'measureResult');
const refusal = (schema: unknown): string => {
  try {
    shape(schema);
  } catch (error) {
    if (error instanceof SchemaError) return `${error.path} ${error.message}`;
    throw error;
  }
  throw new Error('The schema was taken.');
};

describe('a shape from JSON Schema', () => {
  it('is the same again when the schema was a shape', () => {
    const shapes: Shape[] = [
      bool('A.'),
      int('A.', { minimum: 1, maximum: 9, default: 3 }),
      counter('A.'),
      number('A.', { minimum: 0.5 }),
      string('A.', { minLength: 2, maxLength: 10, pattern: '^a' }),
      oneOf(['red', 'green'], 'A.', { default: 'red' }),
      time('A.'),
      bytes('A.'),
      list(int('B.'), 'A.', { maxItems: 3 }),
      map('A.', { maxProperties: 7 }),
      any('A.'),
      record('MeterSample', 'A.', { a: int('B.'), b: optional(list(string('C.', { maxLength: 9 }), 'D.')) }),
    ];
    const named = (of: Shape) =>
      JSON.parse(JSON.stringify(of).replaceAll('"x-name":"Sample"', '"x-name":"MeterSample"'));
    for (const of of shapes) {
      const schema = JSON.parse(JSON.stringify(of).replaceAll('"x-name":"MeterSample"', '"x-name":"Sample"'));
      const { additionalProperties: _, ...made } = JSON.parse(JSON.stringify(shape(schema)));
      const { additionalProperties: __, ...expected } = named(of);
      expect(made).to.deep.equal(expected);
    }
  });

  it('is made of what generators of JSON Schema write', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: {
        Unit: { title: 'Unit', type: 'string', enum: ['V', 'A'] },
        Reading: {
          title: 'Reading',
          type: 'object',
          properties: {
            unit: { $ref: '#/$defs/Unit' },
            value: { title: 'Value', type: 'number' },
            at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }], default: null },
            total: { type: 'integer', format: 'int64' },
            more: { type: ['string', 'null'] },
          },
          required: ['unit', 'value'],
        },
      },
      title: 'Readings',
      type: 'object',
      properties: {
        all: { type: 'array', items: { $ref: '#/$defs/Reading' } },
        extra: { type: 'object' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        whatever: {},
        first: { $ref: '#/$defs/Reading', description: 'The first.' },
      },
      required: ['all'],
    };
    const made = shape(schema) as ReturnType<typeof recordFromSchema>;
    expect([made['x-name'], made.required]).to.deep.equal(['MeterReadings', ['all']]);
    const kindsOf = (of: ReturnType<typeof recordFromSchema>) =>
      Object.fromEntries(Object.entries(of.properties).map(([name, field]) => [name, field['x-kind']]));
    expect(kindsOf(made)).to.deep.equal({ all: 'list', extra: 'any', labels: 'map', whatever: 'any', first: 'record' });
    const reading = made.properties.first as ReturnType<typeof recordFromSchema>;
    expect([reading['x-name'], reading.description, reading.required]).to.deep.equal([
      'MeterReading',
      'The first.',
      ['unit', 'value'],
    ]);
    expect(kindsOf(reading)).to.deep.equal({
      unit: 'enum',
      value: 'number',
      at: 'time',
      total: 'counter',
      more: 'string',
    });
  });

  it('keeps the type of XML Schema that is named', () => {
    expect(shape({ type: 'string', 'x-xsd': 'decimal' })).to.include({ 'x-kind': 'string', 'x-xsd': 'decimal' });
  });

  it('has names for records without a title, from their places', () => {
    const made = shape({ properties: { one: { type: 'array', items: { properties: { a: {} } } } } });
    expect(JSON.stringify(made)).to.contain('"x-name":"MeterMeasureResultOneItem"');
  });

  it('bounds a text without maxLength and a map without maxProperties, as PROTOCOL.md says in 13.3', () => {
    const text = { type: 'string' };
    const strings = { type: 'object', additionalProperties: text };
    const said = readFileSync(join(root, 'plugin-protocol/PROTOCOL.md'), 'utf8');
    const [, length, members] = /at most ([\d,]+) characters where .*?at most ([\d,]+) members where/
      .exec(said)!
      .map((figure) => Number(figure.replaceAll(',', ''))) as [number, number, number];
    const long = 'a'.repeat(length);
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, '']));
    const takes = (schema: unknown, value: unknown) => compileCheck(shape(schema))(value);
    expect(takes(text, long)).to.have.lengthOf(length);
    expect(() => takes(text, `${long}a`)).to.throw('1048576');
    expect(takes({ ...text, maxLength: length + 1 }, `${long}a`)).to.have.lengthOf(length + 1);
    expect(takes(strings, { a: long })).to.deep.equal({ a: long });
    expect(() => takes(strings, { a: `${long}a` })).to.throw('1048576');
    expect(() => takes({ ...strings, additionalProperties: { ...text, maxLength: 3 } }, { a: 'four' })).to.throw('3');
    expect(Object.keys(takes(strings, many(members)) as object)).to.have.lengthOf(members);
    expect(() => takes(strings, many(members + 1))).to.throw('1024');
    expect(Object.keys(takes({ ...strings, maxProperties: 1025 }, many(1025)) as object)).to.have.lengthOf(1025);
  });

  it('is refused where it would promise what is not checked, with the place', () => {
    const refused: [schema: unknown, why: RegExp][] = [
      [
        { properties: { a: { type: 'number', multipleOf: 2 } } },
        /^\/properties\/a\/multipleOf is not supported for type number/,
      ],
      [{ properties: { a: { oneOf: [{ type: 'string' }, { type: 'number' }] } } }, /^\/properties\/a has alternatives/],
      [{ type: 'array', items: { type: 'date' } }, /^\/items has the type date/],
      [{ type: 'integer', maximum: 4294967296 }, /^\/maximum is no integer of 32 bits/],
      [{ type: 'string', enum: [1, 2] }, /^\/enum must be a list of strings/],
      [{ type: 'string', pattern: 5 }, /^\/pattern must be a string/],
      [{ type: 'string', minLength: 2 ** 31 }, /^\/minLength is beyond what a text may have: 1048576/],
      [{ type: 'string', minLength: 3, maxLength: 2 }, /^\/minLength is beyond what a text may have: 2/],
      [{ type: 'integer', minimum: 5, maximum: 1 }, /^\/minimum is beyond the maximum: 1/],
      [{ type: 'string', minLength: -1.5 }, /^\/minLength must be a whole number/],
      [{ type: 'array', maxItems: -1 }, /^\/maxItems must be a whole number/],
      [{ type: { toString: 1 } }, /has the type \{"toString":1\}/],
      [{ $ref: { toString: 1 } }, /refers to \{"toString":1\}/],
      [{ properties: { a: {} }, required: [{ toString: 1 }] }, /^\/required has \{"toString":1\}/],
      [JSON.parse('{"properties": {"__proto__": {}}}'), /^\/properties\/__proto__ is no name/],
      [
        { properties: Object.fromEntries(Array.from({ length: 1025 }, (_, at) => [`a${at}`, {}])) },
        /^\/properties must be at most 1024/,
      ],
      [{ type: 'string', pattern: '(' }, /^\/pattern is no regular expression/],
      [{ type: 'string', maxLength: '9' }, /^\/maxLength must be a number/],
      [{ type: 'integer', default: 'x' }, /^\/default does not fit/],
      [{ $ref: 'https://example.com/schema' }, /refers to https:\/\/example.com\/schema/],
      [{ $ref: '#/$defs/constructor', $defs: {} }, /refers to #\/\$defs\/constructor/],
      [{ $defs: { A: { type: 'array', items: { $ref: '#/$defs/A' } } }, $ref: '#/$defs/A' }, /more than 32 schemas/],
      [{ properties: { 'a b': {} } }, /^\/properties\/a b is no name/],
      [{ properties: { a: {} }, required: ['b'] }, /^\/required has b/],
      [{ properties: { a: {} }, additionalProperties: true }, /^\/additionalProperties must be false/],
      [{ type: 'object', additionalProperties: { type: 'integer' } }, /^\/additionalProperties may say/],
      [
        { type: 'object', additionalProperties: { type: 'string', pattern: '^a$' } },
        /^\/additionalProperties\/pattern is not supported/,
      ],
      [false, /must be a schema/],
    ];
    for (const [schema, why] of refused) expect(refusal(schema)).to.match(why);
  });
});

describe('parameters from JSON Schema', () => {
  it('are none without a schema, and in the order of the properties', () => {
    expect(recordFromSchema(undefined, 'Meter', 'm Params').properties).to.deep.equal({});
    const params = recordFromSchema({ title: 'Whatever', properties: { b: {}, a: {} } }, 'Meter', 'm Params');
    expect([params['x-name'], Object.keys(params.properties)]).to.deep.equal(['MeterMParams', ['b', 'a']]);
  });

  it('are refused when references make more of them than there may be', () => {
    const both = (name: string) => ({ type: 'object', properties: { a: { $ref: name }, b: { $ref: name } } });
    const $defs = Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`D${at}`, both(`#/$defs/D${at + 1}`)]));
    const schema = { ...both('#/$defs/D0'), $defs: { ...$defs, D14: {} } };
    const room = { left: 1000, most: 'a thousand' };
    expect(() => recordFromSchema(schema, 'Meter', 'm', room)).to.throw(SchemaError, 'is more than a thousand schemas');
  });

  it('are those of an object', () => {
    expect(() => recordFromSchema({ type: 'array' }, 'Meter', 'm')).to.throw(SchemaError);
    expect(() => recordFromSchema([], 'Meter', 'm')).to.throw(SchemaError, 'must be a schema of an object');
  });
});
