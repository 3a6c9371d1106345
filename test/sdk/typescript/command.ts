/** How the programs of these tests are run: with the kit as it stands in the tree. */
import { join } from 'node:path';
import { root } from '../../support/annelid.ts';

export const typescriptCommand = (script: string): string[] => [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  join(root, script),
];
