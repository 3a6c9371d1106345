/**
 * Told when programs change: files of a folder, or single ones. What the file system reports only says when to look; what
 * counts is what the files hold, so that a file which is written again as it was is no change.
 */
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { isLookedInto, isProgram, scan } from '../host/program/program-files.ts';

/**
 * What is looked at: all of a program that is in a folder, with files there that are programs though their names do not
 * say so; or files. Which those are is asked at each look: what says so is in the folder, too.
 */
export type Watched = { folder: string; named: () => Promise<readonly string[]> } | { files: readonly string[] };

export interface FileWatch {
  /** The files that have changed since the last time, by their names in the folder. Looks at them now. */
  changed(): Promise<string[]>;
  close(): void;
}

export interface FileWatchOptions {
  /** Something may have changed; what follows within a moment is the same. */
  onStir: () => void;
  /** It cannot be watched (any more), such as when the system has no watches left. */
  onTrouble: (error: NodeJS.ErrnoException) => void;
}

const isWithin = (folder: string, path: string) => path === folder || path.startsWith(`${folder}${sep}`);

/** Milliseconds without a further report after which one looks, and the longest that reports put it off. */
const quiet = 100;
const longest = 1000;

const digestOf = async (path: string): Promise<string | undefined> => {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('base64');
  } catch {
    // It has gone, or is about to be put in place.
    return undefined;
  }
};

/** Resolves once what is there now is known. */
export const watchFiles = async (of: Watched, { onStir, onTrouble }: FileWatchOptions): Promise<FileWatch> => {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let first: number | undefined;
  let isClosed = false;
  let named: readonly string[] = [];

  const shown = (path: string) => ('folder' in of ? relative(of.folder, path) : basename(path));
  /** Folders that have the whole of it in them: it may be taken away and be put in its place again. */
  const roots = 'folder' in of ? [of.folder] : [...new Set(of.files.map((file) => dirname(file)))];
  const matters = (folder: string, name: string | null) => {
    if (name === null || roots.includes(join(folder, name))) return true;
    if ('files' in of) return of.files.includes(join(folder, name));
    if (!isWithin(of.folder, folder)) return false;
    // A name without an end may be that of a new folder.
    return isProgram(name) || named.includes(join(folder, name)) || (extname(name) === '' && isLookedInto(name));
  };
  const stir = () => {
    const now = performance.now();
    first ??= now;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        first = undefined;
        onStir();
      },
      Math.max(0, Math.min(quiet, first + longest - now)),
    );
  };

  const leave = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const begin = (folder: string) => {
    const watcher = watch(folder, (_what, name) => {
      // What is told of a folder itself may be its end: another one of that name is to be watched anew.
      if (name === basename(folder)) leave(folder);
      if (name === basename(folder) || matters(folder, name)) stir();
    });
    watcher.on('error', onTrouble);
    watchers.set(folder, watcher);
  };
  /** Answers whether there are folders that were not watched before. */
  const attend = (folders: readonly string[]): boolean => {
    for (const folder of watchers.keys()) if (!folders.includes(folder)) leave(folder);
    const further = folders.filter((folder) => !watchers.has(folder));
    for (const folder of isClosed ? [] : further) {
      try {
        begin(folder);
      } catch (error) {
        // One that has gone is not there to be watched.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onTrouble(error as NodeJS.ErrnoException);
      }
    }
    return further.some((folder) => watchers.has(folder));
  };
  /** Folders are watched before what is in them is looked at: what changes after that is reported. */
  const filesNow = async (): Promise<readonly string[]> => {
    const around = roots.map((root) => dirname(root));
    for (;;) {
      if ('folder' in of) named = await of.named();
      const { folders, files } = 'folder' in of ? await scan(of.folder, named) : { folders: roots, files: of.files };
      if (!attend([...new Set([...around, ...folders])])) return files;
    }
  };
  const look = async (): Promise<Map<string, string>> => {
    const digests = await Promise.all((await filesNow()).map(async (path) => [path, await digestOf(path)] as const));
    return new Map(digests.flatMap(([path, digest]) => (digest === undefined ? [] : [[path, digest]])));
  };
  let known = await look();

  return {
    async changed() {
      const before = known;
      known = await look();
      const paths = new Set([...before.keys(), ...known.keys()]);
      return [...paths].filter((path) => before.get(path) !== known.get(path)).map(shown);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      attend([]);
    },
  };
};
