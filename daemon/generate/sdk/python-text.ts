/** How Python's modules are written: docstrings, signatures, imports. */
import type { Field } from './description.ts';
import { fieldProse, madeFrom, wrap } from './text.ts';

export const width = 100;

/** Words that cannot name a parameter. */
const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield self'.split(
    ' ',
  ),
);
export const parameter = ({ name }: Field): string => {
  if (keywords.has(name)) throw new Error(`Python cannot have a parameter ${name}.`);
  return name;
};

export const quoted = (text: string) => JSON.stringify(text);

/** A docstring: the first line stands alone, as PEP 257 has it. */
export const docstring = (paragraphs: readonly (readonly string[])[], indent: string): string[] => {
  const lines = paragraphs.flatMap((paragraph, at) => (at === 0 ? paragraph : ['', ...paragraph]));
  const escaped = lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"'));
  const whole = `${indent}"""${escaped[0]}`;
  if (escaped.length === 1 && whole.length + 3 <= width) return [`${whole}"""`];
  return [whole, ...escaped.slice(1).map((line) => (line === '' ? '' : indent + line)), `${indent}"""`];
};
/** The first sentence, then the rest. */
export const prose = (text: string, indent: string): string[][] => {
  const [, first = text, rest = ''] = /^(.*?[.:!?])\s+(.*)$/s.exec(text) ?? [];
  const room = width - indent.length - 3;
  return [wrap(first, room), ...(rest === '' ? [] : [wrap(rest, room + 3)])];
};

export const literal = (name: string, words: readonly string[]): string[] => [
  `${name} = Literal[`,
  ...words.map((word) => `    ${quoted(word)},`),
  ']',
];

export const moduleText = (about: string, lines: readonly string[]): string =>
  `# ${madeFrom}\n${[...docstring([[about]], ''), '', ...lines].join('\n')}\n`;

/** What a module needs to import of what its annotations name. */
export const importsFor = (lines: readonly string[], from: string, names: readonly string[]): string[] => {
  const text = lines.join('\n');
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(text)).sort();
  if (used.length === 0) return [];
  const whole = `from ${from} import ${used.join(', ')}`;
  return whole.length <= width ? [whole] : [`from ${from} import (`, ...used.map((name) => `    ${name},`), ')'];
};

export const args = (fields: readonly Field[]): string[] => {
  if (fields.length === 0) return [];
  const lines = fields.flatMap((field) =>
    wrap(`${field.name}: ${fieldProse(field)}`, width - 12, '    ').map((line) => `    ${line}`),
  );
  return ['Args:', ...lines];
};

export const signature = (name: string, words: readonly string[], result: string): string[] => {
  const whole = `    def ${name}(${words.join(', ')}) -> ${result}:`;
  if (whole.length <= width) return [whole];
  return [`    def ${name}(`, ...words.map((word) => `        ${word},`), `    ) -> ${result}:`];
};

/** Names for annotations, and where they are from. */
export const abcNames = ['Awaitable', 'Callable', 'Mapping'];
export const typingNames = ['Any', 'List', 'Literal', 'Optional', 'TypeVar', 'TypedDict', 'Union'];
