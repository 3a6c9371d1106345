/** A plugin that a keeper holds: found again by its record in the state directory, or started with a keeper of its own. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { basename, extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Limits } from '../../limits.ts';
import { after } from '../after.ts';
import type { Launch } from '../program/child.ts';
import {
  createErrorReader,
  createOutputReader,
  hold,
  type Transport,
  type TransportHandlers,
  writeLines,
} from '../transport/transport.ts';
import { differences, type Fingerprint, fingerprintOf, sealed } from './fingerprint.ts';
import { createFrameReader, frame, framed, fromKeeper, toKeeper } from './frames.ts';
import type { KeeperOrders, Welcome } from './main.ts';

/** What a later daemon must know of a keeper: a file that its user alone can read. */
interface KeeperRecord {
  /** Of the connector. */
  name: string;
  token: string;
  /** Of how the plugin was started: one that would be started in another way is not taken over. */
  startedWith: Fingerprint;
  /** When, in milliseconds since 1970: where one was to take the place of another there are two. */
  at: number;
}

const program = join(import.meta.dirname, `main${extname(import.meta.filename)}`);
/** It holds bytes, which are not in this: half of what Node would take by itself. */
const nodeOptions = ['--max-old-space-size=64', '--max-semi-space-size=1', '--disable-warning=ExperimentalWarning'];

interface Files {
  record: string;
  socket: string;
}

/** A socket's path has at most some 100 bytes, and a connector's name may have 63: it stands in the record. */
const filesOf = (directory: string, base: string): Files => ({
  record: join(directory, `${base}.json`),
  socket: join(directory, `${base}.sock`),
});
const clear = ({ record, socket }: Files) => Promise.all([record, socket].map((file) => rm(file, { force: true })));

interface Recorded {
  record: KeeperRecord;
  files: Files;
}

/** The latest first. */
const recordsIn = async (directory: string): Promise<Recorded[]> => {
  const names = await readdir(directory).catch(() => []);
  const read = async (name: string): Promise<Recorded[]> => {
    const files = filesOf(directory, basename(name, '.json'));
    try {
      return [{ record: JSON.parse(await readFile(files.record, 'utf8')) as KeeperRecord, files }];
    } catch {
      // It has just gone, or is not a whole one.
      return [];
    }
  };
  const found = await Promise.all(names.filter((name) => name.endsWith('.json')).map(read));
  return found.flat().sort((one, other) => other.record.at - one.record.at);
};

/** Connect and show the token; undefined when nobody is there. */
const meet = async (
  path: string,
  token: string,
  onFrame: (type: string, content: Buffer, from: Socket) => void,
): Promise<{ socket: Socket; welcome: Welcome; closed: Promise<void> } | undefined> => {
  const socket = connect(path);
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const welcomed = new Promise<Welcome>((resolve) => {
    const read = createFrameReader((type, content) => {
      if (type === fromKeeper.welcome) resolve(JSON.parse(content.toString()) as Welcome);
      onFrame(type, content, socket);
    });
    socket.on('data', read);
  });
  socket.write(frame(toKeeper.hello, token));
  const welcome = await Promise.race([welcomed, closed]);
  return welcome === undefined ? undefined : { socket, welcome, closed };
};

/** Let a keeper end what it holds; resolves when both have gone. */
const dismiss = async ({ record: { token }, files }: Recorded): Promise<void> => {
  const met = await meet(files.socket, token, () => {});
  met?.socket.write(frame(toKeeper.stop));
  await met?.closed;
  await clear(files);
};

/** End what is kept for connectors that keep nothing any more. */
export const dismissOthers = async (directory: string, names: ReadonlySet<string>): Promise<void> => {
  const others = (await recordsIn(directory)).filter(({ record }) => !names.has(record.name));
  await Promise.all(others.map(dismiss));
};

