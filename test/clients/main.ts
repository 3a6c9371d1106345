/** `npm run clients`: runs all clients and writes `docs/clients.md`. Says what failed without a gap that names it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/annelid.ts';
import { runAll } from './all.ts';
import { gapsOf } from './gaps.ts';
import { isThere, matrix } from './matrix.ts';
import { clientsDocument, validator1Part, wayOf } from './table.ts';
import { languages, validator1Passed } from './validator1/run.ts';

const absent: string[] = [];
for (const row of matrix) if (!(await isThere(row))) absent.push(row.name);
if (absent.length > 0) throw new Error(`Not installed, and the table is of all: ${[...new Set(absent)].join(', ')}.`);
const { outcomes, done } = await runAll(matrix);
await done;
const results = await Promise.all([...outcomes].map(async ([row, outcome]) => [row, await outcome] as const));
for (const [row, { calls }] of results) {
  const known = new Set(gapsOf(row).flatMap((gap) => gap.calls));
  for (const [id, wrong] of calls) {
    if (wrong !== undefined && !known.has(id))
      process.stderr.write(`${row.name}${row.wire === 'soap' ? `, ${wayOf(row)}` : ''}: ${id}: ${wrong}\n`);
  }
}
await writeFile(
  join(root, 'docs/clients.md'),
  `${clientsDocument(results)}\n${validator1Part(languages, await validator1Passed())}`,
);
