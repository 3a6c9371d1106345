/** How Perl's modules are written: POD, and the types of values as data. */
import type { Field, RecordType, ValueType } from './description.ts';
import { fieldProse, madeFrom, wrap } from './text.ts';

const width = 100;

export const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Prose as POD: what stands between backticks is code. */
const pod = (text: string): string =>
  text
    .split('`')
    .map((part, at) => {
      const escaped = part.replace(/[<>]/g, (sign) => (sign === '<' ? 'E<lt>' : 'E<gt>'));
      return at % 2 === 0 ? escaped : `C<${escaped}>`;
    })
    .join('');
export const paragraph = (text: string): string[] => [...wrap(pod(text), width), ''];
export const heading = (level: 1 | 2, text: string): string[] => [`=head${level} ${text}`, ''];

/** Names with what they mean; nothing when there are none. */
export const definitions = (rows: readonly (readonly [name: string, meaning: string])[]): string[] =>
  rows.length === 0
    ? []
    : ['=over', '', ...rows.flatMap(([name, meaning]) => [`=item C<${name}>`, '', ...paragraph(meaning)]), '=back', ''];

/** What a value is, in words. */
const typeWords = (type: ValueType): string => {
  if (type.kind === 'enum') return `one of ${type.words!.map((word) => `\`${word}\``).join(', ')}`;
  if (type.kind === 'list') return `a list: ${typeWords(type.items!)}`;
  if (type.kind === 'record') return `a hash, ${type.record}`;
  return { ref: 'string', map: 'a hash of strings', any: 'any value' }[type.kind as string] ?? type.kind;
};
export const fieldDefinitions = (fields: readonly Field[]): string[] =>
  definitions(
    fields.map((field) => [
      field.name,
      `${typeWords(field.type)}${field.required ? '' : ', optional'}. ${fieldProse(field)}`,
    ]),
  );
export const resultWords = (type: ValueType): string => typeWords(type);

const variable = (record: string) => `$${record}`;

/** A type as Annelid::Kinds has it; records are variables. */
export const typeText = (type: ValueType): string => {
  switch (type.kind) {
    case 'list':
      return `[${typeText(type.items!)}]`;
    case 'record':
      return variable(type.record!);
    case 'enum':
    case 'ref':
      return quoted('string');
    default:
      return quoted(type.kind);
  }
};

/** The variables of records, those first that others hold. */
export const recordVariables = (records: readonly RecordType[]): string[] => {
  const lines: string[] = [];
  const begun = new Set<string>();
  const visit = ({ name, fields }: RecordType): void => {
    if (begun.has(name)) return;
    begun.add(name);
    for (const { type } of fields) {
      const held = records.find((record) => record.name === (type.items ?? type).record);
      if (held === undefined) continue;
      if (held.name === name) throw new Error(`The record ${name} holds itself.`);
      visit(held);
    }
    lines.push(
      `my ${variable(name)} = {`,
      ...fields.map(({ name: field, type }) => `    ${field} => ${typeText(type)},`),
      '};',
    );
  };
  for (const record of records) visit(record);
  return lines;
};

export const recordsPod = (records: readonly RecordType[]): string[] =>
  records.flatMap(({ name, doc, fields }) => [...heading(2, name), ...paragraph(doc), ...fieldDefinitions(fields)]);

export const moduleText = (
  name: string,
  about: string,
  code: readonly string[],
  documentation: readonly string[],
): string =>
  `${[
    `# ${madeFrom}`,
    `package ${name};`,
    '',
    'use 5.020;',
    'use strict;',
    'use warnings;',
    '',
    ...code,
    '',
    '1;',
    '',
    '__END__',
    '',
    '=encoding UTF-8',
    '',
    ...heading(1, 'NAME'),
    `${name} - ${about}`,
    '',
    ...documentation,
    '=cut',
  ].join('\n')}\n`;
