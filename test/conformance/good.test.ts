import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Report } from '../../plugin-protocol/conformance/index.ts';
import type { Manifest } from '../../plugin-protocol/manifest.ts';
import { samplesIn } from '../plugin-protocol/samples.ts';
import { perlCommand } from '../sdk/perl/command.ts';
import { pythonCommand } from '../sdk/python/command.ts';
import { rubyCommand } from '../sdk/ruby/command.ts';
import { tclCommand } from '../sdk/tcl/command.ts';
import { typescriptCommand } from '../sdk/typescript/command.ts';
import { requireSuite, type SuiteName } from '../setup/packages.ts';
import { root } from '../support/annelid.ts';
import { checkCommand, wrongIn } from './check.ts';
import { inParallel } from './in-parallel.ts';

const memory = async (): Promise<Report> => {
  const folder = join(root, 'plugins/memory');
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  const { config, slow } = manifest.check as { config: Record<string, unknown>; slow: string };
  const command = [process.execPath, 'main.ts'];
  const subject = { kind: 'program', command, folder } as const;
  return checkCommand(command, { subject, manifest: { file, content: manifest }, config, slow });
};

const examples: Record<string, { suite: SuiteName; command: readonly string[] }> = {
  TypeScript: { suite: 'typescript sdk', command: typescriptCommand('sdk/typescript/examples/cloud.ts') },
  Python: { suite: 'python sdk', command: pythonCommand('sdk/python/examples/cloud.py') },
  Ruby: { suite: 'ruby sdk', command: rubyCommand('sdk/ruby/examples/cloud.rb') },
  Perl: { suite: 'perl sdk', command: perlCommand('sdk/perl/examples/cloud.pl') },
  Tcl: { suite: 'tcl sdk', command: tclCommand('sdk/tcl/examples/cloud.tcl') },
};

/** Complete plugins in PROTOCOL.md, by what its samples are marked with. */
const tenLines = { python: '/usr/bin/python3', ruby: '/usr/bin/ruby', perl: '/usr/bin/perl' };

describe('plugins that are right', function () {
  this.timeout(300_000);
  let folder: string;
  let reports: Record<string, Promise<Report>>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-ten-'));
    const cloud = { config: { file: '{scratch}/cloud' } };
    const work: Record<string, () => Promise<Report>> = { memory };
    for (const [language, { command }] of Object.entries(examples)) {
      // Without a configuration they keep their machines in a file where they are run.
      const subject = { kind: 'program', command, folder } as const;
      work[language] = () => checkCommand(command, { ...cloud, subject });
    }
    for (const [language, interpreter] of Object.entries(tenLines)) {
      const script = join(folder, `plugin.${language}`);
      await writeFile(script, samplesIn(language)[0]!);
      work[language] = () => checkCommand([interpreter, script]);
    }
    reports = inParallel(work);
  });
  after(async () => {
    await Promise.allSettled(Object.values(reports));
    await rm(folder, { recursive: true });
  });

  it('plugins/memory holds every clause, without a skip and without a warning', async () => {
    const report = await reports.memory!;
    expect(wrongIn(report)).to.deep.equal([]);
    expect(report.counts.warnings).to.equal(0);
    const unclaimed = report.clauses.filter(({ status }) => status === 'unclaimed').map(({ clause }) => clause);
    expect(unclaimed.filter((clause) => /^(7|9|10|14|15)\./.test(clause))).to.deep.equal([]);
  });

  for (const [language, { suite }] of Object.entries(examples)) {
    it(`the example in ${language} holds every clause, without a skip and without a warning`, async function () {
      await requireSuite(this, suite);
      const report = await reports[language]!;
      expect(wrongIn(report)).to.deep.equal([]);
      expect(report.counts.warnings).to.equal(0);
    });
  }

  for (const language of Object.keys(tenLines)) {
    it(`the ten lines of ${language}, without a library, break no clause`, async () => {
      expect(wrongIn(await reports[language]!)).to.deep.equal([]);
    });
  }
});
