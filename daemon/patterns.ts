/**
 * Patterns of others (plugins, contracts), run on text of callers in time that the length of the text bounds. JavaScript's
 * own expressions take years for `^(a+)+$` and forty characters.
 */
import { createRequire } from 'node:module';
import type { Pattern } from '../plugin-protocol/shape.ts';

// Loaded with the first pattern: it takes 20 ms, and most daemons have none.
const load = () => createRequire(import.meta.url)('re2js') as typeof import('re2js');

/**
 * A pattern as JavaScript writes it. Throws for what cannot be run so: looking ahead and behind, references to groups,
 * scripts, and more than 1000 repetitions.
 */
export const linearPattern = (source: string): Pattern => {
  const { RE2JS } = load();
  return RE2JS.compile(RE2JS.translateRegExp(source));
};
