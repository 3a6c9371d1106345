/** A directory of one, ann; and books, a file of lines. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Asked, Json, Plugin } from './cloud.ts';

const ann = { login: 'ann', account: 'acme', role: 'user' };

export const entriesOf = ({ params }: Asked) => params.entries as ({ id: string } & Json)[];

const booksOf = (plugin: Plugin, { ctx }: Asked) => join(dirname(plugin.instanceOf(ctx).file), 'books');

/** The ids of the entries that are in the books. */
export const written = (plugin: Plugin, asked: Asked): string[] => {
  const file = booksOf(plugin, asked);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => JSON.parse(line).id);
};

/** Write each of these that is not known yet, once. */
export const write = (plugin: Plugin, asked: Asked, known: Set<string>): void => {
  const fresh = entriesOf(asked).filter(({ id }) => !known.has(id) && known.add(id));
  appendFileSync(booksOf(plugin, asked), fresh.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
};

export const addPeople = (plugin: Plugin): void => {
  (plugin.description.methods as string[]).push('directory.authenticate', 'directory.find', 'accounting.record');
  const find = (login: unknown) => (String(login).toLowerCase() === ann.login ? { user: ann } : {});
  plugin.calls.set('accounting.record', (asked) => {
    write(plugin, asked, new Set(written(plugin, asked)));
    return {};
  });
  plugin.calls.set('directory.find', ({ params }) => find(params.login));
  plugin.calls.set('directory.authenticate', ({ params }) =>
    params.secret === 'ann-secret-0815' ? find(params.login) : {},
  );
};
