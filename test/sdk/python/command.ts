/** How the programs of these tests are run: with the package as it stands in the tree. */
import { join } from 'node:path';
import { systemPython } from '../../setup/python.ts';
import { root } from '../../support/annelid.ts';

export const pythonCommand = (script: string, python = systemPython): string[] => [
  'env',
  `PYTHONPATH=${join(root, 'sdk/python/src')}`,
  'PYTHONDONTWRITEBYTECODE=1',
  python,
  join(root, script),
];
