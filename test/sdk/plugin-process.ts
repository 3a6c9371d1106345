/** A plugin as a process of its own, talked to by its pipes. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type Message, readLine } from '../../plugin-protocol/rpc/messages.ts';

export const ctx = { v: 1, instance: 'lab', logLevel: 'info' };

export class PluginProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** All of standard error, once it has ended. */
  readonly errors: Promise<string>;
  readonly closed: Promise<unknown[]>;
  /** Lines on standard output that are no messages. */
  readonly noise: string[] = [];
  /** What it has said and was heard, in its order. */
  readonly said: Message[] = [];
  readonly #lines: AsyncIterator<string>;

  constructor([program = '', ...args]: readonly string[]) {
    this.child = spawn(program, args);
    this.errors = text(this.child.stderr);
    this.closed = once(this.child, 'close');
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  say(...lines: (string | Buffer)[]): void {
    for (const line of lines) this.child.stdin.write(Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
  }

  ask(id: number, method: string, params: object = { vm: 'a' }): void {
    this.say(JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, ctx } }));
  }

  /** What it says next. */
  async next(): Promise<Message> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`It has ended: ${await this.errors}`);
      const { message } = readLine(value);
      if (message === undefined) {
        this.noise.push(value);
        continue;
      }
      this.said.push(message);
      return message;
    }
  }

  /** The first message that fits, whether it was said before or is still to come. */
  async hear(fits: (message: Message) => boolean): Promise<Message> {
    for (let at = 0; ; at++) {
      const message = this.said[at] ?? (await this.next());
      if (fits(message)) return message;
    }
  }

  answer(id: number): Promise<Message> {
    return this.hear((message) => message.id === id && message.method === undefined);
  }

  /** Close its input; what it wrote on standard error, and how it ended. */
  async end(): Promise<{ errors: string; code: unknown }> {
    this.child.stdin.end();
    const [code] = await this.closed;
    return { errors: await this.errors, code };
  }
}
