/** The matrix of clients: see test/clients/README.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runAll } from '../clients/all.ts';
import { gaps, gapsOf } from '../clients/gaps.ts';
import { isThere, type MatrixRow, matrix } from '../clients/matrix.ts';
import { clientsDocument, countOf, recordedOf, wayOf, withoutSuite, withoutVersions } from '../clients/table.ts';
import { missingOf, requireSuite, type SuiteName } from '../setup/packages.ts';
import { root } from '../support/annelid.ts';

describe('Every client of the matrix', function () {
  this.timeout(300_000);
  let run: Awaited<ReturnType<typeof runAll<MatrixRow>>>;
  /** Clients that the set-up does not install, where they are not. */
  const absent = new Set<string>();
  before(async () => {
    const missing = new Set<SuiteName>();
    for (const suite of new Set(matrix.map((row) => row.suite))) {
      if ((await missingOf(suite)).length > 0) missing.add(suite);
    }
    const rows: MatrixRow[] = [];
    for (const row of matrix) {
      if (!(await isThere(row))) absent.add(row.name);
      else if (!missing.has(row.suite)) rows.push(row);
    }
    run = await runAll(rows);
  });
  after(() => run?.done);

  for (const row of matrix) {
    const way = row.wire === 'soap' ? `, ${wayOf(row)},` : '';
    it(`${row.name}${way} makes every call and carries every kind of value, but for its known gaps`, async function () {
      await requireSuite(this, row.suite);
      if (absent.has(row.name)) this.skip();
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

  it('has no gap of a client or a style that is not in it', () => {
    const judged = new Set(matrix.flatMap((row) => gapsOf(row)));
    expect(gaps.filter((gap) => !judged.has(gap))).to.deep.equal([]);
    const styles = new Set(matrix.map(({ name, mode = 'document' }) => `${name} ${mode}`));
    const named = gaps.flatMap(({ client, modes = [] }) => modes.map((mode) => `${client} ${mode}`));
    expect(named.filter((style) => !styles.has(style))).to.deep.equal([]);
  });

  it('did what docs/clients.md says', async function () {
    for (const { suite } of matrix) await requireSuite(this, suite);
    const written = withoutSuite(readFileSync(join(root, 'docs/clients.md'), 'utf8'));
    const counts = matrix.map(async (row) => {
      const outcome = await run.outcomes.get(row);
      return [row, outcome === undefined ? recordedOf(written, row) : countOf(outcome)] as const;
    });
    expect(withoutVersions(clientsDocument(await Promise.all(counts)))).to.equal(withoutVersions(written));
  });
});
