/** The plugins of the samples in PROTOCOL.md. */
import { serve } from '../../../sdk/typescript/plugin/index.ts';
import { clerk, cloud, cloudOptions, demo, demoOptions, desk, meterOptions } from '../../plugin-protocol/demo.ts';

if (process.argv[2] === 'demo') await serve('demo', demo, demoOptions);
else if (process.argv[2] === 'cloud') await serve('cloud', cloud(), cloudOptions);
else if (process.argv[2] === 'desk') await serve('desk', desk());
else if (process.argv[2] === 'parts') await serve('parts', desk(), { limits: { lineFromPlugin: 60 } });
else if (process.argv[2] === 'clerk') await serve('clerk', clerk, { version: '3.1' });
else await serve('meter', {}, meterOptions);
