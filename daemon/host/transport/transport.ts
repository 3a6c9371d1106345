/** What carries lines between the host and a plugin: the pipes of a process, or a socket of one that runs already. */

import type { Readable, Writable } from 'node:stream';
import type { Description } from '../../../plugin-protocol/contract/base.ts';
import { createLineReader, type LineReader } from '../../../plugin-protocol/rpc/lines.ts';
import type { RequestId } from '../../../plugin-protocol/rpc/messages.ts';
import type { SandboxFacts } from '../program/sandbox.ts';

export interface TransportHandlers {
  maxLine: () => number;
  onLine: (line: string) => void;
  /** A long line, in UTF-8: what comes behind it waits until it has been read. It goes to `onLine` when this is left out. */
  onLong?: (line: Buffer) => Promise<void>;
  onTooLong: (head: string, tail: string) => void;
  /** A line is not UTF-8. */
  onInvalid: (line: string) => void;
  /** A line on standard error; of the process of a call, where each has its own. */
  onError: (line: string, call?: RequestId) => void;
  /** Where each call has a process of its own: that has ended, or was never begun; `how` is the rest of a sentence. */
  onCallEnded: (call: RequestId, how: string, begun: boolean) => void;
  /** It takes more again. */
  onWritable: () => void;
  /** Told before any line when a keeper holds the plugin. */
  onKept: (kept: Kept) => void;
  /** A keeper held one that is ended, since it would be started otherwise now: in these parts. */
  onOutdated: (parts: string[]) => void;
}

/** A call that a daemon made which has gone since. */
export interface OpenCall {
  id: number;
  /** The key of a mutation. */
  key?: string;
}

/** What is known of a plugin that a keeper holds. */
export interface Kept {
  /** How many daemons have come before. */
  generation: number;
  /** What the last of them wrote with `note`. */
  note?: unknown;
  /** What it had asked and the plugin has not answered. */
  calls: readonly OpenCall[];
  /** A digest of a value, to be compared later: it tells nothing of what it is made of. */
  seal: (value: unknown) => string;
}

/** Whole lines: text, or a long one in pieces. */
export type Lines = string | readonly Buffer[];

export type SignOfLife = 'answers' | 'is at a call';

export interface Transport {
  /** Of the process, when it is one that the host has started. */
  readonly pid?: number;
  /** Write; false when nothing more should be written until `onWritable`. */
  send(lines: Lines): boolean;
  /** Resolves with the rest of a sentence once it has ended and all that was written has been read. */
  readonly ended: Promise<string>;
  /** End it: the plugin may finish first, within the limits. */
  stop(): Promise<void>;
  /** End it now. */
  kill(): void;
  /** For the next daemon, where a keeper holds the plugin. */
  note?(value: unknown): void;
  /** Of the sandbox that it is in. */
  readonly sandbox?: SandboxFacts | undefined;
  /** Told how to ask what shows that the plugin is there still, where another one may come for the same connector. */
  occupy?(sign: () => Promise<SignOfLife | undefined>): void;
  /** Each call has a process of its own. */
  readonly oneShot?: {
    /** Told what it says of itself; answers what of that holds then. */
    described(description: Description): Description;
    /** Nobody waits for more from the process of that call: it may finish. */
    left(call: RequestId): void;
    /** End the process of that call now. */
    end(call: RequestId): void;
  };
  /** Leave the plugin to its keeper and to the next daemon. */
  release?(): Promise<void>;
}

/** Hand over to a stream; false when it should be given nothing more until `drain`. */
export const writeLines = (stream: Writable, lines: Lines): boolean => {
  if (typeof lines === 'string') return stream.write(lines);
  stream.cork();
  for (const piece of lines) stream.write(piece);
  stream.uncork();
  return !stream.writableNeedDrain;
};

/** Reads what a plugin says. */
export const createOutputReader = ({ maxLine, ...handlers }: TransportHandlers): LineReader =>
  createLineReader({ maxBytes: maxLine, ...handlers });

/** The source of lines waits while a long one is being read. */
export const hold = (source: Readable, { busy }: LineReader): void => {
  if (busy === undefined || source.isPaused()) return;
  source.pause();
  void busy.then(() => source.resume());
};

const stderrLine = 8192;

/** Reads standard error; lines that are too long are cut. */
export const createErrorReader = ({ onError }: { onError: (line: string) => void }): LineReader =>
  createLineReader({
    maxBytes: () => stderrLine,
    onLine: onError,
    onTooLong: (head) => onError(`${head}... (a line of more than ${stderrLine} bytes)`),
  });
