/** Pythons to run the SDK with, and environments for it. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { inCi } from './packages.ts';

/** The system's own, which has Debian's packages. */
export const systemPython = '/usr/bin/python3';
/** The oldest version that the SDK serves. */
export const oldestVersion = '3.9';

const work = fileURLToPath(new URL('../.work/', import.meta.url));

const versionOf = async (program: string): Promise<string | undefined> => {
  // pyenv's shims start the version that the environment names.
  const env = { PYENV_VERSION: oldestVersion };
  const run = await execa(program, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)'], {
    reject: false,
    stdin: 'ignore',
    env,
  });
  return run.failed ? undefined : run.stdout;
};

/** The path of the oldest Python that the SDK serves; undefined when this machine has none. */
export const findOldestPython = async (): Promise<string | undefined> => {
  const [version, path] = (await versionOf(`python${oldestVersion}`))?.split(' ') ?? [];
  return version === oldestVersion ? path : undefined;
};

/** A fresh virtual environment in `folder`; answers its Python. */
const makeVenv = async (folder: string, python = systemPython): Promise<string> => {
  await execa(python, ['-m', 'venv', folder], { stdin: 'ignore' });
  return join(folder, 'bin/python');
};

/**
 * A tool from the package index at a pinned version, installed once for a checkout. Undefined, with the reason printed, when it cannot be
 * installed; in CI that is a failure.
 */
export const pythonTool = async (name: string, version: string): Promise<string | undefined> => {
  const folder = join(work, `${name}-${version}`);
  const program = join(folder, 'bin', name);
  if (existsSync(program)) return program;
  await rm(folder, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const python = await makeVenv(folder);
  const install = await execa(python, ['-m', 'pip', 'install', '--quiet', `${name}==${version}`], {
    stdin: 'ignore',
    reject: false,
    all: true,
  });
  if (!install.failed) return program;
  const reason = `${name} ${version} cannot be installed with pip: ${install.all.trim().split('\n').at(-1)}`;
  if (inCi) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return undefined;
};
