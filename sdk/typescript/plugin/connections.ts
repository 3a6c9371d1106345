/** How a plugin that stays meets its hosts: they connect to it, or it connects to one. Over TLS both sides show certificates. */
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { parseArgs } from 'node:util';
import { type Address, addressOf, serverNameOf } from '../../../plugin-protocol/connection/address.ts';
import { clearSocket, listenAt, troubleAt } from '../../../plugin-protocol/connection/listening.ts';
import { readSecure, secureTrouble } from '../../../plugin-protocol/connection/secure.ts';
import { admissionLine, refusalLine } from '../../../plugin-protocol/rpc/admission.ts';

/** Lets hosts be talked to; resolves with what ends that. */
export type Reach = (onSocket: (socket: Socket) => void) => Promise<() => Promise<void>>;

/** Where hosts are met. */
interface Place {
  /** As it was given. */
  text: string;
  address: Address;
  /** What is shown there, and whom it believes; read at each use. Throws when a file cannot be used. */
  tls(): { cert: Buffer; key: Buffer; ca: Buffer; minVersion: 'TLSv1.3' };
}

/** Milliseconds between two tries: doubled each time, the shortest again once a connection has held for a while. */
const pauses = { first: 250, longest: 30_000, wellAfter: 60_000 };
/** How long the host may take to begin, and after how long without a word it is asked whether it is there still; in milliseconds. */
const beginMs = 30_000;
const keepAliveMs = 30_000;

/** Ends the program, which was called wrongly. */
const refuse = (words: string): never => {
  console.error(words);
  process.exit(2);
};

/** Undefined when the arguments ask for none. */
export const connectionsFrom = (args: string[]): Reach | undefined => {
  const names = ['listen', 'dial', 'connector', 'token-file', 'cert', 'key', 'ca'] as const;
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const given = parseArgs({ args, strict: false, options }).values as Partial<Record<(typeof names)[number], string>>;
  const option = given.listen === undefined ? 'dial' : 'listen';
  const { [option]: text, connector, 'token-file': tokenFile, cert, key, ca } = given;
  if (text === undefined) return undefined;
  const address =
    addressOf(String(text)) ?? refuse(`--${option} takes unix:PATH or tls://HOST:PORT, not ${String(text)}.`);
  const tls = () => ({ ...readSecure({ cert: cert!, key: key!, ca: ca! }, '--'), minVersion: 'TLSv1.3' as const });
  if (address.kind === 'tls' && (cert === undefined || key === undefined || ca === undefined)) {
    refuse(`--${option} tls: needs --cert, --key and --ca, each a PEM file.`);
  }
  const place = { text, address, tls };
  if (option === 'listen') return (onSocket) => listen(place, onSocket);
  if (connector === undefined || tokenFile === undefined) {
    return refuse('--dial needs --connector, the name that the host knows it by, and --token-file.');
  }
  return async (onSocket) => dial(place, connector, tokenFile, onSocket);
};

/** Removes what a process left that ended without closing. Throws when one still listens there, or what is there is no socket. */
const clear = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const other = connect(path);
    other.once('connect', () => {
      other.destroy();
      reject(new Error(`Something listens at unix:${path} already.`));
    });
    other.once('error', ({ code }: NodeJS.ErrnoException) => {
      try {
        if (code === 'ECONNREFUSED') clearSocket(path);
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });

/** Serves every host that connects. */
const serveAt = async ({ text, address, tls }: Place, onSocket: (socket: Socket) => void) => {
  const sockets = new Set<Socket>();
  const take = (socket: Socket) => {
    socket.setKeepAlive(true, keepAliveMs);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  };
  const options = { allowHalfOpen: true, noDelay: true };
  const server =
    address.kind === 'unix'
      ? createServer(options, take)
      : createTlsServer({ ...options, ...tls(), requestCert: true, rejectUnauthorized: true }, take);
  if (address.kind === 'unix') await clear(address.path);
  await listenAt(server, address);
  console.error(`Hosts can connect to ${text}.`);
  return () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
};

const listen = (place: Place, onSocket: (socket: Socket) => void) =>
  serveAt(place, onSocket).catch(({ message }: Error) => {
    console.error(`Hosts cannot connect to ${place.text}: ${message}`);
    process.exit(1);
  });

const open = ({ address, tls }: Place): Socket => {
  if (address.kind === 'unix') return connect(address.path);
  const { host, port } = address;
  const socket = connectTls({ host, port, ...tls(), ...serverNameOf(host) });
  const late = setTimeout(() => socket.destroy(new Error('it does not answer')), beginMs);
  socket.once('close', () => clearTimeout(late));
  return socket.once('secureConnect', () => {
    clearTimeout(late);
    // Before there is a connection it would be forgotten how often.
    socket.setKeepAlive(true, keepAliveMs);
  });
};

/** Connects, and again whenever the connection has ended. The token is read at each try, so that it can be changed meanwhile. */
const dial = (place: Place, connector: string, tokenFile: string, onSocket: (socket: Socket) => void) => {
  const over = new AbortController();
  const { signal } = over;
  let told: string | undefined;
  const tell = (words: string) => {
    // Once, not at every try.
    if (words !== told) console.error(`The host at ${place.text} ${words}`);
    told = words;
  };
  /** Resolves when the connection has ended. */
  const meet = async () => {
    const token = readFileSync(tokenFile, 'utf8').trim();
    const socket = open(place);
    const leave = () => socket.destroy();
    signal.addEventListener('abort', leave, { once: true });
    const { address } = place;
    socket.on('error', (error) => {
      const why = address.kind === 'unix' ? troubleAt(address, error) : secureTrouble(error, '--');
      tell(`cannot be reached: ${why}.`);
    });
    let hasSaid = false;
    socket.once('data', (chunk: Buffer) => {
      hasSaid = true;
      const isRefusal = chunk.toString().startsWith(refusalLine);
      tell(isRefusal ? 'does not admit this plugin; its log says why.' : 'has admitted this plugin.');
    });
    socket.write(`${admissionLine({ connector, token })}\n`);
    onSocket(socket);
    const isFailure = await new Promise<boolean>((resolve) => socket.once('close', resolve));
    if (!hasSaid && !isFailure && !signal.aborted) tell('has closed the connection without a word.');
    signal.removeEventListener('abort', leave);
  };
  const run = async () => {
    for (let pause = pauses.first; !signal.aborted; pause = Math.min(2 * pause, pauses.longest)) {
      const begun = Date.now();
      await meet().catch(({ message }: Error) => tell(`cannot be reached: ${message}.`));
      if (Date.now() - begun >= pauses.wellAfter) pause = pauses.first;
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  };
  const running = run();
  return async () => {
    over.abort();
    await running;
  };
};
