/** Runs all clients of the matrix, two at a time. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDaemon } from '../support/daemon.ts';
import type { ClientRow } from './client.ts';
import { serveKinds } from './kinds.ts';
import { exampleCloud } from './plan.ts';
import { type Outcome, runClient } from './run.ts';

/** Each client has a daemon of its own, so that the cloud is as the examples of the catalogue say. */
const runAlone = async (row: ClientRow, kinds: string): Promise<Outcome> => {
  const directory = await mkdtemp(join(tmpdir(), 'annelid-client-'));
  const daemon = new TestDaemon(directory, { connectors: exampleCloud });
  try {
    await daemon.start();
    return await runClient(row, daemon, kinds);
  } finally {
    await daemon.discard();
  }
};

/** As many as the processors of a small machine. */
const atOnce = 2;

/** The outcome of each client, when it is there; `done` resolves when all are. */
export const runAll = async <R extends ClientRow>(
  rows: readonly R[],
): Promise<{ outcomes: ReadonlyMap<R, Promise<Outcome>>; done: Promise<void> }> => {
  const kinds = await serveKinds();
  const waiting = [...rows];
  const pending = new Map(rows.map((row) => [row, Promise.withResolvers<Outcome>()]));
  const outcomes = new Map([...pending].map(([row, { promise }]) => [row, promise]));
  // Whoever asks for an outcome sees why there is none.
  for (const outcome of outcomes.values()) outcome.catch(() => undefined);
  const lane = async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      const { resolve, reject } = pending.get(row)!;
      await runAlone(row, kinds.url).then(resolve, reject);
    }
  };
  const done = Promise.all(Array.from({ length: atOnce }, lane)).then(() => kinds.close());
  return { outcomes, done };
};
