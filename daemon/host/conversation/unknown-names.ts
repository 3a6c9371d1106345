/** Warns of names in the answers to `describe` and `configure` that mean nothing here: most are slips of the pen. */
import { baseResults, features } from '../../../plugin-protocol/contract/base.ts';
import { contract } from '../../../plugin-protocol/contract/index.ts';
import { interfaceVersions } from '../../../plugin-protocol/contract/versions.ts';
import { fieldsOf } from '../../../plugin-protocol/shape.ts';
import { nearest } from '../../../plugin-protocol/text/nearest.ts';
import type { Log } from '../../core/ports.ts';

const longestName = 64;
const calls = [...contract.keys()];

const unknownIn = (names: readonly string[], known: readonly string[], what: string): string[] =>
  names
    .filter((name) => !known.includes(name))
    .map((name) => {
      if (what === 'method' && name in baseResults) {
        return `the method ${name}, which is asked for whether it is listed or not`;
      }
      const meant = nearest(name, known);
      // No name that is known is as long; and one that was cut could end amid a secret, which nobody would find then.
      if (name.length > longestName) return `a ${what} with a name of ${name.length} characters`;
      return `the ${what} ${name}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
    });

const stringsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** `answer` is as the plugin gave it; `facts` go with the line. */
export const warnOfUnknownNames = (
  answer: { methods?: unknown; features?: unknown; interfaces?: unknown },
  method: 'describe' | 'configure',
  log: Log,
  facts: object,
): void => {
  const members = fieldsOf(baseResults[method]).map(([name]) => name);
  const unknown = [
    ...unknownIn(Object.keys(answer), members, 'member'),
    ...unknownIn(stringsIn(answer.methods), calls, 'method'),
    ...unknownIn(stringsIn(answer.features), features, 'feature'),
    ...unknownIn(Object.keys(answer.interfaces ?? {}), Object.keys(interfaceVersions), 'interface'),
  ];
  if (unknown.length > 0) log.warn(facts, `The answer to ${method} has what is not known: ${unknown.join('; ')}.`);
};
