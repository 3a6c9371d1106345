/** A conversation with one plugin, every line of which can be seen: what the inspector and cassettes stand on. */
import type { Side } from '../../plugin-protocol/cassette/format.ts';
import type { Partner } from '../../plugin-protocol/cassette/rehearsal.ts';
import { type Message, notificationLine, readLine, requestLine } from '../../plugin-protocol/rpc/messages.ts';
import type { Log } from '../core/ports.ts';
import type { PluginSource } from '../host/instance-config.ts';
import { openPlugin } from '../host/open.ts';
import { createReaper } from '../host/reaper.ts';
import type { TransportHandlers } from '../host/transport.ts';
import { defaultLimits } from '../limits.ts';

export interface Subject extends PluginSource {
  /** Where one that is given by name is looked for. */
  pluginDirectories: readonly string[];
}

export interface ConversationOptions {
  subject: Subject;
  /** Told each line in the order in which it was said. */
  onSaid: (from: Side, text: string) => void;
  /** How long an answer is waited for. */
  timeoutMs: number;
}

export interface Conversation extends Partner {
  /** Resolves with how it ended, as the rest of a sentence about the plugin. */
  readonly ended: Promise<string>;
  /** Ask, and be told the answer and how long it took; undefined when there is none in time, or the plugin has ended. */
  ask(method: string, params: object, withinMs?: number): Promise<{ answer: Message; ms: number } | undefined>;
  /** Any text, as a line. */
  sayText(text: string): void;
  /** End it as a host does. */
  stop(): Promise<void>;
}

/** What the host would log is shown by the conversation itself. */
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };

/** Rejects with an `Error` that says why when the plugin cannot be started or reached. */
export const openConversation = async ({ subject, onSaid, timeoutMs }: ConversationOptions): Promise<Conversation> => {
  const limits = defaultLimits.plugins;
  const heard: Message[] = [];
  const listeners = new Set<() => void>();
  let nextId = 1;
  let gone: string | undefined;

  const receive = (line: string) => {
    const { message, noise } = readLine(line);
    if (noise !== undefined) onSaid('noise', noise);
    if (message === undefined) return;
    onSaid('plugin', noise === undefined ? line : line.slice(noise.length));
    heard.push(message);
    for (const look of listeners) look();
  };
  const handlers: TransportHandlers = {
    maxLine: () => limits.lineFromPlugin,
    onLine: receive,
    onTooLong: (head) => onSaid('noise', `${head}... (a line of more than ${limits.lineFromPlugin} bytes)`),
    onInvalid: (line) => onSaid('noise', `${line} (not UTF-8)`),
    onError: (line) => onSaid('error', line),
    onWritable: () => {},
    onKept: () => {},
  };
  const reaper = createReaper(quiet);
  const options = { limits, pluginDirectories: subject.pluginDirectories, keepers: undefined, reaper };
  const transport = await openPlugin({ id: subject.plugin, ...subject }, options, handlers).catch((error: unknown) => {
    reaper.stop();
    throw error;
  });
  const ended = transport.ended.then((how) => {
    gone = how;
    reaper.stop();
    for (const look of listeners) look();
    return how;
  });

  const sayText = (text: string): void => {
    onSaid('host', text);
    transport.send(`${text}\n`);
  };
  const hear = (fits: (message: Message) => boolean, withinMs = timeoutMs): Promise<Message | undefined> =>
    new Promise((resolve) => {
      const settle = (message: Message | undefined) => {
        clearTimeout(timer);
        listeners.delete(look);
        resolve(message);
      };
      let at = 0;
      const look = () => {
        for (; at < heard.length; at++) if (fits(heard[at]!)) return settle(heard[at]);
        if (gone !== undefined) settle(undefined);
      };
      const timer = setTimeout(settle, withinMs, undefined);
      listeners.add(look);
      look();
    });

  return {
    ended,
    sayText,
    hear: (fits) => hear(fits),
    say: ({ id, method, params, ...rest }) => {
      const given = (params ?? {}) as object;
      if (typeof method !== 'string') sayText(JSON.stringify({ ...rest, id }));
      else if (typeof id === 'number' || typeof id === 'string') sayText(requestLine(id, method, given));
      else sayText(notificationLine(method, given));
    },
    async ask(method, params, withinMs) {
      const id = nextId++;
      const began = performance.now();
      sayText(requestLine(id, method, params));
      const answer = await hear((message) => message.method === undefined && message.id === id, withinMs);
      if (answer !== undefined) return { answer, ms: performance.now() - began };
      if (gone === undefined) sayText(notificationLine('$/cancel', { id, reason: 'The deadline has passed.' }));
      return undefined;
    },
    async stop() {
      await transport.stop();
      await ended;
    },
  };
};
