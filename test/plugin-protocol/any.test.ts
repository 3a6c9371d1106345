import { expect } from 'chai';
import { foldAny, guardName, mapFrom, plainName } from '../../plugin-protocol/any.ts';
import { compileCheck } from '../../plugin-protocol/check/compile.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { any, optional, record, type Shape } from '../../plugin-protocol/shape.ts';

const shape = any('A value.', { 'x-max-depth': 3 });
const check = compileCheck(shape);
const refusal = (of: Shape, value: unknown): string => {
  try {
    compileCheck(of)(value);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'invalid-params') return error.message;
    throw error;
  }
  throw new Error('The value was accepted.');
};

describe('a value of any kind', () => {
  it('is every value that JSON has, and the very same one', () => {
    for (const value of [null, true, 0, -1.5, '', 'text', [], {}, [[1, null]], { a: { b: 'c' } }]) {
      expect(check(value)).to.equal(value);
    }
  });

  it('has tags for what JSON has no type for', () => {
    const value = {
      at: { $time: '2026-01-31T12:00:00.000Z' },
      raw: { $bytes: 'AQI=' },
      many: { $counter: '9007199254740993' },
      $$time: 'a member of that name',
    };
    expect(check(value)).to.equal(value);
  });

  it('has times in UTC, whichever zone they came in', () => {
    const value = [{ $time: '2026-01-31T13:00:00+01:00' }, 'more'];
    expect(check(value)).to.deep.equal([{ $time: '2026-01-31T12:00:00.000Z' }, 'more']);
    expect(value[0]).to.deep.equal({ $time: '2026-01-31T13:00:00+01:00' });
  });

  it('is refused with the place of what is wrong', () => {
    expect(refusal(shape, [{ a: { $time: 'noon' } }])).to.match(/^\/0\/a\/\$time must be a time/);
    expect(refusal(shape, { $bytes: 'A' })).to.match(/^\/\$bytes must be canonical base64/);
    expect(refusal(shape, { $counter: '9223372036854775808' })).to.match(/^\/\$counter must be a 64-bit integer/);
    expect(refusal(shape, [Number.NaN])).to.match(/^\/0 must be a finite number/);
    expect(refusal(shape, { a: undefined })).to.match(/^\/a must be a value that JSON has/);
  });

  it('has no other names that begin with a dollar sign', () => {
    for (const value of [{ $date: 'x' }, { $time: '2026-01-31T12:00:00.000Z', more: 1 }, { more: 1, $time: '' }]) {
      expect(refusal(shape, value)).to.match(/^\/\$(date|time) is no name here/);
    }
  });

  it('has as many lists and maps in one another as its shape says, and no more', () => {
    expect(check([{ a: ['deep'] }])).to.deep.equal([{ a: ['deep'] }]);
    expect(check([{ a: [{ $bytes: 'AQI=' }] }])).to.deep.equal([{ a: [{ $bytes: 'AQI=' }] }]);
    expect(refusal(shape, [{ a: [[]] }])).to.match(/^\/0\/a\/0 has too many lists and maps/);
  });

  it('has lists of as many items as other lists', () => {
    const list = Array.from({ length: 100_000 }, () => 1);
    expect(check(list)).to.equal(list);
    expect(refusal(shape, [...list, 1])).to.match(/must have at most 100000 items/);
  });

  it('may be null where it is required, and is left out by null where it is not', () => {
    const params = compileCheck(record('Two', 'Two.', { must: any('Required.'), may: optional(any('Not.')) }));
    expect(params({ must: null, may: null })).to.deep.equal({ must: null });
    expect(() => params({ may: 1 })).to.throw('/must is missing');
  });

  it('keeps member names that mean something, in both directions', () => {
    const names = ['__proto__', '$time', '$$', '$', 'constructor', ''];
    for (const name of names) expect(plainName(guardName(name))).to.equal(name);
    const seen = foldAny<unknown>({
      nil: () => null,
      bool: Boolean,
      number: Number,
      string: (value) => value,
      time: (value) => ['time', value],
      bytes: (value) => ['bytes', value],
      counter: (value) => ['counter', value],
      list: (items) => items,
      map: (members) => members,
    })(check(mapFrom(names.map((name) => [name, name]))));
    expect(seen).to.deep.equal(names.map((name) => [name, name]));
  });
});
