/** What a plugin for accounting has written down: how often each entry stands in its books, by its id, and what of it. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { instanceName } from '../bring-up/bring-up.ts';
import type { Kit } from '../bring-up/kit.ts';
import { withScratch } from '../process/workspace.ts';
import { excerpt, Failure, Skip } from '../report/verdict.ts';

export interface Books {
  /** How often an entry is there. */
  count(id: string): number;
  /** What is there of it, by the names of its members: JSON, or a row of a table. */
  records(id: string): Record<string, unknown>[];
}

/** A line or a row. */
interface Entered {
  text: string;
  columns?: Record<string, unknown>;
}

const sqliteHead = 'SQLite format 3\0';
const mostOutput = 64 * 2 ** 20;
const run = promisify(execFile);

/** Nothing in an entry needs more digits. */
const withoutBigInts = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );

const rowsOf = async (file: string): Promise<Entered[]> => {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    const tables = db.prepare("select name from sqlite_schema where type = 'table'").all();
    return tables.flatMap(({ name }) => {
      const rows = db.prepare(`select * from "${String(name).replaceAll('"', '""')}"`);
      rows.setReadBigInts(true);
      return rows.all().map((row) => ({ text: Object.values(row).join('\n'), columns: withoutBigInts(row) }));
    });
  } finally {
    db.close();
  }
};

const linesIn = (text: string): Entered[] => text.split('\n').map((line) => ({ text: line }));

const recordIn = ({ text, columns }: Entered): Record<string, unknown>[] => {
  if (columns !== undefined) return [columns];
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? [value as Record<string, unknown>] : [];
  } catch {
    return [];
  }
};

const linesOf = async (kit: Kit, folder: string, books: string | readonly string[]): Promise<Entered[]> => {
  if (typeof books !== 'string') {
    const [program = '', ...words] = books;
    const { env } = kit.setting;
    const options = { cwd: folder, env, maxBuffer: mostOutput };
    const { stdout } = await run(program === 'node' ? process.execPath : program, words, options);
    return linesIn(stdout);
  }
  const file = resolve(folder, books);
  // Nothing has been written yet.
  if (!existsSync(file)) return [];
  const content = readFileSync(file);
  return content.toString('latin1', 0, sqliteHead.length) === sqliteHead ? rowsOf(file) : linesIn(content.toString());
};

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Throws unless something shows what is in the books. */
export const needsBooks = ({ setting }: Kit): string | readonly string[] => {
  if (setting.books !== undefined) return setting.books;
  throw new Skip(
    'What is in its books is not known.',
    'Say as check.books in manifest.json what shows them, a file or a command: whether an entry is lost or counted twice is first seen in an invoice.',
  );
};

/** The books as they are now, in a place of the check. */
export const booksIn = async (kit: Kit, place: string): Promise<Books> => {
  const books = withScratch(needsBooks(kit), kit.workspace.scratch(`${place}/${instanceName}`));
  const { subject } = kit.setting;
  const folder = (subject.kind === 'program' ? subject.folder : undefined) ?? process.cwd();
  const lines = await linesOf(kit, folder, books).catch((error: Error) => {
    throw new Failure(
      `check.books, ${excerpt(kit.setting.books)}, cannot be read: ${excerpt(error.message, 300)}.`,
      'Say in manifest.json where the entries stand, with {scratch} as in check.config.',
    );
  });
  const entered = new Map<string, Entered[]>();
  for (const line of lines) {
    for (const id of new Set(line.text.toLowerCase().match(uuid) ?? [])) {
      const known = entered.get(id);
      if (known) known.push(line);
      else entered.set(id, [line]);
    }
  }
  return {
    count: (id) => entered.get(id)?.length ?? 0,
    records: (id) => (entered.get(id) ?? []).flatMap(recordIn),
  };
};
