import { expect } from 'chai';
import { checkInSlices, compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import type { Fault } from '../../../plugin-protocol/faults.ts';
import { readLongJson } from '../../../plugin-protocol/rpc/long-json.ts';
import { isLong } from '../../../plugin-protocol/rpc/long-values.ts';
import {
  any,
  bytes,
  int,
  list,
  map,
  optional,
  record,
  type Shape,
  string,
  time,
} from '../../../plugin-protocol/shape.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import { countTurns, toTheEnd } from '../../support/slices.ts';

const outcome = (check: () => unknown): unknown => {
  try {
    return { value: check() };
  } catch (error) {
    return [(error as Fault).message, (error as Fault).data];
  }
};

const Part = record('Part', '.', {
  name: string('.'),
  at: optional(time('.')),
  count: optional(int('.', { default: 7 })),
});
const Whole = record('Whole', '.', {
  parts: list(list(Part, '.'), '.', { maxItems: 3 }),
  first: optional(Part),
  more: optional(any('.')),
  labels: optional(map('.')),
});

describe('a check in slices', () => {
  const long = 'x'.repeat(40);
  const values: [what: string, shape: Shape, value: unknown][] = [
    ['what is right', Whole, { parts: [[{ name: long, count: 1 }], []], more: { a: [long, { b: [1, null, long] }] } }],
    ['what lacks defaults', Whole, { parts: [[{ name: long }, { name: long, count: 2 }]], first: { name: long } }],
    ['times to be brought to UTC', Whole, { parts: [[{ name: long, at: '2026-01-31T13:00:00+01:00' }]], more: [long] }],
    [
      'times in tags',
      any('.'),
      [{ a: long }, { $time: '2026-01-31T13:00:00+01:00' }, { b: [long, { $bytes: 'AQI=' }] }],
    ],
    ['names with a dollar sign', any('.'), { a: [long], $$b: [long, long], $type: 'tns:Thing' }],
    ['names that every object inherits', any('.'), JSON.parse(`{"a":["${long}"],"__proto__":{"x":["${long}"]}}`)],
    ['members that nobody knows', Whole, { parts: [], nobody: [long, long], first: { name: long, who: long } }],
    ['what is no list', Whole, { parts: { a: long } }],
    ['a wrong item', Whole, { parts: [[], [{ name: long }, { name: 5 }]] }],
    ['a list with too many items', Whole, { parts: [[], [], [], [{ name: long }]] }],
    ['a tag with a list', any('.'), [{ $time: [long, long] }]],
    ['a label with a list', any('.'), { a: long, $type: [long, long] }],
    ['a name that is none', any('.'), { a: { $no: [long, long] } }],
    ['too many lists in one another', any('.', { 'x-max-depth': 2 }), [[[long, long]]]],
    ['null for what is optional', Whole, { parts: [], first: null, more: null, labels: { a: long } }],
    ['null for what is required', Whole, { parts: null, more: [long] }],
    ['what is no record', Whole, [[long, long]]],
  ];

  for (const lenient of [false, true])
    for (const [what, shape, value] of values)
      it(`finds what one at once does: ${what}${lenient ? ', lenient' : ''}`, () => {
        const check = compileCheck(shape, { lenient });
        const parts = new Set<unknown>();
        const read = toTheEnd(readLongJson(Buffer.from(JSON.stringify(value)), parts, 16));
        expect(parts.size).to.be.at.least(2);
        const before = JSON.stringify(read);
        const found = outcome(() => toTheEnd(checkInSlices(check, read, parts)));
        expect(found).to.deep.equal(outcome(() => check(value)));
        expect(JSON.stringify(read)).to.equal(before);
      });

  it('gives back the very same value when nothing must change, and others their turn in between', async () => {
    const page = { items: Array.from({ length: 50_000 }, (_, at) => ({ id: `vm-${at}`, state: 'running' })) };
    const turns = countTurns();
    const check = compileCheck(compute.list.result, { lenient: true });
    expect(await inSlices(checkInSlices(check, page, new Set<unknown>([page, page.items])))).to.equal(page);
    expect(turns()).to.be.at.least(3);
  });

  const base64 = Buffer.alloc(100_000, 'bytes').toString('base64');
  const wrongBytes: [what: string, value: unknown][] = [
    ['what is right', base64],
    ['an end that is none', `${base64.slice(0, 65_532)}AAA=${base64.slice(65_536)}`],
    ['a stray character', `${base64.slice(0, -8)}AA-A${base64.slice(-4)}`],
    ['a group that lacks a character', base64.slice(1)],
    ['bits beyond the end', `${base64.slice(0, -4)}AB==`],
    ['no text', [base64]],
  ];
  for (const [what, value] of wrongBytes)
    it(`finds long base64 to be what it is at once: ${what}`, () => {
      const shapes: [Shape, unknown][] = [
        [bytes('.'), value],
        [any('.'), { a: [{ $bytes: value }] }],
        [any('.'), { a: { $bytes: value, $time: value } }],
        [any('.', { 'x-plain': true }), { $bytes: value }],
      ];
      for (const [shape, given] of shapes) {
        const check = compileCheck(shape);
        const found = outcome(() => toTheEnd(checkInSlices(check, given, { has: isLong })));
        expect(found).to.deep.equal(outcome(() => check(given)));
      }
    });
});
