/** The matrix of clients: see test/clients/README.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runAll } from '../clients/all.ts';
import { gapsOf } from '../clients/gaps.ts';
import { matrix } from '../clients/matrix.ts';
import { clientsDocument, wayOf, withoutVersions } from '../clients/table.ts';
import { inCi, missingOf, requireSuite, type SuiteName } from '../setup/packages.ts';
import { root } from '../support/annelid.ts';

type Run = Awaited<ReturnType<typeof runAll<(typeof matrix)[number]>>>;

describe('Every client of the matrix', function () {
  this.timeout(300_000);
  let run: Run;
  before(async () => {
    const suites = new Set(matrix.map(({ suite }) => suite));
    const missing = new Set<SuiteName>();
    for (const suite of suites) if ((await missingOf(suite)).length > 0) missing.add(suite);
    run = await runAll(matrix.filter(({ suite }) => !missing.has(suite)));
  });
  after(() => run?.done);

  for (const row of matrix) {
    const way = row.wire === 'soap' ? `, ${wayOf(row)},` : '';
    it(`${row.name}${way} makes every call and carries every kind of value, but for its known gaps`, async function () {
      await requireSuite(this, row.suite);
      const { calls } = await run.outcomes.get(row)!;
      const wrong = new Map([...calls].filter(([, why]) => why !== undefined));
      const known = gapsOf(row).flatMap((gap) => gap.calls);
      const unexplained = [...wrong].filter(([id]) => !known.includes(id)).map(([id, why]) => `${id}: ${why}`);
      expect(unexplained, 'what failed').to.deep.equal([]);
      expect(
        known.filter((id) => !wrong.has(id)),
        'gaps that are none any more',
      ).to.deep.equal([]);
    });
  }

  it('did what docs/clients.md says', async function () {
    if (run.outcomes.size < matrix.length && !inCi) this.skip();
    const results = await Promise.all([...run.outcomes].map(async ([row, outcome]) => [row, await outcome] as const));
    const written = readFileSync(join(root, 'docs/clients.md'), 'utf8');
    expect(withoutVersions(clientsDocument(results))).to.equal(withoutVersions(written));
  });
});
