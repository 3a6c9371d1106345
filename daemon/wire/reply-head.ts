/** The head of a reply: its first line and its headers. */

/** The statuses that the daemon sends, in the words of RFC 9110: some old clients look for them. */
const phrases: Record<number, string> = {
  200: 'OK',
  202: 'Accepted',
  204: 'No Content',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  411: 'Length Required',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
};

/** Names of headers of which the last line is kept. */
const headersKept = 32;

/** Printable ASCII: what is beyond has no meaning that readers agree on (RFC 9110 section 5.5). */
const line = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+: [\t\x20-\x7e]*$/;

/** The line of a header as it was written last, by its name: most replies have the same. */
const written = new Map<string, { value: string; line: string }>();
const headerLine = (name: string, value: string): string => {
  const before = written.get(name);
  if (before?.value === value) return before.line;
  const given = `${name}: ${value}`;
  if (!line.test(given)) throw new Error(`The header ${JSON.stringify(given)} is none of HTTP.`);
  const whole = `${given}\r\n`;
  if (before !== undefined || written.size < headersKept) written.set(name, { value, line: whole });
  return whole;
};

let second = 0;
let date = '';
/** The Date of now, made once a second. */
const dateLine = (): string => {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    date = `Date: ${new Date(now * 1000).toUTCString()}\r\n`;
  }
  return date;
};

/** What stands in each reply about the connection: that it is closed after it, or how long it is kept. */
export const closes = 'Connection: close\r\n';
export const keeps = (milliseconds: number): string =>
  `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(milliseconds / 1000)}\r\n`;

export interface ReplyHead {
  status: number;
  headers: Record<string, string>;
  /** Bytes of the body, or that it comes in chunks; undefined where the status allows none. */
  length: number | 'chunked' | undefined;
  /** `closes`, or what `keeps` says. */
  connection: string;
}

/** As ASCII, with the empty line at its end. Throws when a header is none that HTTP can carry. */
export const encodeReplyHead = ({ status, headers, length, connection }: ReplyHead): string => {
  // The space is there also before nothing (RFC 9112 section 4).
  let head = `HTTP/1.1 ${status} ${phrases[status] ?? ''}\r\n`;
  for (const name of Object.keys(headers)) head += headerLine(name, headers[name]!);
  if (length === 'chunked') head += 'Transfer-Encoding: chunked\r\n';
  else if (length !== undefined) head += `Content-Length: ${length}\r\n`;
  return `${head}${dateLine()}${connection}\r\n`;
};
