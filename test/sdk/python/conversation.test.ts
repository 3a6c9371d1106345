/** The kit in a process of its own, by its pipes. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import type { Message } from '../../../plugin-protocol/rpc/messages.ts';
import { requireSuite } from '../../setup/packages.ts';
import { systemPython } from '../../setup/python.ts';
import { root } from '../../support/annelid.ts';

const program = `
import os, subprocess, sys, threading, time
from annelid.plugin import Connector, serve

together = threading.Barrier(64)

class Lab(Connector):
    def compute_list(self):
        print("a forgotten print")
        os.write(1, b"from a library\\n")
        subprocess.run(["echo", "from a child"])
        return {"items": []}

    def compute_get(self, vm):
        together.wait()
        return {"id": vm, "state": "running"}

    def compute_start(self, vm):
        raise ValueError("A slip.")

    def compute_shutdown(self, vm):
        self.call.progress(10, "Waiting.")
        self.call.sleep(3600)

    def compute_power_off(self, vm):
        self.call.progress(message="Deaf.")
        while True:
            time.sleep(3600)

    def compute_console_output(self, vm, maxBytes):
        return {"data": b"x" * maxBytes, "start": "0", "end": str(maxBytes)}

    def close(self):
        print("closed", file=sys.stderr)

serve("lab", Lab, concurrency=64)
`;
const ctx = { v: 1, instance: 'lab', logLevel: 'info' };

class Plugin {
  readonly child: ChildProcessWithoutNullStreams;
  readonly errors: Promise<string>;
  readonly closed: Promise<unknown[]>;
  readonly #lines: AsyncIterator<string>;
  readonly #said: Message[] = [];

  constructor(...args: string[]) {
    const env = { ...process.env, PYTHONPATH: join(root, 'sdk/python/src'), PYTHONDONTWRITEBYTECODE: '1' };
    this.child = spawn(systemPython, ['-c', program, ...args], { env });
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
  /** The first message that fits, whether it was said before or is still to come. */
  async hear(fits: (message: Message) => boolean): Promise<Message> {
    for (let at = 0; ; at++) {
      if (at === this.#said.length) {
        const { value, done } = await this.#lines.next();
        if (done) throw new Error('It has ended.');
        this.#said.push(JSON.parse(value));
      }
      const message = this.#said[at]!;
      if (fits(message)) return message;
    }
  }
  answer(id: number): Promise<Message> {
    return this.hear((message) => message.id === id && message.method === undefined);
  }
  async end(): Promise<{ errors: string; code: unknown }> {
    this.child.stdin.end();
    const [code] = await this.closed;
    return { errors: await this.errors, code };
  }
}

