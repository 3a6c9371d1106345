/** What is written as the caller expects, and is then read in few steps: nothing else may be taken for it. */
import { expect } from 'chai';
import { defaultLimits } from '../../daemon/limits.ts';
import { nestOf, type Surroundings, sourceOf, type XmlLimits, XmlReader } from '../../daemon/wire/xml.ts';

/** A reader that is within the outermost element. */
const begun = (content: string, limits: Partial<XmlLimits> = {}): XmlReader => {
  const reader = new XmlReader(`<a>${content}</a>`, { ...defaultLimits.xml, ...limits });
  reader.next();
  return reader;
};

describe('the XML tokenizer, asked for a text in known surroundings', () => {
  const around = { before: '<b><c>', after: '</c></b>', nodes: 3, levels: 2 };

  it('reads it, with its references, and goes on behind it', () => {
    const reader = begun('<b><c>x &amp; y</c></b><d/>');
    expect([reader.expected(around), reader.next(), reader.name, reader.depth]).to.deep.equal([
      'x & y',
      'open',
      'd',
      2,
    ]);
  });

  const others = ['<b><c>x</c> </b>', '<b> <c>x</c></b>', '<b><c><d/></c></b>', '<b><c>]]></c></b>', '<b><c>x', '<b/>'];
  for (const content of others) {
    it(`reads nothing of ${content}`, () => {
      const reader = begun(content);
      expect([reader.expected(around), reader.next(), reader.name]).to.deep.equal([undefined, 'open', 'b']);
    });
  }

  it('reads nothing within an element that has ended', () => {
    const reader = new XmlReader('<a><e/><b><c>x</c></b></a>', defaultLimits.xml);
    reader.next();
    reader.next();
    expect(reader.expected(around)).to.equal(undefined);
    expect([reader.next(), reader.name, reader.expected(around)]).to.deep.equal(['close', 'e', 'x']);
  });

  it('keeps the limits', () => {
    expect(begun('<b><c>x</c></b>', { depth: 2 }).expected(around)).to.equal(undefined);
    expect(begun('<b><c>xy</c></b>', { textLength: 1 }).expected(around)).to.equal(undefined);
    // Which tag is one too many is found by reading them one after the other.
    const full = begun('<b><c>x</c></b>', { nodes: 3 });
    expect(full.expected(around)).to.equal(undefined);
    expect(() => full.skip()).to.throw('Line 1, column 10: There are more than limits.xml.nodes, 3');
  });
});

describe('the XML tokenizer, asked for texts that follow each other', () => {
  const second: Surroundings = { before: '<d>', after: '</d>', nodes: 2, levels: 1 };
  const first: Surroundings = {
    before: '<b><c>',
    after: '</c></b>',
    nodes: 3,
    levels: 2,
    next: second,
    between: '</c></b><d>',
  };

  it('reads them', () => {
    const reader = begun('<b><c>x</c></b><d>y</d><b><c>z</c></b><d/>');
    const texts = [first, second, first, second].map((around) => reader.expected(around));
    expect([...texts, reader.next(), reader.name]).to.deep.equal(['x', 'y', 'z', undefined, 'open', 'd']);
  });

  it('reads the first alone where another follows, and that as it is', () => {
    const reader = begun('<b><c>x</c></b><e>y</e><d>z</d>');
    expect([reader.expected(first), reader.expected(second)]).to.deep.equal(['x', undefined]);
    expect([reader.next(), reader.elementText(), reader.expected(second)]).to.deep.equal(['open', 'y', 'z']);
  });

  it('takes nothing else for the second', () => {
    const reader = begun('<b><c>x</c></b><d>y</d>');
    const other: Surroundings = { ...second, before: '<e>' };
    expect([reader.expected(first), reader.expected(other), reader.expected(second)]).to.deep.equal([
      'x',
      undefined,
      'y',
    ]);
  });

  it('knows the second where it has been seen alone', () => {
    const reader = begun('<b><c>x</c></b><d>y</d><e>z</d>');
    expect([reader.expected(first), reader.next(), reader.elementText()]).to.deep.equal(['x', 'open', 'y']);
    expect(reader.expected(second)).to.equal(undefined);
  });

  it('does not know it where the window has moved on, by the same number', () => {
    const pieces = ['<a><b><c>x</c></b><d>', 'y</d><f>123456</f><e>z</d></a>'];
    expect(pieces[1]!.indexOf('<e>')).to.equal(pieces[0]!.indexOf('<d>'));
    const reader = new XmlReader(sourceOf(pieces), defaultLimits.xml);
    reader.next();
    expect([reader.expected(first), reader.next(), reader.elementText()]).to.deep.equal(['x', 'open', 'y']);
    expect([reader.next(), reader.elementText(), reader.expected(second)]).to.deep.equal(['open', '123456', undefined]);
  });
});

