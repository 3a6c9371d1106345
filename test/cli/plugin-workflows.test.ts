/**
 * The files for GitHub Actions that `annelid plugin new` makes, run step after step in a folder that has what a checkout
 * there has: what git would have been given, and this tree in place of the repository that Annelid comes from.
 */
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import { type Kind, kinds } from '../../daemon/kit/kinds.ts';
import { type Language, languages } from '../../daemon/kit/languages.ts';
import { inParallel } from '../conformance/in-parallel.ts';
import { requireSuite, type SuiteName } from '../setup/packages.ts';
import { cleanEnvironment, root, runAnnelid } from '../support/annelid.ts';

interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
  if?: string;
}

const bare: readonly Language[] = ['python', 'ruby', 'perl'];
const wanted = (Object.keys(languages) as Language[]).flatMap((language) => [
  ...(Object.keys(kinds) as Kind[]).map((kind) => ({
    name: `a-${language}-${kind}`,
    words: ['--lang', language, '--kind', kind],
  })),
  ...(bare.includes(language) ? [{ name: `a-${language}-bare`, words: ['--lang', language, '--bare'] }] : []),
]);

/** What the machines there have and a test must not do: install packages, and download what this tree has already. */
const standIns = {
  sudo: 'exec true',
  npm: `if [ "$1" = ci ]; then test -f annelid/package-lock.json; else exec "$REAL_NPM" --offline "$@"; fi`,
};

describe('the workflows that annelid plugin new makes', function () {
  this.timeout(300_000);
  let folder: string;
  let runs: Record<string, Promise<string[]>>;
  const quietly = { stdin: 'ignore', all: true } as const;

  /** What `actions/checkout` does. */
  const checkouts = {
    own: async (name: string, place: string) => {
      const cwd = join(folder, name);
      await execa('git', ['init', '--quiet'], { cwd });
      await execa('git', ['add', '--all'], { cwd });
      await execa('git', ['checkout-index', '--all', `--prefix=${place}/`], { cwd });
    },
    annelid: async (place: string) => {
      await execa('cp', ['-al', join(folder, 'annelid'), place]);
    },
  };

  const perform = async (step: Step, name: string, place: string): Promise<void> => {
    if (step.uses?.startsWith('actions/checkout@')) {
      if (step.with === undefined) return checkouts.own(name, place);
      expect(step.with).to.deep.equal({ repository: `\${{ vars.ANNELID_REPOSITORY }}`, path: 'annelid' });
      return checkouts.annelid(join(place, 'annelid'));
    }
    if (step.uses !== undefined) {
      expect(step).to.deep.equal({ uses: 'actions/setup-node@v4', with: { 'node-version': 24 } });
      return;
    }
    const environment = cleanEnvironment();
    const { stdout: npm } = await execa('sh', ['-c', 'command -v npm']);
    const path = [join(folder, 'stand-ins'), dirname(process.execPath), environment.PATH].join(delimiter);
    const { failed, all } = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run!], {
      ...quietly,
      cwd: place,
      env: { ...environment, PATH: path, CI: 'true', HOME: join(folder, 'home'), REAL_NPM: npm },
      extendEnv: false,
      reject: false,
    });
    if (failed) throw new Error(`${step.run}\n${all}`);
  };

  /** The commands that were run, in their order. */
  const run = async ({ name, words }: (typeof wanted)[number]): Promise<string[]> => {
    const { code, err } = await runAnnelid(['plugin', 'new', name, ...words], { directory: folder });
    expect([code, err]).to.deep.equal([0, '']);
    const text = await readFile(join(folder, name, '.github/workflows/check.yml'), 'utf8');
    const { jobs, on } = parse(text) as { on: string[]; jobs: { check: { steps: Step[] } } };
    expect(on).to.deep.equal(['push', 'pull_request']);
    const place = join(folder, 'runners', name);
    await mkdir(place, { recursive: true });
    const steps = jobs.check.steps.filter((step) => step.if === undefined);
    // Those are the examples of the SDKs, which conformance/good.test.ts holds against every clause.
    const isExample = name.endsWith('-compute');
    for (const step of isExample ? steps.slice(0, -1) : steps) await perform(step, name, place);
    await rm(place, { recursive: true });
    return steps.flatMap((step) => step.run ?? []);
  };

  before(async function () {
    for (const language of Object.keys(languages)) await requireSuite(this, `${language} sdk` as SuiteName);
    folder = await mkdtemp(join(tmpdir(), 'annelid-workflows-'));
    for (const made of ['annelid', 'stand-ins', 'home']) await mkdir(join(folder, made));
    const { stdout } = await execa('git', ['ls-files', '-z', 'bin', 'daemon', 'plugin-protocol', 'sdk', 'package*'], {
      cwd: root,
    });
    const files = stdout.split('\0').filter(Boolean);
    await execa('cp', ['--parents', '-t', join(folder, 'annelid'), ...files], { cwd: root });
    await symlink(join(root, 'node_modules'), join(folder, 'annelid/node_modules'));
    for (const [name, text] of Object.entries(standIns)) {
      const file = join(folder, 'stand-ins', name);
      await writeFile(file, `#!/bin/sh\n${text}\n`);
      await chmod(file, 0o755);
    }
    runs = inParallel(Object.fromEntries(wanted.map((one) => [one.name, () => run(one)])));
  });
  after(async () => {
    await Promise.allSettled(Object.values(runs ?? {}));
    await rm(folder, { recursive: true, force: true });
  });

  for (const { name, words } of wanted) {
    it(`pass: ${name}`, async () => {
      const commands = await runs[name]!;
      expect(commands).to.include(languages[words[1] as Language].test);
      expect(commands.at(-1)).to.equal('node annelid/bin/annelid.js plugin check . --strict');
    });
  }

  it('say what must be set when nobody has said where Annelid is', async () => {
    await runs['a-python-service'];
    const text = await readFile(join(folder, 'a-python-service/.github/workflows/check.yml'), 'utf8');
    const [first] = (parse(text) as { jobs: { check: { steps: Step[] } } }).jobs.check.steps;
    expect(first!.if).to.equal("vars.ANNELID_REPOSITORY == ''");
    const { exitCode, all } = await execa('bash', ['-ec', first!.run!], { ...quietly, reject: false });
    expect(exitCode).to.equal(1);
    expect(all).to.match(/^::error::.*ANNELID_REPOSITORY/);
  });
});
