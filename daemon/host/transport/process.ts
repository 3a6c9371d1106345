/** One plugin process: its pipes as lines, and how it ends. */
import type { Reaper } from '../../../plugin-protocol/reaper.ts';
import type { Limits } from '../../limits.ts';
import { after } from '../after.ts';
import { endInOrder, endUnlessExited, type Launch, lastOutputMs, startChild } from '../program/child.ts';
import {
  createErrorReader,
  createOutputReader,
  hold,
  type Transport,
  type TransportHandlers,
  writeLines,
} from './transport.ts';

export interface PluginProcess extends Transport {
  readonly pid: number;
  /** Nothing more is written to it. */
  endInput(): void;
  /** SIGTERM to its process group. */
  terminate(): void;
}

/** Rejects with an `Error` that says why when the program cannot be started. */
export const startProcess = async (
  launch: Launch,
  limits: Limits['plugins'],
  reaper: Reaper,
  handlers: TransportHandlers,
): Promise<PluginProcess> => {
  const child = await startChild(launch, reaper);
  const { pid, streams, signal, exited, ended: allGone } = child;
  const { stdin, stdout, stderr } = streams;
  let stopping = false;
  const lines = createOutputReader(handlers);
  const errors = createErrorReader(handlers);
  stdout.on('data', (chunk: Buffer) => {
    lines.push(chunk);
    hold(stdout, lines);
  });
  stdout.on('end', async () => {
    lines.end();
    await lines.busy;
    // Without its output it can answer nothing: it is as good as ended.
    if (!stopping) void endUnlessExited(child);
  });
  stderr.on('data', errors.push);
  stderr.on('end', errors.end);
  stdin.on('drain', handlers.onWritable);
  // EPIPE: it has ended or closed its input; its end is told by `ended`.
  stdin.on('error', () => {});

  const closed = new Promise<void>((resolve) => streams.once('close', () => resolve()));
  const ended = exited.then(async () => {
    while ((await Promise.race([closed, after(lastOutputMs)])) === 'late') {
      if (lines.busy === undefined) {
        stdout.destroy();
        stderr.destroy();
        break;
      }
      await lines.busy;
    }
    await lines.busy;
    return allGone;
  });

  return {
    pid,
    sandbox: launch.sandbox,
    send: (written) => !stdin.writable || writeLines(stdin, written),
    // What it has started is gone by then, and all that it wrote has been read.
    ended,
    endInput: () => void stdin.end(),
    terminate: () => signal('SIGTERM'),
    async stop() {
      stopping = true;
      await endInOrder(child, ended, limits.stopMs);
      await ended;
    },
    kill: () => signal('SIGKILL'),
  };
};
