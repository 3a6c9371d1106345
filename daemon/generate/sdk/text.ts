/** What every language's emitter needs of text. */
import type { Field } from './description.ts';

export const madeFrom = 'Made from the contract and the catalogue by daemon/generate; change those, not this.';

export const camel = (words: readonly string[]): string =>
  words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
export const pascal = (words: readonly string[]): string =>
  words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
export const snake = (words: readonly string[]): string => words.join('_');

/** Lines of at most `width` characters, broken at spaces. `indent` comes before each but the first. */
export const wrap = (text: string, width: number, indent = ''): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = width - (lines.length > 0 ? indent.length : 0);
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((one, at) => (at === 0 ? one : indent + one));
};

/** What is to be said of a field: what it means, what it may be, and what stands in for it. Code stands between backticks. */
export const fieldProse = (field: Field): string => {
  const standIn = field.default === undefined ? '' : `default \`${JSON.stringify(field.default)}\``;
  const bounds = field.type.kind === 'enum' ? '' : field.bounds.replaceAll('\u00a0', '');
  const facts = [bounds, standIn].filter((fact) => fact !== '').join('; ');
  return facts === '' ? field.doc : `${field.doc} (${facts})`;
};

/** Required ones first: in most languages what may be left out comes last. */
export const requiredFirst = (fields: readonly Field[]): Field[] => [
  ...fields.filter(({ required }) => required),
  ...fields.filter(({ required }) => !required),
];

/** Of milliseconds, where a language has seconds: `idleMs` is `idle`. */
export const inSeconds = (name: string): string | undefined => (name.endsWith('Ms') ? name.slice(0, -2) : undefined);
