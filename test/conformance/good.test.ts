import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
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

/** They answer at once, unless the machine is busy with other things. */
const patience = { describeMs: 15_000, answerMs: 15_000, stopMs: 15_000 };

describe('plugins that are right', function () {
  this.timeout(120_000);

  it('plugins/memory holds every clause', async () => {
    const folder = join(root, 'plugins/memory');
    const file = join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    const { config, slow } = manifest.check as { config: Record<string, unknown>; slow: string };
    const report = await checkCommand([process.execPath, 'main.ts'], {
      subject: { kind: 'program', command: [process.execPath, 'main.ts'], folder },
      manifest: { file, content: manifest },
      config,
      slow,
      patience,
    });
    expect(wrongIn(report)).to.deep.equal([]);
    expect(report.counts.warnings).to.equal(0);
    expect(report.clauses.filter(({ status }) => status === 'unclaimed').map(({ clause }) => clause)).to.deep.equal([
      '12.6',
      ...['13.1', '13.2', '13.3', '13.5', '13.6'],
    ]);
  });

  const examples: readonly [language: string, suite: SuiteName, command: readonly string[]][] = [
    ['TypeScript', 'typescript sdk', typescriptCommand('sdk/typescript/examples/cloud.ts')],
    ['Python', 'python sdk', pythonCommand('sdk/python/examples/cloud.py')],
    ['Ruby', 'ruby sdk', rubyCommand('sdk/ruby/examples/cloud.rb')],
    ['Perl', 'perl sdk', perlCommand('sdk/perl/examples/cloud.pl')],
    ['Tcl', 'tcl sdk', tclCommand('sdk/tcl/examples/cloud.tcl')],
  ];
  for (const [language, suite, command] of examples) {
    it(`the example in ${language} holds every clause`, async function () {
      await requireSuite(this, suite);
      const report = await checkCommand(command, { config: { file: '{scratch}/cloud' }, patience });
      expect(wrongIn(report)).to.deep.equal([]);
      expect(report.counts.warnings).to.equal(0);
    });
  }

  describe('without a library', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'annelid-ten-'));
    });
    after(() => rm(folder, { recursive: true }));

    for (const [language, interpreter] of [
      ['python', 'python3'],
      ['ruby', 'ruby'],
      ['perl', 'perl'],
    ] as const) {
      it(`the ten lines of ${language} break no clause`, async () => {
        const script = join(folder, `plugin.${language}`);
        await writeFile(script, samplesIn(language)[0]!);
        const report = await checkCommand([`/usr/bin/${interpreter}`, script], { patience });
        expect(wrongIn(report)).to.deep.equal([]);
      });
    }
  });
});
