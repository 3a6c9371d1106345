/** What a conversation with one plugin process needs, and what it offers. */

import type { Description } from '../../../plugin-protocol/contract/base.ts';
import type { RequestId } from '../../../plugin-protocol/rpc/messages.ts';
import type { PluginLine } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import type { Lines } from '../transport/transport.ts';
import type { FormerCalls } from './former-calls.ts';
import type { Request } from './outgoing-call.ts';
import type { RepliesOptions } from './replies.ts';
import type { Turns } from './turns.ts';

/** A line as it came: text is made of it where somebody looks. */
export type Line = string | Buffer;

export interface LinkOptions {
  /** How the plugin is called in faults of calls that are for no instance. */
  name: string;
  limits: Limits['plugins'];
  /** Shared with all links over which the same resources may be changed. */
  turns?: Turns | undefined;
  /** Write to the plugin; false when nothing more should be written until `writable`. */
  send: (lines: Lines) => boolean;
  /** A call stays unanswered that was to be so long ago; `isStuck` when every place is taken by such ones. */
  onUnanswered: (id: number, message: string, isStuck: boolean) => void;
  /** A call has left its place. */
  onLeft?: (id: number) => void;
  onNoise: (text: string, why: string) => void;
  onNotification: (method: string, params: unknown, line: string) => void;
  onRequest: RepliesOptions['onRequest'];
}

export interface Link {
  request(request: Request): Promise<unknown>;
  /** Take over what `describe` said. */
  described(description: Description, keepsParts?: boolean): void;
  /** Whether the plugin has what goes in parts from one request to the next. */
  readonly keepsParts: boolean;
  /**
   * Begin a call that may take several requests: these are made although the link is being drained. Returns what is to be
   * called at its end; throws `Lost` when no further calls are taken.
   */
  enter(call: Pick<Request, 'instance' | 'mutates'>): () => void;
  maxLineFromPlugin(): number;
  maxLineToPlugin(): number;
  receive(line: string): void;
  /** A long line, in UTF-8, which is read in slices: no other may be received before that is over. */
  receiveLong(line: Buffer): Promise<void>;
  /** A line was too long: the call that it answers fails, if its ends tell which. */
  receiveTooLong(head: string, tail: string): void;
  /** A line was not UTF-8, U+FFFD standing for what was wrong: the call that it answers fails. */
  receiveInvalid(line: string): void;
  /** The pipe takes more again. */
  writable(): void;
  /** Whether it takes requests. */
  readonly isOpen: boolean;
  /** How many calls are with the plugin or wait for it. */
  readonly load: number;
  /** Whether it makes one call at a time and has one that is not overdue: it may read nothing meanwhile. */
  readonly isAtCall: boolean;
  /**
   * What was to answer that call has ended, `how` being the rest of a sentence: it is lost, or where it was not `begun` it
   * fails. Answers what was lost, and whether its caller had been told before; undefined when it had been answered.
   */
  lost(id: RequestId, how: string, begun: boolean): { method: string; isKnown: boolean } | undefined;
  /** Whether the mutation with this key is still with the plugin. */
  holds(key: string): boolean;
  /** What the plugin still does for a daemon before this one. */
  readonly former: FormerCalls;
  /** The plugin logged a line, about the request with that id or about any of its instance, where it says so. */
  logged(line: Omit<PluginLine, 'among'>, about: { id?: RequestId | undefined; instance?: string | undefined }): void;
  /** No further calls: those that wait fail. Resolves when those under way have ended. */
  drain(): Promise<void>;
  /**
   * The process has ended, `how` being the rest of a sentence: everything fails as `Lost`. When it was a crash, the calls
   * that were with it are suspected; of one that was stuck, those alone that it did not answer.
   */
  close(how: string, isCrash: boolean): void;
}
