/** A program that connects by itself: it is started with an address to connect to, and spoken to there once it has said who it is. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { type Admission, admissionOf, refusalLine } from '../../rpc/admission.ts';
import { createLineReader } from '../../rpc/lines.ts';
import { excerpt, Failure, isTelling } from '../report/verdict.ts';
import { type Carrier, NoPlugin, type ProgramSubject, startProgram, type TlsFiles } from './carrier.ts';
import { Clock } from './clock.ts';

export interface Dialling {
  env: Record<string, string>;
  /** Where its socket and its token are put. */
  folder: string;
  /** How long it may take to connect, in milliseconds. */
  withinMs: number;
  /** How often it is refused before it is admitted. */
  refusals?: number;
}

export interface Dialled {
  /** Undefined when it did not come again after a refusal. */
  carrier: Carrier | undefined;
  /** Milliseconds that count (`clock.ts`) from each refusal until it came again. */
  pauses: number[];
}

const connector = 'check';
const longestAdmission = 64 * 1024;

/** What stands in the command for what it must know; without any of these the options of the kits are appended. */
const placeholders = ['{address}', '{path}', '{connector}', '{token-file}'] as const;
const kitOptions = ['--dial', '{address}', '--connector', '{connector}', '--token-file', '{token-file}'];

const commandFor = (command: readonly string[], known: Record<(typeof placeholders)[number], string>): string[] => {
  const isSaid = command.some((word) => placeholders.some((name) => word.includes(name)));
  return [...command, ...(isSaid ? [] : kitOptions)].map((word) =>
    placeholders.reduce((text, name) => text.replaceAll(name, known[name]), word),
  );
};

const listen = async (tls: TlsFiles | undefined, path: string): Promise<{ server: Server; address: string }> => {
  if (tls === undefined) {
    const server = createServer().listen(path);
    await once(server, 'listening');
    return { server, address: `unix:${path}` };
  }
  const [cert, key, ca] = await Promise.all([tls.cert, tls.key, tls.ca].map((file) => readFile(file)));
  const mutual = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const;
  const server = createTlsServer({ cert, key, ca, ...mutual }).listen(0, 'localhost');
  await once(server, 'listening');
  return { server, address: `tls://localhost:${(server.address() as AddressInfo).port}` };
};

/** Its first line; what it says behind that is left in the socket. */
const firstLine = (socket: Socket, clock: Clock, withinMs: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const fail = (message: string) => {
      deadline.callOff();
      reject(new Failure(message, 'Its first line is $/admit.'));
    };
    const silent = `It has connected, and says nothing within ${withinMs} ms.`;
    const deadline = clock.deadline(withinMs, () => fail(silent));
    const chunks: Buffer[] = [];
    const reader = createLineReader({
      maxBytes: () => longestAdmission,
      onLine(line) {
        deadline.callOff();
        socket.off('data', onData).pause();
        const all = Buffer.concat(chunks);
        const rest = all.subarray(all.indexOf(0x0a) + 1);
        if (rest.length > 0) socket.unshift(rest);
        resolve(line);
      },
      onTooLong: (head) => fail(`It has connected, and its first line is endless: ${excerpt(head)}`),
    });
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      reader.push(chunk);
    };
    socket.on('data', onData);
    socket.once('close', () => fail('It has connected, and closed the connection before it said who it is.'));
  });

const judge = (line: string, expected: Admission): void => {
  const said = admissionOf(line);
  if (said === undefined) {
    throw new Failure(
      `Its first line is not $/admit with the texts connector and token: ${excerpt(line)}`,
      `Write {"jsonrpc":"2.0","method":"$/admit","params":{"connector":"NAME","token":"TOKEN"}} before anything else.`,
    );
  }
  if (said.connector !== expected.connector) {
    throw new Failure(
      `It says that it is for the connector ${excerpt(said.connector)}, and was told ${expected.connector}.`,
      'In the command {connector} stands for the name, or the option --connector is appended.',
    );
  }
  if (said.token !== expected.token) {
    throw new Failure(
      said.token.trim() === expected.token
        ? 'Its token has white space around it, such as the line break of the file.'
        : 'It shows another token than that in its file.',
      'The token is the text of the file without white space around it; {token-file} stands for the path in the command.',
    );
  }
};

