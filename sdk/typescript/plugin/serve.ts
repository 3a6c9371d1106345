/** Serves a plugin over the standard streams of this process, or at an address where hosts connect. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLineReader, createLineWriter } from '../../../plugin-protocol/rpc/lines.ts';
import type { Calls, CallsFactory, ServeOptions } from './calls.ts';
import { connectionsFrom, type Reach } from './connections.ts';
import { createSession, describePlugin, type Session } from './session.ts';

/** The longest line that is read; the host keeps to less (`limits.plugins.lineToPlugin`). */
const maxBytes = 64 * 1024 * 1024;
/** How long calls may go on once the host has closed the pipe, and once they were cancelled. */
const graceMs = 2000;
/** A conversation with one host. */
interface Conversation {
  receive(chunk: Buffer): void;
  /** The host says nothing more. */
  ended(): void;
  /** Resolves once everything has been answered, or has had its time. */
  finish(): Promise<void>;
  /** Cancel what is under way and let it answer. */
  abandon(): Promise<void>;
}

const converse = (
  name: string,
  calls: Calls | CallsFactory,
  options: ServeOptions,
  print: (text: string) => void,
): Conversation => {
  const writer = createLineWriter(print);
  const session: Session = createSession(name, calls, options, writer.write, console.error);
  const reader = createLineReader({
    maxBytes: () => maxBytes,
    onLine: session.receive,
    onTooLong: () => console.error(`A line of more than ${maxBytes} bytes was discarded.`),
  });
  const idle = () => Promise.race([session.idle(), sleep(graceMs)]);
  return {
    receive: reader.push,
    ended: reader.end,
    async finish() {
      await idle();
      writer.flush();
    },
    async abandon() {
      session.cancelAll('The plugin is stopping.');
      await idle();
      writer.flush();
    },
  };
};

/** Resolves when the process is asked to end. */
const asked = (): Promise<'signal'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve('signal'));
  });

const overPipes = async (start: (print: (text: string) => void) => Conversation): Promise<void> => {
  const { stdin, stdout, stderr } = process;
  const write = stdout.write.bind(stdout) as (text: string, done?: (error?: Error | null) => void) => boolean;
  stdout.write = stderr.write.bind(stderr);
  // The host is gone: nobody is left to answer to.
  stdout.on('error', () => process.exit(0));
  const conversation = start(write);
  stdin.on('data', conversation.receive);
  const eof = once(stdin, 'end').then((): 'eof' => {
    conversation.ended();
    return 'eof';
  });
  // A program that feeds a few lines and closes the pipe wants their answers, so calls under way may end first.
  if ((await Promise.race([eof, asked()])) === 'eof') await conversation.finish();
  await conversation.abandon();
  // What is still on its way to the host would end with the process.
  await Promise.race([new Promise((resolve) => write('', resolve)), sleep(graceMs)]);
};

/** The hosts that `reach` lets be talked to, until the process is asked to end. */
const overSockets = async (start: (print: (text: string) => void) => Conversation, reach: Reach): Promise<void> => {
  const conversations = new Map<Conversation, Socket>();
  const over = asked();
  const close = await reach((socket) => {
    const conversation = start((text) => socket.write(text));
    conversations.set(conversation, socket);
    socket.on('data', conversation.receive);
    socket.on('end', async () => {
      conversation.ended();
      await conversation.finish();
      socket.end();
    });
    // What it would still have answered, nobody reads.
    socket.on('error', () => {});
    socket.on('close', async () => {
      conversations.delete(conversation);
      // A host that comes back asks what became of its calls, so those under way may end first.
      await conversation.finish();
      await conversation.abandon();
    });
  });
  await over;
  await Promise.all(
    [...conversations].map(async ([conversation, socket]) => {
      await conversation.abandon();
      // What is still on its way to the host would end with the connection.
      await Promise.race([new Promise<void>((resolve) => socket.end(resolve)), sleep(graceMs)]);
    }),
  );
  await close();
};

/**
 * Serve `calls`, or those that a factory makes for each configured instance, until the host closes the pipe or sends
 * SIGTERM; the process then ends. With `--describe` among its arguments it prints what `describe` answers and ends. With
 * `--listen ADDRESS` it stays, and serves every host that connects to `unix:PATH` or, with `--cert`, `--key` and `--ca`,
 * to `tls://HOST:PORT`; each connection begins with `configure`. With `--dial ADDRESS --connector NAME --token-file FILE` it
 * connects to a host by itself, again whenever the connection has ended.
 *
 * Over pipes standard output belongs to the protocol: whatever the program prints goes to standard error, that is to
 * the daemon's log. What a call throws that is no `Fault` goes to the log too, with its trace, and the caller is only told that it failed.
 */
export const serve = async <Config = Record<string, unknown>>(
  name: string,
  calls: Calls | CallsFactory<Config>,
  options: ServeOptions = {},
): Promise<void> => {
  const table = calls as Calls | CallsFactory;
  if (process.argv.includes('--describe')) {
    process.stdout.write(`${JSON.stringify(describePlugin(name, table, options))}\n`);
    return;
  }
  const start = (print: (text: string) => void) => converse(name, table, options, print);
  const reach = connectionsFrom(process.argv.slice(2));
  if (reach) await overSockets(start, reach);
  else await overPipes(start);
  process.exit(0);
};
