/** What a plugin for accounting has written down: how often each entry stands in its books, by its id. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { instanceName } from './bring-up.ts';
import type { Kit } from './kit.ts';
import { excerpt, Failure, Skip } from './verdict.ts';
import { withScratch } from './workspace.ts';

export type Books = (id: string) => number;

const sqliteHead = 'SQLite format 3\0';
const mostOutput = 64 * 2 ** 20;
const run = promisify(execFile);

const rowsOf = async (file: string): Promise<string[]> => {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    const tables = db.prepare("select name from sqlite_schema where type = 'table'").all();
    return tables.flatMap(({ name }) => {
      const rows = db.prepare(`select * from "${String(name).replaceAll('"', '""')}"`);
      rows.setReadBigInts(true);
      return rows.all().map((row) => Object.values(row).join('\n'));
    });
  } finally {
    db.close();
  }
};

const linesOf = async (kit: Kit, folder: string, books: string | readonly string[]): Promise<string[]> => {
  if (typeof books !== 'string') {
    const [program = '', ...words] = books;
    const { env } = kit.setting;
    const options = { cwd: folder, env, maxBuffer: mostOutput };
    const { stdout } = await run(program === 'node' ? process.execPath : program, words, options);
    return stdout.split('\n');
  }
  const file = resolve(folder, books);
  // Nothing has been written yet.
  if (!existsSync(file)) return [];
  const content = readFileSync(file);
  return content.toString('latin1', 0, sqliteHead.length) === sqliteHead
    ? rowsOf(file)
    : content.toString().split('\n');
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
  const counts = new Map<string, number>();
  for (const line of lines) {
    for (const id of new Set(line.toLowerCase().match(uuid) ?? [])) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return (id) => counts.get(id) ?? 0;
};
