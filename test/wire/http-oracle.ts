/** Our HTTP server and Node's, told the same bytes, and bytes to tell them. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { defaultLimits } from '../../daemon/limits.ts';
import { wholeOf } from '../../daemon/wire/bytes.ts';
import { createHttpServer } from '../../daemon/wire/http.ts';
import type { Handler } from '../../daemon/wire/route.ts';
import { everything } from './raw-http.ts';

/** A request that was understood, as its handler is given it. */
interface Understood {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
}

interface Answered {
  requests: Understood[];
  /** All that was said to the peer. */
  said: string;
}

const tell = async (port: number, pieces: readonly Buffer[]): Promise<string> => {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
  const said = everything(socket);
  for (const piece of pieces) {
    if (socket.destroyed) break;
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    // Each has to come on its own.
    await new Promise(setImmediate);
  }
  socket.end();
  const all = await said;
  socket.destroy();
  return all;
};

const understood = (method: string, target: string, headers: object, body: Buffer): Understood => ({
  method,
  target,
  // Node loses this one.
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== '__proto__')),
  // We read those of POST alone.
  body: method === 'POST' ? body.toString('latin1') : '',
});

/** Of a path that cannot be decoded, which we refuse, as it is. */
const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** As we give it to a handler: the path alone, decoded. */
const ofNode = ({ method = '', url = '', headers }: IncomingMessage, body: Buffer): Understood => {
  const [whole = '', host] = /^https?:\/\/([^/?]*)/i.exec(url) ?? [];
  const [path = '', ...query] = url.slice(whole.length).split('?');
  // Node leaves it to others that a whole URL says the host.
  const given = host === undefined ? headers : { ...headers, host };
  return understood(method, [decoded(path), ...query].join('?'), given, body);
};

/** Of two that differ, Node takes the first. We refuse the request, and may go on with the next. */
const isAuthorizedTwice = ({ rawHeaders }: IncomingMessage): boolean =>
  new Set(rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'authorization'))
    .size > 1;

export interface Servers {
  ask(which: 'ours' | 'theirs', pieces: readonly Buffer[]): Promise<Answered>;
  stop(): Promise<void>;
}

