import { expect } from 'chai';
import { MultipartFault, readContentType, readMultipart } from '../../daemon/wire/multipart.ts';

const limits = { parts: 3, headerBytes: 64 };
const read = (text: string, boundary = 'b', own = limits) =>
  readMultipart(Buffer.from(text, 'latin1'), boundary, own).map(({ headers, body }) => [
    Object.fromEntries(headers),
    body.toString('latin1'),
  ]);
const faultOf = (text: string, boundary?: string): unknown[] => {
  try {
    return read(text, boundary);
  } catch (error) {
    if (!(error instanceof MultipartFault)) throw error;
    return [error.kind, error.message];
  }
};

describe('multipart bodies', () => {
  it('are read part by part, with what stands before and after left out', () => {
    const text =
      'preamble --b no\r\n--b  \r\nContent-ID: <a>\r\nX: 1\r\n\t2\r\n\r\none\r\n\r\n--b\r\n\r\n--c--b\r\n--b--\r\nepilogue\r\n--b\r\n';
    expect(read(text)).to.deep.equal([
      [{ 'content-id': '<a>', x: '1 2' }, 'one\r\n'],
      [{}, '--c--b'],
    ]);
  });

  it('may have lines without CR, and parts without content', () => {
    expect(read('--b\nX: 1\n\none\n--b\n\n--b\nX: 2\n--b--')).to.deep.equal([
      [{ x: '1' }, 'one'],
      [{}, ''],
      [{ x: '2' }, ''],
    ]);
  });

  it('hold bytes as they are, or as base64', () => {
    const bytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('');
    const coded = Buffer.from(bytes, 'latin1').toString('base64');
    for (const encoding of ['binary', '8bit', '7BIT']) {
      expect(read(`--b\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${bytes}\r\n--b--`)[0]![1]).to.equal(bytes);
    }
    expect(read(`--b\r\nContent-Transfer-Encoding: base64\r\n\r\n${coded}\r\n--b--`)[0]![1]).to.equal(bytes);
  });

  it('are refused when they do not end, are none, or go over a limit', () => {
    const part = '--b\r\n\r\nx\r\n';
    const cases: [string, unknown[], string?][] = [
      [part, ['malformed', 'The last part does not end.']],
      ['', ['malformed', 'The last part does not end.']],
      [`${part}--b`, ['malformed', 'The last part does not end.']],
      [`${part.repeat(4)}--b--`, ['too-large', 'There are more than limits.soap.parts, 3, parts.']],
      [
        `--b\r\nX: ${'1'.repeat(70)}\r\n\r\n\r\n--b--`,
        ['too-large', 'The headers of a part are longer than 64 bytes.'],
      ],
      [
        '--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\r\n--b--',
        ['malformed', 'The transfer encoding quoted-printable of a part is none of binary, 8bit, 7bit and base64.'],
      ],
      [part, ['malformed', 'The boundary of the parts is not given, or too long.'], ''],
      [part, ['malformed', 'The boundary of the parts is not given, or too long.'], 'b'.repeat(71)],
    ];
    for (const [text, expected, boundary] of cases) expect(faultOf(text, boundary), text).to.deep.equal(expected);
  });
});

describe('content types', () => {
  it('have parameters with and without quotes', () => {
    const { type, parameters } = readContentType(' Multipart/Related; TYPE="a/b; c=\\"d\\"";boundary=x ; start=<y> ');
    expect([type, ...parameters]).to.deep.equal([
      'multipart/related',
      ['type', 'a/b; c="d"'],
      ['boundary', 'x'],
      ['start', '<y>'],
    ]);
  });
});
