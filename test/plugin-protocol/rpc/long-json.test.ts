import { expect } from 'chai';
import { readLongJson } from '../../../plugin-protocol/rpc/long-json.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import { countTurns, toTheEnd } from '../../support/slices.ts';

/** What becomes of a text: its value with the order of its members, or that it is none. */
const outcome = (read: () => unknown): unknown => {
  try {
    return { value: JSON.stringify(read()) };
  } catch (error) {
    return (error as Error).name;
  }
};

const pieces = [1, 2, 3, 5, 8, 13, 40, 1000];
/** Cut into pieces of any length, the text is what it is to `JSON.parse`. */
const expectSame = (text: string) => {
  const native = outcome(() => JSON.parse(text));
  for (const piece of pieces) {
    const ours = outcome(() => toTheEnd(readLongJson(Buffer.from(text), new Set(), piece)));
    expect(ours, `${text} in pieces of ${piece}`).to.deep.equal(native);
  }
};

/** The same numbers below 1 at each run. */
const numbers = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

describe('readLongJson', () => {
  const right = [
    '[]',
    '{}',
    ' [ ] ',
    '{ }\r\n',
    '[[],{},[{}]]',
    '1',
    ' "a" ',
    'null',
    '[1,2,3]',
    '\t[ 1 , -2.5e3 ,\n"a,]}" , true ] ',
    '{"a":1,"b":{"c":[1,2,{"d":"e"}]},"f":[]}',
    '{"a":1,"b":2,"a":3}',
    '{"2":"b","1":"a","x":{"__proto__":1},"__proto__":{"y":[1,2,3,4,5]}}',
    '["\\"","\\\\","\\\\\\"","\\u005d","€ä😀",""]',
    `{"${'long '.repeat(20)}":"${'x'.repeat(100)}"}`,
    '"aé€😀b\\ud83d\\ude00\\uD83Dc\\n\\\\"',
    `${'['.repeat(30)}1,2${']'.repeat(30)}`,
  ];
  const wrong = [
    '',
    ' ',
    '[',
    ']',
    '{',
    '[1,]',
    '[,1]',
    '[1,,2]',
    '[,]',
    '[1 2]',
    '[1}',
    '{"a":1]',
    '{"a":1,}',
    '{,"a":1}',
    '{"a"}',
    '{"a",1}',
    '{"a" "b":[1,2,3]}',
    '{a:[1,2,3]}',
    '{1:[1,2,3]}',
    '[1]2',
    '[1],2',
    '1,2',
    '["a]',
    '["a\\"]',
    '[1,{"a":[1,2,[3,4}]]',
    '{"a":[1,2,3]"b":1}',
    '[[1,2,3]4]',
    '{:1}',
    '["\u0001"]',
    '"abcdefgh\u0001ijkl"',
    '"abcdefghijk\\u00"',
    '"abcdefghijk\\x00lmn"',
    '"abcdefghijkl',
    '{"a":[1],,"b":1}',
    '[[1],]',
    '\uFEFF[]',
    '[\u00A01]',
  ];

  for (const text of right) it(`reads ${text.slice(0, 60)}`, () => expectSame(text));
  for (const text of wrong) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expectSame(text);
      expect(() => toTheEnd(readLongJson(Buffer.from(text), new Set(), 4))).to.throw(SyntaxError);
    });
  }

  it('takes and refuses what JSON.parse does, of texts made at random and with a character changed', () => {
    const next = numbers(2026);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
    const value = (depth: number): unknown => {
      const kind = depth > 5 ? 'scalar' : pick(['scalar', 'scalar', 'list', 'object']);
      if (kind === 'scalar') return pick([0, -1.5e-7, true, null, '', 'text', 'a,"b\\]}', '\u2028ä😀', '{[']);
      const items = Array.from({ length: Math.floor(next() * 6) }, () => value(depth + 1));
      return kind === 'list' ? items : Object.fromEntries(items.map((item, at) => [pick([`n${at}`, '7', '"']), item]));
    };
    for (let time = 0; time < 300; time++) {
      const text = JSON.stringify(value(0), null, pick([0, 0, 1]));
      expectSame(text);
      const at = Math.floor(next() * text.length);
      const changed = text.slice(0, at) + pick(['', ',', '"', '[', ']', '}', ':', '\\', '1']) + text.slice(at + 1);
      // Half of a character is none in UTF-8.
      expectSame(changed.toWellFormed());
    }
  });

  it('gives others their turn in between', async () => {
    const long = Buffer.from(
      JSON.stringify({ result: Array.from({ length: 50_000 }, (_, id) => ({ id, name: 'web' })) }),
    );
    const turns = countTurns();
    const read = (await inSlices(readLongJson(long))) as { result: unknown[] };
    expect(turns()).to.be.at.least(5);
    expect(read.result).to.have.length(50_000);
  });

  it('gives others their turn within one string', async () => {
    const text = 'aé€😀"\\\n'.repeat(250_000);
    const turns = countTurns();
    const read = (await inSlices(readLongJson(Buffer.from(JSON.stringify({ [text]: text }))))) as Record<
      string,
      string
    >;
    expect(turns()).to.be.at.least(5);
    expect(Object.keys(read)[0] === text && read[text] === text).to.equal(true);
  });

  it('tells which lists and objects are long: those around the others, and no scalars', () => {
    const long = new Set<unknown>();
    const text = JSON.stringify({ a: { b: 'x'.repeat(50) }, c: [1, 2], d: [['y'.repeat(50), 'z'], [3]] });
    const value = toTheEnd(readLongJson(Buffer.from(text), long, 40)) as Record<string, unknown[]>;
    expect([...long]).to.have.members([value, value.a, value.d, value.d![0]]);
  });

  it('takes no longer for lists in one another than for others', () => {
    const deep = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
    const read = toTheEnd(readLongJson(deep)) as unknown[];
    expect(read).to.have.length(1);
  });
});
