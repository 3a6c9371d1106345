/** The interface `directory` v1: people whom the daemon does not know itself, and whose secrets are checked elsewhere. */
import { oneOf, optional, record, type Static, string } from '../shape.ts';
import { read } from './call.ts';

/** What a user may do, each role more than the one before. */
export const roles = ['reader', 'user', 'admin'] as const;
export type Role = (typeof roles)[number];

/** No wire carries control characters in a name, and none is to be seen where names are shown. */
const name = (description: string) =>
  string(description, {
    pattern: '^\\P{Cc}+$',
    patternWords: 'not hold control characters',
    minLength: 1,
    maxLength: 256,
  });

const login = name('The name that somebody logs in with, as it was given.');

export const DirectoryUser = record('DirectoryUser', 'Somebody whom a directory knows.', {
  login: name('The name as the directory spells it: the same whatever spelling was given.'),
  account: name('The account of the user.'),
  role: oneOf(roles, 'What the user may do, unless the configuration of the connector allows less.'),
});
export type DirectoryUser = Static<typeof DirectoryUser>;

const Answer = record('DirectoryAnswer', 'Who that is.', { user: optional(DirectoryUser) });

export const directory = {
  authenticate: read(
    'directory.authenticate',
    'Whose login and secret these are. Without `user`: nobody has that login, or the secret is another one, and the answer does not say which. A fault means that it is not known.',
    { login, secret: string('The secret, never empty.', { minLength: 1, maxLength: 1024 }) },
    Answer,
  ),
  find: read(
    'directory.find',
    'Who has a login, asked again and again as long as a token of that user is used. Without `user`: nobody has it any more.',
    { login },
    Answer,
  ),
};
