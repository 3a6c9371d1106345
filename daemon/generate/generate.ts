/** Writes the files of a table of targets, or says which of them are not as they would be written. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Target } from './targets.ts';

const contentOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** The problems, one sentence each. With `check` nothing is written; what has objections is never replaced. */
export const generate = (root: string, targets: readonly Target[], check: boolean): string[] =>
  targets.flatMap(({ path, text, objections }) => {
    const file = join(root, path);
    const existing = contentOf(file);
    const broken = existing === undefined ? [] : (objections?.(existing) ?? []);
    if (broken.length > 0) return broken.map((sentence) => `${path}: ${sentence}`);
    const wanted = text();
    if (existing === wanted) return [];
    if (check) return [`${path} is not what is made from the catalogue: run daemon/generate/main.ts.`];
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, wanted);
    return [];
  });
