import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const kit = fileURLToPath(new URL('../../../sdk/typescript/plugin/index.ts', import.meta.url));
const program = `
  import { writeSync } from 'node:fs';
  import { serve } from ${JSON.stringify(kit)};
  await serve('printing', {
    'compute.list': async () => {
      console.log('a forgotten print');
      process.stdout.write('another one\\n');
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { items: [] };
    },
    'compute.start': () => { throw new Error('A slip.'); },
    'compute.shutdown': (_, { signal }) => new Promise((resolve, reject) => {
      console.error('waiting');
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
  });`;

const start = (...args: string[]) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', ...args]);
  return { child, output: text(child.stdout), errors: text(child.stderr), closed: once(child, 'close') };
};
const request = (id: number, method: string) =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params: { vm: 'a' } })}\n`;

describe('serve', () => {
  it('keeps what the program prints out of the protocol, and ends at the end of its input', async () => {
    const { child, output, errors, closed } = start();
    child.stdin.end(request(1, 'compute.list'));
    expect(await output).to.equal('{"jsonrpc":"2.0","id":1,"result":{"items":[]}}\n');
    expect(await errors).to.equal('a forgotten print\nanother one\n');
    expect(await closed).to.deep.equal([0, null]);
  });

  it('logs what a call throws as one line at the level error, with its trace', async () => {
    const { child, output, errors } = start();
    child.stdin.end(request(4, 'compute.start'));
    const { level, message } = JSON.parse(await errors);
    expect(level).to.equal('error');
    expect(message).to.match(/^compute\.start failed: Error: A slip\.\n +at /);
    expect(JSON.parse(await output).error.message).to.equal(
      "printing failed in compute.start; the daemon's log says why.",
    );
  });

  it('cancels what is under way and ends on SIGTERM', async () => {
    const { child, output, closed } = start();
    child.stdin.write(request(2, 'compute.shutdown'));
    await once(child.stderr, 'data');
    child.kill('SIGTERM');
    expect(await closed).to.deep.equal([0, null]);
    expect(JSON.parse(await output)).to.deep.equal({
      jsonrpc: '2.0',
      id: 2,
      error: { code: 499, message: 'The plugin is stopping.', data: { kind: 'cancelled' } },
    });
  });

  it('prints what it is when asked with --describe', async () => {
    const { child, output, closed } = start('--describe');
    expect(JSON.parse(await output)).to.include({ name: 'printing', concurrency: 64 });
    expect(await closed).to.deep.equal([0, null]);
    child.stdin.destroy();
  });

  it('ends when nobody reads its answers any more', async () => {
    const { child, closed } = start();
    child.stdout.destroy();
    child.stdin.write(request(3, 'compute.list'));
    expect(await closed).to.deep.equal([0, null]);
  });
});
