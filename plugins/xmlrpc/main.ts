/** The program: puts the XML-RPC server of each configured instance behind the daemon. */
import { serve } from '../../sdk/typescript/plugin/index.ts';
import { createInstance } from './instance.ts';

await serve('xmlrpc', createInstance, { version: '0.1.0', concurrency: 256, methods: [] });
