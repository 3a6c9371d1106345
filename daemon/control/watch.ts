/** Watching a connector through the control socket: what its plugin and the daemon say to each other, without secrets. */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Side } from '../../plugin-protocol/cassette/format.ts';
import { createRedactor } from '../../plugin-protocol/cassette/redaction.ts';
import { Fault } from '../../plugin-protocol/faults.ts';

/** What watching needs of the host of plugins. */
export interface Watchable {
  /** Told each line, those first that say what the plugin is; undefined when there is no such connector. */
  watch(connector: string, listener: (from: Side, text: string) => void): (() => void) | undefined;
  secretsOf(connector: string): readonly string[];
}

export interface Said {
  at: string;
  from: Side;
  text: string;
}
/** Lines that a slow watcher did not get. */
export interface Dropped {
  dropped: number;
}

export const droppedText = ({ dropped }: Dropped): string =>
  `${dropped} lines were left out: more waited to be read than limits.plugins.watchedBytes allows.`;

/** Sends lines until the watcher goes. `maxBytes` is how much waits for one that is slow. */
export const serveWatch = (
  socket: Socket,
  { watch, secretsOf }: Watchable,
  connector: string,
  maxBytes: number,
): void => {
  const redactor = createRedactor(secretsOf(connector));
  let dropped = 0;
  const send = (line: object) => socket.write(`${JSON.stringify(line)}\n`);
  const tellDropped = () => {
    if (dropped === 0) return;
    send({ dropped } satisfies Dropped);
    dropped = 0;
  };
  const stop = watch(connector, (from, text) => {
    if (socket.writableLength + text.length > maxBytes) {
      dropped += 1;
      // A single line can be over the limit, too; then there is nothing that could drain.
      if (socket.writableLength === 0) tellDropped();
      return;
    }
    tellDropped();
    send({ at: new Date().toISOString(), from, text: redactor.line(text) } satisfies Said);
  });
  if (stop === undefined) {
    const message = `There is no connector ${connector}.`;
    socket.end(`${JSON.stringify({ fault: { kind: 'not-found', message } })}\n`);
    return;
  }
  socket.setTimeout(0);
  socket.on('drain', tellDropped);
  socket.once('close', stop);
  // What it still sends means nothing; that it has gone does.
  socket.resume();
};

/** What is said from now on. Throws a `Fault`, or Node's error when nobody serves there. */
export async function* askWatch(path: string, connector: string, signal: AbortSignal): AsyncGenerator<Said | Dropped> {
  const socket = connect(path);
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  socket.once('error', failed.reject);
  const over = new Promise<{ done: true; value: undefined }>((resolve) => {
    signal.addEventListener('abort', () => resolve({ done: true, value: undefined }), { once: true });
  });
  socket.write(`${JSON.stringify({ do: 'watch', connector })}\n`);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await Promise.race([lines.next(), failed.promise, over]);
      if (done) return;
      const said = JSON.parse(value) as Said | Dropped | { fault: { kind: Fault['kind']; message: string } };
      if ('fault' in said) throw new Fault(said.fault.kind, said.fault.message);
      yield said;
    }
  } finally {
    socket.destroy();
  }
}
