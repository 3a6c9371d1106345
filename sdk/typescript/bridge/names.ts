/** Which methods of a foreign server are published, and under which names. */
import { Fault } from '../../../plugin-protocol/faults.ts';

/** A text with `*` for any text, as a test of names. */
const fits = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`, 's');

/** Whether a name is meant by one of the patterns. */
export const matcher = (patterns: readonly string[]): ((name: string) => boolean) => {
  const tests = patterns.map(fits);
  return (name) => tests.some((test) => test.test(name));
};

const longest = 64;

/** `math.add-all` is `math_add_all`; what does not begin with a letter gets one. */
export const legalName = (name: string): string => {
  const legal = name.replace(/[^A-Za-z0-9_]/g, '_');
  return (/^[A-Za-z]/.test(legal) ? legal : `m${legal}`).slice(0, longest);
};

const mostMethods = 1000;

/** Refuses more methods than the daemon takes from one connector (`limits.plugins.published`). */
export const refuseTooMany = ({ length }: readonly unknown[]): void => {
  if (length <= mostMethods) return;
  const words = `The server has ${length} methods: say in \`include\` and \`exclude\` which up to ${mostMethods} are meant.`;
  throw new Fault('invalid-params', words, { field: '/config/include' });
};

/**
 * The names under which methods are published, by their own. Those that the configuration chose come first; of others that
 * would be the same but for case, all but the first in the order of their own names get a number.
 */
export const publishedNames = (
  names: Iterable<string>,
  chosen: (name: string) => string | undefined,
): Map<string, string> => {
  const made = new Map<string, string>();
  const taken = new Set<string>();
  const all = [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
  for (const name of all) {
    const wanted = chosen(name);
    if (wanted === undefined) continue;
    made.set(name, wanted);
    taken.add(wanted.toLowerCase());
  }
  for (const name of all) {
    if (made.has(name)) continue;
    const first = legalName(name);
    let legal = first;
    for (let at = 2; taken.has(legal.toLowerCase()); at++) legal = `${first.slice(0, longest - 6)}_${at}`;
    made.set(name, legal);
    taken.add(legal.toLowerCase());
  }
  return made;
};
