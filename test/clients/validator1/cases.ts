/** Calls of UserLand's validator1 suite with inputs made at random, and what each must answer. */
import { bool, bytes, int, number, type Shape, string, time } from '../../../plugin-protocol/shape.ts';

/** A value as it is to be typed on the wire: a scalar with its shape, an array, or a struct. */
export type Sample = { shape: Shape; value: unknown } | { items: Sample[] } | { members: Record<string, Sample> };

export interface Case {
  test: string;
  args: Sample[];
  answer: Sample;
}

/** Answers one below its argument. */
type Random = (below: number) => number;

const scalar =
  (shape: Shape) =>
  (value: unknown): Sample => ({ shape, value });
const asInt = scalar(int(''));
const asBool = scalar(bool(''));
const asNumber = scalar(number(''));
const asString = scalar(string(''));
const asTime = scalar(time(''));
const asBytes = scalar(bytes(''));
const list = (items: Sample[]): Sample => ({ items });
const struct = (members: Record<string, Sample>): Sample => ({ members });

const letters = ['<', '>', '&', "'", '"', '&amp;', 'a', 'Z', '0', ' ', '\n', 'é', 'ß', '東', '€'];

/** From `least` to `most`, both of them too. */
const between = (random: Random, least: number, most: number): number => least + random(most - least + 1);
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** What would end a CDATA section is in it once at most: node's `xmlrpc` breaks up only the first. */
const anyText = (random: Random, most = 30): string => {
  const text = times(random(most), () => letters[random(letters.length)]!);
  return (random(4) === 0 ? text.toSpliced(random(text.length + 1), 0, ']]>') : text).join('');
};
/**
 * Not whole, which would make it an integer where its type is not declared. In quarters: PHP writes six digits behind the
 * point, and xmlrpc-c's library reads most other fractions wrong in the last digit.
 */
const anyNumber = (random: Random): number => between(random, -1e6, 1e6) + (1 + random(3)) / 4;
/** From 1970 to 2037, in whole seconds, as XML-RPC has them. */
const anyTime = (random: Random): string => new Date(random(2 ** 31) * 1000).toISOString();
const anyBytes = (random: Random): string => Buffer.from(times(1 + random(40), () => random(256))).toString('base64');

/** In the order of `manyTypesTest`. */
const scalars: readonly ((random: Random) => Sample)[] = [
  (random) => asInt(between(random, -(2 ** 31), 2 ** 31 - 1)),
  (random) => asBool(random(2) === 1),
  (random) => asString(anyText(random)),
  (random) => asNumber(anyNumber(random)),
  (random) => asTime(anyTime(random)),
  (random) => asBytes(anyBytes(random)),
];

/** At most three deep; nothing in it is empty, which some libraries cannot tell from other nothings. */
const anySample = (random: Random, depth = 0): Sample => {
  const kind = random(scalars.length + (depth < 3 ? 2 : 0));
  if (kind < scalars.length) return scalars[kind]!(random);
  const parts = times(between(random, 1, 4), () => anySample(random, depth + 1));
  if (kind === scalars.length) return list(parts);
  return struct(Object.fromEntries(parts.map((part, at) => [`member ${at} <&>`, part])));
};

type Stooges = Record<'moe' | 'larry' | 'curly', number>;

/** A struct with the three and some more, in any order. */
const withStooges = (random: Random): { stooges: Stooges; sample: Sample } => {
  const some = () => between(random, -1e7, 1e7);
  const stooges = { moe: some(), larry: some(), curly: some() };
  const members: [string, Sample][] = Object.entries(stooges).map(([name, value]) => [name, asInt(value)]);
  for (const at of times(random(4), (index) => index)) {
    members.splice(random(members.length + 1), 0, [`shemp${at}`, anySample(random, 2)]);
  }
  return { stooges, sample: struct(Object.fromEntries(members)) };
};
const sumOf = ({ moe, larry, curly }: Stooges): number => moe + larry + curly;

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/**
 * Three years with all their days, of which most are empty. What PHP has an array of is a struct when one of the names is
 * no number; the years alone would be sent as a list.
 */
const calendarWith = (random: Random, first: Sample): Sample => {
  const days = (year: number, month: number) =>
    times(new Date(Date.UTC(year, month, 0)).getUTCDate(), (at): [string, Sample] => {
      const isTheOne = year === 2000 && month === 4 && at === 0;
      const sample = isTheOne ? first : random(20) === 0 ? withStooges(random).sample : struct({});
      return [twoDigits(at + 1), sample];
    });
  const months = (year: number) =>
    times(12, (at): [string, Sample] => [twoDigits(at + 1), struct(Object.fromEntries(days(year, at + 1)))]);
  const years = [1999, 2000, 2001].map((year): [number, Sample] => [year, struct(Object.fromEntries(months(year)))]);
  return struct({ owner: asString(anyText(random)), ...Object.fromEntries(years) });
};

const tests: Record<string, (random: Random) => Omit<Case, 'test'>> = {
  arrayOfStructsTest: (random) => {
    const structs = times(between(random, 1, 12), () => withStooges(random));
    const curlies = structs.map(({ stooges }) => stooges.curly);
    return { args: [list(structs.map(({ sample }) => sample))], answer: asInt(curlies.reduce((a, b) => a + b, 0)) };
  },
  countTheEntities: (random) => {
    const text = anyText(random, 200);
    const count = (character: string) => asInt([...text].filter((one) => one === character).length);
    return {
      args: [asString(text)],
      answer: struct({
        ctLeftAngleBrackets: count('<'),
        ctRightAngleBrackets: count('>'),
        ctAmpersands: count('&'),
        ctApostrophes: count("'"),
        ctQuotes: count('"'),
      }),
    };
  },
  easyStructTest: (random) => {
    const { stooges, sample } = withStooges(random);
    return { args: [sample], answer: asInt(sumOf(stooges)) };
  },
  echoStructTest: (random) => {
    const { sample } = withStooges(random);
    const both = struct({ known: sample, unknown: anySample(random) });
    return { args: [both], answer: both };
  },
  manyTypesTest: (random) => {
    const args = scalars.map((make) => make(random));
    return { args, answer: list(args) };
  },
  moderateSizeArrayCheck: (random) => {
    const texts = times(between(random, 100, 200), () => anyText(random));
    return { args: [list(texts.map(asString))], answer: asString(texts[0]! + texts[texts.length - 1]!) };
  },
  nestedStructTest: (random) => {
    const { stooges, sample } = withStooges(random);
    return { args: [calendarWith(random, sample)], answer: asInt(sumOf(stooges)) };
  },
  simpleStructReturnTest: (random) => {
    const given = between(random, -2_147_483, 2_147_483);
    const answer = { times10: asInt(10 * given), times100: asInt(100 * given), times1000: asInt(1000 * given) };
    return { args: [asInt(given)], answer: struct(answer) };
  },
};

/** What the suite calls. */
export const testNames: readonly string[] = Object.keys(tests);

/** One call of each test. */
export const casesFrom = (random: Random): Case[] =>
  Object.entries(tests).map(([test, make]) => ({ test, ...make(random) }));
