/** How the programs of these tests are run: with the package as it stands in the tree. */
import { join } from 'node:path';
import { root } from '../../support/annelid.ts';

/** The system's own, of Debian. */
export const systemTcl = '/usr/bin/tclsh';
export const tclEnvironment = { TCLLIBPATH: join(root, 'sdk/tcl') };

export const tclCommand = (script: string): string[] => [
  'env',
  `TCLLIBPATH=${tclEnvironment.TCLLIBPATH}`,
  systemTcl,
  join(root, script),
];
