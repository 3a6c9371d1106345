/** Finds the program of a plugin: bundled under a name, a folder with a manifest, or a script. */
import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, extname, join, resolve } from 'node:path';
import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { Manifest, type Needs } from '../../../plugin-protocol/manifest.ts';
import { nearest } from '../../../plugin-protocol/text/nearest.ts';
import { asSentence } from '../sentence.ts';

const checkManifest = compileCheck(Manifest, { lenient: true });

export interface Program {
  name: string;
  command: readonly string[];
  folder: string;
  /** The script that is all of it; undefined where the folder is. */
  script?: string;
  /** What its manifest says that it needs; undefined when that says nothing. */
  needs?: Needs;
  /** Its manifest says that each call is to have a process of its own. */
  oneShot?: true;
}

/** What runs a script, by the end of its name. Others must be executable themselves. */
const interpreters: Record<string, string> = {
  '.py': 'python3',
  '.rb': 'ruby',
  '.pl': 'perl',
  '.sh': 'sh',
  '.js': process.execPath,
  '.mjs': process.execPath,
  '.ts': process.execPath,
};

const missing = (message: string) => new Fault('unavailable', message);

const kindOf = async (path: string): Promise<'folder' | 'file' | undefined> => {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return undefined;
    throw missing(`${path} cannot be looked at by this user (${code}).`);
  }
};

/** The script that a manifest means; undefined when it is not there. */
const nodeScript = async (folder: string, main: string): Promise<string | undefined> => {
  const path = join(folder, main);
  // A checkout is run as it is written, a build as it was compiled.
  for (const candidate of extname(main) === '' ? [`${path}.ts`, `${path}.js`] : [path]) {
    if ((await kindOf(candidate)) === 'file') return candidate;
  }
  return undefined;
};

const isExecutable = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const readManifest = async (file: string, folder: string): Promise<Manifest> => {
  try {
    return checkManifest(JSON.parse(await readFile(file, 'utf8'))) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw missing(`${folder} is a folder, and there is no manifest.json in it.`);
    }
    throw missing(asSentence(`${file} is no manifest: ${error instanceof Error ? error.message : error}`));
  }
};

const fromManifest = async (folder: string): Promise<Program> => {
  const file = join(folder, 'manifest.json');
  const { name, run, needs, oneShot } = await readManifest(file, folder);
  const about = { name, folder, ...(needs && { needs }), ...(oneShot && { oneShot }) };
  const [program, ...args] = run;
  if (program === undefined) throw missing(`${file} names no program to run.`);
  if (program !== 'node') return { ...about, command: run };
  const [main = 'main', ...rest] = args;
  if (main.startsWith('-')) return { ...about, command: [process.execPath, ...args] };
  const script = await nodeScript(folder, main);
  if (script === undefined) throw missing(`${file} names ${main}, and there is no such script in ${folder}.`);
  return { ...about, command: [process.execPath, script, ...rest] };
};

const fromScript = async (path: string): Promise<Program> => {
  const end = extname(path);
  const interpreter = interpreters[end];
  const program = { name: basename(path, end), folder: dirname(path), script: path };
  if (interpreter !== undefined) return { ...program, command: [interpreter, path] };
  if (await isExecutable(path)) return { ...program, command: [path] };
  const known = Object.keys(interpreters).join(', ');
  throw missing(
    `${path} cannot be executed: it needs chmod +x and a first line with #!, or a name that ends with one of ${known}.`,
  );
};

/**
 * `plugin` is the name of a folder in one of `directories`, or a path: of a folder with a `manifest.json`, or of a
 * script. Rejects with a `Fault` that says what is missing.
 */
export const locatePlugin = async (plugin: string, directories: readonly string[]): Promise<Program> => {
  const candidates = plugin.includes('/') ? [resolve(plugin)] : directories.map((directory) => join(directory, plugin));
  for (const path of candidates) {
    const kind = await kindOf(path);
    if (kind === 'folder') return fromManifest(path);
    if (kind === 'file') return fromScript(path);
  }
  if (plugin.includes('/')) throw missing(`There is no plugin at ${candidates[0]}.`);
  const folders = await Promise.all(directories.map((directory) => readdir(directory).catch(() => [])));
  const meant = nearest(plugin, folders.flat());
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw missing(`There is no plugin ${plugin}: looked for ${candidates.join(', ')}.${hint}`);
};

/**
 * The path of the program of a command, an executable file or a name on the PATH; nothing is started. Rejects with a `Fault`
 * that says what is missing.
 */
export const programOf = async ([program]: readonly string[], folder: string): Promise<string> => {
  if (program === undefined) throw missing('There is no program to run.');
  const places = program.includes('/')
    ? [resolve(folder, program)]
    : (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, program));
  for (const place of places) {
    if ((await kindOf(place)) === 'file' && (await isExecutable(place))) return place;
  }
  throw missing(
    program.includes('/') ? `${places[0]} is no program that can be executed.` : `There is no ${program} on the PATH.`,
  );
};
