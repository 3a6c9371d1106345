/** UserLand's validator1 suite, published by a plugin in TypeScript with the kit. */
import { Fault, publish, published, serve, shapes } from 'annelid/plugin';

const stooges = ['moe', 'larry', 'curly'] as const;

/** Structs that hold more than a schema says are values of any kind, so what they must hold is looked up here. */
const memberOf = (struct: shapes.Json, name: string): shapes.Json => {
  const isStruct = typeof struct === 'object' && struct !== null && !Array.isArray(struct);
  if (!isStruct || !Object.hasOwn(struct, name)) {
    throw new Fault('invalid-params', `There must be a struct with a member ${name}.`);
  }
  return struct[name]!;
};

const integerOf = (struct: shapes.Json, name: string): number => {
  const value = memberOf(struct, name);
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new Fault('invalid-params', `The member ${name} must be an integer.`);
  }
  return value;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const countIn = (text: string, character: string): number => text.split(character).length - 1;

const Entities = shapes.record('Entities', 'How often each character is there.', {
  ctLeftAngleBrackets: shapes.int('Of <.'),
  ctRightAngleBrackets: shapes.int('Of >.'),
  ctAmpersands: shapes.int('Of &.'),
  ctApostrophes: shapes.int("Of '."),
  ctQuotes: shapes.int('Of ".'),
});

const Multiples = shapes.record('Multiples', 'A number, multiplied.', {
  times10: shapes.int('By ten.'),
  times100: shapes.int('By a hundred.'),
  times1000: shapes.int('By a thousand.'),
});

const validator1 = publish('validator1', 'The first validation suite for XML-RPC.', {
  arrayOfStructsTest: published({
    doc: 'Adds up the members `curly` of all structs.',
    params: { structs: shapes.list(shapes.any('A struct.'), 'The structs.') },
    result: shapes.int('The sum.'),
    changes: false,
    example: { params: { structs: [{ moe: 1, larry: 2, curly: 3 }] }, result: 3 },
    call: ({ structs }) => sum(structs.map((struct) => integerOf(struct, 'curly'))),
  }),
  countTheEntities: published({
    doc: 'Counts the characters that XML has entities for.',
    params: { text: shapes.string('The text.') },
    result: Entities,
    changes: false,
    call: ({ text }) => ({
      ctLeftAngleBrackets: countIn(text, '<'),
      ctRightAngleBrackets: countIn(text, '>'),
      ctAmpersands: countIn(text, '&'),
      ctApostrophes: countIn(text, "'"),
      ctQuotes: countIn(text, '"'),
    }),
  }),
  easyStructTest: published({
    doc: 'Adds up the members `moe`, `larry` and `curly`.',
    params: { struct: shapes.any('The struct.') },
    result: shapes.int('The sum.'),
    changes: false,
    example: { params: { struct: { moe: 1, larry: 2, curly: 3 } }, result: 6 },
    call: ({ struct }) => sum(stooges.map((name) => integerOf(struct, name))),
  }),
  echoStructTest: published({
    doc: 'Answers the struct that it is given.',
    params: { struct: shapes.any('The struct.') },
    result: shapes.any('The same.'),
    changes: false,
    call: ({ struct }) => struct,
  }),
  manyTypesTest: published({
    doc: 'Answers all its parameters as an array.',
    params: {
      number: shapes.int('A number.'),
      boolean: shapes.bool('A boolean.'),
      string: shapes.string('A text.'),
      double: shapes.number('A double.'),
      dateTime: shapes.time('A time.'),
      base64: shapes.bytes('Bytes.'),
    },
    result: shapes.list(shapes.any('A parameter.'), 'The parameters.'),
    changes: false,
    // Parameters have types of their own; in a value of any kind, tags say what is a time and what is bytes.
    call: ({ number, boolean, string, double, dateTime, base64 }) => [
      ...[number, boolean, string, double],
      ...[{ $time: dateTime }, { $bytes: base64 }],
    ],
  }),
  moderateSizeArrayCheck: published({
    doc: 'Joins the first and the last text.',
    params: { texts: shapes.list(shapes.string('A text.'), 'A hundred or two of them.') },
    result: shapes.string('Both.'),
    changes: false,
    call: ({ texts }) => `${texts.at(0) ?? ''}${texts.at(-1) ?? ''}`,
  }),
  nestedStructTest: published({
    doc: 'Adds up `moe`, `larry` and `curly` of the first of April 2000 in a calendar of years, months and days.',
    params: { calendar: shapes.any('Structs by year, in them by month, in them by day.') },
    result: shapes.int('The sum.'),
    changes: false,
    example: { params: { calendar: { 2000: { '04': { '01': { moe: 1, larry: 2, curly: 3 } } } } }, result: 6 },
    call: ({ calendar }) => {
      const day = ['2000', '04', '01'].reduce(memberOf, calendar);
      return sum(stooges.map((name) => integerOf(day, name)));
    },
  }),
  simpleStructReturnTest: published({
    doc: 'Multiplies a number by 10, 100 and 1000.',
    params: { number: shapes.int('The number.') },
    result: Multiples,
    changes: false,
    call: ({ number }) => ({ times10: number * 10, times100: number * 100, times1000: number * 1000 }),
  }),
});

await serve('validator1', {}, { version: '1.0', publishes: [validator1] });
