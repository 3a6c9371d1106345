/** A conversation with one plugin, every line of which can be seen: what the inspector and cassettes stand on. */
import type { Side } from '../../plugin-protocol/cassette/format.ts';
import type { Partner } from '../../plugin-protocol/cassette/rehearsal.ts';
import type { BlobHandle, BlobPart } from '../../plugin-protocol/contract/base.ts';
import type { Given, Need, StateValue } from '../../plugin-protocol/contract/host.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { createReaper } from '../../plugin-protocol/reaper.ts';
import { joinParts, partOf } from '../../plugin-protocol/rpc/blobs.ts';
import { errorFromFault } from '../../plugin-protocol/rpc/errors.ts';
import {
  errorLine,
  type Message,
  notificationLine,
  type RequestId,
  readLine,
  requestLine,
  resultLine,
} from '../../plugin-protocol/rpc/messages.ts';
import type { Log, PluginRecords } from '../core/ports.ts';
import { createDesk } from '../host/call/desk.ts';
import { merged } from '../host/call/exchange.ts';
import { openPlugin } from '../host/conversation/open.ts';
import type { PluginSource } from '../host/instance-config.ts';
import type { TransportHandlers } from '../host/transport/transport.ts';
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
  /** For whom the plugin asks with `host.*`; when left out, somebody else answers that. */
  asker?: { connector: string; secrets: Readonly<Record<string, string>> };
}

export interface Conversation extends Partner {
  /** Resolves with how it ended, as the rest of a sentence about the plugin. */
  readonly ended: Promise<string>;
  /** The same; undefined while it goes on. */
  readonly how: string | undefined;
  /** Ask, and be told the answer and how long it took; undefined when there is none in time, or the plugin has ended. */
  ask(method: string, params: object, withinMs?: number): Promise<{ answer: Message; ms: number } | undefined>;
  /** What a call needs (clause 16.6), for the asker, beside what it was given. Throws a `Fault` when that is not there. */
  gather(need: Need, before: Given | undefined): Given;
  /**
   * The answer with the result that its blob is (clause 17.1), read in lines of so many bytes. Throws a `Fault` when the
   * parts do not make it.
   */
  withBlob(answer: Message, blob: BlobHandle, ctx: object, maxLine?: number): Promise<Message>;
  /** Any text, as a line. */
  sayText(text: string): void;
  /** End it as a host does. */
  stop(): Promise<void>;
}

type PluginRequest = Message & { id: RequestId; method: string };
const isRequest = ({ id, method }: Message): boolean =>
  typeof method === 'string' && (typeof id === 'number' || typeof id === 'string');

/** What the daemon would keep, for as long as the conversation goes on; of machines it knows nothing. */
const recordsInMemory = (): PluginRecords => {
  const values = new Map<string, StateValue>();
  let last = 0;
  return {
    state: (_, key) => values.get(key) ?? { version: 0 },
    putState: async (_, key, value, wanted) => {
      const { version } = values.get(key) ?? { version: 0 };
      if (wanted !== undefined && wanted !== version) {
        throw new Fault('conflict', `${key} has the version ${version}, and not ${wanted}.`);
      }
      last += 1;
      if (value === undefined) values.delete(key);
      else values.set(key, { value: value as NonNullable<StateValue['value']>, version: last });
      return last;
    },
    lookup: () => undefined,
  };
};

/** What the host would log is shown by the conversation itself. */
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };

