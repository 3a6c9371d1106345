/** What is made from the catalogue and kept in the repository: one row a file. */
import { methods } from '../catalogue/index.ts';
import { markdownReference } from '../frontends/docs/markdown.ts';
import { configuration } from './configuration.ts';
import { incompatibilities, type Lock, lockOf } from './lock.ts';
import { pluginCalls } from './plugin-calls.ts';
import { schemaTargets } from './schemas.ts';
import { perlTargets } from './sdk/perl.ts';
import { pythonTargets } from './sdk/python.ts';
import { rubyTargets } from './sdk/ruby.ts';
import { tclTargets } from './sdk/tcl.ts';
import { typescriptTargets } from './sdk/typescript.ts';

export interface Target {
  /** From the top of the repository. */
  path: string;
  text(): string;
  /** Why what is there may not be replaced: one sentence each. */
  objections?(existing: string): string[];
}

export const targets: readonly Target[] = [
  {
    path: 'daemon/catalogue/catalogue.lock.json',
    text: () => `${JSON.stringify(lockOf(methods.values()), null, 1)}\n`,
    objections: (existing) => [...incompatibilities(JSON.parse(existing) as Lock, lockOf(methods.values()))],
  },
  { path: 'docs/configuration.md', text: configuration },
  { path: 'docs/plugin-calls.md', text: pluginCalls },
  { path: 'docs/reference.md', text: () => markdownReference(methods, 'http://127.0.0.1:8420') },
  ...schemaTargets,
  ...perlTargets,
  ...pythonTargets,
  ...rubyTargets,
  ...tclTargets,
  ...typescriptTargets,
];
