/** Mocha with the report of this tree. A run that ends without the report's last line has failed, whatever its exit code is. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What Node has compiled once it does not compile again: the suites start plugins of TypeScript a thousand times. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url));

/** What a version manager puts on the PATH is a script, which takes longer to find the interpreter than that does to start. */
const interpreters = (): string => {
  const { stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  return [...(stdout ? [dirname(stdout.trim())] : []), process.env.PATH].join(delimiter);
};

/** Resolves to the exit code: mocha's own, or 1 when it was cut off. Signals are handed on to it. */
export const runSuites = async (words: string[]): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'annelid-suites-'));
  // Mocha hands on nothing but its three streams to the process that runs the tests; when a signal ends that one, Mocha ends with 0.
  const closed = join(folder, 'closed');
  const reporter = ['--reporter', './bin/reporter.js', '--fail-zero', '--forbid-only'];
  const mocha = spawn('mocha', [...reporter, ...words], {
    stdio: 'inherit',
    env: { ...process.env, PATH: interpreters(), ANNELID_SUITES_CLOSED: closed, NODE_COMPILE_CACHE: compiled },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => mocha.kill(signal));
  const [status] = (await once(mocha, 'exit')) as [number | null];
  const isWhole = existsSync(closed);
  rmSync(folder, { recursive: true });
  if (isWhole) return status ?? 1;
  console.error('The tests were cut off before the line that counts them: this run has failed.');
  return status || 1;
};
