import { expect } from 'chai';
import { isLong, jsonBytes, jsonPieces } from '../../../plugin-protocol/rpc/long-values.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import { countTurns, toTheEnd } from '../../support/slices.ts';

const text = 'a "b" \\ \n ä€😀 \u2028 ';
const long = text.repeat(10_000);
/** Each place at which a text is cut comes to lie within a character once. */
const astral = '😀'.repeat(100_000);
const list = Array.from({ length: 20_000 }, (_, at) => ({ id: `vm-${at}`, at, on: true, none: null }));

const values: [what: string, value: unknown][] = [
  ['a short object', { a: [1, { b: null }], c: text }],
  ['undefined', undefined],
  ['a long text', long],
  ['a long text of characters in two halves', `x${astral}`],
  ['halves of characters', '\ud83d'.repeat(100_000)],
  ['a long list', list],
  ['long lists in one another', [[list, [], [list]], {}, list.slice(0, 3)]],
  ['a list with nothing in its places', [undefined, long, undefined]],
  ['an object with long members', { short: 1, list, none: undefined, [long]: { long }, __proto__: null, last: 'x' }],
  ['a name that every object has', JSON.parse(`{"__proto__":${JSON.stringify(list)},"constructor":1}`)],
  ['numbers', Array.from({ length: 50_000 }, (_, at) => at / 7)],
];

describe('a long value as JSON text', () => {
  for (const [what, value] of values)
    it(`is what JSON.stringify writes: ${what}`, () => {
      const whole = JSON.stringify(value) ?? 'null';
      expect([...jsonPieces(value)].join('') === whole).to.equal(true);
      expect(Buffer.concat(toTheEnd(jsonBytes(value, Infinity))!).equals(Buffer.from(whole))).to.equal(true);
    });

  it('comes in pieces that are not long', () => {
    for (const [, value] of values) {
      for (const piece of jsonPieces(value)) expect(piece.length).to.be.at.most(600_000);
    }
    expect([...jsonPieces(list)]).to.have.length.above(10);
  });

  it('is written while others get their turn', async () => {
    const turns = countTurns();
    await inSlices(jsonBytes([list, list, list], Infinity));
    expect(turns()).to.be.at.least(5);
  });

  it('is not written to its end when it is longer than it may be', () => {
    const bytes = Buffer.byteLength(JSON.stringify(list));
    expect(toTheEnd(jsonBytes(list, bytes))).to.have.length.above(1);
    expect(toTheEnd(jsonBytes(list, bytes - 1))).to.equal(undefined);
  });

  it('is long from 64 KiB on, wherever that stands', () => {
    expect([list, [[list]], { a: list }, long, [long]].map(isLong)).to.deep.equal([true, true, true, true, true]);
    expect([[], {}, null, undefined, 7, text, list.slice(0, 100), { a: 'x'.repeat(60_000) }].some(isLong)).to.equal(
      false,
    );
  });

  it('is found to be long, and not gone through, where lists are in one another without end', () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(isLong(deep)).to.equal(true);
  });
});
