/** Simple types of a contract: their text is held against what the schema says of it. */
import { expect } from 'chai';
import { patternFrom } from '../../../daemon/frontends/soap/contract/schema/patterns.ts';
import type { Facets, SimpleType } from '../../../daemon/frontends/soap/contract/schema/types.ts';
import { simpleFrom, simpleTo } from '../../../daemon/frontends/soap/contract/values/simple.ts';
import { builtins } from '../../../daemon/frontends/soap/values/builtins.ts';

const type = (name: string, facets: Facets = {}): SimpleType => ({
  kind: 'simple',
  builtin: builtins.get(name)!,
  facets,
});
const takes = (of: SimpleType, text: string): boolean => {
  try {
    simpleFrom(of)(text);
    return true;
  } catch {
    return false;
  }
};

describe('A simple type of a contract', () => {
  const patterns: [sources: string[], fit: string[], unfit: string[]][] = [
    [
      ['[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'],
      ['6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
      ['zz', '6f9619ff8b86d011b42d00cf4fc964ff'],
    ],
    [['\\w+'], ['grün', 'x+1', 'Ω9'], ['a b', 'a-b', 'a.b']],
    [['[\\w.-]+@\\w+'], ['a.b-ü@x'], ['a b@x']],
    [['[\\w-]{2}'], ['-ü'], ['.ü']],
    [['\\d{2}'], ['12', '٣٤'], ['1x']],
    [['a\\sb'], ['a b'], ['a\u00A0b']],
    [
      ['a.b', '\\d\\-\\d'],
      ['a\u2028b', '1-2'],
      ['a\nb', '1--2'],
    ],
    [['^a$'], ['^a$'], ['a']],
    // JavaScript's own expressions would not end here.
    [['(a+)+'], ['a'.repeat(50)], [`${'a'.repeat(50)}!`]],
    [['[^^$]'], ['a'], ['^', '$']],
    [
      ['a|b', 'c'],
      ['a', 'b', 'c'],
      ['ab', 'ac'],
    ],
  ];
  for (const [sources, fit, unfit] of patterns) {
    it(`of the pattern ${sources.join(' or ')} takes what XML Schema takes`, () => {
      const whole = patternFrom(sources)!;
      for (const text of fit) expect(whole.test(text), text).to.equal(true);
      for (const text of unfit) expect(whole.test(text), text).to.equal(false);
    });
  }

  it('is not held against a pattern that has no counterpart, nor against its alternatives', () => {
    for (const source of ['\\i\\c*', '[a-z-[aeiou]]', '\\p{IsGreek}', '[\\S]', '(']) {
      expect(patternFrom(['[0-9]+', source]), source).to.equal(undefined);
    }
  });

  it('counts characters, and the digits of decimals', () => {
    const name = type('string', { minLength: 2, maxLength: 2 });
    expect(takes(name, '😀é')).to.equal(true);
    expect(takes(name, '😀')).to.equal(false);
    const money = type('decimal', { totalDigits: 4, fractionDigits: 2 });
    for (const text of ['1.50', '-12.34', '0012.3400', '.5', '1234']) expect(takes(money, text), text).to.equal(true);
    for (const text of ['1.505', '123.45', '12345']) expect(takes(money, text), text).to.equal(false);
    expect(() => simpleFrom(money)('1.505')).to.throw('must have at most 2 digits behind the point');
  });

  it('takes a text of any length in a time that this bounds', function () {
    this.timeout(20_000);
    const length = 2_000_000;
    const money = type('decimal', { totalDigits: 4, fractionDigits: 2 });
    const numbers: SimpleType = { ...type('string'), items: type('int') };
    const refused: [of: SimpleType, text: string, why: string][] = [
      [money, `1.${'0'.repeat(length)}1`, 'must be a decimal number, as 1.50'],
      [type('decimal', { fractionDigits: 2 }), `1.${'0'.repeat(390)}1`, 'must have at most 2 digits behind the point'],
      [type('string', { maxLength: 9 }), '😀'.repeat(length), 'must have from 0 to 9 characters'],
      [type('hexBinary'), `${'0a'.repeat(4 * length)}x`, 'must be hexadecimal'],
      [type('date'), `${'2'.repeat(length)}-02-30`, 'must be a date as 2026-01-31'],
      [type('double'), '1'.repeat(length), 'must be a number, as 1.5 or 2e3'],
    ];
    for (const [of, text, why] of refused) expect(() => simpleFrom(of)(text), text.slice(0, 9)).to.throw(why);
    expect(simpleFrom(numbers)('1 '.repeat(length))).to.have.length.within(100_001, 100_002);
    expect(simpleFrom(type('hexBinary'))('0a'.repeat(4 * length))).to.have.length.above(5 * length);
  });

  it('has days that the calendar has', () => {
    for (const day of ['2026-01-31', '2024-02-29', '2000-02-29Z', '-0004-02-28', '12026-12-31+14:00']) {
      expect(takes(type('date'), day), day).to.equal(true);
    }
    for (const day of [
      '2026-02-30',
      '2026-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-13-01',
      '2026-01-00',
      '26-01-01',
    ]) {
      expect(takes(type('date'), day), day).to.equal(false);
    }
    expect(['23:59:59.5', '24:00:00'].map((text) => takes(type('time'), text))).to.deep.equal([true, true]);
    expect(['24:00:01', '12:60:00'].map((text) => takes(type('time'), text))).to.deep.equal([false, false]);
    expect(['--02-29', '--02-30'].map((text) => takes(type('gMonthDay'), text))).to.deep.equal([true, false]);
  });

  it('is held against what is answered too', () => {
    expect(simpleTo(type('date'))('2026-01-31')).to.equal('2026-01-31');
    expect(() => simpleTo(type('date'))('tomorrow')).to.throw('must be a date as 2026-01-31');
    expect(() => simpleTo(type('duration'))('1 day')).to.throw('must be a duration as P1DT2H');
  });
});
