/** `npm run soak`: `soak.ts` with its figures and findings on the terminal. Ends with 1 when anything does not hold. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { misused, readOptions } from '../support/options.ts';
import { missingLanguages } from './clouds.ts';
import { daemonHead, daemonLineOf, findingsOf, lineOf, reportOf, sampleHead, wireReportOf } from './report.ts';
import { soak } from './soak.ts';
import { soakWire } from './wire.ts';

const usage = `Usage: npm run soak [-- --calls N] [--seed N] [--few]

Makes calls through the plugin host to 20 plugin processes, in several languages, that are killed, stopped, replaced
and full of noise meanwhile. In the end: no call is lost, no change has two effects, no process is left, and
memory and open files are as they were after the first quarter. Then the same from outside, over the wire to a
daemon that is killed once itself.

  --calls N  So many calls: 100000 when left out. It takes some minutes.
  --wire N   So many over the wire: 10000 when left out, 0 for none.
  --seed N   Begins the row of random numbers that decides what is done to whom: 1 when left out.
  --few      Half of the processes.
  --help     Print this.
`;

const { few, ...given } = readOptions(usage, {
  calls: { type: 'string', default: '100000' },
  wire: { type: 'string', default: '10000' },
  seed: { type: 'string', default: '1' },
  few: { type: 'boolean', default: false },
});
const numberFor = (name: 'calls' | 'wire' | 'seed', least: number): number => {
  const value = Number(given[name]);
  if (Number.isSafeInteger(value) && value >= least) return value;
  return misused(usage, `--${name} must be a whole number of at least ${least}, and is ${given[name]}.`);
};
const calls = numberFor('calls', 4);
const wire = numberFor('wire', 0);
const seed = numberFor('seed', 0);

const missing = missingLanguages();
if (missing.length > 0) console.error(`Without plugins in ${missing.join(', ')}: not installed.`);
const folder = await mkdtemp(join(tmpdir(), 'annelid-soak-'));
const isWatched = process.stderr.isTTY;
const showProgress = (made: number) => {
  if (isWatched) process.stderr.write(`\r\x1b[K${made} of ${calls} calls`);
};
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
try {
  console.log(`${calls} calls through the host, seed ${seed}\n\n${sampleHead}`);
  const result = await soak({
    ...{ calls, seed, folder, few, onProgress: showProgress },
    onSample(sample) {
      if (isWatched) process.stderr.write('\r\x1b[K');
      console.log(lineOf(sample));
    },
  });
  const checks = [...result.checks];
  console.log(`\n${reportOf(result)}\n\n${findingsOf(result.checks, colour)}`);
  if (wire > 0) {
    console.log(`\n${wire} calls over the wire, seed ${seed}\n\n${daemonHead}`);
    const outside = await soakWire({
      ...{ calls: wire, seed, folder },
      onSample: (sample) => console.log(daemonLineOf(sample)),
    });
    checks.push(...outside.checks);
    console.log(`\n${wireReportOf(outside)}\n\n${findingsOf(outside.checks, colour)}`);
  }
  process.exitCode = checks.some(({ problems }) => problems.length > 0) ? 1 : 0;
} finally {
  await rm(folder, { recursive: true });
}
