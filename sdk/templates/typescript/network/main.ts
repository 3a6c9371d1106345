/** Networks of sample-plugin, kept in SQLite: put calls of your switches in their place. */
import { DatabaseSync } from 'node:sqlite';
import { type CallsFactory, Fault, publish, published, serve, shapes } from 'annelid-sdk/plugin';

const network: CallsFactory<{ file?: unknown }> = ({ file = 'networks.db' }, instance) => {
  if (typeof file !== 'string')
    throw new Fault('invalid-params', 'file must be the path of a file.', { field: '/config/file' });
  const db = new DatabaseSync(file);
  db.exec('create table if not exists network (name text primary key not null, cidrs text not null)');

  const rows = () =>
    db.prepare('select name, cidrs from network order by name').all() as { name: string; cidrs: string }[];

  /** Whether that changed anything; the daemon then reads the list again. */
  const change = (statement: string, ...values: string[]): boolean => {
    const { changes } = db.prepare(statement).run(...values);
    if (changes > 0) instance.event({ type: 'resync' });
    return changes > 0;
  };

  const service = publish('samplePlugin', 'Makes and removes the networks of sample-plugin.', {
    create: published({
      doc: 'Make a network. One of that name and with those ranges that is there already is as good as new.',
      permission: 'admin',
      params: {
        name: shapes.string('What it is called.', { minLength: 1, maxLength: 200 }),
        cidrs: shapes.list(shapes.string('As `10.1.0.0/16`.', { maxLength: 64 }), 'Its ranges of addresses.', {
          maxItems: 16,
        }),
      },
      result: shapes.string('Its id.'),
      example: { params: { name: 'blue', cidrs: ['10.1.0.0/16'] }, result: 'blue' },
      call: ({ name, cidrs: list }) => {
        const cidrs = JSON.stringify(list);
        const isNew = change('insert or ignore into network values (?, ?)', name, cidrs);
        if (!isNew && !rows().some((row) => row.name === name && row.cidrs === cidrs))
          throw new Fault('exists', `There is a network ${name} with other ranges.`, { resource: name });
        return name;
      },
    }),
    delete: published({
      doc: 'Remove a network. One that is gone already is no fault.',
      permission: 'admin',
      params: { network: shapes.string('Its id.') },
      result: shapes.bool('Whether it was there.'),
      example: { params: { network: 'blue' }, result: true },
      call: ({ network }) => change('delete from network where name = ?', network),
    }),
  });
  instance.publish(service);

  return {
    'network.list': () => ({
      items: rows().map(({ name, cidrs }) => ({ id: name, name, state: 'up', cidrs: JSON.parse(cidrs) })),
    }),
  };
};

await serve('sample-plugin', network, { version: '0.1.0', methods: ['network.list'] });
