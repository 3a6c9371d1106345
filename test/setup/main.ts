/**
 * Installs what the suites need: Debian packages, when it is root on Debian. Otherwise names each suite that cannot run
 * and why; in CI that is a failure.
 */
import { execa } from 'execa';
import { fetchJars } from './jars.ts';
import { inCi, missingOf, type SuiteName, type SuiteRow, suiteNames, suites } from './packages.ts';
import { fetchSource } from './sources.ts';

const say = (line: string) => process.stderr.write(`setup: ${line}\n`);

const missingSuites = async (): Promise<Map<SuiteName, string[]>> => {
  const checked = await Promise.all(suiteNames.map(async (suite) => [suite, await missingOf(suite)] as const));
  return new Map(checked.filter(([, missing]) => missing.length > 0));
};

const apt = (...args: string[]) =>
  execa('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    stdin: 'ignore',
    all: true,
    reject: false,
  });

/** What apt-get complained of, or undefined when the packages are installed. */
const install = async (packages: string[]): Promise<string | undefined> => {
  const wanted = ['install', '--no-install-recommends', ...packages];
  const first = await apt(...wanted);
  if (!first.failed) return undefined;
  say('updating the package lists');
  await apt('update');
  const second = await apt(...wanted);
  return second.failed ? second.all.trim().split('\n').slice(-5).join('\n') : undefined;
};

const canInstall = process.getuid?.() === 0 && !(await execa('apt-get', ['--version'], { reject: false })).failed;

let missing = await missingSuites();
if (missing.size > 0 && canInstall) {
  const packages = [...new Set([...missing.keys()].flatMap((suite) => suites[suite].packages))];
  say(`installing ${packages.length} packages for ${[...missing.keys()].join(', ')}`);
  const together = await install(packages);
  // One package that this release lacks must cost one suite, not all.
  if (together !== undefined) {
    for (const suite of missing.keys()) {
      const complaint = await install([...suites[suite].packages]);
      if (complaint !== undefined) say(`${suite}: ${complaint}`);
    }
  }
  for (const suite of missing.keys()) {
    const { sources = [], jars = [] }: SuiteRow = suites[suite];
    for (const row of sources) {
      say(`unpacking folders of the source package ${row.source}`);
      await fetchSource(row).catch((error: Error) => say(`${suite}: ${error.message}`));
    }
    for (const row of jars) {
      say(`fetching ${row.artifact} ${row.version} with Maven`);
      await fetchJars(row).catch((error: Error) => say(`${suite}: ${error.message}`));
    }
  }
  missing = await missingSuites();
}
for (const [suite, probes] of missing) {
  const why = canInstall ? '' : ' (not root on Debian, so nothing was installed)';
  say(
    `the ${suite} suite cannot run${why}: it needs ${suites[suite].packages.join(' ')}; failing: ${probes.join('; ')}`,
  );
}
if (missing.size > 0 && inCi) process.exitCode = 1;
