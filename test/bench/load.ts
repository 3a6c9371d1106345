/** Load by `wrk`: one thread, connections that stay open, one request over and over. */
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { folder, output, processors } from './children.ts';

export interface Request {
  port: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Load {
  perSecond: number;
  /** Microseconds. */
  p50: number;
  p99: number;
}

const agent = new Agent({ keepAlive: true });

type Sent = Omit<Request, 'body'> & { body: string | Uint8Array };

/** Sends a request as a plain client does, without asking for compression as `fetch` would. */
export const send = ({ port, path, headers, body }: Sent): Promise<{ status: number; type: string; body: string }> =>
  new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (reply) => {
      const pieces: Buffer[] = [];
      reply.on('data', (piece: Buffer) => pieces.push(piece));
      reply.on('error', reject);
      reply.on('end', () => {
        const { statusCode: status = 0, headers: answered } = reply;
        resolve({ status, type: answered['content-type'] ?? '', body: Buffer.concat(pieces).toString() });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

/** Sends the request once; throws unless the status is 200 and the body contains `expected`. */
export const probe = async (request: Request, expected: string): Promise<{ body: string; type: string }> => {
  const { status, type, body } = await send({
    ...request,
    body: request.body.replace('%d', `probe-${performance.now()}`),
  });
  if (status !== 200 || !body.includes(expected)) throw new Error(`Answered ${status}: ${body.slice(0, 300)}`);
  return { body, type };
};

const lua = (text: string) =>
  `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;

/** `%d` in a body stands for the number of the request; as those change something, faults among the answers are counted. */
const script = ({ path, headers, body }: Request) => `
wrk.method, wrk.path, wrk.body = "POST", ${lua(path)}, ${lua(body)}
${Object.entries(headers)
  .map(([name, value]) => `wrk.headers[${lua(name)}] = ${lua(value)}`)
  .join('\n')}
${
  body.includes('%d')
    ? `local count, stamp = 0, os.time()
function request()
  count = count + 1
  return wrk.format(nil, nil, nil, (wrk.body:gsub("%%d", stamp .. "-" .. count)))
end
function setup(thread) threads = { thread } end
function response(status, headers, body)
  if body:find("<fault>", 1, true) then faults = (faults or 0) + 1 end
end`
    : ''
}
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("\\nRESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    (threads and threads[1]:get("faults") or 0) + errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;

/** Sends the request over so many connections for so many seconds. */
export const load = async (request: Request, connections: number, seconds: number): Promise<Load> => {
  const file = join(folder, `load-${request.port}.lua`);
  writeFileSync(file, script(request));
  const url = `http://127.0.0.1:${request.port}`;
  const words = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', file, url];
  const text = await output(words, processors.load);
  const [requests = 0, micros = 1, p50 = 0, p99 = 0, errors = 0] =
    text
      .match(/RESULT (.*)/)?.[1]
      ?.split(' ')
      .map(Number) ?? [];
  if (requests === 0 || errors > requests / 100) throw new Error(`${errors} of ${requests} requests failed.`);
  return { perSecond: (requests * 1e6) / micros, p50, p99 };
};
