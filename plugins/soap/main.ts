/** The program: puts the SOAP server of each configured instance behind the daemon. */
import { serve } from '../../sdk/typescript/plugin/index.ts';
import { createInstance } from './instance.ts';

await serve('soap', createInstance, { version: '0.1.0', concurrency: 256, methods: [] });
