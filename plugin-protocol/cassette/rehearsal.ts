/** A cassette said again to a plugin: what it answers now is held against what it answered then. */
import type { Message, RequestId } from '../rpc/messages.ts';
import { hidden } from '../secrets/names.ts';
import { type Difference, Matching } from './differences.ts';
import { isAsked, isRequest } from './exchanges.ts';
import type { Cassette, CassetteLine } from './format.ts';

/** The plugin, as a conversation whose words are chosen here. */
export interface Partner {
  say(message: Message): void;
  /** The first message that fits, whether it was said before or is still to come; undefined when none comes in time. */
  hear(fits: (message: Message) => boolean): Promise<Message | undefined>;
}

export interface Rehearsed {
  /** `compute.start`, or `$/event vm.changed`. */
  what: string;
  /** Its line in the cassette. */
  line: number;
  /** From the request to the answer, now. */
  ms: number | undefined;
  differences: Difference[];
}

export interface RehearsalOptions {
  /** What `configure` gets instead of what was recorded, where secrets are hidden. */
  settings?: object | undefined;
  /** What the plugin asks for by name, or needs: what was recorded is hidden. */
  secrets?: Readonly<Record<string, string>>;
  /** Told of what was hidden in the cassette, and is not known. */
  onHidden?: (name: string) => void;
  onRehearsed: (rehearsed: Rehearsed) => void;
}

/** Of an answer, what is compared: an error by its number and what it says of itself. */
const saidIn = ({ result, error }: Message): unknown => (error === undefined ? { result: result ?? {} } : { error });

interface Event {
  type?: unknown;
}

/** Says all of it, one request after the other as they were recorded; answers how many differ. */
export const rehearse = async (cassette: Cassette, partner: Partner, options: RehearsalOptions): Promise<number> => {
  const matching = new Matching('plugin', cassette.volatile);
  const asked = new Map<unknown, { method: string; line: number; began: number }>();
  const heard = new Set<Message>();
  let different = 0;

  const tell = (rehearsed: Rehearsed) => {
    if (rehearsed.differences.length > 0) different += 1;
    options.onRehearsed(rehearsed);
  };
  const secretNow = (name: string): string => {
    const { [name]: value = hidden } = options.secrets ?? {};
    if (value === hidden) options.onHidden?.(name);
    return value;
  };
  const wordsFor = ({ message }: CassetteLine): Message => {
    const now = matching.current(message);
    const params = (now.params ?? {}) as { ctx?: { given?: { secret?: Record<string, string> } } };
    if (message.method === 'configure' && options.settings !== undefined)
      return { ...now, params: { ...params, config: options.settings } };
    const { ctx } = params;
    if (ctx?.given?.secret === undefined) return now;
    const secrets = Object.entries(ctx.given.secret).map(([name, value]) => [
      name,
      value === hidden ? secretNow(name) : value,
    ]);
    const given = { ...ctx.given, secret: Object.fromEntries(secrets) };
    return { ...now, params: { ...params, ctx: { ...ctx, given } } };
  };
  const answered = async ({ message, line: place }: CassetteLine): Promise<void> => {
    const request = asked.get(message.id);
    if (request === undefined) return;
    const { method: what, line, began } = request;
    const answer = await partner.hear(({ id, method }) => method === undefined && id === message.id);
    if (answer === undefined) {
      const recorded = JSON.stringify(saidIn(message));
      tell({ what, line: place, ms: undefined, differences: [{ pointer: '', recorded, found: undefined }] });
      return;
    }
    const differences = matching.differences(saidIn(message), saidIn(answer));
    tell({ what, line, ms: performance.now() - began, differences });
  };
  /** Events come when they come, so only that each comes is asked for. */
  const reported = async ({ message, line }: CassetteLine): Promise<void> => {
    const what = `$/event ${(message.params as Event | undefined)?.type}`;
    let nearest: Difference[] | undefined;
    const event = await partner.hear((candidate) => {
      if (candidate.method !== '$/event' || heard.has(candidate)) return false;
      const differences = matching.differences(message.params, candidate.params);
      nearest ??= differences;
      return differences.length === 0;
    });
    if (event !== undefined) heard.add(event);
    const missing = [{ pointer: '', recorded: JSON.stringify(message.params), found: undefined }];
    tell({ what, line, ms: undefined, differences: event === undefined ? (nearest ?? missing) : [] });
  };

  /** The ids of now of what the plugin had asked, by those that were recorded. */
  const plugins = new Map<unknown, RequestId>();
  const secretsAsked = new Map<unknown, string>();
  const askedBy = async ({ message, line }: CassetteLine): Promise<void> => {
    const what = String(message.method);
    const request = await partner.hear(
      (candidate) => candidate.method === message.method && candidate.id !== undefined && !heard.has(candidate),
    );
    if (request !== undefined) {
      heard.add(request);
      plugins.set(message.id, request.id as RequestId);
    }
    if (what === 'host.secret.get') secretsAsked.set(message.id, String((message.params as { name?: unknown }).name));
    tell({ what, line, ms: undefined, differences: matching.differences(message.params, request?.params) });
  };
  const reply = ({ message }: CassetteLine): void => {
    const id = plugins.get(message.id);
    if (id === undefined) return;
    const name = secretsAsked.get(message.id);
    const isHidden = (message.result as { value?: unknown } | undefined)?.value === hidden;
    if (name === undefined || !isHidden) {
      partner.say({ ...matching.current(message), id });
      return;
    }
    partner.say({ ...message, id, result: { value: secretNow(name) } });
  };

  const events: CassetteLine[] = [];
  for (const line of cassette.lines) {
    const { from, message } = line;
    if (from === 'host' && message.method === undefined) reply(line);
    else if (from === 'host') {
      if (isRequest(line))
        asked.set(message.id, { method: String(message.method), line: line.line, began: performance.now() });
      partner.say(wordsFor(line));
    } else if (isAsked(line)) await askedBy(line);
    else if (from === 'plugin' && message.method === undefined) await answered(line);
    else if (from === 'plugin' && message.method === '$/event') events.push(line);
  }
  for (const event of events) await reported(event);
  return different;
};
