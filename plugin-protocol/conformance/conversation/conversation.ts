/** One conversation with a plugin, byte by byte as the check wants it, and everything that the plugin says in it. */
import type { Writable } from 'node:stream';
import type { Context, LogLevel } from '../../contract/base.ts';
import { type Given, type HostCall, hostCalls } from '../../contract/host.ts';
import { createLineReader } from '../../rpc/lines.ts';
import {
  errorLine,
  type Message,
  notificationLine,
  type RequestId,
  readLine,
  requestLine,
  resultLine,
  rpcCodes,
} from '../../rpc/messages.ts';
import type { Carrier } from '../process/carrier.ts';
import { Clock } from '../process/clock.ts';
import { resting } from '../process/rest.ts';
import { excerpt, Failure, type Ledger } from '../report/verdict.ts';
import { ErrorOutput } from './error-output.ts';
import { createHost, type Host } from './host.ts';
import { judgeAnswer, judgeLine, judgeRequest, type Speaker } from './judge.ts';
import { judgeGlued, judgeNoise } from './judge-noise.ts';
import { judgeNotification } from './judge-notifications.ts';
import { acceptedFor, givenFor, mostNeeds, needIn } from './needs.ts';
import { Requests } from './requests.ts';

/** Milliseconds that count (`clock.ts`); a test shortens them. */
export interface Patience {
  describeMs: number;
  answerMs: number;
  /** From the end of input to the end of the process. */
  stopMs: number;
}

export interface Listening {
  ledger: Ledger;
  patience: Patience;
  /** Told each line that it writes, on either stream, so that secrets are looked for. */
  onText(text: string, where: string): void;
}

export interface Expected {
  id?: number;
  /** How long the answer may take. */
  ms?: number;
  accept?: readonly string[];
}

/** After so many lines of noise one more is not looked at closely: it would take longer than to write it. */
const mostNoise = 1000;
/** Messages of one conversation; no check asks for so many. */
const mostSaid = 200_000;
export const defaultLineFromPlugin = 16 * 2 ** 20;
export const defaultLineToPlugin = 4 * 2 ** 20;
const longestBeginning = 8192;

export class Conversation implements Speaker {
  readonly carrier: Carrier;
  readonly said: Message[] = [];
  description: Speaker['description'] = {};
  /** Who answers what it asks for. */
  host: Host = createHost({});
  readonly instances = new Set<string>();
  logLevel: LogLevel = 'info';
  published: Speaker['published'] = new Map();
  /** Ids of lines that are no requests: whether they are answered is looked at where they are written. */
  readonly provoked = new Set<unknown>();
  /** Methods that were answered with what they need. */
  readonly needed = new Set<string>();
  /** It is asked for nonsense: what it makes of that is no result. */
  relaxed = false;
  /** Nothing that it says is heard any more. */
  deaf = false;
  /** How it ended; undefined while it goes on. */
  how: string | undefined;
  /** Called whenever a message was sent or came. */
  onBoundary: () => void = () => {};
  readonly #listening: Listening;
  readonly clock: Clock;
  /** The first bytes that came, as text. */
  beginning = '';
  readonly #requests: Requests;
  readonly #errors: ErrorOutput;
  #noisy = 0;
  #heard: (() => void)[] = [];

