import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { defaultLimits } from '../../daemon/limits.ts';
import { xmlSource } from '../../daemon/wire/charset.ts';
import { sourceOf, type XmlLimits, XmlReader } from '../../daemon/wire/xml.ts';
import { expectAlike, lengths, read, whole } from './document.ts';

describe('a document in pieces', () => {
  const awkward = [
    '<?xml version="1.0" encoding="utf-8"?>\r\n<!-- a -- >< b -->\r\n<?pi <x> ?><a b="1&amp;2" c=\'é😀\'>',
    '<!-- <b> --><b/><b />x&#x1F600;y<![CDATA[<c>]] >]]]><c\n/>]]<d\t>é😀\r\n\r\r\n</d\n></a>\r\n<!-- e -->\r\n',
  ].join('');

  it('is read as it is in one, wherever it is torn', async () => {
    const text = awkward.replace('-- >< b', '- >< b');
    const inOne = await expectAlike(Buffer.from(text));
    expect(inOne.at(-1)).to.match(/ 0 end /);
    expect((await expectAlike(Buffer.from('\n<value/> '))).length).to.equal(3);
    const normal = [...text.replace(/\r\n?/g, '\n')].length;
    expect(normal).to.be.greaterThan(150);
    for (const tear of [...text].keys()) {
      const [before, after] = [[...text].slice(0, tear).join(''), [...text].slice(tear).join('')];
      expect(await read(sourceOf([before, after])), `torn at ${tear}`).to.deep.equal(inOne);
    }
  });

  it('is refused with the same words at the same place, wherever it is torn', async () => {
    expect((await expectAlike(Buffer.from(awkward))).at(-1)).to.equal(
      'XmlFault malformed Line 2, column 8: There is a -- in a comment.',
    );
    const wrong = [
      '<a>\n<b x="<">',
      '<a>\n<b x="1',
      '<a>\n<b x="1 <c/> y"/>',
      '<a>\n<b x=1/>',
      '<a>\n<b></c>',
      '<a>\n<b',
      '<a>\n</a',
      '<a>\n<!-- ',
      '<a>\n<!- -->',
      '<a>\n<!DOCTYPE a>',
      '<a>\n<![CDATA[ <b> ]]',
      '<a>\n<?pi <b> ?',
      '<a>\n&amp',
      '<a>\n&amp <b/>',
      '<a>\n&#x1F60&x;0;</a>',
      '<a>\n]]></a>',
      '<a>\n&x; ]]></a>',
      '<a>\nx]]]]>&x;</a>',
      '<a>\n<![CDATA[x]] >]',
      '<a>\n<!-- x - --',
      '<a>\n</a>x',
      '<a>\n</a><a/>',
      '<a>\n&#xD800;</a>',
      '<a>\ntext <!-- c --> more &x; </a>',
      '<!-- x --><!-- x -- ',
      '',
      ' \n ',
    ];
    for (const text of wrong) {
      expect((await expectAlike(Buffer.from(text))).at(-1), text).to.match(/^XmlFault malformed Line [12], column /);
    }
  });

  it('is refused for a character that XML does not have before anything else', async () => {
    for (const [text, fault] of [
      ['<a>\n</b>\n\n x\u0007<y', 'Line 4, column 3: The character U+0007 is not allowed in XML.'],
      ['<a>\r\n</b>\r\n\ufffe\u0007', 'Line 3, column 1: The character U+FFFE is not allowed in XML.'],
      ['<a></b>\u0000', 'Line 1, column 8: The character U+0000 is not allowed in XML.'],
    ] as const) {
      expect((await expectAlike(Buffer.from(text))).at(-1)).to.equal(`XmlCharacterFault malformed ${fault}`);
    }
    const torn = Buffer.concat([Buffer.from('<a></b>\n\n'), Buffer.from([0xe2, 0x82, 0x3c])]);
    expect((await expectAlike(torn)).at(-1)).to.equal(
      'XmlCharacterFault malformed Line 3, column 1: The byte 0xe2 is not UTF-8 here.',
    );
  });

  it('is read in every character set', async () => {
    const text = awkward.replace('-- >< b', '- >< b').replace(/ encoding="utf-8"/, '');
    const inOne = await expectAlike(Buffer.from(`\ufeff${text}`));
    expect(await expectAlike(Buffer.from(`\ufeff${text}`, 'utf16le'))).to.deep.equal(inOne);
    expect(await expectAlike(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())).to.deep.equal(inOne);
    const narrow = text.replaceAll('😀', '');
    const inLatin = await expectAlike(Buffer.from(narrow, 'latin1'), 'iso-8859-1');
    expect(inLatin).to.deep.equal(await expectAlike(Buffer.from(narrow)));
    expect(await expectAlike(Buffer.from(narrow, 'latin1'), 'windows-1252')).to.deep.equal(inLatin);
  });

  it('is refused where it is not the UTF-16 that it says', async () => {
    const alone = Buffer.from('\ufeff<a>\n😀</a>', 'utf16le');
    const half = Buffer.concat([alone.subarray(0, 10), alone.subarray(12)]);
    for (const bytes of [half, Buffer.from(half).swap16(), alone.subarray(0, 11), alone.subarray(0, 12)]) {
      expect((await expectAlike(bytes)).at(-1)).to.equal(
        'XmlCharacterFault malformed Line 2, column 1: The document is not UTF-16, as it says.',
      );
    }
  });

  it('is refused at the same place within a text of any length', async () => {
    for (const length of [1, 509, 510, 511, 512, 513, 1000, 5000]) {
      const text = '\n'.repeat(3) + 'x]'.repeat(length / 2);
      expect((await expectAlike(Buffer.from(`<a>${text}&amp;</a>`)))[1]).to.contain(JSON.stringify(`${text}&`));
      for (const [wrong, message] of [
        ['y]]></a>', 'There is a ]]> in text.'],
        ['y]]>', 'There is a ]]> in text.'],
        ['y&x;</a>', 'The entity &x; is not defined.'],
        ['y', 'The document ends within <a>.'],
      ]) {
        const fault = (await expectAlike(Buffer.from(`<a>${text}${wrong}`))).at(-1);
        expect(fault).to.equal(`XmlFault malformed Line 4, column ${text.length - 1}: ${message}`);
      }
    }
  });

  it('is read alike with more references and sections than are read at once', async () => {
    const text = `${'&#65;'.repeat(4_100)}b${'<![CDATA[<]]>'.repeat(4_100)}`;
    const inOne = await read(xmlSource(Buffer.from(`<a>${text}</a>`)));
    expect(inOne[1]).to.contain(`text ${JSON.stringify(`${'A'.repeat(4_100)}b${'<'.repeat(4_100)}`)} false`);
    expect(await read(xmlSource(Buffer.from(`<a>${text}</a>`), undefined, 64))).to.deep.equal(inOne);
    for (const limit of [{ textLength: 8_200 }, { references: 4_099 }, { nodes: 4_101 }]) {
      expect((await read(xmlSource(Buffer.from(`<a>${text}</a>`)), limit)).at(-1)).to.contain('limits.xml.');
    }
  });

  it('takes references to the halves of a character together, wherever it is torn', () => {
    const text = 'x&#xD83D;&#xDE00;&#55357;&#56832;&#x0D83D;&#xDE00;y';
    const pieces = (length: number) => xmlSource(Buffer.from(`<a>${text}</a>`), undefined, length);
    for (const length of [...lengths, whole]) {
      const reader = new XmlReader(pieces(length), defaultLimits.xml, { pairs: true });
      reader.next();
      expect(reader.elementText()).to.equal('x😀😀😀y');
    }
    for (const wrong of ['&#xD83D;', '&#xDE00;', '&#xD83D;x&#xDE00;', '&#xDE00;&#xD83D;', '&#xD83D;&#xD83D;&#xDE00;']) {
      for (const length of [...lengths, whole]) {
        const source = xmlSource(Buffer.from(`<a>x${wrong}</a>`), undefined, length);
        const reader = new XmlReader(source, defaultLimits.xml, { pairs: true });
        reader.next();
        expect(() => reader.elementText(), wrong).to.throw('column 5: A reference names half of a surrogate pair');
      }
    }
  });

  it('has a long text in parts, and no more of it in the window than a piece', () => {
    const long = 'x]y\n'.repeat(100_000);
    const documents = [long, `<!-- ${long} -->${long}`, `<![CDATA[${long}]]>&amp;${'&lt;'.repeat(40_000)}`];
    for (const content of documents) {
      const bytes = Buffer.from(`<a>${content}</a>`);
      const source = xmlSource(bytes);
      let asked = 0;
      let taken = 0;
      const reader = new XmlReader(
        {
          prepared: false,
          next() {
            asked++;
            const piece = source.next();
            taken += piece.text.length;
            return piece;
          },
        },
        defaultLimits.xml,
      );
      reader.next();
      expect(asked).to.be.at.most(2);
      expect(reader.next()).to.equal('text');
      expect(taken).to.equal(bytes.length);
      expect(Math.max(...[...reader.parts].map(({ length }) => length))).to.be.lessThan(256 * 1024);
      const expected = content
        .replace(/<!-- [^>]*>|<!\[CDATA\[|]]>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&amp;', '&');
      expect([...reader.parts].join('') === expected && reader.text === expected).to.equal(true);
      expect([reader.blank, reader.next()]).to.deep.equal([false, 'close']);
    }
  });

  it('keeps every limit, at the same place', async () => {
    const text = '<a>\n<b c="1234" d=""/>12345678<![CDATA[12345678]]><c><d/></c><!-- x --></a>';
    const limits: Partial<XmlLimits>[] = [
      { depth: 2 },
      { nodes: 4 },
      { nodes: 7 },
      { attributes: 1 },
      { textLength: 3 },
      { textLength: 8 },
      { textLength: 15 },
    ];
    for (const limit of limits) {
      expect((await expectAlike(Buffer.from(text), undefined, limit)).at(-1)).to.contain(
        `limits.xml.${Object.entries(limit)[0]!.join(', ')}`,
      );
    }
  });

  it('is kept as it was written, from an element on', async () => {
    const text = `<a><b x="1">${'é😀 &amp;\r\n'.repeat(20)}<c/></b>${' '.repeat(30)}<d/></a>`;
    for (const length of [...lengths, whole]) {
      const reader = new XmlReader(xmlSource(Buffer.from(text), undefined, length), defaultLimits.xml);
      reader.next();
      reader.next();
      reader.hold();
      reader.skip();
      const kept = reader.held();
      expect(kept.join('')).to.equal(text.slice(3, text.indexOf('</b>') + 4).replaceAll('\r\n', '\n'));
      expect([reader.next(), reader.next(), reader.name]).to.deep.equal(['text', 'open', 'd']);
    }
  });

  it('is never in memory as a whole: of 50 MB that are read, next to nothing is there at a time', function () {
    this.timeout(60_000);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const row = `<row><name>${'x'.repeat(1000)}</name></row>\n`;
    const bytes = Buffer.from(`<rows>${row.repeat(50e6 / row.length)}</rows>`);
    const reader = new XmlReader(xmlSource(bytes), defaultLimits.xml);
    const before = used();
    const readings: number[] = [];
    let next = 0;
    while (reader.next() !== 'end') {
      if (reader.offset < next) continue;
      readings.push(used() - before);
      next += 5_000_000;
    }
    expect(readings).to.have.lengthOf(10);
    expect(Math.max(...readings)).to.be.lessThan(5_000_000);
  });
});