/** Its standard streams: what it prints is its own affair, but secrets are looked for in it. */
const printedBy = ({ output, errors }: Carrier): PassThrough => {
  const printed = new PassThrough();
  for (const stream of [output, errors!]) stream.pipe(printed, { end: false });
  return printed;
};

/** As a sentence to go behind another. */
const lastPrinted = (printed: PassThrough): string => {
  const text: Buffer | null = printed.read();
  const line = text?.toString().split(/\r?\n/).findLast(isTelling);
  return line === undefined ? '' : ` The last line that it printed: ${excerpt(line, 300)}`;
};

/** Also after an error, which is of no interest. */
const closed = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once('close', () => resolve('closed the connection')));

const carrierOn = (socket: Socket, program: Carrier, errors: PassThrough): Carrier => ({
  pid: program.pid,
  input: socket,
  // It was paused, and flows once somebody reads.
  output: socket.pipe(new PassThrough()),
  errors,
  ended: Promise.race([program.ended, closed(socket)]),
  kill: program.kill,
  release() {
    socket.destroy();
    program.release();
  },
});

/**
 * Start it, and admit it once it connects. Throws `NoPlugin` when it does not connect, and a `Failure` when what it says
 * first is wrong; it is ended then.
 */
export const startDialling = async (
  { command, folder: where, dialIn }: ProgramSubject,
  { env, folder, withinMs, refusals = 0 }: Dialling,
): Promise<Dialled> => {
  const expected = { connector, token: randomBytes(16).toString('hex') };
  const [path, tokenFile] = [join(folder, 'host.sock'), join(folder, 'token')];
  await writeFile(tokenFile, `${expected.token}\n`, { mode: 0o600 });
  const { server, address } = await listen(dialIn?.tls, path);
  let noHandshake = '';
  server.on('tlsClientError', ({ message }: Error) => {
    noHandshake = ` A connection did not get through the handshake: ${message}.`;
  });
  const sockets = connectionsOf(server, dialIn?.tls === undefined ? 'connection' : 'secureConnection');
  const known = { '{address}': address, '{path}': path, '{connector}': connector, '{token-file}': tokenFile };
  const words = commandFor(command, known);
  try {
    const program = await startProgram({ kind: 'program', command: words, folder: where }, env);
    program.input.end();
    const errors = printedBy(program);
    const clock = new Clock(program.pid);
    const pauses: number[] = [];
    const end = () => {
      program.kill('SIGKILL');
      program.release();
    };
    try {
      for (let refused = 0; ; refused++) {
        const waited = clock.read();
        const socket = await clock.within(withinMs, Promise.race([sockets.next(), program.ended]));
        if (typeof socket !== 'object') {
          const how = socket === 'late' ? `has not connected within ${withinMs} ms` : socket;
          if (refused > 0) {
            end();
            return { carrier: undefined, pauses };
          }
          throw new NoPlugin(
            `The plugin was started as ${words.join(' ')}, and ${how} without having said who it is.${noHandshake}${lastPrinted(errors)}`,
          );
        }
        if (refused > 0) pauses.push(clock.read() - waited);
        socket.on('error', () => {});
        judge(await firstLine(socket, clock, withinMs), expected);
        if (refused === refusals) return { carrier: carrierOn(socket, program, errors), pauses };
        socket.end(`${refusalLine}\n`);
        await closed(socket.resume());
      }
    } catch (error) {
      end();
      throw error;
    }
  } finally {
    server.close();
  }
};

/** Connections one after the other. */
const connectionsOf = (server: Server, event: string) => {
  const come: Socket[] = [];
  let wake = () => {};
  server.on(event, (socket: Socket) => {
    come.push(socket);
    wake();
  });
  return {
    async next(): Promise<Socket> {
      while (come.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return come.shift()!;
    },
  };
};
