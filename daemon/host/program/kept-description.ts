/**
 * What a plugin has said of itself, kept with a digest of its program: where nothing of that has changed it need not be started
 * to say it again.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { compileCheck } from '../../../plugin-protocol/check/compile.ts';
import { Description } from '../../../plugin-protocol/contract/base.ts';
import type { Launch } from './child.ts';
import { scan } from './program-files.ts';

export interface KeptDescription {
  /** Undefined where none is kept, or the program is another one by now. */
  read(): Promise<Description | undefined>;
  /** Never rejects: what is not kept is asked again. */
  write(description: Description): Promise<void>;
}

const checkDescription = compileCheck(Description, { lenient: true });

/** Scripts are shorter than this; of what is longer, such as an interpreter, size and time of change say enough. */
const longestRead = 2 ** 20;

const stateOf = async (path: string): Promise<unknown[]> => {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return [];
  return [path, found.size, found.size > longestRead ? found.mtimeMs : await readFile(path, 'base64').catch(() => '')];
};

/** The command, the files that it names, those of its folder where that is all its own, and what it is started with. */
const digestOf = async ({ command, folder, environment, oneShot }: Launch): Promise<string> => {
  const named = command.filter((word) => word.includes('/')).map((word) => resolve(folder ?? '', word));
  const own = folder !== undefined && oneShot?.isFolder ? (await scan(folder, [])).files : [];
  const files = [...new Set([...named, ...own])].sort();
  const all = [command, folder, environment, await Promise.all(files.map(stateOf))];
  return createHash('sha256').update(JSON.stringify(all)).digest('base64');
};

export const keptDescription = (directory: string, connector: string, launch: Launch): KeptDescription => {
  const file = join(directory, `${connector}.json`);
  /** From before it was started: what changes after that is not what it has spoken of. */
  const digest = digestOf(launch);
  digest.catch(() => {});
  return {
    async read() {
      try {
        const now = await digest;
        const kept = JSON.parse(await readFile(file, 'utf8'));
        return kept.digest === now ? (checkDescription(kept.description) as Description) : undefined;
      } catch {
        return undefined;
      }
    },
    async write(description) {
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await writeFile(`${file}.new`, JSON.stringify({ digest: await digest, description }), { mode: 0o600 });
        await rename(`${file}.new`, file);
      } catch {
        // It is asked at the next start.
      }
    },
  };
};

/** Keep nothing of other connectors than these. */
export const forgetDescriptions = async (directory: string, connectors: ReadonlySet<string>): Promise<void> => {
  const files = await readdir(directory).catch(() => []);
  const others = files.filter((name) => !connectors.has(basename(name, '.json')));
  await Promise.all(others.map((name) => rm(join(directory, name), { force: true })));
};
