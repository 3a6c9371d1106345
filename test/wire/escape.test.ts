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

  it('gives what a reader reads back, white space included', () => {
    const text = ' \t\r\n<&>"\'\r 😀 ';
    const reader = new XmlReader(`<a b="${escapeAttribute(text)}">${escapeText(text)}</a>`, defaultLimits.xml);
    reader.next();
    expect(reader.attribute('b')).to.equal(text);
    expect(reader.elementText()).to.equal(text);
  });
});