describe('the XML tokenizer, asked for two tags', () => {
  const nest = nestOf('b', 'c');

  it('opens and closes both', () => {
    const reader = begun('<b><c></c></b><b><c>x</c></b>');
    const opened = [reader.opens(nest), reader.name, reader.depth, reader.offset];
    expect(opened).to.deep.equal([true, 'c', 3, 6]);
    const closed = [reader.closes(nest), reader.name, reader.depth, reader.offset];
    expect(closed).to.deep.equal([true, 'b', 1, 13]);
    expect([reader.opens(nest), reader.closes(nest), reader.next(), reader.text]).to.deep.equal([
      true,
      false,
      'text',
      'x',
    ]);
    const rest = [reader.closes(nest), reader.opens(nest), reader.next(), reader.name, reader.depth];
    expect(rest).to.deep.equal([true, false, 'close', 'a', 0]);
  });

  it('opens them without the attributes of what they are in', () => {
    const reader = new XmlReader('<a d="e"><b><c></c></b></a>', defaultLimits.xml);
    reader.next();
    expect([reader.isBare, reader.opens(nest), reader.isBare]).to.deep.equal([false, true, true]);
  });

  for (const content of ['<b> <c/></b>', '<b ><c/></b>', '<b><c d="e"/></b>', '<b><c/></b>', '<b><cd/></b>', '<b']) {
    it(`opens nothing of ${content}`, () => {
      const reader = begun(content);
      expect([reader.opens(nest), reader.depth]).to.deep.equal([false, 1]);
    });
  }

  it('closes none but these', () => {
    const reader = begun('<d><c></c></b></d>');
    reader.next();
    reader.next();
    expect(reader.closes(nest)).to.equal(false);
    expect(() => [reader.next(), reader.next()]).to.throw('Line 1, column 14: <d> is closed by </b>.');
  });

  it('opens nothing within an element that has ended', () => {
    const reader = begun('<d/><b><c></c></b>');
    reader.next();
    expect([reader.opens(nest), reader.next(), reader.opens(nest)]).to.deep.equal([false, 'close', true]);
  });

  it('closes none within an element that has ended', () => {
    const reader = begun('<b><c/></c></b>');
    reader.next();
    reader.next();
    expect([reader.closes(nest), reader.next()]).to.deep.equal([false, 'close']);
  });

  it('keeps the limits', () => {
    expect(begun('<b><c></c></b>', { depth: 2 }).opens(nest)).to.equal(false);
    expect(begun('<b><c></c></b>', { depth: 3 }).opens(nest)).to.equal(true);
    const three = begun('<b><c></c></b><d/>', { nodes: 3 });
    expect([three.opens(nest), three.closes(nest)]).to.deep.equal([true, true]);
    expect(() => three.next()).to.throw('Line 1, column 18: There are more than limits.xml.nodes, 3');
    // Which tag is one too many is found by reading them one after the other.
    const full = begun('<b><c></c></b>', { nodes: 2 });
    expect(full.opens(nest)).to.equal(false);
    expect(() => full.skip()).to.throw('Line 1, column 7: There are more than limits.xml.nodes, 2');
  });

  it('leaves namespaces to those who resolve them', () => {
    const reader = new XmlReader('<a xmlns="urn:a"><b><c></c></b></a>', defaultLimits.xml, { namespaces: true });
    reader.next();
    expect([reader.opens(nest), reader.next(), reader.namespace]).to.deep.equal([false, 'open', 'urn:a']);
  });
});

describe('the XML tokenizer, asked for the text of an element', () => {
  const textOf = (content: string, limits: Partial<XmlLimits> = {}): string | undefined => {
    const reader = begun(`<b>${content}</b>`, limits);
    reader.next();
    return reader.plainText();
  };

  it('reads it in one go, with its references', () => {
    const reader = begun('<b>x &lt;&#233;&amp; y</b><c/>');
    reader.next();
    expect([reader.plainText(), reader.name, reader.depth, reader.next(), reader.name]).to.deep.equal([
      'x <é& y',
      'b',
      1,
      'open',
      'c',
    ]);
    expect([textOf(''), textOf('x')]).to.deep.equal(['', 'x']);
  });

  for (const content of ['x<c/>', 'x<!-- y -->', '<![CDATA[x]]>', 'x > y', `${'x'.repeat(600)}`]) {
    it(`leaves ${content.slice(0, 20)} to others`, () => {
      expect(textOf(content)).to.equal(undefined);
    });
  }

  it('keeps the limits, of what references stand for', () => {
    expect(textOf('&amp;', { textLength: 5 })).to.equal('&');
    const reader = begun('<b>x&amp;y</b>', { textLength: 3 });
    reader.next();
    expect([reader.plainText(), reader.elementText()]).to.deep.equal([undefined, 'x&y']);
    expect(() => textOf('x', { nodes: 2 })).to.throw('Line 1, column 7: There are more than limits.xml.nodes, 2');
    expect(() => textOf('&amp;', { references: 0 })).to.throw(
      'Line 1, column 7: There are more than limits.xml.references, 0',
    );
    expect(() => textOf('x &nope;')).to.throw('Line 1, column 9: The entity &nope; is not defined.');
  });
});

describe('the XML tokenizer, given a declaration like the one before', () => {
  const rootOf = (document: string): string => {
    const reader = new XmlReader(document, defaultLimits.xml);
    reader.next();
    return reader.name;
  };

  for (const right of ['<?xml version="1.0"?>', "<?xml version='1.1' encoding='utf-8' ?>"]) {
    it(`reads ${right} again, and is as strict as before`, () => {
      for (let times = 0; times < 2; times++) expect(rootOf(`${right}<a/>`)).to.equal('a');
      for (const wrong of [
        right.replace('1.', '2.'),
        right.replace('?>', '>'),
        right.slice(0, -1),
        right.slice(0, 12),
      ]) {
        expect(() => rootOf(`${wrong}<a/>`), wrong).to.throw('Line 1, column 1: The XML declaration is wrong.');
        expect(rootOf(`${right}<a/>`)).to.equal('a');
      }
      expect(() => rootOf(`${right}${right}<a/>`)).to.throw('An XML declaration stands at the very beginning only.');
    });
  }
});
