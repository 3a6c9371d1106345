/** The program of the double. `--concurrency N` describes another concurrency than the SDK's default. */
import { parseArgs } from 'node:util';
import { serve } from '../../sdk/typescript/plugin/index.ts';
import { noop } from './noop.ts';

const { values } = parseArgs({ options: { concurrency: { type: 'string' } }, strict: false });
const options = typeof values.concurrency === 'string' ? { concurrency: Number(values.concurrency) } : {};
await serve('noop', noop, { version: '0.1.0', ...options });
