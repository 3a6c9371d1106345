/** `manifest.json` in the folder of a plugin. */
import { roles } from './contract/directory.ts';
import { any, bool, list, map, oneOf, optional, record, type Static, string } from './shape.ts';

const plain = (description: string) => optional(any(description, { 'x-plain': true }));

export const CheckFacts = record('CheckFacts', 'What `annelid plugin check` needs to know.', {
  config: plain('A configuration that does no harm; `{scratch}` in its text is a folder that is removed afterwards.'),
  create: plain('Parameters of `compute.create` that the backend needs, such as an image.'),
  secrets: optional(map('What `host.secret.get` answers, by name.')),
  login: optional(
    record('CheckedLogin', 'Somebody whom a directory knows.', {
      login: string('The name to log in with.', { minLength: 1, maxLength: 256 }),
      secret: string('The secret.', { minLength: 1, maxLength: 1024 }),
      account: optional(string('The account that is answered.', { minLength: 1, maxLength: 256 })),
      role: optional(oneOf(roles, 'The role that is answered.')),
    }),
  ),
  books: plain(
    'What shows the entries that one for accounting has written: a file, of lines or of SQLite, or the words of a command that prints them.',
  ),
  entry: plain('What an entry of `accounting.record` must have, such as an account that is there.'),
  slow: optional(string('A call of a running machine that takes a moment.', { maxLength: 128 })),
});
export type CheckFacts = Static<typeof CheckFacts>;

export const NeededPath = record('NeededPath', 'A file or a folder.', {
  path: string('Absolute.', {
    pattern: '^/',
    patternWords: 'begin with a slash',
    maxLength: 4096,
  }),
  write: optional(bool('Whether it is written.')),
});

/** What a plugin needs of the machine; a sandbox has nothing else. */
export const Needs = record('Needs', 'What a plugin needs of the machine that it runs on, beside its own folder.', {
  net: optional(bool('The network.')),
  fs: optional(list(NeededPath, 'Files and folders.', { maxItems: 64 })),
  exec: optional(bool('Other programs of the system.')),
});
export type Needs = Static<typeof Needs>;

export const Manifest = record('Manifest', 'What is in the folder of a plugin.', {
  name: string('Its name.', { minLength: 1, maxLength: 64 }),
  version: string('Its version.', { maxLength: 64 }),
  summary: optional(string('What it is, in one line.', { maxLength: 256 })),
  run: list(string('A word.'), 'The command; `node` is the node that runs the daemon.', { maxItems: 64 }),
  needs: optional(Needs),
  oneShot: optional(
    bool(
      'Whether each call has a process of its own, whose standard input ends behind the call; false when left out, and one process has all.',
    ),
  ),
  check: optional(CheckFacts),
});
export type Manifest = Static<typeof Manifest>;
