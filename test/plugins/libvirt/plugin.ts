/** Speaks with the libvirt plugin as the host does: one process, lines on its standard streams, answers checked. */
import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Check, compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { baseResults, Event, Progress } from '../../../plugin-protocol/contract/base.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { createLineReader } from '../../../plugin-protocol/rpc/lines.ts';
import { notificationLine, type RpcError, readLine, requestLine } from '../../../plugin-protocol/rpc/messages.ts';

const checks = new Map<string, Check>();
for (const [name, call] of contract) checks.set(name, compileCheck(call.result));
for (const [name, shape] of Object.entries(baseResults)) {
  // It answers what it was sent.
  if (name !== 'echo') checks.set(name, compileCheck(shape, { lenient: true }));
}
const checkEvent = compileCheck(Event);
const checkProgress = compileCheck(Progress);

/** An answer that is an error. */
export class Refusal extends Error {
  readonly code: number;
  readonly data: Record<string, unknown>;

  constructor(error: RpcError) {
    super(error.message);
    this.code = error.code;
    this.data = error.data as Record<string, unknown>;
  }
}

export interface CallOptions {
  key?: string;
  attempt?: number;
  timeoutMs?: number;
  signal?: AbortSignal;
  onProgress?: (message: string | undefined) => void;
  /** Another instance than that of the plugin. */
  instance?: string;
}

interface Waiting {
  method: string;
  onProgress: CallOptions['onProgress'];
  resolve: (value: never) => void;
  reject: (why: Error) => void;
}

export interface Plugin {
  readonly pid: number;
  /** What it wrote to standard error, when it has ended. */
  readonly ended: Promise<{ exitCode: number | undefined; stderr: string }>;
  readonly events: Event[];
  /** Resolves with the first event, past or coming, for which `wanted` is true. */
  event(wanted: (event: Event) => boolean): Promise<Event>;
  /** Forget the events so far. */
  forget(): void;
  call<R = Record<string, unknown>>(method: string, params?: object, options?: CallOptions): Promise<R>;
  kill(): Promise<void>;
  /** Closes its standard input and waits until it has ended. */
  close(): Promise<void>;
}

export const startPlugin = (instance = 'test'): Plugin => {
  const directory = join(import.meta.dirname, '../../../plugins/libvirt');
  const child = execa('/usr/bin/python3', ['main.py'], {
    cwd: directory,
    buffer: { stdout: false, stderr: true },
    reject: false,
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  const waiting = new Map<number, Waiting>();
  const events: Event[] = [];
  const listeners = new Set<(event: Event) => void>();
  const ended = Promise.all([child, once(child.stdout, 'close')]).then(([{ exitCode, stderr }]) => {
    for (const { method, reject } of waiting.values())
      reject(new Error(`The plugin ended during ${method}: ${stderr}`));
    waiting.clear();
    return { exitCode, stderr };
  });

  const take = (line: string) => {
    const { message, noise } = readLine(line);
    if (message === undefined || noise !== undefined) throw new Error(`Noise on the plugin's output: ${line}`);
    if (message.method === '$/event') {
      const event = checkEvent(message.params) as Event;
      events.push(event);
      for (const listener of listeners) listener(event);
    }
    if (message.method === '$/progress') {
      const { id, message: doing } = checkProgress(message.params) as Progress;
      waiting.get(id)?.onProgress?.(doing);
    }
    const call = waiting.get(message.id as number);
    if (call === undefined) return;
    waiting.delete(message.id as number);
    if (message.error) return call.reject(new Refusal(message.error as RpcError));
    try {
      call.resolve((checks.get(call.method)?.(message.result) ?? message.result) as never);
    } catch (error) {
      call.reject(error as Error);
    }
  };
  const reader = createLineReader({
    maxBytes: () => 16 * 1024 * 1024,
    onLine: take,
    onTooLong: (head) => take(head),
  });
  child.stdout.on('data', reader.push);

  let last = 0;
  return {
    pid: child.pid as number,
    ended,
    events,
    event: (wanted) =>
      new Promise((resolve) => {
        const past = events.find(wanted);
        if (past) return resolve(past);
        const listener = (event: Event) => {
          if (!wanted(event)) return;
          listeners.delete(listener);
          resolve(event);
        };
        listeners.add(listener);
      }),
    forget: () => events.splice(0),
    call: (
      method,
      params = {},
      { key, attempt = 1, timeoutMs = 30_000, signal, onProgress, instance: other = instance } = {},
    ) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { method, onProgress, resolve, reject });
        const ctx = {
          v: 1,
          instance: other,
          attempt,
          timeoutMs,
          logLevel: 'info',
          ...(key === undefined ? {} : { key }),
        };
        child.stdin.write(`${requestLine(id, method, { ...params, ctx })}\n`);
        signal?.addEventListener('abort', () =>
          child.stdin.write(`${notificationLine('$/cancel', { id, reason: 'The test does not want it.' })}\n`),
        );
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
};

/** The refusal of a call that must fail. */
export const refusal = async (call: Promise<unknown>): Promise<Refusal> => {
  const result = await call.catch((error: unknown) => error);
  if (result instanceof Refusal) return result;
  throw result instanceof Error ? result : new Error(`Expected a refusal, got ${JSON.stringify(result)}`);
};
