/** Talks to the plugin as the daemon does: it is started as manifest.json says, and asked in lines of JSON. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, it } from 'node:test';

interface Answer {
  id?: number;
  method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a call answers
  result?: any;
  error?: { code: number; message: string };
}

class Plugin {
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
    }
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}

describe('sample-plugin', () => {
  let plugin: Plugin;
  beforeEach(async () => {
    plugin = new Plugin();
    await plugin.ask('configure', { config: {} });
  });
  afterEach(() => plugin.close());

  it('publishes its methods', async () => {
    const [service] = (await plugin.ask('describe')).result.publishes;
    assert.deepEqual([service.service, service.methods[0].name], ['samplePlugin', 'greet']);
  });

  it('greets', async () => {
    const { result } = await plugin.ask('samplePlugin.greet', { name: 'Ann', times: 2 });
    assert.equal(result, 'Hello, Ann! Hello, Ann!');
  });
});