/** Rejects with an `Error` that says why when the plugin cannot be started or reached. */
export const openConversation = async ({
  subject,
  onSaid,
  timeoutMs,
  asker,
}: ConversationOptions): Promise<Conversation> => {
  const limits = defaultLimits.plugins;
  const heard: Message[] = [];
  const listeners = new Set<() => void>();
  const underWay = new Set<unknown>();
  let nextId = 1;
  let gone: string | undefined;

  const receive = (line: string) => {
    const { message, noise } = readLine(line);
    if (noise !== undefined) onSaid('noise', noise);
    if (message === undefined) return;
    onSaid('plugin', noise === undefined ? line : line.slice(noise.length));
    if (asker !== undefined && isRequest(message)) void answer(message as PluginRequest);
    heard.push(message);
    for (const look of listeners) look();
  };
  const handlers: TransportHandlers = {
    maxLine: () => limits.lineFromPlugin,
    onLine: receive,
    onTooLong: (head) => onSaid('noise', `${head}... (a line of more than ${limits.lineFromPlugin} bytes)`),
    onInvalid: (line) => onSaid('noise', `${line} (not UTF-8)`),
    onError: (line) => onSaid('error', line),
    onCallEnded(id, how) {
      if (!underWay.has(id)) return;
      receive(errorLine(id, { code: 503, message: `The plugin ${how} before it had answered.` }));
    },
    onWritable: () => {},
    onKept: () => {},
    onOutdated: () => {},
  };
  const reaper = createReaper(() => {});
  const around = { limits, pluginDirectories: subject.pluginDirectories, keepers: undefined, reaper };
  const transport = await openPlugin({ id: subject.plugin, ...subject }, around, handlers).catch((error: unknown) => {
    reaper.stop();
    throw error;
  });
  const ended = transport.ended.then((how) => {
    gone = how;
    reaper.stop();
    for (const look of listeners) look();
    return how;
  });

  const owner = {};
  const desk = createDesk(limits, Date.now, quiet);
  desk.provide(recordsInMemory());
  const answer = async ({ id, method, params }: PluginRequest): Promise<void> => {
    const isMeant = underWay.has((params as { call?: unknown } | undefined)?.call);
    const line = await desk.answer(method, params, isMeant ? { ...asker!, owner } : undefined, owner).then(
      (result) => resultLine(id, result),
      (fault: Fault) => errorLine(id, errorFromFault(fault)),
    );
    sayText(line);
  };

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

  const ask: Conversation['ask'] = async (method, params, withinMs) => {
    const id = nextId++;
    const began = performance.now();
    sayText(requestLine(id, method, params));
    underWay.add(id);
    const answer = await hear((message) => message.method === undefined && message.id === id, withinMs);
    underWay.delete(id);
    transport.oneShot?.left(id);
    if (answer !== undefined) return { answer, ms: performance.now() - began };
    if (gone === undefined) sayText(notificationLine('$/cancel', { id, reason: 'The deadline has passed.' }));
    return undefined;
  };

  return {
    ended,
    get how() {
      return gone;
    },
    gather: (need, before) => merged(before, desk.gather(need, asker ?? { connector: subject.plugin, secrets: {} })),
    sayText,
    hear: (fits) => hear(fits),
    say: ({ id, method, params, ...rest }) => {
      const given = (params ?? {}) as object;
      if (typeof method !== 'string') sayText(JSON.stringify({ ...rest, id }));
      else if (typeof id === 'number' || typeof id === 'string') sayText(requestLine(id, method, given));
      else sayText(notificationLine(method, given));
    },
    ask,
    async withBlob(answer, blob, ctx, maxLine = limits.lineFromPlugin) {
      const wrong = (why: string) => new Fault('internal', `It is a blob ${why}.`);
      const { bytes } = blob;
      if (bytes > limits.blobBytes) throw wrong(`of ${bytes} bytes; the host takes ${limits.blobBytes} at most`);
      const read = async (params: object): Promise<BlobPart> => {
        const part = (await ask('blob.read', { ...params, ctx }))?.answer.result;
        if (typeof (part as Partial<BlobPart> | undefined)?.data !== 'string') throw wrong('that cannot be read');
        return part as BlobPart;
      };
      const text = await joinParts(blob, {
        most: () => partOf(maxLine),
        read,
        wrong: () => wrong(`whose parts do not make ${bytes} bytes`),
      });
      try {
        return { ...answer, result: JSON.parse(text.toString()) };
      } catch {
        throw wrong('that is no JSON text');
      }
    },
    async stop() {
      await transport.stop();
      await ended;
    },
  };
};