/** Both servers, which answer whatever they understand. One is asked at a time. */
export const startServers = async (): Promise<Servers> => {
  let requests: Understood[] = [];
  const handler: Handler = ({ method, path, query, headers, body }) => {
    const target = query === '' ? path : `${path}?${query}`;
    requests.push(understood(method, target, headers, wholeOf(body)));
    return { status: 200, headers: {}, body: 'understood' };
  };
  const ours = createHttpServer({ routes: [{ path: '/a', GET: handler, POST: handler }], limits: defaultLimits.http });
  const theirs = createServer((request, response) => {
    const pieces: Buffer[] = [];
    // As soon as the parser has it: when it finds fault with a later request, nothing more is heard of this one.
    const push = request.push.bind(request);
    request.push = (piece: Buffer | null) => {
      if (piece !== null) pieces.push(piece);
      else if (!isAuthorizedTwice(request)) requests.push(ofNode(request, Buffer.concat(pieces)));
      return push(piece);
    };
    // Without its length Node ends the connection behind a reply to HTTP/1.0, also where the peer wants it kept.
    const reply = 'understood';
    request.on('end', () => response.setHeader('Content-Length', reply.length).end(reply)).on('error', () => undefined);
    request.resume();
  });
  (theirs as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  const { port } = await ours.listen('127.0.0.1', 0);
  await new Promise<void>((resolve) => theirs.listen(0, '127.0.0.1', resolve));
  const ports = { ours: port, theirs: (theirs.address() as AddressInfo).port };
  return {
    ask: async (which, pieces) => {
      requests = [];
      const said = await tell(ports[which], pieces);
      return { requests, said };
    },
    stop: async () => {
      theirs.close();
      theirs.closeAllConnections();
      await ours.close();
    },
  };
};

/** Where we refuse what Node takes, by our words for it. Nothing is the other way round. */
const stricter: readonly RegExp[] = [
  /begin with a method, a target and HTTP\/1\.1/,
  /another version of HTTP than/,
  /The method of the request is not one/,
  /neither a path nor a URL/,
  /names no host and port/,
  /must have a header Host/,
  /more than one header (host|content-length|transfer-encoding)/,
  /The header Host is no host/,
  /Content-Length is not a number of at most 15 digits/,
  /both Content-Length and Transfer-Encoding/,
  /A request of HTTP\/1\.0 has no Transfer-Encoding/,
  /A POST of HTTP\/1\.0 must have a header Content-Length/,
  /The Transfer-Encoding is another than chunked/,
  /The Transfer-Encoding ends with a tab/,
  /A header goes on in a second line/,
  /expects something else/,
  /two Authorization headers that differ/,
  /There is nothing at this path/,
  /The path of the request is not valid/,
  /\/a takes GET/,
];

/** The same of chunked bodies, for which there is but one word: by what was sent. */
const stricterInChunks = /\r\n0{12,}|\r\n0+(?:;[^\r]*)?\r\n(?:[^\r\n]+\r\n)*(?:Host|Connection):/i;

const bothWords = [/Connection: close/i, /Connection: keep-alive/i];

/** What is wrong with how ours has answered, beside how Node has; undefined when nothing is. */
export const wrongBeside = (told: readonly Buffer[], ours: Answered, theirs: Answered): string | undefined => {
  // Others are answered without a handler.
  const others = theirs.requests.filter(
    ({ method, target }) => ['GET', 'HEAD', 'POST'].includes(method) && target.split('?')[0] === '/a',
  );
  for (const [index, request] of ours.requests.entries()) {
    const [mine, other] = [JSON.stringify(request), JSON.stringify(others[index])];
    // We do not look at the body of this one, and end the connection.
    if (other === undefined && request.method !== 'POST' && index === ours.requests.length - 1) return undefined;
    if (mine !== other) return `Understood as ${mine}, by Node as ${other}.`;
  }
  const next = others[ours.requests.length];
  if (next === undefined) return undefined;
  const reply = ours.said.slice(ours.said.lastIndexOf('HTTP/1.1 '));
  if (stricter.some((words) => words.test(reply))) return undefined;
  if (reply.includes('well-formed') && stricterInChunks.test(Buffer.concat(told).toString('latin1'))) return undefined;
  const isClosed = reply.includes('\r\nConnection: close\r\n');
  // The body of a request that is no POST is not looked at, and ends the connection; OPTIONS has no handler.
  const bodyUnread = reply.startsWith('HTTP/1.1 204 ') || ours.requests.at(-1)?.method !== 'POST';
  if (bodyUnread && /^HTTP.1.1 20[04] /.test(reply) && isClosed) return undefined;
  // What is refused to HEAD is without words, also where there is no handler that could have understood it.
  const isWordless = /^HTTP.1.1 4\d\d /.test(reply) && reply.endsWith('\r\n\r\n') && isClosed;
  if (isWordless && (bodyUnread || /\r\nContent-Length: [1-9]/.test(reply))) return undefined;
  // Of both words for a connection Node takes the one that it likes better.
  if (isClosed && bothWords.every((word) => word.test(Buffer.concat(told).toString('latin1')))) return undefined;
  return `Not understood, but by Node as ${JSON.stringify(next)}: ${JSON.stringify(reply)}`;
};

const methods = ['GET', 'HEAD', 'PUT', 'OPTIONS', 'post', 'PO ST', 'P\0ST', 'CONNECT', 'M-SEARCH', 'PRI', ''];
const targets = [
  '/a?b',
  '/%61',
  'http://h/a',
  'HTTP://h:80/a',
  'http:///a',
  'ftp://h/a',
  '*',
  'a',
  '/a#b',
  '/\x7f',
  '/\xe9',
  '/a b',
  '//u@h/a',
  'http://u@h/a',
  '/a\0',
];
const versions = ['HTTP/1.0', 'HTTP/1.2', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.1 ', 'http/1.1', 'HTTP/1', 'HTTP/11', ''];
const spaces = ['  ', '\t', '', '\x0b', '\r'];
const ends = ['\n', '\r', '\r\r\n', '\n\r', '\r\n '];
const headers = [
  'Host: a',
  'Host: a, b',
  'Host: a b',
  'Host:',
  'Host : a',
  'Content-Length: 3',
  'Content-Length: 03',
  'Content-Length: +3',
  'Content-Length: 3, 3',
  'Content-Length: 3 3',
  'Content-Length:',
  'Content-Length: 0x3',
  'Content-Length: -1',
  'Content-Length: 18446744073709551619',
  'Content-Length: 99999999999999999999999',
  'Content-Length\t: 3',
  'Content-Length: 3\x0b',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: Chunked ',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: "chunked"',
  'Transfer_Encoding: chunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding',
  ' Transfer-Encoding: chunked',
  'X: y\r\n Transfer-Encoding: chunked',
  'X: a\0b',
  'X: a\x7fb',
  'X: \xe9',
  'X: a\rb',
  'X\0: y',
  ': y',
  'X Y: z',
  'X: ',
  'X:',
  'X:y',
  'X: y',
  '__proto__: z',
  '(X): y',
  'Connection: close',
  'Connection: keep-alive',
  'Connection: Close, x',
  'Connection: closer',
  'Expect: 100-continue',
  'Expect: 100-Continue',
  'Expect: more',
  'Upgrade: h2c',
  'Authorization: Basic x',
  'Content-Type: text/xml',
];
const chunkEnds = [
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\n',
  '\r',
  '',
  '\r\n\r\n',
  ' \r\n',
  ';a\r\n',
  ';a=b\r\n',
  ';a="b;c"\r\n',
  '; a\r\n',
  ';a = b\r\n',
  ';\r\n',
  ';a="\r\n',
  ';a\0\r\n',
  ',\r\n',
];
const sizes = [
  '3',
  '03',
  '0003',
  '+3',
  '-3',
  '0x3',
  ' 3',
  '3 ',
  'fffffffffffffffff',
  '100000003',
  '',
  'g',
  '00000000000000000003',
];

type Random = (below: number) => number;

/** A request, or what is nearly one; or several, in pieces. */
export const requestsOf = (random: Random): Buffer[] => {
  const pick = (list: readonly string[]) => list[random(list.length)]!;
  /** Seldom something else than what is right. */
  const mostly = (right: string, list: readonly string[], seldom = 12) => (random(seldom) === 0 ? pick(list) : right);
  const end = () => mostly('\r\n', ends, 60);
  const chunked = () => {
    let text = '';
    for (let times = random(3); times > 0; times -= 1) {
      text += `${mostly('3', sizes)}${mostly('\r\n', chunkEnds)}abc${mostly('\r\n', chunkEnds, 20)}`;
    }
    const trailer = random(4) === 0 ? `${pick(headers)}${end()}` : '';
    return `${text}${mostly('0', ['00', '000000000', '-0', ''])}${mostly('\r\n', chunkEnds)}${trailer}${end()}`;
  };
  const request = () => {
    const line = `${mostly('POST', methods)}${mostly(' ', spaces, 40)}${mostly('/a', targets)}${mostly(' ', spaces, 40)}${mostly('HTTP/1.1', versions)}`;
    const given = [mostly('Host: a', headers, 30)];
    let body = '';
    const kind = random(3);
    if (kind === 1) {
      given.push('Content-Length: 3');
      body = 'abc';
    } else if (kind === 2) {
      given.push('Transfer-Encoding: chunked');
      body = chunked();
    }
    for (let times = random(3); times > 0; times -= 1) given.splice(random(given.length + 1), 0, pick(headers));
    return `${mostly('', ['\r\n', '\n', '\r\n\r\n', ' '], 30)}${line}${end()}${given.map((header) => header + end()).join('')}${end()}${body}`;
  };
  let text = Array.from({ length: 1 + random(3) }, request).join('');
  if (random(3) === 0) {
    const at = random(text.length);
    text =
      text.slice(0, at) +
      pick(['', '\0', '\r', '\n', ' ', ':', '\t', '\xff', text.slice(0, random(at + 1))]) +
      text.slice(at + random(2));
  }
  if (random(10) === 0) text = text.slice(0, random(text.length));
  const bytes = Buffer.from(text, 'latin1');
  const cuts = Array.from({ length: random(3) }, () => random(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts]
    .map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length))
    .filter(({ length }) => length > 0);
};
