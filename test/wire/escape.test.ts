import { expect } from 'chai';
import { defaultLimits } from '../../daemon/limits.ts';
import { escapeAttribute, escapeText } from '../../daemon/wire/escape.ts';
import { XmlReader } from '../../daemon/wire/xml.ts';

describe('escaping for XML', () => {
  it('leaves plain text as it is', () => {
    expect(escapeText('été 😀\tund\n"mehr"')).to.equal('été 😀\tund\n"mehr"');
    expect(escapeAttribute("l'été 😀")).to.equal("l'été 😀");
  });

  it('replaces what is markup', () => {
    expect(escapeText('<a> & ]]>')).to.equal('&lt;a&gt; &amp; ]]&gt;');
    expect(escapeAttribute('<"&>')).to.equal('&lt;&quot;&amp;&gt;');
  });

  it('replaces what XML cannot hold by U+FFFD', () => {
    expect(escapeText('a\u0000\u001b\ud800b\udc00\uffff😀')).to.equal('a\ufffd\ufffd\ufffdb\ufffd\ufffd😀');
    expect(escapeAttribute('\u0007')).to.equal('\ufffd');
  });

  it('does the same to a short text and to a long one', () => {
    const long = 'x'.repeat(1000);
    const others = [0xe9, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xfffd, 0xfffe, 0xffff, 0x1f600];
    for (const code of [...Array(0x100).keys(), ...others]) {
      const text = `a&${String.fromCodePoint(code)}<`;
      expect(escapeText(text) + long, `U+${code.toString(16)}`).to.equal(escapeText(text + long));
    }
  });

  it('gives what a reader reads back, white space included', () => {
    const text = ' \t\r\n<&>"\'\r 😀 ';
    const reader = new XmlReader(`<a b="${escapeAttribute(text)}">${escapeText(text)}</a>`, defaultLimits.xml);
    reader.next();
    expect(reader.attribute('b')).to.equal(text);
    expect(reader.elementText()).to.equal(text);
  });
});
