/**
 * How calls and answers are told between the tests and the programs: each value is `[what it is, text or parts]`. To a
 * program go the kinds of the catalogue; back comes what the library made of the answer, by its native type.
 */
import { fieldsOf, fold, type Shape } from '../../plugin-protocol/shape.ts';

/** `any` is around a value whose kind nobody declared. */
export type Told = readonly [
  kind: string,
  value: string | Told | readonly Told[] | readonly [name: string, value: Told][],
];

const scalar =
  ({ 'x-kind': kind }: Shape) =>
  (value: unknown): Told => [kind, String(value)];

const toldAny = (value: unknown): Told => ['any', toldPlain(value)];
const toldPlain = (value: unknown): Told => {
  if (Array.isArray(value)) return ['list', value.map(toldPlain)];
  if (typeof value === 'number') return [Number.isInteger(value) ? 'int' : 'number', String(value)];
  if (typeof value !== 'object') return [typeof value === 'boolean' ? 'bool' : 'string', String(value)];
  return ['map', Object.entries(value!).map(([name, member]): [string, Told] => [name, toldPlain(member)])];
};

/** Tells a value of a shape to a program. Fields that are not set are left out. */
export const told = fold<(value: never) => Told>({
  bool: scalar,
  int: scalar,
  counter: scalar,
  number: scalar,
  string: scalar,
  enum: scalar,
  ref: scalar,
  time: scalar,
  bytes: scalar,
  any: () => toldAny,
  list: ({ items }, inner) => {
    const item = inner(items);
    return (values: never[]) => ['list', values.map(item)];
  },
  record: (shape, inner) => {
    const fields = fieldsOf(shape).map(([name, field]) => [name, inner(field)] as const);
    return (value: Record<string, never>) => [
      'record',
      fields.flatMap(([name, field]): [string, Told][] => (name in value ? [[name, field(value[name]!)]] : [])),
    ];
  },
  map: () => (value: Record<string, string>) => [
    'map',
    Object.entries(value).map(([name, text]): [string, Told] => [name, ['string', text]]),
  ],
});

function same() {
  return (value: unknown) => value;
}

/** A value of a shape as those carry it whose times have no milliseconds. */
export const withoutMilliseconds = fold<(value: never) => unknown>({
  bool: same,
  int: same,
  counter: same,
  number: same,
  string: same,
  enum: same,
  ref: same,
  bytes: same,
  map: same,
  any: same,
  time: () => (value: string) => value.replace(/\.\d+Z$/, '.000Z'),
  list: ({ items }, inner) => {
    const item = inner(items);
    return (values: never[]) => values.map(item);
  },
  record: (shape, inner) => {
    const fields = new Map(fieldsOf(shape).map(([name, field]) => [name, inner(field)]));
    return (value: Record<string, never>) =>
      Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fields.get(name)!(member)]));
  },
});

/** What a library cannot show at all is as good as any value, within others. */
export const hidden = Symbol('not shown by the client');

