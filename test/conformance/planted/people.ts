/** A directory of one, ann; and books that nobody reads. */
import type { Plugin } from './cloud.ts';

const ann = { login: 'ann', account: 'acme', role: 'user' };

export const addPeople = (plugin: Plugin): void => {
  (plugin.description.methods as string[]).push('directory.authenticate', 'directory.find', 'accounting.record');
  const find = (login: unknown) => (String(login).toLowerCase() === ann.login ? { user: ann } : {});
  plugin.calls.set('accounting.record', () => ({}));
  plugin.calls.set('directory.find', ({ params }) => find(params.login));
  plugin.calls.set('directory.authenticate', ({ params }) =>
    params.secret === 'ann-secret-0815' ? find(params.login) : {},
  );
};
