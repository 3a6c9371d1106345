/** How the command line is called: in a checkout nothing is on the PATH. */
import { join, relative } from 'node:path';
import { wordFor } from './names.ts';

/** The words for it in a shell that is in `folder`. */
export const commandFrom = (folder: string): string => {
  if (!import.meta.filename.endsWith('.ts')) return 'annelid';
  const script = join(import.meta.dirname, '../../bin/annelid.js');
  const near = relative(folder, script);
  return `node ${wordFor(near.startsWith('..') ? script : near)}`;
};