interface Native {
  tag: string;
  read: (text: string) => unknown;
}
const is = (tag: string, read: Native['read']): Native => ({ tag, read });
const same1 = (text: string) => text;
const numeral = (text: string): number => {
  if (text.trim() === '' || !Number.isFinite(Number(text))) throw new Error(`"${text}" is no number`);
  return Number(text);
};
const digits = (text: string): string => {
  if (!/^-?\d+$/.test(text)) throw new Error(`"${text}" is no whole number`);
  return text;
};
const truth = (words: Record<string, boolean>) => (text: string) => {
  const found = words[text];
  if (found === undefined) throw new Error(`"${text}" is no truth value`);
  return found;
};
const moment = (text: string): string => {
  const found = /^(\d{4})-?(\d\d)-?(\d\d)[T ](.*?)(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (!found) throw new Error(`"${text}" is no time`);
  const [, year, month, day, rest, zone = 'Z'] = found;
  return new Date(`${year}-${month}-${day}T${rest}${zone}`).toISOString();
};
const trueFalse = truth({ true: true, false: false });

/** What libraries make of the kinds: the name that a program gives it, and the value that is meant. The first is usual. */
const natives = {
  bool: {
    bool: is('bool', trueFalse),
    digit: is('string', truth({ 1: true, 0: false })),
    word: is('string', trueFalse),
  },
  int: { int: is('int', numeral), number: is('number', numeral), string: is('string', numeral) },
  counter: { string: is('string', digits), int: is('int', digits), number: is('number', digits) },
  number: { number: is('number', numeral), string: is('string', numeral) },
  string: { string: is('string', same1) },
  enum: { string: is('string', same1) },
  ref: { string: is('string', same1) },
  time: { time: is('time', moment), string: is('string', moment), hidden: is('time', () => hidden) },
  bytes: {
    bytes: is('bytes', same1),
    characters: is('string', (text) => Buffer.from(text, 'latin1').toString('base64')),
    base64: is('string', (text) => text.replaceAll(/\s/g, '')),
    // Strings are bytes: those that are no UTF-8 are told as `octets`.
    octets: is('string', (text) => Buffer.from(text).toString('base64')),
  },
} as const;
type ScalarKind = keyof typeof natives;

/** What a library makes of values, where it is not the usual. */
export type Natives = { [K in ScalarKind]?: keyof (typeof natives)[K] } & {
  /** `item`: a struct with the items as its member `item`. */
  list?: 'item';
  /** `pairs`: a list of structs of key and value. `item`: a struct with such a list as its member `item`. */
  map?: 'pairs' | 'item';
  /** Whether a list of one comes as that one. */
  single?: true;
  /** Whether what is empty comes as something else that is: a list or map as nil or empty text, empty text as nil. */
  empty?: true;
  /** Whether a record or list of one field comes as that field, where it is the whole result. */
  unwrapped?: true;
  /** `text`: scalars whose kind nobody declared come as text. */
  any?: 'text';
};

const fail = (wanted: string, [tag, value]: Told): never => {
  throw new Error(`expected ${wanted}, got ${tag} ${JSON.stringify(value).slice(0, 60)}`);
};
const isEmpty = ([tag, value]: Told) => tag === 'nil' || value.length === 0;
/** A record of which nothing is set, which is how some show nil. */
const isVoid = ([tag, members]: Told) =>
  tag === 'struct' && (members as [string, Told][]).every(([, [inner]]) => inner === 'nil');
/** A map that comes as a list of structs of key and value. */
const isPairs = ([tag, items]: Told) =>
  tag === 'list' && (items as readonly Told[]).every(([inner, pair]) => inner === 'struct' && pair[0]?.[0] === 'key');
const membersOf = (value: Told) =>
  value[0] === 'struct' ? (value[1] as readonly [name: string, value: Told][]) : fail('struct', value);

/** Reads what a program told of a value of a shape. Throws a sentence when it is not told so. */
export const readerFor = (of: Natives): ((shape: Shape) => (told: Told) => unknown) => {
  const scalarOf = <K extends ScalarKind>(kind: K) => {
    const rows: Record<string, Native> = natives[kind];
    const { tag, read } = rows[of[kind] ?? Object.keys(rows)[0]!]!;
    const nilIsEmpty = of.empty && ['string', 'ref', 'bytes'].includes(kind);
    return () => (value: Told) => {
      if (nilIsEmpty && value[0] === 'nil') return '';
      if (of[kind] === 'octets' && value[0] === 'octets') return value[1];
      return value[0] === tag ? read(value[1] as string) : fail(tag, value);
    };
  };
  const itemsOf = (value: Told, wrapped: boolean): readonly Told[] => {
    if (of.empty && isEmpty(value)) return [];
    const bare =
      wrapped && !(of.unwrapped && value[0] === 'list')
        ? membersOf(value).find(([name]) => name === 'item')?.[1]
        : value;
    if (bare === undefined || (of.empty && wrapped && isEmpty(bare))) return [];
    if (bare[0] === 'list') return bare[1] as readonly Told[];
    return of.single ? [bare] : fail('list', bare);
  };
  const textOf = scalarOf('string')();
  const pairsOf = (value: Told): (readonly [string, Told])[] => {
    if (of.map !== undefined)
      return itemsOf(value, of.map === 'item').map((pair) => {
        const { key, value: member } = Object.fromEntries(membersOf(pair));
        return [textOf(key!) as string, member!];
      });
    return of.empty && isEmpty(value) ? [] : [...membersOf(value)];
  };
  const anyScalars: Record<string, Native['read']> = { bool: trueFalse, int: numeral, number: numeral, string: same1 };
  const anyOf = (value: Told): unknown => {
    const [tag, content] = value;
    if (of.unwrapped && isPairs(value)) return anyOf(['struct', pairsOf(value)]);
    if (tag === 'list') return (content as readonly Told[]).map(anyOf);
    if (tag === 'struct') return Object.fromEntries(membersOf(value).map(([name, member]) => [name, anyOf(member)]));
    return anyScalars[tag]?.(content as string) ?? fail('a value', value);
  };

  return fold<(value: Told) => unknown>({
    bool: scalarOf('bool'),
    int: scalarOf('int'),
    counter: scalarOf('counter'),
    number: scalarOf('number'),
    string: scalarOf('string'),
    enum: scalarOf('enum'),
    ref: scalarOf('ref'),
    time: scalarOf('time'),
    bytes: scalarOf('bytes'),
    any: () => anyOf,
    list: ({ items }, inner) => {
      const item = inner(items);
      return (value) => itemsOf(value, of.list === 'item').map(item);
    },
    record: (shape, inner) => {
      const fields = new Map(
        fieldsOf(shape).map(([name, field, required]) => [name, { read: inner(field), required }]),
      );
      const lone = fields.size === 1 && of.unwrapped ? [...fields.keys()][0] : undefined;
      return (value) =>
        Object.fromEntries(
          (lone !== undefined && value[0] !== 'struct' ? [[lone, value] as const] : membersOf(value)).flatMap(
            ([name, member]): [string, unknown][] => {
              const field = fields.get(name);
              if (!field) throw new Error(`${shape['x-name']} has no field ${name}`);
              // What is not set, SOAP sends as nil.
              if (!field.required && (member[0] === 'nil' || (of.empty && isVoid(member)))) return [];
              try {
                return [[name, field.read(member)]];
              } catch (error) {
                throw new Error(`${name}: ${(error as Error).message}`);
              }
            },
          ),
        );
    },
    map: () => (value) => Object.fromEntries(pairsOf(value).map(([name, text]) => [name, textOf(text)])),
  });
};
