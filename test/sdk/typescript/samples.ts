/** The plugins of the samples in PROTOCOL.md. */
import { serve } from '../../../sdk/typescript/plugin/index.ts';
import { cloud, cloudOptions, demo, demoOptions, desk, meterOptions } from '../../plugin-protocol/demo.ts';

if (process.argv[2] === 'demo') await serve('demo', demo, demoOptions);
else if (process.argv[2] === 'cloud') await serve('cloud', cloud(), cloudOptions);
else if (process.argv[2] === 'desk') await serve('desk', desk());
else if (process.argv[2] === 'parts') await serve('parts', desk(), { limits: { lineFromPlugin: 60 } });
else await serve('meter', {}, meterOptions);
