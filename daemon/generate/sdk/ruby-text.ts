/** How Ruby writes things: names, comments, types of YARD, and the frame of a file. */
import type { Field, ValueType } from './description.ts';
import { fieldProse, madeFrom, pascal, wrap } from './text.ts';

export const width = 120;

/** Words that cannot name a variable. */
const keywords = new Set(
  'BEGIN END alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield'.split(
    ' ',
  ),
);
export const parameter = ({ name }: Field): string => {
  if (keywords.has(name)) throw new Error(`Ruby cannot have a parameter ${name}.`);
  return name;
};
export const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Ruby has a Timeout of its own, and connectors use it. */
export const className = (words: readonly string[]): string =>
  words.join() === 'timeout' ? 'TimedOut' : pascal(words);

/** A comment; a tag of YARD goes on with two spaces more. */
export const comment = (text: string, indent: string, more = ''): string[] =>
  wrap(text, width - indent.length - 2, more).map((line) => `${indent}# ${line}`);
export const gap = (indent: string) => `${indent}#`;

export const typeOf = (type: ValueType, records: string, ours: boolean): string => {
  switch (type.kind) {
    case 'bool':
      return 'Boolean';
    case 'int':
      return 'Integer';
    case 'number':
      return 'Float';
    case 'counter':
      return ours ? 'Integer, String' : 'String';
    case 'time':
      return ours ? 'Time, String' : 'String';
    case 'bytes':
      return ours ? 'Bytes, String' : 'String';
    case 'list':
      return `Array<${typeOf(type.items!, records, ours)}>`;
    case 'map':
      return 'Hash{Symbol => String}';
    case 'record':
      return 'Hash{Symbol => Object}';
    case 'any':
      return 'Object';
    default:
      return 'String';
  }
};
/** Where the members of a record are listed, when the value is made of such. */
export const membersOf = (type: ValueType, records: string): string => {
  const { record } = type.items ?? type;
  return record === undefined ? '' : ` {${records}::${record}}`;
};
const wordsFor = ({ type }: Field): string =>
  type.words === undefined ? '' : ` (${type.words.map((word) => `\`${word}\``).join(', ')})`;
export const proseOf = (field: Field) => `${fieldProse(field)}${wordsFor(field)}`;

export const params = (fields: readonly Field[], records: string, ours: boolean): string[] =>
  fields.flatMap((field) => {
    const type = `${typeOf(field.type, records, ours)}${field.required ? '' : ', nil'}`;
    return comment(`@param ${field.name} [${type}] ${proseOf(field)}${membersOf(field.type, records)}`, '    ', '  ');
  });

export const signature = (name: string, words: readonly string[]): string[] => {
  if (words.length === 0) return [`    def ${name}`];
  const whole = `    def ${name}(${words.join(', ')})`;
  if (whole.length <= width) return [whole];
  return [`    def ${name}(`, ...words.map((word, at) => `      ${word}${at + 1 < words.length ? ',' : ''}`), '    )'];
};

export const file = (lines: readonly string[]): string =>
  ['# frozen_string_literal: true', '', `# ${madeFrom}`, '', 'module Annelid', ...lines, 'end', ''].join('\n');
