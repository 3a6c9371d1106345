/**
 * `npm run fuzz`: the properties of `targets.ts` in turns, until the time is up. A body
 * that was answered wrongly is kept in `corpus/`. Ends with 1 when anything was found.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { misused, readOptions } from '../support/options.ts';
import { keep } from './corpus.ts';
import { targets, WrongAnswer } from './targets.ts';

const usage = `Usage: npm run fuzz [-- --minutes N] [--only NAME ...]

Makes values and requests at random, as well-formed ones, damaged ones and beside other programs, and says what is
answered wrongly. Such a body is kept in test/fuzz/corpus, which the tests send again.

  --minutes N  How long: 1 when left out.
  --only NAME  Those alone that have this in their name; can be given several times:
               ${Object.keys(targets).join('\n               ')}
  --help       Print this.
`;
const values = readOptions(usage, {
  minutes: { type: 'string', default: '1' },
  only: { type: 'string', multiple: true },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) misused(usage, '--minutes takes a number above 0.');
const chosen = Object.entries(targets).filter(([name]) => values.only?.some((part) => name.includes(part)) ?? true);
if (chosen.length === 0) misused(usage, 'There is nothing of that name.');

const until = performance.now() + minutes * 60_000;
const runs = new Map<string, number>();
const found: string[] = [];

const tell = (name: string, message: string, error: unknown) => {
  const file =
    error instanceof WrongAnswer
      ? keep(`${createHash('sha256').update(error.body).digest('hex').slice(0, 12)}.xml`, error.body)
      : undefined;
  found.push(name);
  console.error(`\n${name}: ${message}${file === undefined ? '' : `\nKept as ${file}.`}`);
};

for (const [name, { corpus }] of chosen) {
  try {
    await corpus?.();
  } catch (error) {
    tell(name, String(error), error);
  }
}
while (performance.now() < until) {
  for (const [name, { property }] of chosen) {
    if (found.includes(name)) continue;
    const result = await fc.check(property, { numRuns: 2000, interruptAfterTimeLimit: until - performance.now() + 1 });
    runs.set(name, (runs.get(name) ?? 0) + result.numRuns);
    if (result.failed && !result.interrupted) {
      const said = `seed ${result.seed}, path ${result.counterexamplePath}: ${result.errorInstance}`;
      tell(name, said, result.errorInstance);
    }
  }
  if (chosen.every(([name]) => found.includes(name))) break;
}
for (const [name, count] of runs) console.log(`${name}: ${count} runs${found.includes(name) ? ', FOUND' : ''}`);
process.exitCode = found.length > 0 ? 1 : 0;
