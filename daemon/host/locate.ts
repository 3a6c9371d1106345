/** Finds the program of a plugin: bundled under a name, a folder with a manifest, or a script. */
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { compileCheck } from '../../plugin-protocol/check.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { list, optional, record, type Static, string } from '../../plugin-protocol/shape.ts';

/** `manifest.json` in the folder of a plugin. */
const Manifest = record('Manifest', 'What is in the folder of a plugin.', {
  name: string('Its name.', { minLength: 1, maxLength: 64 }),
  version: string('Its version.', { maxLength: 64 }),
  summary: optional(string('What it is, in one line.', { maxLength: 256 })),
  run: list(string('A word.'), 'The command; `node` is the node that runs the daemon.', { maxItems: 64 }),
});
const checkManifest = compileCheck(Manifest, { lenient: true });

export interface Program {
  name: string;
  command: readonly string[];
  folder: string;
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

const kindOf = async (path: string): Promise<'folder' | 'file' | undefined> => {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
};

const nodeScript = async (folder: string, main: string): Promise<string> => {
  const path = join(folder, main);
  if (extname(main) !== '') return path;
  // A checkout is run as it is written, a build as it was compiled.
  return (await kindOf(`${path}.ts`)) === 'file' ? `${path}.ts` : `${path}.js`;
};

const fromManifest = async (folder: string): Promise<Program> => {
  const file = join(folder, 'manifest.json');
  let manifest: Static<typeof Manifest>;
  try {
    manifest = checkManifest(JSON.parse(await readFile(file, 'utf8'))) as Static<typeof Manifest>;
  } catch (error) {
    throw new Fault('unavailable', `${file} is no manifest: ${error instanceof Error ? error.message : error}`);
  }
  const [program, ...args] = manifest.run;
  if (program === undefined) throw new Fault('unavailable', `${file} names no program to run.`);
  if (program !== 'node') return { name: manifest.name, command: manifest.run, folder };
  const [main = 'main', ...rest] = args;
  return { name: manifest.name, command: [process.execPath, await nodeScript(folder, main), ...rest], folder };
};

const fromScript = async (path: string): Promise<Program> => {
  const end = extname(path);
  const interpreter = interpreters[end];
  const program = { name: basename(path, end), folder: dirname(path) };
  if (interpreter !== undefined) return { ...program, command: [interpreter, path] };
  try {
    await access(path, constants.X_OK);
  } catch {
    throw new Fault('unavailable', `${path} cannot be executed, and nothing is known that runs *${end || path}.`);
  }
  return { ...program, command: [path] };
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
  throw new Fault('unavailable', `There is no plugin ${plugin}: looked for ${candidates.join(', ')}.`);
};
