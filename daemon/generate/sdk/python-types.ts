/** The types of values in Python. */
import type { Field, RecordType, ValueType } from './description.ts';
import { docstring, importsFor, literal, moduleText, prose, quoted, typingNames, width } from './python-text.ts';
import { fieldProse, wrap } from './text.ts';

/** Names for the sets of words that records have, so that authors can name them too; others are written in place. */
export class Types {
  readonly aliases = new Map<string, { name: string; words: readonly string[] }>();
  readonly #records: readonly RecordType[];

  constructor(records: readonly RecordType[]) {
    this.#records = records;
    for (const record of records) {
      for (const { name, type } of record.fields) {
        const { words } = type;
        if (words === undefined || this.aliases.has(words.join())) continue;
        this.aliases.set(words.join(), { name: record.name + name.charAt(0).toUpperCase() + name.slice(1), words });
      }
    }
  }

  /** Everything that has a name. */
  get names(): string[] {
    return [...this.aliases.values(), ...this.#records].map(({ name }) => name);
  }

  /** The type of a value that comes from the other side; `ours` is what we send, which may be of Python's own types. */
  of(type: ValueType, ours: boolean): string {
    switch (type.kind) {
      case 'bool':
        return 'bool';
      case 'int':
        return 'int';
      case 'number':
        return 'float';
      case 'counter':
        return ours ? 'Counter' : 'str';
      case 'time':
        return ours ? 'Time' : 'str';
      case 'bytes':
        return ours ? 'Bytes' : 'str';
      case 'enum':
        return this.aliases.get(type.words!.join())?.name ?? `Literal[${type.words!.map(quoted).join(', ')}]`;
      case 'list':
        return `list[${this.of(type.items!, ours)}]`;
      case 'map':
        return 'dict[str, str]';
      case 'record':
        return type.record!;
      case 'any':
        return 'Any';
      default:
        return 'str';
    }
  }
}

/** In two halves, since what says `NotRequired` is younger than the oldest Python served. */
const typedDict = (types: Types, { name, doc, fields }: RecordType, ours: boolean): string[] => {
  const members = (of: Field[]) =>
    of.flatMap((field) => [
      `    ${field.name}: ${types.of(field.type, ours)}`,
      ...docstring([wrap(fieldProse(field), width - 7)], '    '),
    ]);
  const always = fields.filter(({ required }) => required);
  const perhaps = fields.filter(({ required }) => !required);
  const about = docstring(prose(doc, '    '), '    ');
  if (perhaps.length === 0) return [`class ${name}(TypedDict):`, ...about, ...spaced(members(always))];
  if (always.length === 0) return [`class ${name}(TypedDict, total=False):`, ...about, ...spaced(members(perhaps))];
  return [
    `class _${name}(TypedDict):`,
    ...members(always),
    '',
    '',
    `class ${name}(_${name}, total=False):`,
    ...about,
    ...spaced(members(perhaps)),
  ];
};
const spaced = (lines: string[]): string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** Those that others hold come first. */
const inOrder = (records: readonly RecordType[]): RecordType[] => {
  const done = new Set<RecordType>();
  const visit = (record: RecordType): void => {
    if (done.has(record)) return;
    for (const { type } of record.fields) {
      const held = records.find(({ name }) => name === (type.items ?? type).record);
      if (held !== undefined && held !== record) visit(held);
    }
    done.add(record);
  };
  for (const record of records) visit(record);
  return [...done];
};

const sent = [
  'Time = Union[str, datetime]',
  '"""A moment: RFC 3339 in UTC, or a datetime with its zone."""',
  'Bytes = Union[str, bytes]',
  '"""Bytes, or base64 of them."""',
  'Counter = Union[str, int]',
  '"""An integer of up to 64 bits; from 2**53 on as a string of digits."""',
];

export const recordsModule = (about: string, records: readonly RecordType[], ours: boolean): string => {
  const types = new Types(records);
  const names = [...types.names, ...(ours ? ['Bytes', 'Counter', 'Time'] : [])].sort();
  const blocks = [
    ...(ours ? [sent] : []),
    ...[...types.aliases.values()].map(({ name, words }) => literal(name, words)),
    ...inOrder(records).map((record) => ['', ...typedDict(types, record, ours)]),
  ];
  return moduleText(about, [
    ...(ours ? ['from datetime import datetime'] : []),
    ...importsFor(blocks.flat(), 'typing', typingNames),
    '',
    '__all__ = [',
    ...names.map((name) => `    ${quoted(name)},`),
    ']',
    '',
    ...blocks.flatMap((block, at) => (at === 0 ? block : ['', ...block])),
  ]);
};
