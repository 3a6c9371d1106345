/** Keeps one value in a file that is always whole: written beside it, synced, then renamed over it. */
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../../sdk/typescript/plugin/index.ts';

export interface Keeper {
  /** Resolves once the value as it is now, or as it was later, is on disk. Calls that overlap share one write. */
  keep(): Promise<void>;
}

/** What the file holds; undefined when there is none. A file that is damaged is an error: it is never replaced unseen. */
export const readKept = async (file: string): Promise<unknown> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('invalid-params', `${file} is no JSON document.`, {
      field: '/config/file',
      hint: 'Move it away to begin with the machines of the configuration.',
    });
  }
};

export const createKeeper = (file: string, value: () => unknown): Keeper => {
  let writing: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const write = async () => {
    const beside = `${file}.${process.pid}.new`;
    const handle = await open(beside, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(value()));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
    // The rename itself survives a loss of power only once the directory is synced.
    const folder = await open(dirname(file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  };
  const begin = () => {
    next = undefined;
    writing = write().finally(() => {
      writing = undefined;
    });
    return writing;
  };

  return {
    keep() {
      if (writing === undefined) return begin();
      // What is being written may lack the newest change: wait for the write after it.
      next ??= writing.then(begin, begin);
      return next;
    },
  };
};
