/** The directory with everything that a daemon keeps; one daemon at a time holds it. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Endpoint, filesIn, readAdminPassword, readEndpoint } from './state-files.ts';

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
  constructor(directory: string) {
    const holder = readEndpoint(directory);
    super(
      `The state directory ${directory} is in use${holder ? ` by the daemon at ${holder.url} (process ${holder.pid})` : ''}. Stop it, or give this one another directory with --state.`,
    );
    this.name = 'StateInUse';
  }
}

export interface StateDirectory {
  files: ReturnType<typeof filesIn>;
  announce(endpoint: Endpoint): void;
  /** The password of the first administrator, made and written down when there is none yet. */
  adminPassword(): string;
  /** Take back the announcement and let the next one in. */
  release(): void;
}

/**
 * Make the directory when it is not there, and hold it. The lock is SQLite's lock on a file: the system drops it with
 * the process, however that ends, so nothing stale can stay. Throws `StateInUse`.
 */
export const holdStateDirectory = (directory: string): StateDirectory => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files = filesIn(directory);
  const lock = new DatabaseSync(files.lock);
  chmodSync(files.lock, 0o600);
  try {
    lock.exec('PRAGMA busy_timeout=0; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const { errcode, errstr } = cause as { errcode?: number; errstr?: string };
    if (errcode === sqliteBusy) throw new StateInUse(directory);
    throw new Error(`${files.lock} cannot be locked: ${errstr ?? (cause as Error).message}.`, { cause });
  }
  rmSync(files.endpoint, { force: true });
  rmSync(files.control, { force: true });
  return {
    files,
    announce: (endpoint) => writePrivate(files.endpoint, `${JSON.stringify(endpoint)}\n`),
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
