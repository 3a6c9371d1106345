/** Making the calls that commands stand for. */
import { setTimeout as pause } from 'node:timers/promises';
import { Fault, type FaultKind } from '../../plugin-protocol/faults.ts';
import { visible } from '../../plugin-protocol/text/visible.ts';
import type { Method } from '../catalogue/method.ts';
import type { Operation } from '../catalogue/resources.ts';
import type { Story } from '../catalogue/story.ts';
import type { Connection } from './connection.ts';
import { progressLine } from './output.ts';
import { type Rendering, renderResult } from './render.ts';
import { timelineText } from './timeline.ts';

export interface Asked extends Rendering {
  params: Record<string, unknown>;
  json: boolean;
  /** Seconds to wait for the operation; undefined answers at once. */
  wait?: number | undefined;
  follow: boolean;
}

/** How long one question waits: shorter than any proxy between here and the daemon allows. */
const watchedWaitSeconds = 1;
const longestWaitSeconds = 25;
const consolePauseMs = 500;

const ended = ({ state }: Operation) => state === 'succeeded' || state === 'failed' || state === 'cancelled';

const bar = (percent: number) => '#'.repeat(Math.round(percent / 5)).padEnd(20, '.');

/** Ask again and again until the operation has ended or the time is over; a terminal sees how far it is. */
const waitFor = async (connection: Connection, first: Operation, seconds: number): Promise<Operation> => {
  const line = progressLine();
  const until = Date.now() + seconds * 1000;
  let operation = first;
  try {
    while (!ended(operation) && Date.now() < until) {
      const { method, progress, state, message = state } = operation;
      line.show(`${method} [${bar(progress)}] ${progress}% ${message}`);
      const left = (until - Date.now()) / 1000;
      const wait = Math.min(left, line.watched ? watchedWaitSeconds : longestWaitSeconds);
      operation = (await connection.call('operation.wait', { operation: operation.id, wait })) as Operation;
    }
  } finally {
    line.clear();
  }
  return operation;
};

/** An operation that failed is a failed command. */
const faultOf = ({ id, state, fault, method }: Operation): Fault | undefined => {
  if (fault !== undefined) {
    const { kind, message, code: _, ...data } = fault;
    return new Fault(kind as FaultKind, message, { ...data, operation: id } as Fault['data']);
  }
  return state === 'cancelled' ? new Fault('cancelled', `${method} was cancelled.`, { operation: id }) : undefined;
};

/** Writes; resolves when the reader has taken it, so that nothing piles up. */
const write = (data: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });

const print = async (method: Method, result: unknown, asked: Asked) =>
  write(asked.json ? `${JSON.stringify(result, undefined, 2)}\n` : renderResult(method, result, asked));

const change = async (connection: Connection, method: Method, asked: Asked) => {
  const operation = (await connection.call(method.name, asked.params)) as Operation;
  const last = asked.wait === undefined ? operation : await waitFor(connection, operation, asked.wait);
  const fault = asked.wait === undefined ? undefined : faultOf(last);
  if (fault === undefined || asked.json) await print(method, last, asked);
  if (fault !== undefined) throw fault;
};

/** The bytes as the machine wrote them. */
const consoleOutput = async (connection: Connection, method: Method, asked: Asked) => {
  if (asked.json) return print(method, await connection.call(method.name, asked.params), asked);
  let { params } = asked;
  for (;;) {
    const { data, end } = (await connection.call(method.name, params)) as { data: string; end: string };
    const bytes = Buffer.from(data, 'base64');
    await write(bytes);
    if (!asked.follow) return;
    params = { ...params, offset: end };
    if (bytes.length === 0) await pause(consolePauseMs);
  }
};

interface EventPage {
  events: Record<string, unknown>[];
  next: string;
  reset: boolean;
}

/** Events as they come, one a line. */
const followEvents = async (connection: Connection, method: Method, asked: Asked) => {
  let { params } = asked;
  for (;;) {
    const wait = longestWaitSeconds;
    const page = (await connection.call(method.name, { ...params, wait })) as EventPage;
    for (const event of page.events) {
      const { time, type, resource, data } = event as { time: string; type: string; resource: string; data: object };
      const details = Object.entries(data).map(([name, value]) => `${name}=${value}`);
      await write(`${asked.json ? JSON.stringify(event) : visible([time, type, resource, ...details].join(' '))}\n`);
    }
    params = { ...params, after: page.next };
  }
};

type Maker = (connection: Connection, method: Method, asked: Asked) => Promise<void>;

const explain: Maker = async (connection, method, asked) => {
  const story = await connection.call(method.name, asked.params);
  if (asked.json) await print(method, story, asked);
  else await write(timelineText(story as Story, asked.colour));
};

/** Methods whose results are more than a record or a list. */
const special: Record<string, Maker> = {
  'vm.consoleOutput': consoleOutput,
  'event.poll': (connection, method, asked) =>
    asked.follow ? followEvents(connection, method, asked) : plain(connection, method, asked),
  'operation.explain': explain,
};

/** Methods that take `--follow`. */
export const followable: ReadonlySet<string> = new Set(['vm.consoleOutput', 'event.poll']);

const plain: Maker = async (connection, method, asked) =>
  print(method, await connection.call(method.name, asked.params), asked);

/** Make the call and print what comes back. Rejects with a `Fault`. */
export const makeCall: Maker = (connection, method, asked) =>
  (special[method.name] ?? (method.changes ? change : plain))(connection, method, asked);
