/**
 * `npm run clients`: runs all clients and writes `docs/clients.md`. Says what failed without a gap that names it. Clients that
 * the set-up does not install keep their lines where they are not.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/annelid.ts';
import { runAll } from './all.ts';
import { gapsOf } from './gaps.ts';
import { isThere, type MatrixRow, matrix } from './matrix.ts';
import { type Count, clientsDocument, countOf, recordedOf, validator1Part, wayOf } from './table.ts';
import { languages, validator1Passed } from './validator1/run.ts';

const file = join(root, 'docs/clients.md');
const written = await readFile(file, 'utf8');
const there: MatrixRow[] = [];
for (const row of matrix) {
  if (await isThere(row)) there.push(row);
  else process.stderr.write(`${row.name}, ${wayOf(row)}: not installed; its line stays as it is.\n`);
}
const { outcomes, done } = await runAll(there);
await done;
const counts: (readonly [MatrixRow, Count])[] = [];
for (const row of matrix) {
  const outcome = await outcomes.get(row);
  counts.push([row, outcome === undefined ? recordedOf(written, row) : countOf(outcome)]);
  if (outcome === undefined) continue;
  const known = new Set(gapsOf(row).flatMap((gap) => gap.calls));
  for (const [id, wrong] of outcome.calls) {
    if (wrong !== undefined && !known.has(id))
      process.stderr.write(`${row.name}${row.wire === 'soap' ? `, ${wayOf(row)}` : ''}: ${id}: ${wrong}\n`);
  }
}
await writeFile(file, `${clientsDocument(counts)}\n${validator1Part(languages, await validator1Passed())}`);
