/** The files that a program in a folder is made of. */
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Files that are programs: what a plugin writes beside itself, such as its data, is none. */
const programs = ['.cjs', '.js', '.mjs', '.mts', '.php', '.pl', '.pm', '.py', '.rb', '.sh', '.tcl', '.tm', '.ts'];
/** Folders that tools fill. */
const filled = ['node_modules', '__pycache__'];

export const isProgram = (name: string): boolean => programs.includes(extname(name)) || name === 'manifest.json';
export const isLookedInto = (name: string): boolean => !filled.includes(name) && !name.startsWith('.');

/** The files of a folder that are programs, and the folders that they may be in. Links to folders are not followed. */
export const scan = async (
  folder: string,
  named: readonly string[],
): Promise<{ folders: string[]; files: string[] }> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inner = entries.filter((entry) => entry.isDirectory() && isLookedInto(entry.name));
  const below = await Promise.all(inner.map(({ name }) => scan(join(folder, name), named)));
  const files = entries.filter(
    (entry) => !entry.isDirectory() && (isProgram(entry.name) || named.includes(join(folder, entry.name))),
  );
  return {
    folders: [folder, ...below.flatMap(({ folders }) => folders)],
    files: [...files.map(({ name }) => join(folder, name)), ...below.flatMap((each) => each.files)],
  };
};
