/** `npm test`: installs what the suites need, then runs them; `npm test -- test/config/config.test.ts` runs one. */
import { spawnSync } from 'node:child_process';
import { runSuites } from './suites.ts';

spawnSync('node', ['test/setup/main.ts'], { stdio: 'inherit' });
// What the set-up could not install fails the suites that need it, each with its reason.
const asked = process.argv.slice(2);
process.exitCode = await runSuites(
  asked.some((word) => !word.startsWith('-')) ? asked : [...asked, 'test/**/*.test.ts'],
);
