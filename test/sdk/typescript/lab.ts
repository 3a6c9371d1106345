/** The plugin of test/sdk/conversation.ts. */
import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { serve } from '../../../sdk/typescript/plugin/index.ts';

const together = Promise.withResolvers<void>();
let underWay = 0;

process.on('exit', () => process.stderr.write('closed\n'));

await serve(
  'lab',
  {
    'compute.list': () => {
      console.log('a forgotten print');
      writeSync(1, 'from a library\n');
      execFileSync('echo', ['from a child'], { stdio: ['ignore', 'inherit', 'inherit'] });
      return { items: [] };
    },
    'compute.get': async ({ vm }) => {
      if (++underWay === 64) together.resolve();
      await together.promise;
      return { id: vm, state: 'running' };
    },
    'compute.start': () => {
      throw new Error('A slip.');
    },
    'compute.shutdown': (_, { progress, signal }) => {
      progress(10, 'Waiting.');
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    'compute.powerOff': (_, { progress }) => {
      progress(undefined, 'Deaf.');
      return new Promise(() => {});
    },
    'compute.consoleOutput': ({ maxBytes }) => ({
      data: Buffer.alloc(maxBytes, 'x').toString('base64'),
      start: '0',
      end: String(maxBytes),
    }),
  },
  { concurrency: 64 },
);
