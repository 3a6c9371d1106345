/** A plugin that answers at once: what is measured is the way there and back. */
import { serve } from '../../../sdk/typescript/plugin/index.ts';

await serve('lab', { 'compute.stats': () => ({ time: '2026-01-31T12:00:00.000Z' }) }, { concurrency: 1 });
