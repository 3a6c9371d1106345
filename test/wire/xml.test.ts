import { expect } from 'chai';
import { defaultLimits } from '../../daemon/limits.ts';
import { XmlFault, type XmlLimits, type XmlOptions, XmlReader, xmlNamespace } from '../../daemon/wire/xml.ts';

/** The events of a document, a line each. */
const read = (text: string, options: XmlOptions = {}, limits: Partial<XmlLimits> = {}): string[] => {
  const reader = new XmlReader(text, { ...defaultLimits.xml, ...limits }, options);
  const events: string[] = [];
  for (;;) {
    const event = reader.next();
    if (event === 'end') return events;
    if (event === 'text') events.push(`text ${JSON.stringify(reader.text)}`);
    else if (event === 'open') {
      const attributes = reader.attributes().map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`);
      events.push(`open ${reader.name}${attributes.join('')}`);
    } else events.push(`${event} ${reader.name}`);
  }
};

const refusal = (text: string, options: XmlOptions = {}, limits: Partial<XmlLimits> = {}): XmlFault => {
  try {
    read(text, options, limits);
  } catch (error) {
    if (error instanceof XmlFault) return error;
    throw error;
  }
  throw new Error(`Read without a fault: ${text}`);
};

describe('the XML tokenizer', () => {
  it('gives open and close for a self-closing tag', () => {
    expect(read('<a><b/></a>')).to.deep.equal(['open a', 'open b', 'close b', 'close a']);
  });

  it('joins text with CDATA sections and across comments', () => {
    expect(read('<a>one <![CDATA[<two>]]><!-- not this --> &amp; three</a>')).to.deep.equal([
      'open a',
      'text "one <two> & three"',
      'close a',
    ]);
  });

  it('gives no text for an empty CDATA section or a comment', () => {
    expect(read('<a><![CDATA[]]><!-- c --></a>')).to.deep.equal(['open a', 'close a']);
  });

  it('resolves the five entities and character references', () => {
    expect(read('<a b="&quot;&#x41;">&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</a>')).to.deep.equal([
      'open a b="\\"A"',
      'text "<>&\\"\'A😀"',
      'close a',
    ]);
  });

  it('takes the halves of a character, referred to one after the other, where it is told to', () => {
    const pairs = { pairs: true };
    const events = ['open a b="😀"', 'text "x😀"', 'close a'];
    expect(read('<a b="&#xD83D;&#xDE00;">x&#55357;&#56832;</a>', pairs)).to.deep.equal(events);
    for (const text of ['&#55357;', '&#56832;&#55357;', '&#55357; &#56832;', '&#55357;<!-- -->&#56832;']) {
      expect(refusal(`<a>${text}</a>`, pairs).message, text).to.include('half of a surrogate pair');
    }
    expect(refusal('<a>&#55357;&#56832;</a>').message).to.include('is not allowed in XML');
  });

  it('resolves many thousand references in one text', () => {
    const reader = new XmlReader(`<a>${'&lt;x'.repeat(20_000)}</a>`, defaultLimits.xml);
    reader.next();
    expect(reader.elementText()).to.equal('<x'.repeat(20_000));
  });

  it('normalizes line ends in text, and white space in attributes unless it was written as a reference', () => {
    expect(read('<a b="1\r\n2\t3&#10;4">5\r\n6\r7</a>')).to.deep.equal([
      'open a b="1 2 3\\n4"',
      'text "5\\n6\\n7"',
      'close a',
    ]);
  });

  it('reads instructions, and refuses them when told to', () => {
    expect(read('<?one two?><a><?three?></a>')).to.deep.equal([
      'instruction one',
      'open a',
      'instruction three',
      'close a',
    ]);
    expect(refusal('<a><?three?></a>', { instructions: false }).message).to.equal(
      'Line 1, column 4: A processing instruction is not accepted.',
    );
  });

  it('reads an XML declaration and a byte order mark', () => {
    const text = '\ufeff<?xml version="1.0" encoding=\'utf-8\' standalone="yes" ?>\n<a/>';
    expect(read(text)).to.deep.equal(['open a', 'close a']);
  });

  it('reads names of the fifth edition', () => {
    expect(read('<été·1><日本/><𐐀/></été·1>')).to.deep.equal([
      'open été·1',
      'open 日本',
      'close 日本',
      'open 𐐀',
      'close 𐐀',
      'close été·1',
    ]);
  });

  it('skips an element with all that is in it', () => {
    const reader = new XmlReader('<a><b><c/>text</b><d/></a>', defaultLimits.xml);
    reader.next();
    reader.next();
    reader.skip();
    expect([reader.next(), reader.name, reader.depth]).to.deep.equal(['open', 'd', 2]);
  });

  it('gives the text of an element, in one piece or several, and leaves it', () => {
    const reader = new XmlReader('<a><b>plain</b><c>x<!-- c -->&amp;<?i?>y</c><d/></a>', defaultLimits.xml);
    reader.next();
    const texts: string[] = [];
    for (let i = 0; i < 3; i++) {
      reader.next();
      texts.push(reader.elementText());
    }
    expect([...texts, reader.depth]).to.deep.equal(['plain', 'x&y', '', 1]);
  });

  it('refuses an element within an element that holds text only', () => {
    const reader = new XmlReader('<a>x\n <b/></a>', defaultLimits.xml);
    reader.next();
    expect(() => reader.elementText()).to.throw(XmlFault, 'Line 2, column 2: <a> holds text only, not <b>.');
  });

  it('gives a piece of the document as it was written', () => {
    const reader = new XmlReader('<a><b x="1">&amp;</b><c/></a>', defaultLimits.xml);
    reader.next();
    reader.next();
    reader.hold();
    reader.skip();
    expect(reader.held()).to.deep.equal(['<b x="1">&amp;</b>']);
  });

  it('tells the line and the column of what it is told to refuse', () => {
    const reader = new XmlReader('<a>\n\n  <b/></a>', defaultLimits.xml);
    while (reader.next() !== 'open' || reader.name !== 'b');
    expect(() => reader.fail('Not that.'))
      .to.throw(XmlFault)
      .with.property('line', 3);
    expect(() => reader.fail('Not that.'))
      .to.throw(XmlFault)
      .with.property('column', 3);
  });

  describe('with namespaces', () => {
    const openings = (text: string): string[] => {
      const reader = new XmlReader(text, defaultLimits.xml, { namespaces: true });
      const seen: string[] = [];
      for (let event = reader.next(); event !== 'end'; event = reader.next()) {
        if (event === 'open') seen.push(`{${reader.namespace}}${reader.local}`);
      }
      return seen;
    };

    it('resolves prefixes and the default namespace where they are declared, and not beyond', () => {
      expect(openings('<a xmlns="urn:1"><p:b xmlns:p="urn:2" xmlns=""><c/><p:d/></p:b><e/></a>')).to.deep.equal([
        '{urn:1}a',
        '{urn:2}b',
        '{}c',
        '{urn:2}d',
        '{urn:1}e',
      ]);
    });

    it('finds attributes by their namespace, and prefixes for names in content', () => {
      const text = '<a xmlns:p="urn:1" p:b="one" b="two" xml:lang="de"/>';
      const reader = new XmlReader(text, defaultLimits.xml, { namespaces: true });
      reader.next();
      expect(reader.attribute('b', 'urn:1')).to.equal('one');
      expect(reader.attribute('b')).to.equal('two');
      expect(reader.attribute('lang', xmlNamespace)).to.equal('de');
      expect(reader.attribute('c')).to.equal(undefined);
      expect([reader.resolve('p'), reader.resolve('q')]).to.deep.equal(['urn:1', undefined]);
    });

    const wrong: [text: string, sentence: string][] = [
      ['<p:a/>', 'The prefix p is not declared.'],
      ['<a p:b=""/>', 'The prefix p is not declared.'],
      [
        '<a xmlns:p="u" xmlns:q="u" p:b="" q:b=""/>',
        'The attributes p:b and q:b have the same name in the same namespace.',
      ],
      ['<a xmlns:p=""/>', 'The prefix p cannot be undeclared.'],
      ['<a xmlns:xmlns="u"/>', 'The prefix xmlns cannot be declared.'],
      ['<a xmlns:xml="u"/>', 'The prefix xml and its namespace belong together.'],
      [`<a xmlns:p="${xmlNamespace}"/>`, 'The prefix xml and its namespace belong together.'],
      ['<a xmlns="http://www.w3.org/2000/xmlns/"/>', 'The namespace of xmlns cannot be declared.'],
      ['<xmlns:a/>', 'The prefix xmlns is for declarations only.'],
      ['<a:b:c xmlns:a="u"/>', 'The name a:b:c has a colon astray.'],
      ['<:a/>', 'The name :a has a colon astray.'],
      ['<a><?p:q?></a>', 'The target p:q has a colon.'],
    ];
    for (const [text, sentence] of wrong) {
      it(`refuses ${text}`, () => {
        expect(refusal(text, { namespaces: true }).message).to.match(/^Line 1, column \d+: /);
        expect(refusal(text, { namespaces: true }).message).to.contain(sentence);
      });
    }
  });

  describe('refuses what is not well-formed', () => {
    const wrong: [text: string, message: string][] = [
      ['', 'Line 1, column 1: There is no element.'],
      ['  \n', 'Line 2, column 1: There is no element.'],
      ['text', 'Line 1, column 1: There is text outside of the root element.'],
      ['<a/>text', 'Line 1, column 5: There is text outside of the root element.'],
      ['<a/><b/>', 'Line 1, column 5: There is a second root element.'],
      ['</a>', 'Line 1, column 1: There is a closing tag without an element.'],
      ['<a>', 'Line 1, column 4: The document ends within <a>.'],
      ['<a', 'Line 1, column 1: The tag <a> does not end.'],
      ['<a><b></a>', 'Line 1, column 7: <b> is closed by </a>.'],
      ['<a></a x>', 'Line 1, column 4: The closing tag </a> does not end.'],
      ['<a/ >', 'Line 1, column 3: After / in a tag comes >.'],
      ['< a/>', 'Line 1, column 2: A name is expected for an element.'],
      ['<1/>', 'Line 1, column 2: A name is expected for an element.'],
      ['<a b="1" b="2"/>', 'Line 1, column 10: The attribute b is given twice.'],
      ['<a b="1"c="2"/>', 'Line 1, column 9: White space is expected in the tag <a>.'],
      ['<a b/>', 'Line 1, column 5: = is expected after the attribute b.'],
      ['<a b=1/>', 'Line 1, column 6: The value of the attribute b is not quoted.'],
      ['<a b="1/>', 'Line 1, column 1: The value of the attribute b does not end.'],
      ['<a b="<"/>', 'Line 1, column 6: There is a < in the value of the attribute b.'],
      ['<a>]]></a>', 'Line 1, column 4: There is a ]]> in text.'],
      ['<a>&</a>', 'Line 1, column 4: An & does not begin a reference.'],
      ['<a>&nbsp;</a>', 'Line 1, column 4: The entity &nbsp; is not defined.'],
      ['<a>&#xG;</a>', 'Line 1, column 4: The entity &#xG; is not defined.'],
      ['<a>&#0;</a>', 'Line 1, column 4: The reference &#0; names a character that is not allowed in XML.'],
      ['<a>&#xD800;</a>', 'Line 1, column 4: The reference &#xD800; names a character that is not allowed in XML.'],
      ['<a>\u0007</a>', 'Line 1, column 4: The character U+0007 is not allowed in XML.'],
      ['<a>\ud800</a>', 'Line 1, column 4: The character U+D800 is not allowed in XML.'],
      ['<a>\uffff</a>', 'Line 1, column 4: The character U+FFFF is not allowed in XML.'],
      ['<a><!-- a -- b --></a>', 'Line 1, column 11: There is a -- in a comment.'],
      ['<a><!-- a', 'Line 1, column 4: A comment does not end.'],
      ['<a><![CDATA[x</a>', 'Line 1, column 4: A CDATA section does not end.'],
      ['<a><!ELEMENT a ANY></a>', 'Line 1, column 4: This is no markup that XML knows.'],
      ['<a><?b</a>', 'Line 1, column 4: An instruction does not end.'],
      ['<a><?b?c?></a>', 'Line 1, column 7: White space is expected after the target b.'],
      [' <?xml version="1.0"?><a/>', 'Line 1, column 2: An XML declaration stands at the very beginning only.'],
      ['<?xml encoding="utf-8"?><a/>', 'Line 1, column 1: The XML declaration is wrong.'],
      ['<!DOCTYPE a><a/>', 'Line 1, column 1: A document type declaration is not accepted.'],
      ['<a><!DOCTYPE a></a>', 'Line 1, column 4: A document type declaration is not accepted.'],
    ];
    for (const [text, message] of wrong) {
      it(JSON.stringify(text), () => {
        const { kind, message: said } = refusal(text);
        expect([kind, said]).to.deep.equal(['malformed', message]);
      });
    }
  });

  describe('keeps its limits', () => {
    const over: [limit: keyof XmlLimits, most: number, fits: string, tooLarge: string][] = [
      ['depth', 2, '<a><b/></a>', '<a><b><c/></b></a>'],
      ['nodes', 3, '<a>x<!-- c --></a>', '<a>x<!-- c --><b/></a>'],
      ['attributes', 2, '<a b="" c=""/>', '<a b="" c="" d=""/>'],
      ['nameLength', 3, '<abc/>', '<abcd/>'],
      ['textLength', 3, '<a>x&amp;z</a>', '<a>x<![CDATA[yz]]>&amp;</a>'],
      ['textLength', 3, '<a b="xyz"/>', '<a b="wxyz"/>'],
    ];
    for (const [limit, most, fits, tooLarge] of over) {
      it(`limits.xml.${limit}: ${tooLarge}`, () => {
        expect(read(fits, {}, { [limit]: most })).to.not.have.lengthOf(0);
        const { kind, message } = refusal(tooLarge, {}, { [limit]: most });
        expect(kind).to.equal('too-large');
        expect(message).to.contain(`limits.xml.${limit}, ${most}`);
      });
    }

    it('limits the text of one element, however it is divided', () => {
      const reader = new XmlReader('<a>xx<?i?>yy</a>', { ...defaultLimits.xml, textLength: 3 });
      reader.next();
      expect(() => reader.elementText()).to.throw(XmlFault, 'limits.xml.textLength, 3');
    });

    it('stops at the limit of a document of 200,000 levels', () => {
      expect(refusal('<a>'.repeat(200_000)).message).to.equal(
        'Line 1, column 193: Elements are nested deeper than limits.xml.depth, 64.',
      );
    });

    it('reads 200,000 levels with as many declarations when the limit allows it', () => {
      const levels = 200_000;
      const text = '<a xmlns:p="urn:1">'.repeat(levels) + '</a>'.repeat(levels);
      const reader = new XmlReader(text, { ...defaultLimits.xml, depth: levels }, { namespaces: true });
      let deepest = 0;
      while (reader.next() !== 'end') deepest = Math.max(deepest, reader.depth);
      expect(deepest).to.equal(levels);
    });
  });
});
