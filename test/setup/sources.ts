/**
 * Folders out of Debian's source packages: suites that others wrote, which this project only runs. They are kept in
 * `test/.work/`, which is in no commit.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface SourceRow {
  /** The name of the source package. */
  source: string;
  /** What is wanted of it, as patterns of its archive. */
  folders: readonly string[];
}

const work = join(import.meta.dirname, '../.work');
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Where the folders of a source package are. */
export const sourceFolder = (source: string): string => join(work, `source-${source}`);

/** Where the release that is installed is got from; the lists of its sources stay beside them, out of the system's. */
const sourcesList = async (): Promise<string> => {
  const { stdout } = await execa('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE) $(COMPONENT)',
    'Created-By: Packages',
  ]);
  // The release as it was made: it has each package in one version, and a suite does not change with what is repaired.
  const releases = [...new Set(stdout.split('\n'))].filter((line) => !/^\S+ \S+-/.test(line));
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  return releases.map((line) => `deb-src ${signed}${line}\n`).join('');
};

/** Which folders of it have been unpacked. */
const unpackedList = '.folders';

/** Downloads the archive of a source package and unpacks what is wanted. Throws when it cannot. */
export const fetchSource = async ({ source, folders }: SourceRow): Promise<void> => {
  const target = sourceFolder(source);
  const list = `${folders.join('\n')}\n`;
  if ((await readFile(join(target, unpackedList), 'utf8').catch(() => '')) === list) return;
  await mkdir(work, { recursive: true });
  const directory = await mkdtemp(join(work, 'fetching-'));
  try {
    await writeFile(join(directory, 'sources.list'), await sourcesList());
    for (const folder of ['lists/partial', 'cache/archives/partial', 'unpacked']) {
      await mkdir(join(directory, folder), { recursive: true });
    }
    const options = [
      `Dir::Etc::sourcelist=${directory}/sources.list`,
      'Dir::Etc::sourceparts=/dev/null',
      `Dir::State::lists=${directory}/lists`,
      `Dir::Cache=${directory}/cache`,
      // The folder is only root's.
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    const run = { cwd: directory, stdin: 'ignore' } as const;
    await execa('apt-get', ['-q', ...options, 'update'], run);
    await execa('apt-get', ['-q', ...options, 'source', '--download-only', source], run);
    const archive = (await readdir(directory)).find((name) => /\.orig\.tar\.\w+$/.test(name));
    if (archive === undefined) throw new Error(`The source package ${source} has no archive.`);
    const unpacked = join(directory, 'unpacked');
    await execa('tar', ['xf', archive, '-C', unpacked, '--strip-components=1', '--wildcards', ...folders], run);
    await writeFile(join(unpacked, unpackedList), list);
    // It may be there from when less of it was wanted.
    await rm(target, { recursive: true, force: true });
    await rename(unpacked, target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
