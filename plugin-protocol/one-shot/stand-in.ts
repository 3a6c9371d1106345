/**
 * A program that stays, in the place of a plugin that has a process for each call: its arguments are the command of that. So
 * whatever talks to plugins that stay can talk to one that does not. It ends as that does which ends without an answer.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { compileCheck } from '../check/compile.ts';
import { Description } from '../contract/base.ts';
import { errorLine, type Message, type RequestId, readLine, resultLine, rpcCodes } from '../rpc/messages.ts';
import { describedOneShot } from './described.ts';
import { createRequests, type OneRequest } from './requests.ts';

type Child = ChildProcessByStdio<Writable, Readable, null>;

const [program = '', ...words] = process.argv.slice(2);
const lineFeed = 10;
/** From SIGTERM to SIGKILL, as `limits.plugins.cancelMs` is when nobody says otherwise. */
const cancelMs = 5000;
/** What a host does not ask where each call has a process of its own (3.15, 3.17). */
const unasked: readonly string[] = ['drain', 'blob.read', 'blob.write'];

const requests = createRequests();
const checkDescription = compileCheck(Description, { lenient: true });
const waiting: OneRequest[] = [];
const children = new Map<RequestId, Child>();
const cancelled = new Set<RequestId>();
let places = 1;
let hasEnded = false;

const say = (line: string | Buffer): void => {
  process.stdout.write(line);
  process.stdout.write('\n');
};

/** What is said of itself holds as far as it can this way. */
const described = (line: string): string => {
  const { message } = readLine(line);
  try {
    const of = describedOneShot(checkDescription(message?.result) as Description);
    places = of.concurrency;
    return resultLine(message?.id as RequestId, of);
  } catch {
    // It is wrong, and to be looked at as it is.
    return line;
  }
};

/** Whole lines of bytes, as they come. */
const readLines = (stream: Readable, onLine: (line: Buffer) => void): void => {
  let partial: Buffer[] = [];
  const end = (): void => {
    if (partial.length > 0) onLine(Buffer.concat(partial));
    partial = [];
  };
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let to = chunk.indexOf(lineFeed); to >= 0; from = to + 1, to = chunk.indexOf(lineFeed, from)) {
      partial.push(chunk.subarray(from, to));
      end();
    }
    if (from < chunk.length) partial.push(chunk.subarray(from));
  });
  stream.on('end', end);
};

/** Nothing of it goes in parts (3.17). */
const withoutParts = (line: string): string => {
  if (!line.includes('"blob"')) return line;
  const { message } = readLine(line);
  const { ctx } = (message?.params ?? {}) as { ctx?: { accept?: string[] } };
  if (ctx?.accept === undefined) return line;
  ctx.accept = ctx.accept.filter((kind) => kind !== 'blob');
  return `${JSON.stringify(message)}\n`;
};

const start = (request: OneRequest): void => {
  const { id, method } = request;
  const input = requests.inputFor(request);
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.set(id, child);
  child.stdin.on('error', () => {});
  let isAnswered = false;
  readLines(child.stdout, (line) => {
    const isOfInput = input.concerns(line);
    const text = isOfInput || line.includes(String(id)) ? line.toString() : undefined;
    const kept = isOfInput ? input.read(text!) : text;
    if (isOfInput && kept === undefined) return;
    const { message }: { message?: Message } = kept === undefined ? {} : readLine(kept);
    const answers = message?.id === id && message.method === undefined;
    isAnswered ||= answers;
    if (answers && method === 'describe') say(described(kept!));
    else say(isOfInput ? kept! : line);
    if (input.isRefused) child.kill('SIGKILL');
  });
  child.on('error', ({ message }) => {
    process.stderr.write(`${message}\n`);
    process.exit(1);
  });
  child.on('close', (code, signal) => {
    children.delete(id);
    if (!isAnswered && cancelled.has(id)) {
      say(
        errorLine(id, {
          code: 499,
          message: 'Its process was ended.',
          data: { kind: 'cancelled', outcome: 'unknown' },
        }),
      );
    } else if (!isAnswered) {
      if (signal !== null) process.kill(process.pid, signal);
      process.exit(code ?? 1);
    }
    cancelled.delete(id);
    pump();
  });
  for (const part of input.lines) child.stdin.write(withoutParts(String(part)));
  child.stdin.end();
};

const pump = (): void => {
  while (waiting.length > 0 && children.size < places) start(waiting.shift()!);
  if (hasEnded && children.size === 0) process.exit(0);
};

const cancel = (id: RequestId): void => {
  const child = children.get(id);
  if (child === undefined) return;
  cancelled.add(id);
  child.kill('SIGTERM');
  setTimeout(() => children.get(id) === child && child.kill('SIGKILL'), cancelMs).unref();
};

readLines(process.stdin, (line) => {
  const read = requests.read(`${line}\n`);
  for (const request of read.asked) {
    if (unasked.includes(request.method)) {
      const message = `${request.method} is not asked of one with oneShot.`;
      say(errorLine(request.id, { code: rpcCodes.methodNotFound, message }));
    } else waiting.push(request);
  }
  for (const id of read.cancelled) cancel(id);
  pump();
});
process.stdin.on('end', () => {
  hasEnded = true;
  pump();
});
