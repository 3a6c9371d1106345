/** Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Answer {
  id?: number;
  method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a call answers
  result?: any;
  error?: { code: number; message: string };
}

export class Plugin {
  readonly #child;
  readonly #lines;
  #last = 0;

  constructor() {
    const [program, ...args] = JSON.parse(readFileSync(join(import.meta.dirname, 'manifest.json'), 'utf8')).run;
    const command = program === 'node' ? process.execPath : program;
    this.#child = spawn(command, args, { cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** What it answers: `result` or `error`. */
  async ask(method: string, params: object = {}, key?: string): Promise<Answer> {
    const ctx = { v: 1, instance: 'test', logLevel: 'info', key };
    this.#child.stdin.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: ++this.#last, method, params: { ...params, ctx } })}\n`,
    );
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`The plugin ended and did not answer ${method}.`);
      const answer: Answer = JSON.parse(value);
      if (answer.id === this.#last && answer.method === undefined) return answer;
      if (answer.id !== undefined && answer.method !== undefined)
        throw new Error(`It asks the daemon for ${answer.method}: answer that here.`);
    }
  }

  async close(signal?: 'SIGKILL'): Promise<void> {
    const ended = once(this.#child, 'exit');
    if (signal) this.#child.kill(signal);
    this.#child.stdin.end();
    await ended;
  }
}
