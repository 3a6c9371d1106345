/** The program of the double. `--concurrency N` describes another concurrency than the SDK's default, `--line-from-plugin N` a longest line. */
import { parseArgs } from 'node:util';
import { serve } from '../../sdk/typescript/plugin/index.ts';
import { noop } from './noop.ts';

const { values } = parseArgs({
  options: { concurrency: { type: 'string' }, 'line-from-plugin': { type: 'string' } },
  strict: false,
});
const { concurrency, 'line-from-plugin': lineFromPlugin } = values;
const options = {
  ...(typeof concurrency === 'string' && { concurrency: Number(concurrency) }),
  ...(typeof lineFromPlugin === 'string' && { limits: { lineFromPlugin: Number(lineFromPlugin) } }),
};
await serve('noop', noop, { version: '0.1.0', ...options });
