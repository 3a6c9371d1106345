/**
 * The keeper: a small process that holds a plugin while daemons come and go. It gets its orders as one line of JSON on
 * standard input, answers with one line on standard output, and from then on serves a socket that the daemon's user alone
 * can open, to whoever knows the token. It ends with the plugin, and ends the plugin when no daemon comes back in time.
 *
 * It is one Node process: it imports nothing but what the host itself has, and no library.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { createReaper } from '../../../plugin-protocol/reaper.ts';
import { createLineReader } from '../../../plugin-protocol/rpc/lines.ts';
import { after } from '../after.ts';
import { type Child, endInOrder, endUnlessExited, type Launch, lastOutputMs, startChild } from '../program/child.ts';
import type { OpenCall } from '../transport/transport.ts';
import { createBacklog } from './backlog.ts';
import { createFrameReader, frame, fromKeeper, toKeeper } from './frames.ts';
import { createOpenCalls } from './open-calls.ts';

/** What a keeper is started with. */
export interface KeeperOrders {
  launch: Launch;
  /** Where it listens, and the file that tells a later daemon of it: both go with it. */
  socket: string;
  record: string;
  token: string;
  keepMs: number;
  keptBytes: number;
  stopMs: number;
  /** Lines from the plugin that are longer are none of a call that is counted. */
  maxLine: number;
}

/** What a daemon is told when it comes. */
export interface Welcome {
  pid: number;
  /** How many have come before. */
  generation: number;
  /** What the last one left to be remembered. */
  note?: unknown;
  calls: OpenCall[];
  droppedErrors: number;
}

/** What is taken of somebody who has not said the token, and how long it is waited for. */
const helloBytes = 4096;
const helloMs = 5000;

const digest = (text: string) => createHash('sha256').update(text).digest();

const keep = (orders: KeeperOrders, child: Child): void => {
  const { pid, streams, signal, ended } = child;
  const { stdin, stdout, stderr } = streams;
  const calls = createOpenCalls();
  const expected = digest(orders.token);
  const output = createBacklog(stdout, orders.keptBytes, false);
  const errors = createBacklog(stderr, orders.keptBytes, true);
  let daemon: Socket | undefined;
  let generation = 0;
  let note: unknown;
  let how: string | undefined;
  let stopping = false;

  /** Before the end is told: afterwards the same names may be those of the next keeper. */
  const clear = () => {
    for (const path of [orders.socket, orders.record]) rmSync(path, { force: true });
  };
  const leave = () => {
    clear();
    process.exit(0);
  };
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await endInOrder(child, ended, orders.stopMs);
  };
  let alone: NodeJS.Timeout | undefined;
  /** The one who comes back late finds nothing: what is kept for nobody is an orphan. */
  const wait = (ms: number) => {
    alone = setTimeout(() => (how === undefined ? void stop() : leave()), ms);
  };
  /** Its end is told to the daemon that is there, or to the next one. */
  const tellEnd = () => {
    if (how === undefined) return;
    if (daemon !== undefined) {
      clear();
      daemon.end(frame(fromKeeper.ended, how), () => process.exit(0));
    } else if (stopping) leave();
  };

  // Streams that already flow call `data` for each listener.
  const answers = createLineReader({ maxBytes: () => orders.maxLine, onLine: calls.answered, onTooLong() {} });
  const asked = createLineReader({ maxBytes: () => orders.maxLine, onLine: calls.asked, onTooLong() {} });
  stdout.on('data', answers.push);
  stdin.on('drain', () => daemon?.write(frame(fromKeeper.free)));
  stdin.on('error', () => {});
  stdout.on('end', () => {
    // Without its output it can answer nothing: it is as good as ended.
    if (!stopping) void endUnlessExited(child);
  });
  const closed = new Promise<void>((resolve) => streams.once('close', () => resolve()));
  void ended.then(async (reason) => {
    await Promise.race([closed, after(lastOutputMs)]);
    how = reason;
    tellEnd();
  });

  const attach = (socket: Socket) => {
    daemon?.destroy();
    clearTimeout(alone);
    daemon = socket;
    const welcome: Welcome = { pid, generation, note, calls: calls.list(), droppedErrors: errors.dropped() };
    generation += 1;
    socket.write(frame(fromKeeper.welcome, JSON.stringify(welcome)));
    errors.attach((chunk) => socket.write(frame(fromKeeper.errors, chunk)));
    output.attach((chunk) => socket.write(frame(fromKeeper.output, chunk)));
    socket.on('drain', () => {
      output.resume();
      errors.resume();
    });
    tellEnd();
  };
  const detach = (socket: Socket) => {
    if (daemon !== socket) return;
    daemon = undefined;
    output.detach();
    errors.detach();
    if (stopping) tellEnd();
    else wait(orders.keepMs);
  };

  const server = createServer({ noDelay: true }, (socket) => {
    let admitted = false;
    let strange = 0;
    socket.setTimeout(helloMs, () => admitted || socket.destroy());
    const onFrame = (type: string, content: Buffer) => {
      if (!admitted) {
        admitted = type === toKeeper.hello && timingSafeEqual(digest(content.toString()), expected);
        if (admitted) attach(socket);
        else socket.destroy();
      } else if (type === toKeeper.lines) {
        asked.push(content);
        if (!stdin.write(content)) socket.write(frame(fromKeeper.full));
      } else if (type === toKeeper.note) note = JSON.parse(content.toString());
      else if (type === toKeeper.stop) void stop();
      else if (type === toKeeper.kill) signal('SIGKILL');
    };
    const read = createFrameReader(onFrame);
    socket.on('data', (chunk) => {
      if (!admitted) strange += chunk.length;
      if (admitted || strange <= helloBytes) read(chunk);
      else socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => detach(socket));
  });
  process.umask(0o177);
  server.listen(orders.socket, () => process.stdout.write(`${JSON.stringify({ pid })}\n`));
  server.on('error', ({ message }) => {
    process.stdout.write(`${JSON.stringify({ error: `it cannot be kept: ${message}` })}\n`);
    void stop().then(() => ended.then(leave));
  });
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void stop());
  // The first daemon comes at once, or not at all.
  wait(Math.max(orders.keepMs, helloMs));
};

// The daemon that started it may be gone: there is nobody to tell.
process.stdout.on('error', () => {});
const lines = createInterface({ input: process.stdin });
lines.once('line', async (line) => {
  const orders = JSON.parse(line) as KeeperOrders;
  try {
    keep(
      orders,
      await startChild(
        orders.launch,
        createReaper(() => {}),
      ),
    );
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : error })}\n`, () =>
      process.exit(1),
    );
  }
});
