/** The folders that a plugin is given while it is checked, and the search for secrets in what it leaves there. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

export interface Workspace {
  /** What `{scratch}` in a configuration stands for, in a place of its own for each state of the backend. */
  scratch(place: string): string;
  home: string;
  temporary: string;
  /** Where Node keeps what it has compiled of the plugin; nothing else is there, and it is not looked through. */
  compiled: string;
  /** Files below these folders that are new or have changed since the check began, with what is in them. */
  written(): { path: string; content: Buffer }[];
  /** Those of them that are in the folder of the plugin, as paths from there, in order. */
  writtenBeside(): string[];
  /** A path as it stands in a report: the same each time. */
  shown(path: string): string;
  remove(): void;
}

/** More is not looked through: a folder of a plugin may hold a whole tree of packages. */
const mostFiles = 20_000;
const largestFile = 16 * 2 ** 20;

/** What Python writes when it likes. */
const isCache = /\/__pycache__\//;

const filesBelow = (folder: string, found: Map<string, string>): Map<string, string> => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (found.size >= mostFiles) break;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== '.git') filesBelow(path, found);
    } else if (entry.isFile()) {
      try {
        const { mtimeMs, size } = statSync(path);
        found.set(path, `${mtimeMs} ${size}`);
      } catch {
        // It was there a moment ago.
      }
    }
  }
  return found;
};

/** `onMade` is told of the root before anything else is done. */
export const createWorkspace = (folder: string | undefined, onMade: (root: string) => void): Workspace => {
  const root = mkdtempSync(join(tmpdir(), 'annelid-check-'));
  onMade(root);
  const home = join(root, 'home');
  const temporary = join(root, 'tmp');
  const places = join(root, 'scratch');
  for (const made of [home, temporary, places]) mkdirSync(made);
  const watched = [home, temporary, places, ...(folder === undefined ? [] : [folder])];
  const look = () => watched.reduce((found, top) => filesBelow(top, found), new Map<string, string>());
  const before = look();
  const changed = () => [...look()].filter(([path, state]) => before.get(path) !== state);
  return {
    scratch(place) {
      const made = join(places, place);
      mkdirSync(made, { recursive: true });
      return made;
    },
    home,
    temporary,
    compiled: join(root, 'compiled'),
    written: () =>
      changed().flatMap(([path, state]) => {
        if (Number(state.split(' ')[1]) > largestFile) return [];
        try {
          return [{ path, content: readFileSync(path) }];
        } catch {
          return [];
        }
      }),
    writtenBeside: () =>
      changed()
        .filter(([path]) => folder !== undefined && path.startsWith(join(folder, '/')) && !isCache.test(path))
        .map(([path]) => relative(folder!, path))
        .sort(),
    shown: (path) =>
      path
        .replace(places, '{scratch}')
        .replace(root, '')
        .replace(/^\/(home|tmp)\//, '$1: '),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};

/** The same value with each `{scratch}` in its text replaced by a folder. */
export const withScratch = <T>(value: T, folder: string): T => {
  if (typeof value === 'string') return value.replaceAll('{scratch}', folder) as T;
  if (Array.isArray(value)) return value.map((item) => withScratch(item, folder)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withScratch(member, folder)])) as T;
};
