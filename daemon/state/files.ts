/** Where a daemon keeps what, and how others find it. Light: every command loads it. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the state is kept when nothing says where: `.annelid` of this directory when it is there, or the user's own. */
export const defaultState = (directory: string, environment: NodeJS.ProcessEnv): string => {
  const here = join(directory, '.annelid');
  if (existsSync(here)) return here;
  return join(environment.XDG_STATE_HOME || join(environment.HOME || homedir(), '.local/state'), 'annelid');
};

/** Where a running daemon can be reached. */
export interface Endpoint {
  url: string;
  pid: number;
}

/** The name of the user that the first start makes. */
export const adminUser = 'admin';

export const filesIn = (directory: string) => ({
  store: join(directory, 'annelid.sqlite'),
  lock: join(directory, 'lock'),
  endpoint: join(directory, 'endpoint'),
  control: join(directory, 'control'),
  password: join(directory, 'admin-password'),
  startWords: join(directory, 'start-words'),
  keepers: join(directory, 'keepers'),
  /** What plugins say of themselves that have a process for each call. */
  descriptions: join(directory, 'descriptions'),
});

const readText = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
};

/** The daemon that holds a state directory, as it announced itself; undefined when none did. */
export const readEndpoint = (directory: string): Endpoint | undefined => {
  const text = readText(filesIn(directory).endpoint);
  if (text === undefined) return undefined;
  try {
    const { url, pid } = JSON.parse(text) as Partial<Endpoint>;
    return typeof url === 'string' && typeof pid === 'number' ? { url, pid } : undefined;
  } catch {
    // Something else wrote it, or nothing whole.
    return undefined;
  }
};

/** How the daemon of a state directory was started last, beside `--state`: words for a shell, each after a space. */
export const readStartWords = (directory: string): string =>
  readText(filesIn(directory).startWords)?.replace(/^(?=.)/, ' ') ?? '';

/** The password that the first start made; undefined when it was removed. */
export const readAdminPassword = (directory: string): string | undefined => readText(filesIn(directory).password);
