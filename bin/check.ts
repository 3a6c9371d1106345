/** `npm run check`: everything that is asked of a change, the quick things first; stops at the first that fails. */
import { spawnSync } from 'node:child_process';
import { treeChecks } from './tree-checks.ts';

const steps = [
  ...treeChecks,
  { what: 'keeps to the rules on what may import what', command: ['mocha', 'test/architecture.test.ts'] as const },
  { what: 'passes its tests', command: ['node', 'bin/test.ts'] as const },
];

for (const { what, command } of steps) {
  console.log(`\n== The tree ${what}: ${command.join(' ')}`);
  const [program, ...args] = command;
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) {
    process.exitCode = 1;
    break;
  }
}
