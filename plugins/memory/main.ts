/** The program: serves a cloud for each configured instance. */
import { serve } from '../../sdk/typescript/plugin/index.ts';
import { createInstance } from './instance.ts';

// Two of them would write the same file over each other.
const processes = 1;
await serve('memory', createInstance, { version: '0.1.0', concurrency: 1024, processes, features: ['cursors'] });
