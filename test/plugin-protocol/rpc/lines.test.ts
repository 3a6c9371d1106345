import { expect } from 'chai';
import { createLineReader, createLineWriter } from '../../../plugin-protocol/rpc/lines.ts';

const reading = (maxBytes: number) => {
  const lines: string[] = [];
  const tooLong: [head: string, tail: string][] = [];
  const reader = createLineReader({
    maxBytes: () => maxBytes,
    onLine: (line) => lines.push(line),
    onTooLong: (head, tail) => tooLong.push([head, tail]),
  });
  return { reader, lines, tooLong };
};

describe('createLineReader', () => {
  const text = 'one\r\n\ntwo ä€😀\n\r\nthree\n';

  it('finds the same lines wherever the bytes are cut', () => {
    const bytes = Buffer.from(text);
    for (const maxBytes of [20, 1000]) {
      for (let size = 1; size <= bytes.length; size++) {
        const { reader, lines } = reading(maxBytes);
        for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
        expect(lines, `pieces of ${size}`).to.deep.equal(['one', 'two ä€😀', 'three']);
      }
    }
  });

  it('tells lines that are not UTF-8 from those that are, wherever the bytes are cut', () => {
    const bytes = Buffer.concat([Buffer.from('ä1\n'), Buffer.from([0x62, 0xfc, 13, 10]), Buffer.from('ä2\nc')]);
    for (let size = 1; size <= bytes.length; size++) {
      const lines: string[] = [];
      const invalid: string[] = [];
      const reader = createLineReader({
        maxBytes: () => 100,
        onLine: (line) => lines.push(line),
        onTooLong: () => {},
        onInvalid: (line) => invalid.push(line),
      });
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      reader.end();
      expect([lines, invalid], `pieces of ${size}`).to.deep.equal([['ä1', 'ä2', 'c'], ['b\uFFFD']]);
    }
  });

  it('takes what comes after the last line feed for a line at the end', () => {
    const { reader, lines } = reading(100);
    reader.push(Buffer.from('a\nb'));
    expect(lines).to.deep.equal(['a']);
    reader.end();
    reader.end();
    expect(lines).to.deep.equal(['a', 'b']);
  });

  it('discards a line that is too long but for its ends, and goes on with the next, wherever it is cut', () => {
    const long = `head${'x'.repeat(2000)}tail`;
    const bytes = Buffer.from(`a\n${long}\nb\n`);
    for (const size of [1, 7, 256, 1999, bytes.length]) {
      const { reader, lines, tooLong } = reading(1000);
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      expect(lines).to.deep.equal(['a', 'b']);
      expect(tooLong).to.have.length(1);
      const [[head, tail]] = tooLong as [[string, string]];
      expect([head.length, head.slice(0, 5), tail.length, tail.slice(-5)]).to.deep.equal([256, 'headx', 256, 'xtail']);
    }
  });

  it('counts bytes and not characters', () => {
    const { reader, lines, tooLong } = reading(10);
    reader.push(Buffer.from('€€€\n€€€€\n'));
    expect([lines, tooLong.length]).to.deep.equal([['€€€'], 1]);
  });
});

describe('createLineWriter', () => {
  it('hands over the lines of one turn at once, and long ones before', async () => {
    const sent: string[] = [];
    const writer = createLineWriter((text) => sent.push(text));
    writer.write('a');
    writer.write('b');
    expect(sent).to.deep.equal([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).to.deep.equal(['a\nb\n']);
    writer.write('c'.repeat(100_000));
    expect(sent).to.have.length(2);
    writer.write('d');
    writer.flush();
    expect(sent[2]).to.equal('d\n');
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).to.have.length(3);
  });
});
