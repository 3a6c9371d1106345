/** Books kept in SQLite, with a row for each entry: put calls of your accounting in their place. */
import { DatabaseSync } from 'node:sqlite';
import { type CallsFactory, Fault, serve } from 'annelid-sdk/plugin';

const books: CallsFactory<{ file?: unknown }> = ({ file = 'books.db' }) => {
  if (typeof file !== 'string')
    throw new Fault('invalid-params', 'file must be the path of a file.', { field: '/config/file' });
  const db = new DatabaseSync(file, { timeout: 5000 });
  // What was answered is on the disk, also when the power fails.
  db.exec('pragma synchronous = full');
  db.exec(`create table if not exists entry (
    id text primary key not null, vm text, name text, account text, connector text,
    vcpus integer, memoryMiB integer, began text, ended text, seconds real
  )`);
  const add = db.prepare('insert into entry values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing');

  return {
    'accounting.record': ({ entries }) => {
      try {
        db.exec('begin immediate');
        for (const { id, vm, name, account, connector, vcpus, memoryMiB, began, ended, seconds } of entries)
          add.run(id, vm, name, account, connector, vcpus ?? null, memoryMiB ?? null, began, ended, seconds);
        db.exec('commit');
      } catch (error) {
        if (db.isTransaction) db.exec('rollback');
        // The daemon keeps them, and tells them again.
        throw new Fault('unavailable', `The books cannot be written: ${(error as Error).message}.`);
      }
      return {};
    },
  };
};

await serve('sample-plugin', books, { version: '0.1.0' });
