import { expect } from 'chai';
import { readAuthorization } from '../../daemon/wire/authorization.ts';
import { base64OfHex, canonicalBase64, canonicalBase64InSlices } from '../../daemon/wire/base64.ts';
import { textOfParts } from '../../daemon/wire/parts.ts';
import { parseTime } from '../../daemon/wire/time.ts';
import { whiteSpace, whiteSpaceInSlices } from '../../daemon/wire/xml-spaces.ts';
import { Slice } from '../../plugin-protocol/slices.ts';
import { torn, toTheEnd } from '../support/slices.ts';

describe('moments as clients write them', () => {
  const forms: [text: string, time: string | undefined][] = [
    ['20260131T12:00:00', '2026-01-31T12:00:00.000Z'],
    ['20240229T23:59:59', '2024-02-29T23:59:59.000Z'],
    ['20250229T00:00:00', undefined],
    ['20260431T00:00:00', undefined],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.250Z', '2026-01-31T12:00:00.250Z'],
    ['2026-02-29T12:00:00.250Z', undefined],
    ['2024-02-29T12:00:00.250Z', '2024-02-29T12:00:00.250Z'],
    ['2026-04-31T12:00:00Z', undefined],
    ['2026-12-31T24:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-01-31 12:00:00.5', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00.123456789+02:00', '2026-01-31T10:00:00.123Z'],
    ['2026-01-31T12:00:00.012345678901234567890123456789Z', '2026-01-31T12:00:00.012Z'],
    [`2026-01-31T12:00:00.${'0'.repeat(100)}Z`, undefined],
    ['20260131T120000-0530', '2026-01-31T17:30:00.000Z'],
    ['20260131T12:00+01', '2026-01-31T11:00:00.000Z'],
    ['20260131T12:00', '2026-01-31T12:00:00.000Z'],
    ['20260131Z12:00:00', '2026-01-31T12:00:00.000Z'],
    ['20261231T24:00:00', '2027-01-01T00:00:00.000Z'],
    ['20261231T23:59:60', '2027-01-01T00:00:00.000Z'],
    ['20260131T24:00:01', undefined],
    ['20260131T12:00:00+23:59', '2026-01-30T12:01:00.000Z'],
    ['20260131T12:00:00+24:00', undefined],
    ['20260131T12:00:00-0160', undefined],
    ['9999-12-31T23:59:59-01:00', undefined],
    ['20260131T25:00:00', undefined],
    ['20260131T12:60:00', undefined],
    ['20261301T00:00:00', undefined],
    ['0050-06-01T00:00:00Z', '0050-06-01T00:00:00.000Z'],
    ['20260131', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ];
  for (const [text, time] of forms) {
    it(`${JSON.stringify(text)} is ${time ?? 'none'}`, () => {
      expect(parseTime(text)).to.equal(time);
    });
  }
});

describe('base64 as clients write it', () => {
  const forms: [text: string, canonical: string | undefined][] = [
    ['', ''],
    ['aGk=', 'aGk='],
    ['aGk', 'aGk='],
    [' aGVs\r\nbG8h ', 'aGVsbG8h'],
    ['aGl=', 'aGk='],
    ['aGVsbG8h==', 'aGVsbG8h'],
    ['aGVsb', undefined],
    ['a=Gk', undefined],
    ['aGk*', undefined],
    ['aG-_', undefined],
  ];
  for (const [text, canonical] of forms) {
    it(`${JSON.stringify(text)} is ${canonical === undefined ? 'none' : JSON.stringify(canonical)}`, () => {
      expect(canonicalBase64(text)).to.equal(canonical);
    });
  }

  it('may have white space anywhere, however long it is', () => {
    const text = Buffer.alloc(30_000, 'long').toString('base64');
    for (const space of [' ', '\r\n', '\t \n']) {
      expect(canonicalBase64([...text].join(space))).to.equal(text);
      expect(canonicalBase64(`${[...text].join(space)}${space}*`)).to.equal(undefined);
      expect(canonicalBase64(`${[...text].join(space)}\u0141`)).to.equal(undefined);
    }
  });

  it('is made of hexadecimal digits', () => {
    expect([base64OfHex(''), base64OfHex('0aFF'), base64OfHex('ff'.repeat(3000))]).to.deep.equal([
      '',
      'Cv8=',
      Buffer.alloc(3000, 0xff).toString('base64'),
    ]);
    for (const text of ['0', '0a1', '0g', 'g0', '0a 0b', '0\u0141', `${'0a'.repeat(3000)}x0`])
      expect(base64OfHex(text), text.slice(-9)).to.equal(undefined);
  });

  it('is read alike when it is long', () => {
    const before = Buffer.alloc(3000, 'long').toString('base64');
    for (const [text, canonical] of forms) {
      expect(canonicalBase64(before + text)).to.equal(canonical === undefined ? undefined : before + canonical);
    }
  });

  it('is the same in slices, wherever those end', () => {
    const slice = new Slice(0);
    const endings = [
      '',
      'aGk=',
      'aGk',
      'aGl=',
      'aGVsbG8h==',
      'aGVsb',
      'a=Gk',
      'aGk*',
      '=',
      '===',
      'aA=',
      'aA=\n=',
      'aGk=\n\n',
      'aGk=aGk=',
      '\u0141',
    ];
    for (const length of [0, 6_132, 6_140, 6_142, 6_143, 6_144, 6_145, 12_288, 100_001]) {
      for (const line of [7, 76, Number.POSITIVE_INFINITY]) {
        const digits = Array.from({ length }, (_, at) => (at % line === line - 1 ? '\n' : 'A')).join('');
        for (const ending of endings) {
          for (const text of [digits + ending, ending + digits, `${digits}${ending}${' '.repeat(20_000)}`]) {
            const shown = `${length} digits in lines of ${line}, ${JSON.stringify(ending)}`;
            const inSlices = toTheEnd(canonicalBase64InSlices(torn(text), slice));
            expect((inSlices && textOfParts(inSlices)) === canonicalBase64(text), shown).to.equal(true);
          }
        }
      }
    }
  });
});

describe('the Authorization header', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text, 'utf8').toString('base64')}`;

  it('can be missing', () => {
    expect(readAuthorization(undefined)).to.deep.equal({ scheme: 'none' });
    // Of a client that was given neither a user nor a password.
    expect(readAuthorization(basic(':'))).to.deep.equal({ scheme: 'none' });
  });

  it('holds a user and a password in UTF-8, with colons in the password', () => {
    expect(readAuthorization(basic('zoë:pa:ss'))).to.deep.equal({ scheme: 'basic', user: 'zoë', password: 'pa:ss' });
  });

  it('holds credentials in latin-1 or as Windows has them, where they are no UTF-8', () => {
    const latin1 = (pair: string) => `Basic ${Buffer.from(pair, 'latin1').toString('base64')}`;
    expect(readAuthorization(latin1('zoë:pä\x80'))).to.deep.equal({ scheme: 'basic', user: 'zoë', password: 'pä€' });
  });

  it('holds a bearer token, whatever the case of the scheme', () => {
    expect(readAuthorization('bearer annelid_1')).to.deep.equal({ scheme: 'bearer', token: 'annelid_1' });
  });

  it('can be something that nobody can read', () => {
    for (const header of ['Basic', 'Basic ', basic('no colon'), 'Digest x="y"', 'Bearer']) {
      expect(readAuthorization(header), header).to.deep.equal({ scheme: 'unknown' });
    }
  });
});

describe('white space in values', () => {
  it('is put right however much there is of it', () => {
    const text = ' \t a\r\n\u00a0b  c\n😀 ';
    const [before, after] = [text.repeat(2), text.repeat(1000)];
    expect(whiteSpace.replace(before)).to.equal('   a  \u00a0b  c 😀 '.repeat(2));
    expect(whiteSpace.replace(after)).to.equal('   a  \u00a0b  c 😀 '.repeat(1000));
    const collapsed = 'a \u00a0b c 😀';
    expect(whiteSpace.collapse(before)).to.equal(`${collapsed} ${collapsed}`);
    expect(whiteSpace.collapse(after)).to.equal(Array(1000).fill(collapsed).join(' '));
    for (const blank of ['', ' \n', '\t '.repeat(9000)]) expect(whiteSpace.collapse(blank)).to.equal('');
  });

  it('is taken from the end of a long text wherever its parts end', () => {
    // 11 times what is looked at at once is the first that is put together.
    for (const length of [6_144, 11 * 6_144, 22 * 6_144]) {
      for (const spaces of [1, 2, 6_144, 20_000]) {
        const word = 'a'.repeat(length - 1);
        const collapsed = toTheEnd(whiteSpaceInSlices.collapse([word + ' '.repeat(spaces)], new Slice()));
        expect(textOfParts(collapsed) === word, `${spaces} behind ${length - 1}`).to.equal(true);
      }
    }
  });
});