const startKeeper = async (name: string, orders: KeeperOrders): Promise<void> => {
  const { PATH = '' } = process.env;
  const keeper = spawn(process.execPath, [...nodeOptions, program, name], {
    // It is to survive whatever ends this process and its group.
    detached: true,
    env: { PATH },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  keeper.stdin.on('error', () => {});
  keeper.stdin.end(`${JSON.stringify(orders)}\n`);
  const line = createInterface({ input: keeper.stdout });
  const [said] = (await Promise.race([once(line, 'line'), once(line, 'close')])) as [string?];
  line.close();
  keeper.stdout.destroy();
  keeper.unref();
  const { error } = said === undefined ? { error: 'Its keeper could not be started.' } : JSON.parse(said);
  if (error !== undefined) throw new Error(error);
};

export interface KeptPlugin {
  /** Of the connector. */
  name: string;
  launch: Launch;
  /** Where sockets and records of keepers are. */
  directory: string;
  /** It is started, also where one is there: that one serves meanwhile, or finishes what it has. */
  anew: boolean;
}

/** Rejects with an `Error` that says why when the plugin is neither there nor can be started. */
export const openKept = async (
  { name, launch, directory, anew }: KeptPlugin,
  limits: Limits['plugins'],
  handlers: TransportHandlers,
): Promise<Transport> => {
  const ended = Promise.withResolvers<string>();
  const lines = createOutputReader(handlers);
  const errors = createErrorReader(handlers);
  let full = false;
  let isReleased = false;
  const onFrame = (token: string) => (type: string, content: Buffer, from: Socket) => {
    if (type === fromKeeper.output) {
      lines.push(content);
      hold(from, lines);
    } else if (type === fromKeeper.errors) errors.push(content);
    else if (type === fromKeeper.full) full = true;
    else if (type === fromKeeper.free) {
      full = false;
      handlers.onWritable();
    } else if (type === fromKeeper.welcome) {
      const { generation, note, calls, droppedErrors } = JSON.parse(content.toString()) as Welcome;
      if (droppedErrors > 0) {
        handlers.onError(`(${droppedErrors} bytes of standard error were dropped while no daemon was there)`);
      }
      handlers.onKept({ generation, note, calls, seal: (value) => sealed(token, value) });
    } else if (type === fromKeeper.ended) {
      lines.end();
      errors.end();
      ended.resolve(content.toString());
    }
  };

  interface Met {
    files: Files;
    by: NonNullable<Awaited<ReturnType<typeof meet>>>;
  }
  /** The latest that was started as it would be now; whatever else is there of the connector has gone then. */
  const find = async (): Promise<Met | undefined> => {
    let met: Met | undefined;
    for (const each of await recordsIn(directory)) {
      const { record, files } = each;
      if (record.name !== name) continue;
      const changed = differences(record.startedWith, await fingerprintOf(launch, record.token));
      if (met === undefined && changed.length > 0) handlers.onOutdated(changed);
      const isMeant = met === undefined && changed.length === 0;
      const by = isMeant ? await meet(files.socket, record.token, onFrame(record.token)) : undefined;
      if (by === undefined) await dismiss(each);
      else met = { files, by };
    }
    return met;
  };
  const start = async (): Promise<Met> => {
    const token = randomBytes(32).toString('base64url');
    const files = filesOf(directory, randomBytes(6).toString('hex'));
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const record: KeeperRecord = { name, token, startedWith: await fingerprintOf(launch, token), at: Date.now() };
    await writeFile(files.record, JSON.stringify(record), { mode: 0o600 });
    try {
      const { keepMs, keptBytes, stopMs, lineFromPlugin: maxLine } = limits;
      await startKeeper(name, { launch, ...files, token, keepMs, keptBytes, stopMs, maxLine });
      const by = await meet(files.socket, token, onFrame(token));
      if (by === undefined) throw new Error('Its keeper ended at once.');
      return { files, by };
    } catch (error) {
      await clear(files);
      throw error;
    }
  };
  const found = anew ? undefined : await find();
  const { files, by } = found ?? (await start());
  const { socket, welcome, closed } = by;
  void closed.then(async () => {
    // One that was left to the next daemon is to be found by it.
    if (!isReleased) await clear(files);
    ended.resolve('lost its keeper');
  });
  socket.on('drain', handlers.onWritable);
  return {
    pid: welcome.pid,
    sandbox: launch.sandbox,
    send: (written) =>
      writeLines(
        socket,
        typeof written === 'string' ? [frame(toKeeper.lines, written)] : framed(toKeeper.lines, written),
      ) && !full,
    ended: ended.promise.then(async (how) => {
      await lines.busy;
      return how;
    }),
    async stop() {
      socket.write(frame(toKeeper.stop));
      // It has SIGTERM and SIGKILL in between; a keeper that does not even then say anything is none.
      if ((await Promise.race([ended.promise, after(4 * limits.stopMs)])) === 'late') socket.destroy();
      await ended.promise;
    },
    kill: () => socket.write(frame(toKeeper.kill)),
    note: (value) => socket.write(frame(toKeeper.note, JSON.stringify(value))),
    async release() {
      isReleased = true;
      socket.end();
      await closed;
    },
  };
};
