import { expect } from 'chai';
import { type CheckOptions, compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import {
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
  ref,
  type Shape,
  string,
  time,
} from '../../../plugin-protocol/shape.ts';

const refusal = (
  shape: Shape,
  value: unknown,
  options?: CheckOptions,
): [message: string, field: string | undefined] => {
  try {
    compileCheck(shape, options)(value);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'invalid-params') return [error.message, error.data.field];
    throw error;
  }
  throw new Error('The value was accepted.');
};

describe('compileCheck', () => {
  it('gives back the very same value when nothing is wrong and nothing is missing', () => {
    const page = {
      items: [{ id: 'vm-1', state: 'running', labels: { __proto__: null, a: 'b' }, disks: [{ device: 'vda' }] }],
    };
    expect(compileCheck(compute.list.result)(page)).to.equal(page);
  });

  it('names the field that is wrong by its JSON Pointer', () => {
    const page = {
      items: [
        { id: 'vm-1', state: 'running' },
        { id: 'vm-2', state: 'bored' },
      ],
    };
    const [message, field] = refusal(compute.list.result, page);
    expect(field).to.equal('/items/1/state');
    expect(message).to.match(/^\/items\/1\/state must be one of stopped, /);
    expect(refusal(map('Labels.'), { 'a/b~c': 1 })).to.deep.equal(['/a~1b~0c must be a string.', '/a~1b~0c']);
    expect(refusal(int('One.'), '1')).to.deep.equal([
      'The value must be an integer from -2147483648 to 2147483647.',
      '',
    ]);
  });

  it('names missing and unknown fields', () => {
    expect(refusal(compute.get.params, {})).to.deep.equal(['/vm is missing.', '/vm']);
    expect(refusal(compute.get.params, { wm: 'b' })).to.deep.equal([
      '/vm is missing, and wm is not known here.',
      '/vm',
    ]);
    expect(refusal(compute.get.params, { vm: 'a', wm: 'b' })).to.deep.equal(['/wm is not known here.', '/wm']);
    const named = JSON.parse('{"vm":"a","__proto__":{"x":1}}');
    expect(refusal(compute.get.params, named)).to.deep.equal(['/__proto__ is not known here.', '/__proto__']);
  });

  it('keeps the bounds of every kind', () => {
    const refused: [Shape, unknown][] = [
      [bool('.'), 1],
      [int('.', { minimum: 1 }), 0],
      [int('.', { maximum: 5 }), 6],
      [int('.'), 1.5],
      [int('.'), 2147483648],
      [number('.'), Number.NaN],
      [number('.'), Number.POSITIVE_INFINITY],
      [number('.', { minimum: 0 }), -0.5],
      [counter('.'), 5],
      [counter('.'), '9223372036854775808'],
      [counter('.'), '1e3'],
      [string('.', { maxLength: 3 }), 'four'],
      [string('.', { minLength: 1 }), ''],
      [string('.', { pattern: '^[a-z]+$' }), 'A'],
      [ref('vm', '.'), ''],
      [oneOf(['a', 'b'], '.'), 'c'],
      [time('.'), '2026-02-31T00:00:00Z'],
      [time('.'), '2026-01-31'],
      [time('.'), '2026-01-31T25:00:00Z'],
      [bytes('.'), 'QQ'],
      [bytes('.'), 'QR=='],
      [bytes('.'), 'Q Q='],
      [list(int('.'), '.', { maxItems: 1 }), [1, 2]],
      [list(int('.'), '.'), { length: 0 }],
      [map('.', { maxProperties: 1 }), { a: '1', b: '2' }],
      [map('.'), []],
      [record('Empty', '.', {}), null],
    ];
    for (const [shape, value] of refused) {
      expect(refusal(shape, value)[0], `${shape['x-kind']} ${JSON.stringify(value)}`).to.match(
        /^(The value|\/\w+) .*\.$/,
      );
    }
  });

  it('accepts what is just within the bounds', () => {
    const accepted: [Shape, unknown][] = [
      [int('.'), -2147483648],
      [counter('.'), '9223372036854775807'],
      [counter('.'), '-9223372036854775808'],
      [string('.', { maxLength: 3 }), 'abc'],
      [time('.'), '2028-02-29T23:59:59.999Z'],
      [bytes('.'), 'QQ=='],
      [bytes('.'), ''],
      [list(int('.'), '.', { maxItems: 1 }), [1]],
    ];
    for (const [shape, value] of accepted) expect(compileCheck(shape)(value)).to.equal(value);
  });

  it('takes the days that there are, and no others', () => {
    const check = compileCheck(time('.'));
    const wrong: string[] = [];
    for (const year of [2026, 2028]) {
      for (let month = 1; month <= 12; month++) {
        for (let day = 0; day <= 32; day++) {
          const [mm, dd] = [month, day].map((number) => String(number).padStart(2, '0'));
          const text = `${year}-${mm}-${dd}T12:00:00.000Z`;
          const isThere = day > 0 && new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1;
          let taken: unknown;
          try {
            taken = check(text);
          } catch {
            // Refused.
          }
          if ((taken === text) !== isThere) wrong.push(text);
        }
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it('says in words what a pattern asks for, where there are words', () => {
    const pattern = '^[a-z]+$';
    expect(refusal(string('.', { pattern }), 'A')[0]).to.equal('The value must match ^[a-z]+$.');
    expect(refusal(string('.', { pattern, patternWords: 'hold small letters' }), 'A')[0]).to.equal(
      'The value must hold small letters.',
    );
  });

  it('brings times to UTC with milliseconds', () => {
    expect(compileCheck(time('.'))('2026-01-31T12:00:00Z')).to.equal('2026-01-31T12:00:00.000Z');
    expect(compileCheck(time('.'))('2026-01-31T01:30:00.5+02:00')).to.equal('2026-01-30T23:30:00.500Z');
  });

  it('fills in defaults without touching the value that it was given', () => {
    const shape = record('Page', '.', {
      limit: optional(int('.', { default: 100 })),
      labels: optional(map('.', { default: { a: 'b' } })),
      after: optional(string('.')),
    });
    const given = { after: null };
    const check = compileCheck(shape);
    const filled = check(given) as { labels: object };
    expect(filled).to.deep.equal({ limit: 100, labels: { a: 'b' } });
    expect(given).to.deep.equal({ after: null });
    expect(filled.labels).to.not.equal((check({}) as { labels: object }).labels);
  });

  it('leaves out what is empty, where the shape says that this is unset', () => {
    const emptyIsUnset = { emptyIsUnset: true };
    const fields = {
      name: optional(string('.'), emptyIsUnset),
      tags: optional(list(string('.'), '.', { default: ['a'] }), emptyIsUnset),
      text: optional(string('.')),
      all: optional(list(string('.'), '.')),
    };
    const check = compileCheck(record('Filter', '.', fields));
    expect(check({ name: '', tags: [], text: '', all: [] })).to.deep.equal({ tags: ['a'], text: '', all: [] });
    const full = { name: 'b', tags: [''], text: 'c', all: ['d'] };
    expect(check(full)).to.equal(full);
  });

  it('does not find a field that every object inherits', () => {
    const shape = record('Odd', '.', { constructor: optional(string('.')), toString: string('.') });
    expect(refusal(shape, {})).to.deep.equal(['/toString is missing.', '/toString']);
    expect(compileCheck(shape)({ toString: 'a' })).to.deep.equal({ toString: 'a' });
  });

  it('drops what it does not know, takes integers for counters and null for nothing when lenient', () => {
    const lenient = { lenient: true };
    const stats = { time: '2026-01-31T12:00:00.000Z', uptimeSeconds: 12, cpuSeconds: null, mood: 'good' };
    expect(compileCheck(compute.stats.result, lenient)(stats)).to.deep.equal({
      time: '2026-01-31T12:00:00.000Z',
      uptimeSeconds: '12',
    });
    expect(compileCheck(compute.delete.result, lenient)(null)).to.deep.equal({});
    expect(refusal(compute.get.result, null, lenient)).to.deep.equal(['The value must be a record.', '']);
  });
});
