/** The inspector: asks a plugin what somebody types, and shows everything that it says. */
import { randomUUID } from 'node:crypto';
import type { Side } from '../../plugin-protocol/cassette/format.ts';
import { markOf } from '../../plugin-protocol/cassette/format.ts';
import {
  acceptedBeside,
  type BlobHandle,
  baseResults,
  type Context,
  type Description,
  protocolVersion,
} from '../../plugin-protocol/contract/base.ts';
import type { Given, Need } from '../../plugin-protocol/contract/host.ts';
import { contract } from '../../plugin-protocol/contract/index.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { SchemaError, shapeFromSchema } from '../../plugin-protocol/json-schema/read.ts';
import { type Message, type RpcError, readLine } from '../../plugin-protocol/rpc/messages.ts';
import type { Shape } from '../../plugin-protocol/shape.ts';
import { nearest } from '../../plugin-protocol/text/nearest.ts';
import { visible } from '../../plugin-protocol/text/visible.ts';
import type { Conversation } from '../kit/conversation.ts';
import { defaultLimits } from '../limits.ts';
import { parametersOf, parseTyped, TypedError } from './inspect-words.ts';

export interface Screen {
  /** Answers, as JSON. */
  out(text: string): void;
  /** Everything else: what was asked and how long it took, standard error, noise, notifications. */
  aside(text: string): void;
  colour: boolean;
}

const colourOf: Partial<Record<Side, number>> = { error: 33, noise: 35 };
const grey = 90;
const red = 31;
const bold = 1;

const paint = ({ colour }: Screen, code: number | undefined, text: string): string =>
  colour && code !== undefined ? `\x1b[${code}m${text}\x1b[0m` : text;

/** `3.2 ms` */
export const took = (ms: number): string => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;

const counted = (methods: number): string => `${methods} ${methods === 1 ? 'method' : 'methods'}`;

/** What a plugin says without being asked, in one line. */
const notificationText = (method: string, params: Record<string, unknown>): string => {
  if (method === '$/progress') {
    return ['$/progress', params.percent === undefined ? '' : `${params.percent}%`, params.message ?? ''].join(' ');
  }
  if (method === '$/log') return `$/log ${params.level ?? 'info'}: ${params.message}`;
  return `${method} ${JSON.stringify(params)}`;
};

/** Shows a line that was said; those of calls and answers only where `raw` is asked for. */
export const showSaid = (screen: Screen, raw: boolean, from: Side, text: string, before = ''): void => {
  const mark = `${before}${markOf[from]}`;
  if (from === 'error' || from === 'noise') {
    const label = from === 'noise' ? 'noise on standard output: ' : '';
    screen.aside(`${paint(screen, colourOf[from], `${mark} ${label}${visible(text)}`)}\n`);
    return;
  }
  const { message } = readLine(text);
  const isNotification = from === 'plugin' && typeof message?.method === 'string' && message.id === undefined;
  if (raw) screen.aside(`${paint(screen, grey, `${mark} ${visible(text)}`)}\n`);
  else if (isNotification) {
    const said = notificationText(message.method as string, (message.params ?? {}) as Record<string, unknown>);
    screen.aside(`${paint(screen, grey, `${mark} ${visible(said)}`)}\n`);
  }
};

const help = `Type a method with its parameters: compute.get vm=vm-1, or compute.get {"vm": "vm-1"}.
Members of the context are written with an @: compute.start vm=vm-1 @key=k1 @timeoutMs=500.
  .methods        what the plugin says that it can do
  .describe       what it says of itself
  .send TEXT      any text, as a line
  .exit           end, as with Ctrl-D
`;

/** What people type for a command: that, unless the plugin has a method of this name. */
const meantBy = new Map([
  ['help', '.help'],
  ['?', '.help'],
  ['methods', '.methods'],
  ['exit', '.exit'],
  ['quit', '.exit'],
]);

export interface InspectorOptions {
  conversation: Conversation;
  screen: Screen;
  instance: string;
  actor: string;
  timeoutMs: number;
  /** What `configure` gets; undefined when the plugin is not to be configured. */
  settings: object | undefined;
}

export class Inspector {
  readonly #options: InspectorOptions;
  #description: Partial<Description> = {};
  #changes = new Set<string>();
  /** What published methods answer. */
  readonly #results = new Map<string, Shape>();

