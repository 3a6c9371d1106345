/** `npm test`: installs what the suites need, then runs them; `npm test -- test/config/config.test.ts` runs one. */
import { spawnSync } from 'node:child_process';

spawnSync('node', ['test/setup/main.ts'], { stdio: 'inherit' });
// What the set-up could not install fails the suites that need it, each with its reason.
const reporter = ['--reporter', './bin/reporter.js', '--fail-zero', '--forbid-only'];
const asked = process.argv.slice(2);
const files = asked.some((word) => !word.startsWith('-')) ? asked : [...asked, 'test/**/*.test.ts'];
const { status } = spawnSync('mocha', [...reporter, ...files], { stdio: 'inherit' });
process.exitCode = status ?? 1;