  constructor(carrier: Carrier, listening: Listening) {
    this.carrier = carrier;
    this.#listening = listening;
    this.clock = new Clock(carrier.pid);
    this.#requests = new Requests(this.clock);
    const lines = createLineReader({
      maxBytes: () => this.description.limits?.lineFromPlugin ?? defaultLineFromPlugin,
      onLine: (line) => this.#receive(line),
      onInvalid: (line) => {
        this.#enter('1.1', 'failure', `It writes a line that is not UTF-8: ${excerpt(line)}`);
        this.#receive(line);
      },
      onTooLong: (head) => this.#tooLong(head),
    });
    carrier.output.on('data', (chunk: Buffer) => {
      if (this.beginning.length < longestBeginning) this.beginning += chunk.toString('latin1');
      lines.push(chunk);
    });
    carrier.output.on('end', lines.end);
    this.#errors = new ErrorOutput(carrier.errors, listening.ledger, listening.onText);
    void carrier.ended.then((how) => this.#end(how));
  }

  #enter: Ledger['enter'] = (...entry) => this.#listening.ledger.enter(...entry);

  get input(): Writable {
    return this.carrier.input;
  }

  /** What its last line on standard error was, as a sentence to go behind another. */
  get lastWords(): string {
    return this.#errors.lastWords;
  }

  #end(how: string) {
    this.how = how;
    this.#requests.end(
      (method) =>
        new Failure(
          `It ${how} before it answered ${method}.${this.lastWords}`,
          method === 'describe'
            ? 'Run it by hand, in the folder of its manifest: it says why it ends, and waits for a line when it does not.'
            : 'A call that fails is answered with an error; the plugin goes on.',
        ),
    );
    this.#tell();
  }

  #tell() {
    for (const heard of this.#heard.splice(0)) heard();
  }

  #tooLong(head: string) {
    const most = this.description.limits?.lineFromPlugin ?? defaultLineFromPlugin;
    this.#enter(
      '1.6',
      'failure',
      `It writes a line of more than ${most} bytes: ${excerpt(head, 80)}`,
      'Answer in pages, or set limits.lineFromPlugin in describe.',
    );
    const id = Number(/"id"\s*:\s*([0-9]{1,10})/.exec(head)?.[1]);
    const pending = this.#requests.settle(id);
    pending?.reject(new Failure(`Its answer to ${pending.method} is longer than ${most} bytes.`));
  }

  #receive(line: string) {
    if (this.deaf || (this.#noisy > mostNoise && !line.includes('"jsonrpc"'))) return;
    this.#listening.onText(line, 'standard output');
    judgeLine(this.#listening.ledger, line);
    const { message, noise } = readLine(line);
    if (message === undefined) return this.#noise(line);
    if (noise !== undefined) judgeGlued(this.#listening.ledger, noise);
    if (this.said.push(message) > mostSaid) return this.#silence();
    if (typeof message.method === 'string') this.#hear(message, message.method);
    else this.#answer(message);
    this.onBoundary();
    this.#tell();
  }

  #silence() {
    this.#enter('2.3', 'failure', `It says more than ${mostSaid} messages, and was ended.`);
    this.deaf = true;
    this.carrier.kill('SIGKILL');
  }

  #noise(line: string) {
    this.#noisy++;
    judgeNoise(this.#listening.ledger, line, (id) => this.#requests.settle(id));
  }

  #hear({ id, params }: Message, name: string) {
    if (id === undefined || id === null) {
      return judgeNotification(this.#listening.ledger, name, params, this.#requests.pending, this);
    }
    void this.#serve(id as RequestId, name, params);
  }

  /** Answer what it asks for. */
  async #serve(id: RequestId, method: string, params: unknown) {
    if (judgeRequest(this.#listening.ledger, method, params, this.#requests.pending)) {
      const answer = await this.host.answer(method as HostCall, params);
      return this.send('result' in answer ? resultLine(id, answer.result) : errorLine(id, answer.error));
    }
    const code = Object.hasOwn(hostCalls, method) ? rpcCodes.invalidParams : rpcCodes.methodNotFound;
    this.send(errorLine(id, { code, message: `The host cannot answer ${JSON.stringify(method)}.` }));
  }

  #answer(message: Message) {
    const pending = this.#requests.answeredBy(message, this.#listening.ledger, this.provoked);
    if (pending === undefined) return;
    judgeAnswer(this.#listening.ledger, pending, message, this);
    pending.resolve(message);
  }

  /** Hand over bytes as they are. */
  write(bytes: string | Uint8Array): void {
    if (this.input.writable) this.input.write(bytes);
  }

  send(line: string): void {
    this.write(`${line}\n`);
    this.onBoundary();
  }

  notify(method: string, params: object): void {
    this.send(notificationLine(method, params));
  }

  /** An id for a request that is written by hand, and its answer. */
  expect(
    method: string,
    { id = this.#requests.nextId(), ms = this.#listening.patience.answerMs, accept = [] }: Expected = {},
  ): { id: number; answer: Promise<Message> } {
    const before = this.how === undefined ? undefined : `It ${this.how} before ${method} was sent.${this.lastWords}`;
    const late = () => `It did not answer ${method} within ${ms} ms.${this.lastWords}`;
    return { id, answer: this.#requests.expect({ id, method, accept, ms, late, before }) };
  }

  /** The line of a request, and its answer: that of the last time, where it was answered with what it needs. */
  request(
    method: string,
    params: object,
    before?: Given,
    time = 0,
  ): { line: string; id: number; answer: Promise<Message> } {
    const { ctx: plain } = params as { ctx?: Partial<Context> };
    const accept = plain === undefined ? [] : (plain.accept ?? acceptedFor(method, this.published));
    const ctx = { ...plain, ...(accept.length > 0 && { accept }), ...(before && { given: before }) };
    const { id, answer } = this.expect(method, { accept });
    const again = async (): Promise<Message> => {
      const message = await answer;
      // What was written in place of parameters has been used up: whoever wrote it writes it again.
      const need = plain?.blob === undefined ? needIn(message, accept) : undefined;
      if (need === undefined) return message;
      this.needed.add(method);
      if (time === mostNeeds) {
        const failure = `${method} needs something for the ${mostNeeds + 1}th time.`;
        this.#enter('16.6', 'failure', failure, 'Say at once all that is needed.');
        throw new Failure(failure);
      }
      const next = this.request(method, params, givenFor(this.host, method, need, before), time + 1);
      this.send(next.line);
      return next.answer;
    };
    const whole = again();
    whole.catch(() => {});
    return { line: requestLine(id, method, plain === undefined ? params : { ...params, ctx }), id, answer: whole };
  }

  ask(method: string, params: object): Promise<Message> {
    const { line, answer } = this.request(method, params);
    this.send(line);
    return answer;
  }

  /** Resolves once something that fits has been said; undefined when it has ended, or time is over. */
  async hear(
    fits: (message: Message) => boolean,
    ms = this.#listening.patience.answerMs,
  ): Promise<Message | undefined> {
    const heard = async () => {
      for (let at = 0; ; ) {
        for (; at < this.said.length; at++) if (fits(this.said[at]!)) return this.said[at];
        if (this.how !== undefined) return undefined;
        await new Promise<void>((resolve) => this.#heard.push(resolve));
      }
    };
    const message = await this.clock.within(ms, heard());
    return message === 'late' ? undefined : message;
  }

  /** Resolves once it waits for something: what it was about to write stands in the pipes, and what fits of that has been read. */
  rests(): Promise<void> {
    return resting(this.carrier.pid, this.clock);
  }

  /** What its last line on standard error was, which may come after the answer that it belongs to: the streams have no order between them. */
  async wordsBeside(): Promise<string> {
    if (this.lastWords === '') await this.rests();
    return this.lastWords;
  }

  /** Close its input; how it ended, or `late`. */
  end(): Promise<string | 'late'> {
    this.input.end();
    return this.within(this.#listening.patience.stopMs);
  }

  /** How it ended; `late` when it has not by then. */
  within(ms: number): Promise<string | 'late'> {
    return this.clock.within(ms, this.carrier.ended);
  }
}
