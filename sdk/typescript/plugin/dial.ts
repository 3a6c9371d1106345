/** A plugin that stays: it connects to a host, and again whenever the connection has ended. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { parseArgs } from 'node:util';
import { type Address, addressOf, serverNameOf } from '../../../plugin-protocol/address.ts';
import { admissionLine, refusalLine } from '../../../plugin-protocol/rpc/admission.ts';
import { ArgumentError } from './listen.ts';

export interface DialOptions {
  address: Address;
  /** As it was given. */
  text: string;
  /** The connector that it is for, and the file with its token. */
  connector: string;
  tokenFile: string;
  /** PEM files, for `tls:`. */
  cert?: string | undefined;
  key?: string | undefined;
  ca?: string | undefined;
}

/** Milliseconds between two tries: doubled each time, the shortest again once a connection has held for a while. */
const pauses = { first: 250, longest: 30_000, wellAfter: 60_000 };
/** How long the host may take to begin, and after how long without a word it is asked whether it is there still; in milliseconds. */
const beginMs = 30_000;
const keepAliveMs = 30_000;

/** Undefined when the arguments say nothing of it. Throws what to write instead when they are wrong. */
export const dialOptions = (args: string[]): DialOptions | undefined => {
  const text = { type: 'string' } as const;
  const names = ['dial', 'connector', 'token-file', 'cert', 'key', 'ca'] as const;
  const options = Object.fromEntries(names.map((name) => [name, text]));
  const values = parseArgs({ args, strict: false, options }).values as Partial<Record<(typeof names)[number], string>>;
  const { dial, connector, 'token-file': tokenFile, cert, key, ca } = values;
  if (dial === undefined) return undefined;
  const address = addressOf(String(dial));
  if (address === undefined) throw new ArgumentError(`--dial takes unix:PATH or tls://HOST:PORT, not ${dial}.`);
  if (connector === undefined || tokenFile === undefined) {
    throw new ArgumentError('--dial needs --connector, the name that the host knows it by, and --token-file.');
  }
  if (address.kind === 'tls' && (cert === undefined || key === undefined || ca === undefined)) {
    throw new ArgumentError('--dial tls: needs --cert, --key and --ca, each a PEM file.');
  }
  return { address, text: dial, connector, tokenFile, cert, key, ca };
};

const open = ({ address, cert, key, ca }: DialOptions): Socket => {
  if (address.kind === 'unix') return connect(address.path);
  const [own, secret, authorities] = [cert!, key!, ca!].map((file) => readFileSync(file));
  const { host, port } = address;
  const known = { cert: own, key: secret, ca: authorities };
  const socket = connectTls({ host, port, ...known, minVersion: 'TLSv1.3', ...serverNameOf(host) });
  socket.setKeepAlive(true, keepAliveMs);
  socket.setTimeout(beginMs, () => socket.destroy(new Error('it does not answer')));
  return socket.once('secureConnect', () => socket.setTimeout(0));
};

/** Connect and say who it is; resolves when the connection has ended. */
const dialOnce = async (
  options: DialOptions,
  onSocket: (socket: Socket) => void,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const token = readFileSync(options.tokenFile, 'utf8').trim();
  const socket = open(options);
  const leave = () => socket.destroy();
  signal.addEventListener('abort', leave, { once: true });
  socket.on('error', ({ message }) => tell(`The host at ${options.text} cannot be reached: ${message}.`));
  let hasSaid = false;
  socket.once('data', (chunk: Buffer) => {
    hasSaid = true;
    const isRefusal = chunk.toString().startsWith(refusalLine);
    tell(
      isRefusal
        ? `The host at ${options.text} does not admit this plugin; its log says why.`
        : `The host at ${options.text} has admitted this plugin.`,
    );
  });
  socket.once('close', (isFailure: boolean) => {
    const isMute = !hasSaid && !isFailure && !signal.aborted;
    if (isMute) tell(`The host at ${options.text} has closed the connection without a word.`);
  });
  socket.write(`${admissionLine({ connector: options.connector, token })}\n`);
  onSocket(socket);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  signal.removeEventListener('abort', leave);
};

/**
 * Connect, and leave the rest to `onSocket`; again and again until what it answers is called. The token is read at each
 * try, so that it can be changed while the plugin runs.
 */
export const dial = (options: DialOptions, onSocket: (socket: Socket) => void): (() => Promise<void>) => {
  const over = new AbortController();
  const { signal } = over;
  let told: string | undefined;
  const tell = (words: string) => {
    // Once, not at every try.
    if (words !== told) console.error(words);
    told = words;
  };
  const run = async () => {
    for (let pause = pauses.first; !signal.aborted; pause = Math.min(2 * pause, pauses.longest)) {
      const begun = Date.now();
      await dialOnce(options, onSocket, tell, signal).catch(({ message }: Error) => tell(message));
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
