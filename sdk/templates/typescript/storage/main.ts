/** Volumes of sample-plugin, kept in SQLite: put calls of your storage in their place. */
import { DatabaseSync } from 'node:sqlite';
import { type CallsFactory, Fault, publish, published, serve, shapes } from 'annelid-sdk/plugin';

const storage: CallsFactory<{ file?: unknown }> = ({ file = 'volumes.db' }, instance) => {
  if (typeof file !== 'string')
    throw new Fault('invalid-params', 'file must be the path of a file.', { field: '/config/file' });
  const db = new DatabaseSync(file);
  db.exec('create table if not exists volume (name text primary key not null, sizeMiB integer not null)');

  const rows = () =>
    db.prepare('select name, sizeMiB from volume order by name').all() as { name: string; sizeMiB: number }[];

  /** Whether that changed anything; the daemon then reads the list again. */
  const change = (statement: string, ...values: (string | number)[]): boolean => {
    const { changes } = db.prepare(statement).run(...values);
    if (changes > 0) instance.event({ type: 'resync' });
    return changes > 0;
  };

  const service = publish('samplePlugin', 'Makes and removes the volumes of sample-plugin.', {
    create: published({
      doc: 'Make a volume. One of that name and size that is there already is as good as new.',
      permission: 'admin',
      params: {
        name: shapes.string('What it is called.', { minLength: 1, maxLength: 200 }),
        sizeMiB: shapes.int('Its size in MiB.', { minimum: 1 }),
      },
      result: shapes.string('Its id.'),
      example: { params: { name: 'data1', sizeMiB: 1024 }, result: 'data1' },
      call: ({ name, sizeMiB }) => {
        const isNew = change('insert or ignore into volume values (?, ?)', name, sizeMiB);
        if (!isNew && !rows().some((row) => row.name === name && row.sizeMiB === sizeMiB))
          throw new Fault('exists', `There is a volume ${name} of another size.`, { resource: name });
        return name;
      },
    }),
    delete: published({
      doc: 'Remove a volume and what is on it. One that is gone already is no fault.',
      permission: 'admin',
      params: { volume: shapes.string('Its id.') },
      result: shapes.bool('Whether it was there.'),
      example: { params: { volume: 'data1' }, result: true },
      call: ({ volume }) => change('delete from volume where name = ?', volume),
    }),
  });
  instance.publish(service);

  return {
    'storage.list': () => ({ items: rows().map((row) => ({ id: row.name, ...row })) }),
  };
};

await serve('sample-plugin', storage, { version: '0.1.0', methods: ['storage.list'] });
