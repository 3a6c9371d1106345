import { expect } from 'chai';
import { defaultLimits } from '../../daemon/limits.ts';
import { charsetOf, xmlSource } from '../../daemon/wire/charset.ts';
import { XmlFault, XmlReader } from '../../daemon/wire/xml.ts';
import { hasNoControls } from '../../daemon/wire/xml-characters.ts';
import { expectAlike, textOf } from './document.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const begin = (bytes: Buffer, charset?: string) => new XmlReader(xmlSource(bytes, charset), defaultLimits.xml).next();
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('the character set of a document', () => {
  const cases: [what: string, bytes: Buffer, charset: string | undefined, text: string][] = [
    ['is UTF-8 when nothing says otherwise', Buffer.from('<a>é😀</a>'), undefined, '<a>é😀</a>'],
    [
      'is UTF-8 with a byte order mark, which is no part of it',
      Buffer.from('\ufeff<a>é</a>'),
      'iso-8859-1',
      '<a>é</a>',
    ],
    ['is UTF-16 as the byte order mark says', Buffer.from('\ufeff<a>é</a>', 'utf16le'), 'utf-8', '<a>é</a>'],
    ['is big-endian UTF-16 too', utf16be('\ufeff<a>😀</a>'), undefined, '<a>😀</a>'],
    ['is UTF-16 without a mark when it looks like it', Buffer.from('<a/>', 'utf16le'), undefined, '<a/>'],
    ['is what the header says', latin1('<a>é</a>'), 'ISO-8859-1', '<a>é</a>'],
    [
      'is what the declaration says, whatever the header says',
      latin1('<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9\x80</a>'),
      'utf-8',
      '<?xml version="1.0" encoding="iso-8859-1"?><a>é\x80</a>',
    ],
    [
      'can be windows-1252, which is not latin-1',
      latin1("<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>"),
      undefined,
      "<?xml version='1.0' encoding='windows-1252'?><a>€</a>",
    ],
    [
      'can be one of Eastern Europe, of which the declaration may say an alias',
      latin1("<?xml version='1.0' encoding='cp1251'?><a>\xc7\xee\xff</a>"),
      undefined,
      "<?xml version='1.0' encoding='cp1251'?><a>Зоя</a>",
    ],
    ['can have several bytes for a character', latin1('<a>\x93\xfa\x96{</a>'), 'Shift_JIS', '<a>日本</a>'],
    ['can be US-ASCII', Buffer.from('<a/>'), 'us-ascii', '<a/>'],
    [
      'is UTF-8 when the declaration says UTF-16, as .NET does for strings',
      Buffer.from('<?xml version="1.0" encoding="utf-16"?><a>é</a>'),
      undefined,
      '<?xml version="1.0" encoding="utf-16"?><a>é</a>',
    ],
  ];
  for (const [what, bytes, charset, text] of cases) {
    it(what, () => {
      expect(textOf(xmlSource(bytes, charset))).to.equal(text);
    });
  }

  it('is refused when it is none that is known', () => {
    expect(() => begin(Buffer.from('<?xml version="1.0" encoding="utf-7"?><a/>')))
      .to.throw(XmlFault, /^Line 1, column 1: The character set utf-7 is none of utf-8, /)
      .with.property('kind', 'unsupported-encoding');
    for (const stateful of ['iso-2022-jp', 'x-user-defined', 'utf-32']) {
      expect(() => begin(Buffer.from('<a/>'), stateful)).to.throw(XmlFault, `The character set ${stateful} is none of`);
    }
    expect(() => begin(Buffer.from('<a/>'), 'ebcdic-cp-be')).to.throw(XmlFault, 'ebcdic-cp-be');
  });

  it('is refused by its name where the first bytes show that it is UTF-32 or EBCDIC', () => {
    const declared = '<?xml version="1.0" encoding="x"?><a/>';
    const utf32le = Buffer.from([...`\ufeff${declared}`].map((character) => `${character}\0`).join(''), 'utf16le');
    const ebcdic = Buffer.from('4c6fa7949340a58599a28996957e7ff14bf07f6f6e', 'hex');
    const unmarked = utf32le.subarray(4);
    const shown: [Buffer, string][] = [
      [utf32le, 'UTF-32'],
      [unmarked, 'UTF-32'],
      [Buffer.from(utf32le).swap32(), 'UTF-32'],
      [Buffer.from(unmarked).swap32(), 'UTF-32'],
      [ebcdic, 'EBCDIC'],
    ];
    for (const [bytes, name] of shown) {
      expect(() => begin(bytes, 'utf-8'))
        .to.throw(XmlFault, `Line 1, column 1: The character set ${name} is none of utf-8, `)
        .with.property('kind', 'unsupported-encoding');
    }
  });

  it('is refused with the place of the first byte that is not UTF-8', () => {
    expect(() => begin(latin1('<a>\n<b>\xe9</b></a>')))
      .to.throw(XmlFault, 'Line 2, column 4: The byte 0xe9 is not UTF-8 here.')
      .with.property('kind', 'malformed');
    const own = Buffer.concat([Buffer.from('<a>\ufffdé'), latin1('\xc3</a>')]);
    expect(() => begin(own)).to.throw(XmlFault, 'Line 1, column 6: The byte 0xc3 is not UTF-8 here.');
    expect(() => begin(latin1('<a>\xe2\x82'))).to.throw(XmlFault, 'Line 1, column 4');
  });

  it('is refused when it is not the UTF-16 that it says', () => {
    expect(() => begin(Buffer.from([0xff, 0xfe, 0x3c, 0x00, 0x00, 0xd8, 0x61, 0x00]))).to.throw(XmlFault, 'UTF-16');
  });

  it('can be torn anywhere when it has several bytes for a character', async () => {
    const bytes = latin1('<?xml version="1.0" encoding="gb2312"?><a>\xc4\xe3\xba\xc3</a>');
    expect((await expectAlike(bytes)).join('\n')).to.contain('"你好"');
    const half = await expectAlike(bytes.subarray(0, -5));
    expect(half.at(-1)).to.contain('The document is not gbk, as it says.');
  });

  it('is refused when it has no such bytes', () => {
    expect(() => begin(latin1('<a>\xd2</a>'), 'windows-1253')).to.throw(XmlFault, 'not windows-1253');
  });

  it('is found in a Content-Type', () => {
    expect(charsetOf('text/xml; charset=utf-8')).to.equal('utf-8');
    expect(charsetOf('text/xml;foo=bar ;Charset="ISO-8859-1"')).to.equal('ISO-8859-1');
    expect(charsetOf("text/xml; charset='utf-8'")).to.equal('utf-8');
    expect(charsetOf('text/xml; charset=utf-8, text/xml')).to.equal('utf-8');
    expect([charsetOf('text/xml'), charsetOf(undefined)]).to.deep.equal([undefined, undefined]);
  });

  it('has no control characters, wherever in memory they are', () => {
    const memory = new Uint8Array(48);
    for (let begin = 0; begin < 8; begin++) {
      for (let length = 0; length <= 37; length++) {
        const bytes = memory.subarray(begin, begin + length);
        for (let at = 0; at < length; at++) {
          for (let byte = 0; byte < 256; byte++) {
            bytes.fill(byte === 0x41 ? 0xff : 0x41);
            bytes[at] = byte;
            const legal = byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
            if (hasNoControls(bytes) !== legal) expect.fail(`${byte} at ${at} of ${length}, from ${begin}`);
          }
        }
        bytes.fill(0x0a);
        expect(hasNoControls(bytes)).to.equal(true);
      }
    }
  });
});
