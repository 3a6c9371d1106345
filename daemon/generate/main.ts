/** `main.ts` writes every generated file; `main.ts --check` verifies them byte for byte. */
import { fileURLToPath } from 'node:url';
import { generate } from './generate.ts';
import { targets } from './targets.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const problems = generate(root, targets, process.argv.includes('--check'));
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
