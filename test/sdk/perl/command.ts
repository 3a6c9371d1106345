/** How the programs of these tests are run: with the distribution as it stands in the tree. */
import { join } from 'node:path';
import { root } from '../../support/annelid.ts';

export const systemPerl = '/usr/bin/perl';
export const library = join(root, 'sdk/perl/lib');
export const perlCommand = (script: string): string[] => [systemPerl, `-I${library}`, join(root, script)];