  constructor(options: InspectorOptions) {
    this.#options = options;
  }

  /** The methods that the plugin says that it has. */
  get methods(): string[] {
    const { methods = [], publishes = [] } = this.#description;
    const own = publishes.flatMap(({ service, methods: of }) => of.map(({ name }) => `${service}.${name}`));
    return [...new Set([...methods, ...own])];
  }

  /** Those that can be typed: what every plugin may be asked, too. */
  get #typed(): string[] {
    return [...this.methods, ...Object.keys(baseResults)];
  }

  #take(described: Partial<Description> | undefined): void {
    this.#description = { ...this.#description, ...described };
    for (const { service, methods } of this.#description.publishes ?? []) {
      for (const { name, changes, result } of methods) {
        const method = `${service}.${name}`;
        if (changes !== false) this.#changes.add(method);
        try {
          this.#results.set(method, shapeFromSchema(result ?? {}, service, method));
        } catch (error) {
          // A host refuses the method; here it can be tried.
          if (!(error instanceof SchemaError)) throw error;
        }
      }
    }
  }

  /** Describe, configure and probe it, as a host does. False when it did not answer, or not as it must. */
  async begin(): Promise<boolean> {
    const { conversation, screen, settings } = this.#options;
    const { describeTimeoutMs, configureTimeoutMs } = defaultLimits.plugins;
    const described = await conversation.ask('describe', {}, describeTimeoutMs);
    const description = described?.answer.result as Description | undefined;
    if (description === undefined) {
      this.#complain('describe', described, describeTimeoutMs);
      return false;
    }
    this.#take(description);
    const { name, version, features = [], concurrency = 1 } = description;
    screen.aside(
      `${paint(screen, bold, `${visible(String(name))} ${visible(String(version))}`)}: ${counted(this.methods.length)}, concurrency ${concurrency}${features.length > 0 ? `, ${features.join(', ')}` : ''} (describe took ${took(described!.ms)})\n`,
    );
    if (settings === undefined) return true;
    const steps = [
      ['configure', { config: settings }],
      ['probe', {}],
    ] as const;
    for (const [method, params] of steps) {
      const done = await conversation.ask(method, { ...params, ctx: this.#context(method, {}) }, configureTimeoutMs);
      const error = done?.answer.error as RpcError | undefined;
      if (done === undefined || (error !== undefined && error?.code !== -32601)) {
        this.#complain(method, done, configureTimeoutMs);
        return false;
      }
      const before = this.methods.join();
      if (method === 'configure') this.#take(done.answer.result as Partial<Description> | undefined);
      const learned = this.methods.join() === before ? '' : `: ${counted(this.methods.length)} now`;
      screen.aside(`${method}${error ? ': not there' : learned} (took ${took(done.ms)})\n`);
    }
    return true;
  }

  #context(method: string, given: Record<string, unknown>): object {
    const { instance, actor, timeoutMs } = this.#options;
    const mutates = contract.get(method)?.mutates ?? this.#changes.has(method);
    const own = { v: protocolVersion, instance, ...(mutates && { key: randomUUID(), attempt: 1 }) };
    const result = contract.get(method)?.result ?? this.#results.get(method);
    const accept = result === undefined ? [] : acceptedBeside(result, ['need', 'blob']);
    return { ...own, timeoutMs, actor, ...(accept.length > 0 && { accept }), logLevel: 'debug', ...given };
  }

  /**
   * Ask, again with what the plugin says that it needs (clause 16.6), and for the parts of a long result (17.1). Throws a
   * `Fault` when those are not there.
   */
  async #ask(method: string, params: object, ctx: object): ReturnType<Conversation['ask']> {
    const { conversation, screen } = this.#options;
    for (let given: Given | undefined, times = 0; ; times++) {
      const done = await conversation.ask(method, { ...params, ctx: { ...ctx, ...(given && { given }) } });
      const { accept = [] } = ctx as Partial<Context>;
      const { need, blob } = (done?.answer.result ?? {}) as { need?: Need; blob?: BlobHandle };
      if (blob !== undefined && accept.includes('blob')) {
        const maxLine = this.#description.limits?.lineFromPlugin;
        return { ...done!, answer: await conversation.withBlob(done!.answer, blob, { ...ctx, accept: [] }, maxLine) };
      }
      if (need === undefined || !accept.includes('need') || times === defaultLimits.plugins.needs) return done;
      screen.aside(`${paint(screen, grey, `<- needs ${visible(JSON.stringify(need))}`)}\n`);
      given = conversation.gather(need, given);
    }
  }

  #complain(
    method: string,
    done: { answer: Message; ms: number } | undefined,
    withinMs = this.#options.timeoutMs,
  ): void {
    const { conversation, screen } = this.#options;
    if (done === undefined) {
      const why = conversation.how === undefined ? ` within ${withinMs} ms` : `: the plugin ${conversation.how}`;
      screen.aside(`${paint(screen, red, `${method} was not answered${why}.`)}\n`);
      return;
    }
    const { code, message, data } = (done.answer.error ?? {}) as Partial<RpcError>;
    const kind = (data as { kind?: unknown } | undefined)?.kind;
    const words = [method, 'failed:', String(code ?? 'no result'), ...(kind === undefined ? [] : [String(kind)])];
    screen.aside(`${paint(screen, red, visible(words.join(' ')))} (took ${took(done.ms)})\n`);
    if (message !== undefined) screen.aside(`${visible(String(message))}\n`);
    if (data !== undefined) screen.aside(`${visible(JSON.stringify(data))}\n`);
  }

  /** Carry out a line that somebody typed; false when it failed, `'exit'` when it asks to end. */
  async run(text: string): Promise<boolean | 'exit'> {
    const { conversation, screen } = this.#options;
    const line = text.trim();
    if (line === '' || line.startsWith('#')) return true;
    const command = this.methods.includes(line) ? undefined : meantBy.get(line);
    if (command !== undefined || line.startsWith('.')) return this.#command(command ?? line);
    let call: ReturnType<typeof parseTyped>;
    try {
      call = parseTyped(line);
    } catch (error) {
      if (!(error instanceof TypedError)) throw error;
      screen.aside(`${paint(screen, red, error.message)}\n`);
      return false;
    }
    const { method, params, ctx } = call;
    const bare = method === 'describe' || method === 'echo';
    let done: Awaited<ReturnType<Conversation['ask']>>;
    try {
      done = bare
        ? await conversation.ask(method, params)
        : await this.#ask(method, params, this.#context(method, ctx));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const hint = error.kind === 'not-found' ? ' Give it with --secret NAME=file:PATH.' : '';
      const text = `${method} cannot be carried through: ${visible(error.message)}${hint}`;
      screen.aside(`${paint(screen, red, text)}\n`);
      return false;
    }
    if (done === undefined || done.answer.error !== undefined) {
      this.#complain(method, done);
      const meant = this.#typed.includes(method) ? undefined : nearest(method, this.#typed);
      if (meant !== undefined) screen.aside(`Did you mean ${meant}?\n`);
      return false;
    }
    if (method === 'describe' || method === 'configure') this.#take(done.answer.result as Partial<Description>);
    screen.aside(`${paint(screen, grey, `${method} took ${took(done.ms)}`)}\n`);
    screen.out(`${JSON.stringify(done.answer.result ?? null, undefined, 2)}\n`);
    return true;
  }

  #command(line: string): boolean | 'exit' {
    const { conversation, screen } = this.#options;
    const [, command, rest = ''] = /^(\S+)\s?(.*)$/s.exec(line) ?? [];
    if (command === '.exit') return 'exit';
    if (command === '.help') screen.aside(help);
    else if (command === '.methods') screen.aside(`${this.methods.map(visible).join('\n')}\n`);
    else if (command === '.describe') screen.out(`${JSON.stringify(this.#description, undefined, 2)}\n`);
    else if (command === '.send') conversation.sayText(rest);
    else {
      screen.aside(`${paint(screen, red, `There is no ${command}: .help tells what there is.`)}\n`);
      return false;
    }
    return true;
  }

  /** What the last word of the line can become, for a terminal. */
  complete(line: string): [found: string[], word: string] {
    const words = line.split(/\s+/);
    const word = words.at(-1) ?? '';
    const choices =
      words.length < 2
        ? [...this.#typed, '.methods', '.describe', '.send', '.help', '.exit'].map((name) => `${name} `)
        : [...parametersOf(words[0]!).keys()].map((name) => `${name}=`);
    return [choices.filter((choice) => choice.startsWith(word)), word];
  }
}
