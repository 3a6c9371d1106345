/** Every language that has an SDK, and how a program of it is run with the package as it stands in the tree. */
import type { SuiteName } from '../setup/packages.ts';
import { perlCommand } from './perl/command.ts';
import { pythonCommand } from './python/command.ts';
import { rubyCommand } from './ruby/command.ts';
import { tclCommand } from './tcl/command.ts';
import { typescriptCommand } from './typescript/command.ts';

export interface Language {
  name: string;
  suite: SuiteName;
  /** The folder of the SDK is `sdk/ID`. */
  id: string;
  /** How files end. */
  end: string;
  command: (script: string) => string[];
}

export const languages: readonly Language[] = [
  { name: 'TypeScript', suite: 'typescript sdk', id: 'typescript', end: 'ts', command: typescriptCommand },
  { name: 'Python', suite: 'python sdk', id: 'python', end: 'py', command: pythonCommand },
  { name: 'Ruby', suite: 'ruby sdk', id: 'ruby', end: 'rb', command: rubyCommand },
  { name: 'Perl', suite: 'perl sdk', id: 'perl', end: 'pl', command: perlCommand },
  { name: 'Tcl', suite: 'tcl sdk', id: 'tcl', end: 'tcl', command: tclCommand },
];

/** How the cloud in a file is run that is among the examples of each. */
export const exampleCommand = ({ id, end, command }: Language): string[] => command(`sdk/${id}/examples/cloud.${end}`);
