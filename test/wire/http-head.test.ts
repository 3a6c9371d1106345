import { expect } from 'chai';
import { bodyOf, closeServers, echo, everything, startServer, statusOf, until } from './raw-http.ts';

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`;
const posting = (...headers: string[]) => lines(`POST ${echo} HTTP/1.1`, 'Host: a', ...headers);
const chunked = (body: string) => posting('Transfer-Encoding: chunked') + body;

/** A request behind which another one could hide: nothing after it is answered. */
const hidden = lines(`POST ${echo} HTTP/1.1`, 'Host: a');

/** Requests that are refused, with the status and words of the last reply. */
const refused: Record<string, [request: string, status: number, words: RegExp]> = {
  'Content-Length and Transfer-Encoding': [
    posting('Content-Length: 3', 'Transfer-Encoding: chunked'),
    400,
    /both Content-Length and/,
  ],
  'Transfer-Encoding and Content-Length': [
    posting('Transfer-Encoding: chunked', 'Content-Length: 3'),
    400,
    /both Content-Length and/,
  ],
  'two lengths': [posting('Content-Length: 3', 'Content-Length: 4'), 400, /more than one header content-length/],
  'two lengths that are alike': [
    posting('Content-Length: 3', 'content-length: 3'),
    400,
    /more than one header content-length/,
  ],
  'two lengths in one header': [posting('Content-Length: 3, 3'), 400, /not a number/],
  'a length with a sign': [posting('Content-Length: +3'), 400, /not a number/],
  'a negative length': [posting('Content-Length: -3'), 400, /not a number/],
  'a hexadecimal length': [posting('Content-Length: 0x3'), 400, /not a number/],
  'a length of nothing': [posting('Content-Length:'), 400, /not a number/],
  'a length beyond 64 bits': [
    posting('Content-Length: 18446744073709551619'),
    400,
    /not a number of at most 15 digits/,
  ],
  'a coding that is not chunked': [posting('Transfer-Encoding: gzip'), 501, /another than chunked/],
  'a coding with a tab behind it': [posting('Transfer-Encoding: chunked\t'), 400, /Transfer-Encoding ends with a tab/],
  'a coding before chunked': [posting('Transfer-Encoding: gzip, chunked'), 501, /another than chunked/],
  'a coding after chunked': [posting('Transfer-Encoding: chunked, identity'), 501, /another than chunked/],
  'chunked twice': [
    posting('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
    400,
    /more than one header transfer-encoding/,
  ],
  'chunked behind a vertical tab': [
    posting('Transfer-Encoding:\x0bchunked'),
    400,
    /header Transfer-Encoding has a character/,
  ],
  'chunks of HTTP/1.0': [
    lines(`POST ${echo} HTTP/1.0`, 'Transfer-Encoding: chunked'),
    400,
    /HTTP\/1\.0 has no Transfer-Encoding/,
  ],
  'a POST of HTTP/1.0 without a length': [
    lines(`POST ${echo} HTTP/1.0`),
    411,
    /HTTP\/1\.0 must have a header Content-Length/,
  ],
  'a space before the colon': [posting('Content-Length : 3'), 400, /does not begin with a name and a colon/],
  'a tab before the colon': [posting('Transfer-Encoding\t: chunked'), 400, /does not begin with a name and a colon/],
  'a header without a colon': [posting('Transfer-Encoding'), 400, /does not begin with a name and a colon/],
  'a header without a name': [posting(': x'), 400, /does not begin with a name and a colon/],
  'a header that goes on': [posting('X: y', ' Transfer-Encoding: chunked'), 400, /goes on in a second line/],
  'a space before the first header': [lines(`POST ${echo} HTTP/1.1`, ' Host: a'), 400, /goes on in a second line/],
  'NUL in a header': [posting('X: a\0b'), 400, /header X has a character/],
  'NUL in a name': [posting('X\0: a'), 400, /does not begin with a name/],
  'DEL in a header': [posting('X: a\x7fb'), 400, /header X has a character/],
  'CR in a header': [posting('X: a\rContent-Length: 3'), 400, /header X has a character/],
  'LF at the end of a header': [posting('X: a\nContent-Length: 3'), 400, /header X has a character/],
  'LF at the end of each line': [`POST ${echo} HTTP/1.1\nHost: a\n\n`, 400, /half of CRLF/],
  'no Host': [lines(`POST ${echo} HTTP/1.1`), 400, /must have a header Host/],
  'two Hosts': [posting('Host: b'), 400, /more than one header host/],
  'a Host that is a list': [lines(`POST ${echo} HTTP/1.1`, 'Host: a, b'), 400, /Host is no host and port/],
  'a method in small letters': [lines(`post ${echo} HTTP/1.1`, 'Host: a'), 400, /does not begin with a method/],
  'an invented method': [lines(`PLEASE ${echo} HTTP/1.1`, 'Host: a'), 501, /not one of HTTP that is known here/],
  CONNECT: [lines('CONNECT a:80 HTTP/1.1', 'Host: a'), 501, /not one of HTTP that is known here/],
  'the preface of HTTP/2': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 501, /not one of HTTP that is known here/],
  'two spaces': [lines(`POST  ${echo} HTTP/1.1`, 'Host: a'), 400, /does not begin with a method/],
  'a tab between the words': [lines(`POST\t${echo} HTTP/1.1`, 'Host: a'), 400, /does not begin with a method/],
  'a space in the target': [lines('POST /a b HTTP/1.1', 'Host: a'), 400, /does not begin with a method/],
  'a target beyond ASCII': [lines('POST /\xe9 HTTP/1.1', 'Host: a'), 400, /does not begin with a method/],
  'a fragment': [lines(`POST ${echo}#a HTTP/1.1`, 'Host: a'), 400, /neither a path nor a URL/],
  'a path without a slash': [lines('POST echo HTTP/1.1', 'Host: a'), 400, /neither a path nor a URL/],
  'an asterisk for POST': [lines('POST * HTTP/1.1', 'Host: a'), 400, /neither a path nor a URL/],
  'a URL with a user': [lines(`POST http://u@a${echo} HTTP/1.1`, 'Host: a'), 400, /neither a path nor a URL/],
  'a URL whose host is none': [lines(`POST http://a"b${echo} HTTP/1.1`, 'Host: a'), 400, /names no host and port/],
  'a URL without a host': [lines(`POST http://${echo} HTTP/1.1`, 'Host: a'), 400, /neither a path nor a URL/],
  'a URL of something else': [lines('POST ftp://a/ HTTP/1.1', 'Host: a'), 400, /neither a path nor a URL/],
  'no version': [lines(`POST ${echo}`, 'Host: a'), 400, /does not begin with a method/],
  'a version in small letters': [lines(`POST ${echo} http/1.1`, 'Host: a'), 400, /does not begin with a method/],
  'HTTP/1.2': [lines(`POST ${echo} HTTP/1.2`, 'Host: a'), 505, /another version of HTTP/],
  'HTTP/2.0': [lines(`POST ${echo} HTTP/2.0`, 'Host: a'), 505, /another version of HTTP/],
  'another expectation': [posting('Expect: a-miracle'), 417, /something else than 100-continue/],
  'a chunk of no size': [chunked('\r\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'a chunk with a sign': [chunked('+3\r\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'a chunk with 0x': [chunked('0x3\r\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'a space before the size of a chunk': [chunked(' 3\r\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'a space after the size of a chunk': [chunked('3 \r\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'a chunk beyond 64 bits': [chunked('10000000000000003\r\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'a chunk that is longer than its size': [chunked('3\r\nabcd\r\n0\r\n\r\n'), 400, /well-formed/],
  'LF at the end of a size': [chunked('3\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'LF at the end of a chunk': [chunked('3\r\nabc\n0\r\n\r\n'), 400, /well-formed/],
  'CR in an extension': [chunked('3;a=\rb\r\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'NUL in an extension': [chunked('3;a\0\r\nabc\r\n0\r\n\r\n'), 400, /well-formed/],
  'extensions without an end': [chunked(`3;${'a'.repeat(70_000)}`), 431, /limits\.http\.headerBytes/],
  'extensions of many chunks': [chunked(`1;${'a'.repeat(1000)}\r\nx\r\n`.repeat(40)), 431, /limits\.http\.headerBytes/],
  'trailers without an end': [chunked(`0\r\n${'X: y\r\n'.repeat(10_000)}`), 431, /limits\.http\.headerBytes/],
  'a trailer that is none': [chunked('0\r\nX Y: z\r\n\r\n'), 400, /well-formed/],
  'a length among the trailers': [chunked('0\r\nContent-Length: 3\r\n\r\n'), 400, /well-formed/],
};

describe('HTTP heads', () => {
  afterEach(closeServers);

  it('that could be understood in two ways are refused, and nothing after them is answered', async () => {
    const { talk, seen } = await startServer();
    for (const [name, [request, status, words]] of Object.entries(refused)) {
      const reply = await talk(Buffer.from(request + hidden, 'latin1'));
      expect(reply.match(/HTTP\/1\.1 \d/g), name).to.have.length(1);
      expect(statusOf(reply), name).to.equal(status);
      expect(bodyOf(reply), name).to.match(words);
      expect(reply, name).to.include('\r\nConnection: close\r\n');
    }
    expect(seen).to.deep.equal([]);
  });

  it('are understood wherever they are torn', async () => {
    const { open, seen } = await startServer();
    const request = `\r\n${posting('X:  y\t', 'x: \xe9', '__proto__: z', 'Content-Length: 03', 'Connection: x, Close')}abc`;
    for (let tear = 1; tear < request.length; tear++) {
      const socket = await open();
      const said = everything(socket);
      socket.setNoDelay(true);
      socket.write(request.slice(0, tear), 'latin1');
      await new Promise(setImmediate);
      socket.write(request.slice(tear), 'latin1');
      expect(bodyOf(await said), `torn at ${tear}`).to.equal('abc');
      socket.destroy();
    }
    for (const { headers } of seen) {
      expect(Object.entries(headers)).to.deep.equal([
        ['host', 'a'],
        ['x', 'y, \xe9'],
        ['__proto__', 'z'],
        ['content-length', '03'],
        ['connection', 'x, Close'],
      ]);
    }
  });

  it('that come again and again are understood anew when they differ in anything', async () => {
    const { open, seen } = await startServer();
    const socket = await open();
    const heads = ['X: a', 'X: a', 'X: b', 'X: a', 'X: ab'];
    for (const [at, header] of heads.entries()) {
      socket.write(posting(header, 'Content-Length: 1') + at);
      await until(socket, `\r\n\r\n${at}`);
    }
    socket.destroy();
    expect(seen.map(({ headers, body }) => `${headers.x} ${body}`)).to.deep.equal(['a 0', 'a 1', 'b 2', 'a 3', 'ab 4']);
  });

  it('can have empty lines before them, as old clients end a body with one', async () => {
    const { talk } = await startServer();
    const reply = await talk(
      `${posting('Content-Length: 1')}a\r\n`,
      `${posting('Content-Length: 1', 'Connection: close')}b`,
    );
    expect(reply.match(/\r\n\r\n[ab]/g)).to.deep.equal(['\r\n\r\na', '\r\n\r\nb']);
  });

  it('are answered at once when they can become none, and not when the time is up', async () => {
    const { talk, refused: kinds } = await startServer();
    for (const beginning of [
      '\x16\x03\x01\x02\x00',
      'hello',
      'GET\t',
      `POST ${echo} HTTP/1.1\nHost: a\n`,
      `POST ${echo}\0`,
    ]) {
      expect(statusOf(await talk(Buffer.from(beginning, 'latin1'))), beginning).to.equal(400);
    }
    expect(kinds).to.deep.equal(Array(5).fill('malformed'));
  });

  it('of 64,000 spaces take no longer than others', async () => {
    const { talk } = await startServer({ headerBytes: 100_000 });
    const white = ' '.repeat(64_000);
    for (const line of [`X:${white}y`, `X: y${white}`, `X: y${white}y`]) {
      expect(statusOf(await talk(posting(line, 'Connection: close')))).to.equal(200);
    }
  });
});
