import { expect } from 'chai';
import { clauses, type Report } from '../../plugin-protocol/conformance/index.ts';
import { checkPlanted, wrongIn } from './check.ts';
import { inParallel } from './in-parallel.ts';
import { faults } from './planted/faults.ts';

/** What does not come is not waited for so long. */
const impatience = { describeMs: 1500, answerMs: 1500, stopMs: 1500 };

describe('mistakes that are planted into a plugin', function () {
  this.timeout(300_000);
  let reports: Record<string, Promise<Report>>;
  before(() => {
    reports = inParallel(
      Object.fromEntries(
        Object.entries(faults).map(([name, { clause, isWarning = false, isSilence = false }]) => [
          name,
          () =>
            checkPlanted(name, {
              only: [clause],
              strict: isWarning,
              bail: true,
              ...(isSilence && { patience: impatience }),
            }),
        ]),
      ),
    );
  });

  it('are none in the plugin without them', async () => {
    const report = await checkPlanted(undefined, { strict: true });
    expect(wrongIn(report)).to.deep.equal([]);
    const unclaimed = report.clauses.filter(({ status }) => status === 'unclaimed').map(({ clause }) => clause);
    expect(unclaimed).to.deep.equal(['12.1', '12.6', '12.9', '12.10']);
  });

  it('are there for each clause that a plugin can break', () => {
    const broken = new Set(Object.values(faults).map(({ clause }) => clause));
    const breakable = clauses.flatMap((row) => ('probes' in row ? [row.clause] : []));
    // What they ask for stands in a manifest, and at an address (address.test.ts).
    expect(breakable.filter((clause) => !broken.has(clause))).to.deep.equal(['12.1', '12.6', '12.9', '12.10']);
  });

  it('12.1: a manifest that lacks something, or calls the plugin otherwise', async () => {
    const check = async (content: object) => {
      const report = await checkPlanted(undefined, { only: ['12.1'], manifest: { file: 'manifest.json', content } });
      return report.clauses.flatMap(({ findings, probes }) =>
        [...probes.flatMap((probe) => probe.findings), ...findings].map(({ severity, message }) => [severity, message]),
      );
    };
    expect(await check({ name: 'planted', version: '1.0' })).to.deep.equal([
      ['failure', 'manifest.json is wrong: /run is missing.'],
    ]);
    expect(await check({ name: 'other', version: '1.0', run: ['node', 'main'] })).to.deep.equal([
      ['warning', 'It is called other in manifest.json, and planted in describe.'],
    ]);
  });

  it('7.1: calls that hold each other up are found without a word of which is slow', async () => {
    const report = await checkPlanted('does one thing at a time', { only: ['7.1'], slow: undefined });
    expect(wrongIn(report)).to.deep.equal([
      '7.1: It says that it takes 8 calls at once, and compute.reboot holds up compute.list.',
    ]);
  });

  for (const [name, { clause, says }] of Object.entries(faults)) {
    it(`${clause}: a plugin that ${name}`, async () => {
      const report = await reports[name]!;
      const found = report.clauses.find((one) => one.clause === clause)!;
      const said = [...found.probes.flatMap((probe) => probe.findings), ...found.findings];
      expect(found.status, JSON.stringify(report.clauses)).to.equal('failed');
      expect(said.map(({ message }) => message).join('\n')).to.match(says);
      expect(report.passed).to.equal(false);
    });
  }
});
