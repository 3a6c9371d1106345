/** `npm run soak`: `soak.ts` with its figures and findings on the terminal. Ends with 1 when anything does not hold. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { missingLanguages } from './clouds.ts';
import { lineOf, reportOf, sampleHead } from './report.ts';
import { soak } from './soak.ts';

const usage = `Usage: npm run soak [-- --calls N] [--seed N] [--few]

Makes calls through the plugin host to 20 plugin processes, in several languages, that are killed, stopped, replaced
and full of noise meanwhile. In the end: no call is lost, no change has two effects, no process is left, and
memory and open files are as they were after the first quarter.

  --calls N  So many calls: 100000 when left out. It takes some minutes.
  --seed N   Begins the row of random numbers that decides what is done to whom: 1 when left out.
  --few      Half of the processes.
  --help     Print this.
`;

const readOptions = () => {
  try {
    return parseArgs({
      options: {
        calls: { type: 'string', default: '100000' },
        seed: { type: 'string', default: '1' },
        few: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
};

const { few, help, ...given } = readOptions();
if (help) {
  process.stdout.write(usage);
  process.exit(0);
}
const numberFor = (name: 'calls' | 'seed', least: number): number => {
  const value = Number(given[name]);
  if (Number.isSafeInteger(value) && value >= least) return value;
  console.error(`--${name} must be a whole number of at least ${least}, and is ${given[name]}.\n\n${usage}`);
  return process.exit(2);
};
const calls = numberFor('calls', 4);
const seed = numberFor('seed', 0);

const missing = missingLanguages();
if (missing.length > 0) console.error(`Without plugins in ${missing.join(', ')}: not installed.`);
const folder = await mkdtemp(join(tmpdir(), 'annelid-soak-'));
const isWatched = process.stderr.isTTY;
const showProgress = (made: number) => {
  if (isWatched) process.stderr.write(`\r\x1b[K${made} of ${calls} calls`);
};
try {
  console.log(`${calls} calls, seed ${seed}\n\n${sampleHead}`);
  const result = await soak({
    ...{ calls, seed, folder, few, onProgress: showProgress },
    onSample(sample) {
      if (isWatched) process.stderr.write('\r\x1b[K');
      console.log(lineOf(sample));
    },
  });
  console.log(reportOf(result, process.stdout.isTTY && !process.env.NO_COLOR));
  process.exitCode = result.checks.some(({ problems }) => problems.length > 0) ? 1 : 0;
} finally {
  await rm(folder, { recursive: true });
}
