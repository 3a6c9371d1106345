/** What all writers of a contract's values stand on: elements, and lists with their bounds. */
import { enclosed, failing, joined, type Text } from '../../../long-text.ts';
import { within, wrong } from '../../message/mismatch.ts';
import { tooFew, tooMany } from '../schema/particles.ts';
import type { Field } from '../schema/types.ts';

/** Writes a whole element of that tag. `attributes` stand before its own. Null is not written by it. */
export type Write = (tag: string, value: unknown, attributes?: string) => Text;

export const nil = (tag: string, attributes = ''): string => `<${tag}${attributes} xsi:nil="true"/>`;
export const element = (tag: string, attributes: string, content: Text): Text =>
  content === '' ? `<${tag}${attributes}/>` : enclosed(`<${tag}${attributes}>`, content, `</${tag}>`);

/** What is wrong in what is written, at once or later, is wrong in that step of the value. */
export const inStep = (step: string | number, write: () => Text): Text => {
  try {
    const text = write();
    return typeof text === 'string' ? text : failing(text, (error) => within(error, step));
  } catch (error) {
    throw within(error, step);
  }
};

export const listOf = (
  value: unknown,
  { most = Infinity, least = 0 }: Pick<Field, 'most' | 'least'> = {},
): unknown[] => {
  if (!Array.isArray(value)) return wrong('must be a list');
  if (value.length < least) return wrong(tooFew(least));
  return value.length > most ? wrong(tooMany(most)) : value;
};

/** Writes the items of a list, one after the other. */
export const eachOf = (items: readonly unknown[], write: (item: unknown) => Text): Text =>
  joined([...items.keys()], (at) => inStep(at, () => write(items[at])), undefined);