describe('A Python plugin on its pipes', function () {
  this.timeout(30_000);
  before(async function () {
    await requireSuite(this, 'python sdk');
  });
  let plugin: Plugin;
  const open = async (...args: string[]) => {
    plugin = new Plugin(...args);
    plugin.ask(1, 'configure', { config: {} });
    await plugin.answer(1);
  };
  afterEach(() => {
    plugin?.child.kill('SIGKILL');
  });

  it('keeps what is printed out of the protocol, by children too, and ends at the end of its input', async () => {
    await open();
    plugin.ask(2, 'compute.list', {});
    expect(await plugin.answer(2)).to.deep.equal({ jsonrpc: '2.0', id: 2, result: { items: [] } });
    expect(await plugin.end()).to.deep.equal({
      errors: 'a forgotten print\nfrom a library\nfrom a child\nclosed\n',
      code: 0,
    });
  });

  it('finishes the calls that it has read when its input ends', async () => {
    await open();
    for (const id of [2, 3, 4]) plugin.ask(id, 'compute.consoleOutput', { vm: 'a', maxBytes: 100_000 });
    plugin.child.stdin.end();
    for (const id of [2, 3, 4]) expect((await plugin.answer(id)).result).to.include({ end: '100000' });
    expect((await plugin.closed)[0]).to.equal(0);
  });

  it('logs what a call raises as one line at the level error, with its trace', async () => {
    await open();
    plugin.ask(2, 'compute.start');
    const { params } = await plugin.hear(({ method }) => method === '$/log');
    expect(params).to.include({ level: 'error', instance: 'lab' });
    expect((params as { message: string }).message).to.match(
      /compute\.start failed\nTraceback .*ValueError: A slip\.$/s,
    );
    expect((await plugin.answer(2)).error).to.deep.equal({
      code: 500,
      message: "lab failed in compute.start; the daemon's log says why.",
      data: { kind: 'internal' },
    });
  });

  it('goes on after hostile lines, and finds messages behind noise', async () => {
    await open();
    plugin.say('', ' ', 'hello', Buffer.from([0xff, 0xfe]), 'null', '[]', '7', `{"a":"${'x'.repeat(5_000_000)}"}`);
    plugin.say('['.repeat(200_000), '{'.repeat(200_000), '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":{},"method":3}');
    plugin.say('{"jsonrpc":"2.0","id":5,"method":"echo","params":[]}', '{"jsonrpc":"2.0","id":6,"params":{}}');
    plugin.say('{"id":7,"method":"__init__","jsonrpc":"2.0"}', 'noise{"id":8,"method":"echo","jsonrpc":"2.0"}\r');
    for (const [id, code] of [
      [5, -32600],
      [6, -32600],
      [7, -32601],
    ] as const) {
      expect((await plugin.answer(id)).error, String(id)).to.include({ code });
    }
    expect((await plugin.answer(8)).result).to.deep.equal({});
  });

  it('cancels a call, while others go on', async () => {
    await open();
    plugin.ask(2, 'compute.shutdown');
    await plugin.hear(({ method }) => method === '$/progress');
    plugin.ask(3, 'compute.list', {});
    await plugin.answer(3);
    plugin.say('{"jsonrpc":"2.0","method":"$/cancel","params":{"id":2,"reason":"Enough."}}');
    expect((await plugin.answer(2)).error).to.deep.equal({
      code: 499,
      message: 'Enough.',
      data: { kind: 'cancelled' },
    });
  });

  it('makes 64 calls at once', async () => {
    await open();
    const ids = Array.from({ length: 64 }, (_, at) => at + 2);
    for (const id of ids) plugin.ask(id, 'compute.get', { vm: `vm-${id}` });
    for (const id of ids) expect((await plugin.answer(id)).result).to.deep.equal({ id: `vm-${id}`, state: 'running' });
  });

  it('sends long answers of several threads as whole lines', async () => {
    await open();
    const ids = Array.from({ length: 16 }, (_, at) => at + 2);
    for (const id of ids) plugin.ask(id, 'compute.consoleOutput', { vm: 'a', maxBytes: 300_000 });
    for (const id of ids) expect((await plugin.answer(id)).result).to.include({ end: '300000' });
  });

  it('cancels what is under way on SIGTERM, and ends', async () => {
    await open();
    plugin.ask(2, 'compute.shutdown');
    await plugin.hear(({ method }) => method === '$/progress');
    plugin.child.kill('SIGTERM');
    expect((await plugin.answer(2)).error).to.include({ code: 499, message: 'The plugin is stopping.' });
    expect((await plugin.closed)[0]).to.equal(0);
    expect(await plugin.errors).to.equal('closed\n');
  });

  it('ends with a call that never does', async () => {
    await open();
    plugin.ask(2, 'compute.powerOff');
    await plugin.hear(({ method }) => method === '$/progress');
    expect((await plugin.end()).code).to.equal(0);
  });

  it('ends when nobody reads its answers any more', async () => {
    await open();
    plugin.child.stdout.destroy();
    plugin.ask(2, 'compute.list', {});
    expect((await plugin.closed)[0]).to.equal(0);
  });

  it('prints what it is when asked with --describe', async () => {
    plugin = new Plugin('--describe');
    const said = await new Promise<string>((resolve) =>
      plugin.child.stdout.once('data', (data) => resolve(String(data))),
    );
    expect(JSON.parse(said)).to.include({ name: 'lab', concurrency: 64, idempotency: 'none' });
    expect((await plugin.closed)[0]).to.equal(0);
  });
});
