/** People in a file, each a line of LOGIN:ACCOUNT:ROLE:HASH: put the directory that you have in its place. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type CallsFactory, type DirectoryUser, Fault, serve } from 'annelid-sdk/plugin';
import { hash, hashPattern, isRight } from './passwords.ts';

interface Person {
  user?: DirectoryUser;
  kept: string;
}

const linePattern = new RegExp(`^([^:]+):([^:]+):(reader|user|admin):(${hashPattern})$`);

/** Whoever has no line: to find that out takes as long as to find a password wrong. */
const nobody: Person = { kept: await hash(randomUUID()) };

const directory: CallsFactory<{ file?: unknown }> = ({ file = 'people' }) => {
  if (typeof file !== 'string')
    throw new Fault('invalid-params', 'file must be the path of a file.', { field: '/config/file' });

  /** Read each time: who is taken out of the file is out at once. */
  const find = async (login: string): Promise<Person> => {
    const text = await readFile(file, 'utf8').catch(({ message }: Error) => {
      throw new Fault('unavailable', `The file cannot be read: ${message}.`);
    });
    let found = nobody;
    for (const [index, line] of text.replace(/\n$/, '').split('\n').entries()) {
      const [, name, account, role, kept] = linePattern.exec(line) ?? [];
      if (!name || !account || !kept)
        throw new Fault('unavailable', `Line ${index + 1} of the file is not LOGIN:ACCOUNT:ROLE:HASH.`);
      if (name === login) found = { user: { login, account, role: role as DirectoryUser['role'] }, kept };
    }
    return found;
  };

  return {
    probe: async () => void (await find('')),
    'directory.authenticate': async ({ login, secret }) => {
      const { user, kept } = await find(login);
      return (await isRight(secret, kept)) && user ? { user } : {};
    },
    'directory.find': async ({ login }) => {
      const { user } = await find(login);
      return user ? { user } : {};
    },
  };
};

await serve('sample-plugin', directory, { version: '0.1.0', concurrency: 4 });
