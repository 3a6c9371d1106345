/** The directory with everything that a daemon keeps; one daemon at a time holds it. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Endpoint, filesIn, readAdminPassword, readEndpoint } from './files.ts';

/** Replaced as a whole, so that nobody reads half of it, and readable for its owner alone from the first moment. */
const writePrivate = (file: string, text: string) => {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
};

/** SQLite's code for a lock that somebody else holds. */
const sqliteBusy = 5;

/** Another process holds the state directory. */
export class StateInUse extends Error {
  /** Whether it is a daemon that serves: commands, and daemons that are starting, are soon done with it. */
  readonly isServed: boolean;

  constructor(directory: string) {
    const holder = readEndpoint(directory);
    const who = holder ? `by the daemon at ${holder.url} (process ${holder.pid})` : 'by another command or daemon';
    super(
      `The state directory ${directory} is in use ${who}. Stop it, or give this one another directory with --state.`,
    );
    this.name = 'StateInUse';
    this.isServed = holder !== undefined;
  }
}

/** What to do, by the code of the system or of SQLite (its primary result code). */
const remedies: [codes: readonly (string | number)[], remedy: string][] = [
  [['ENOSPC', 'EDQUOT', 13], 'The disk is full: make room, or name another directory with --state.'],
  [['ENOTDIR', 'EEXIST'], 'A file is where a directory should be; name another directory with --state.'],
  [[11, 26], 'Move it away, or put a copy from before in its place.'],
];
const otherRemedy = 'Make it writable for this user, or name another directory with --state.';

/** Why a file of the state directory cannot be used, and what to do; errors of our own stay as they are. */
const unusable = (file: string, source: string, cause: unknown): unknown => {
  const { code, errcode, errstr, message } = cause as NodeJS.ErrnoException & { errcode?: number; errstr?: string };
  const known = errcode === undefined ? code : errcode & 0xff;
  if (known === undefined) return cause;
  const [, remedy] = remedies.find(([codes]) => codes.includes(known)) ?? [undefined, otherRemedy];
  return new Error(`state, from ${source}: ${file} cannot be used: ${errstr ?? message}. ${remedy}`, { cause });
};

export interface StateDirectory {
  files: ReturnType<typeof filesIn>;
  /** Why a file in it cannot be opened, and what to do: what to throw instead of `cause`. */
  unusable(file: string, cause: unknown): unknown;
  /** Tell where the daemon is, and with which words (beside `--state`) a later one is started the same way. */
  announce(endpoint: Endpoint, startWords: string): void;
  /** The password of the first administrator, made and written down when there is none yet. */
  adminPassword(): string;
  /** Take back the announcement and let the next one in. */
  release(): void;
}

const openLock = (directory: string, file: string, source: string): DatabaseSync => {
  let lock: DatabaseSync | undefined;
  let meant = directory;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    meant = file;
    lock = new DatabaseSync(file);
    chmodSync(file, 0o600);
    lock.exec('PRAGMA busy_timeout=0; BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock?.close();
    if ((cause as { errcode?: number }).errcode === sqliteBusy) throw new StateInUse(directory);
    throw unusable(meant, source, cause);
  }
};

/**
 * Make the directory when it is not there, and hold it; `source` is what named it. The lock is SQLite's lock on a file:
 * the system drops it with the process, however that ends, so nothing stale can stay. Throws `StateInUse`, or an error
 * that names the setting, its source and the file.
 */
export const holdStateDirectory = (directory: string, source: string): StateDirectory => {
  const files = filesIn(directory);
  const lock = openLock(directory, files.lock, source);
  rmSync(files.endpoint, { force: true });
  rmSync(files.control, { force: true });
  return {
    files,
    unusable: (file, cause) => unusable(file, source, cause),
    announce: (endpoint, startWords) => {
      writePrivate(files.startWords, startWords);
      writePrivate(files.endpoint, `${JSON.stringify(endpoint)}\n`);
    },
    adminPassword: () => {
      const known = readAdminPassword(directory);
      if (known !== undefined && known !== '') return known;
      const password = randomBytes(15).toString('base64url');
      writePrivate(files.password, `${password}\n`);
      return password;
    },
    release: () => {
      rmSync(files.endpoint, { force: true });
      lock.close();
    },
  };
};
