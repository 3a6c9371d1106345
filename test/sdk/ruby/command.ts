/** How the programs of these tests are run: with the package as it stands in the tree. */
import { join } from 'node:path';
import { root } from '../../support/annelid.ts';

/** The system's own, which has Debian's packages. */
export const systemRuby = '/usr/bin/ruby';
export const sdk = join(root, 'sdk/ruby');

export const rubyCommand = (script: string): string[] => [
  systemRuby,
  '-w',
  `-I${join(sdk, 'lib')}`,
  join(root, script),
];
