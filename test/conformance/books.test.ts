/** What shows the books of a plugin for accounting, in a check. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runAnnelid } from '../support/annelid.ts';
import { checkPlanted, wrongIn } from './check.ts';

const clause = '19.1';
const inBooks = async (books: string | string[] | undefined, fault?: string) =>
  wrongIn(await checkPlanted(fault, { only: [clause], books }));

describe('the books of a plugin, in a check', function () {
  this.timeout(120_000);

  it('are shown by a file, or by a command', async () => {
    expect(await inBooks('{scratch}/books')).to.deep.equal([]);
    expect(await inBooks(['cat', '{scratch}/books'])).to.deep.equal([]);
    const read = `process.stdout.write(require('node:fs').readFileSync(process.argv[1]))`;
    expect(await inBooks(['node', '-e', read, '{scratch}/books'])).to.deep.equal([]);
  });

  it('lack what was lost, whatever shows them', async () => {
    const fault = 'answers for entries before they are written';
    for (const books of ['{scratch}/books', ['echo', '{scratch}/books']]) {
      const [wrong] = await inBooks(books, fault);
      expect(wrong).to.match(/^19\.1: Killed once it had answered, 10 of 10 entries are not in its books, /);
    }
  });

  it('are looked at where something shows them, and what it means otherwise is said', async () => {
    expect(await inBooks(undefined)).to.deep.equal([`${clause}: What is in its books is not known.`]);
    const [wrong] = await inBooks(['annelid-no-such-program']);
    expect(wrong).to.match(/^19\.1: check\.books, \["annelid-no-such-program"\], cannot be read: .*ENOENT/);
  });

  it('are a file or the words of a command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-books-'));
    try {
      const manifest = { name: 'mine', version: '1', run: ['true'], check: { books: { file: 'books' } } };
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
      const { code, err } = await runAnnelid(['plugin', 'check', folder]);
      expect(code).to.equal(2);
      expect(err).to.include('check.books in manifest.json must be the path of a file, or the words of a command.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
