/** Single values of a contract: their text held against the type, and made text again. */
import { untagged } from '../../../../../plugin-protocol/any.ts';
import type { Slice, Slices } from '../../../../../plugin-protocol/slices.ts';
import { cutParts, type TextParts, textInSlices, textOfParts } from '../../../../wire/parts.ts';
import { whiteSpace, whiteSpaceInSlices } from '../../../../wire/xml-spaces.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { Mismatch, wrong } from '../../message/mismatch.ts';
import { type Convert, type LongConvert, longConvert, madeOf } from '../../values/reading.ts';
import type { SimpleType } from '../schema/types.ts';

/**
 * How many digits a decimal has behind its point, and in all: zeros at the ends do not count. By steps: a regular
 * expression takes quadratic time for zeros that are not at the end.
 */
const fractionOf = (text: string): number => {
  const point = text.indexOf('.');
  let end = text.length;
  while (end > point + 1 && text[end - 1] === '0') end--;
  return point < 0 ? 0 : end - point - 1;
};
const digitsOf = (text: string): number => text.replace(/^[+-]?0*([^.]*).*$/, '$1').length + fractionOf(text);

/** Its characters, of which those beyond U+FFFF are two units each. */
const charactersOf = (text: string): number => {
  let count = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) count--;
  return count;
};

/** What text and numbers have to keep to. Only what is there is looked at. */
const checkFacets = ({ facets, builtin }: SimpleType): ((value: unknown, text: string) => unknown) => {
  const { words, patterns, minLength = 0, maxLength = Infinity, minimum, maximum } = facets;
  const checks: ((value: unknown, text: string) => void)[] = [];
  if (words !== undefined) {
    const set = new Set(words.map((word) => whiteSpace[builtin.space](word)));
    const sentence = `must be one of ${[...set].join(', ')}`;
    checks.push((_, text) => set.has(text) || wrong(sentence));
  }
  for (const { whole, text: pattern } of patterns ?? []) {
    checks.push((_, text) => whole.test(text) || wrong(`must match ${pattern}`));
  }
  if (minLength > 0 || maxLength < Infinity) {
    // In characters: XML Schema part 2, section 4.3.1.
    const lengthOf = (value: string) =>
      builtin.kind === 'bytes' ? Buffer.byteLength(value, 'base64') : charactersOf(value);
    const sentence =
      minLength === maxLength
        ? `must have ${minLength}`
        : `must have from ${minLength} to ${maxLength}`.replace(' to Infinity', ' on');
    const what = builtin.kind === 'bytes' ? 'bytes' : 'characters';
    checks.push((value) => {
      if (typeof value !== 'string') return;
      const length = lengthOf(value);
      if (length < minLength || length > maxLength) wrong(`${sentence} ${what}`);
    });
  }
  const bound = (limit: typeof minimum, sign: 1 | -1, within: string, without: string) => {
    if (limit === undefined) return;
    const sentence = `must be ${limit.within ? within : without} ${limit.value}`;
    checks.push((value) => {
      const over = (Number(value) - limit.value) * sign;
      if (over > 0 || (over === 0 && !limit.within)) wrong(sentence);
    });
  };
  bound(minimum, -1, 'at least', 'more than');
  bound(maximum, 1, 'at most', 'less than');
  for (const [facet, counted, where] of [
    ['totalDigits', digitsOf, ''],
    ['fractionDigits', fractionOf, ' behind the point'],
  ] as const) {
    const most = facets[facet];
    if (most !== undefined) {
      checks.push((_, text) => counted(text) <= most || wrong(`must have at most ${most} digits${where}`));
    }
  }
  if (checks.length === 0) return (value) => value;
  return (value, text) => {
    for (const check of checks) check(value, text);
    return value;
  };
};

/** One item more than a list may have shows that it has too many: no more words are looked for. */
const mostItems = 100_001;

const spaces = [' ', '\t', '\n', '\r'];
const split = (text: string): string[] => text.split(/[ \t\n\r]+/, mostItems + 1).filter((word) => word !== '');

function* splitInSlices(parts: TextParts, slice: Slice): Slices<string[]> {
  const words: string[] = [];
  /** What may be the beginning of a word. */
  let torn: string[] = [];
  for (const part of cutParts(parts)) {
    const to = Math.max(...spaces.map((space) => part.lastIndexOf(space))) + 1;
    if (to > 0) {
      words.push(...split([...torn, part.slice(0, to)].join('')));
      torn = [];
    }
    torn.push(part.slice(to));
    if (words.length >= mostItems) return words;
    if (slice.overNow()) yield* slice.pause();
  }
  words.push(...split(torn.join('')));
  return words;
}

const listFrom = (item: Convert): LongConvert =>
  longConvert(
    (text) => split(text).map((word) => item(word)),
    function* (parts, slice) {
      const items: unknown[] = [];
      for (const word of yield* splitInSlices(parts, slice)) {
        items.push(item(word));
        if (slice.over()) yield* slice.pause();
      }
      return items;
    },
  );

/** The value stays text: which of the types it is of does not show. */
const unionFrom = (members: readonly LongConvert[]): LongConvert => {
  const ofNone = () => wrong('is of none of the types that it may be of');
  return longConvert(
    (text) => {
      const words = whiteSpace.collapse(text);
      for (const member of members) if (accepts(() => member(words)) !== undefined) return words;
      return ofNone();
    },
    function* (parts, slice) {
      const words = yield* whiteSpaceInSlices.collapse(parts, slice);
      for (const member of members)
        if (yield* acceptsInSlices(member.inSlices(words, slice))) return textOfParts(words);
      return ofNone();
    },
  );
};

/** Compiles what makes a value of text. Undefined: there is none. Throws `Mismatch`. */
export const simpleFrom = (type: SimpleType): LongConvert => {
  if (type.items !== undefined) return listFrom(simpleFrom(type.items));
  if (type.union !== undefined) return unionFrom(type.union.map(simpleFrom));
  const { builtin } = type;
  const { read, space } = builtin;
  const check = checkFacets(type);
  // PHP and .NET send empty elements for what is not set.
  const isUnset = (text: string) => text === '' && builtin.kind !== 'string' && builtin.kind !== 'bytes';
  return longConvert(
    (raw) => {
      const text = whiteSpace[space](raw);
      return isUnset(text) ? undefined : check(read(text), text);
    },
    function* (raw, slice) {
      const parts = yield* whiteSpaceInSlices[space](raw, slice);
      const text = yield* textInSlices(parts, slice);
      return isUnset(text) ? undefined : check(yield* madeOf(read, parts, slice), text);
    },
  );
};

/** An item of a list as it is written: with white space in it it would be read as two, and without anything as none. */
const wordOf = (text: string): string =>
  /^[^ \t\n\r]+$/.test(text) ? text : wrong('must hold one word in each item, without white space');

/** Compiles what makes text of a value. Throws `Mismatch` when the value is none of the type. */
export const simpleTo = (type: SimpleType): ((value: unknown) => string) => {
  if (type.items !== undefined) {
    const item = simpleTo(type.items);
    return (value) =>
      Array.isArray(value) ? value.map((one) => wordOf(item(one))).join(' ') : wrong('must be a list');
  }
  if (type.union !== undefined) {
    const members = type.union.map(simpleTo);
    return (value) => {
      for (const member of members) {
        const text = accepts(() => member(value));
        if (text !== undefined) return text;
      }
      return wrong('is of none of the types that it may be of');
    };
  }
  const { builtin } = type;
  const check = checkFacets(type);
  return (value) => {
    const bare = untaggedValue(value);
    const text = builtin.write(bare);
    check(bare, text);
    return text;
  };
};

/** Where a type is known, the tag of a value that nobody declared says nothing more. */
const untaggedValue = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (untagged(value)?.value ?? value) : value;

const accepts = <T>(attempt: () => T): T | undefined => {
  try {
    return attempt();
  } catch {
    return undefined;
  }
};

function* acceptsInSlices(attempt: Slices<unknown>): Slices<boolean> {
  try {
    return (yield* attempt) !== undefined;
  } catch (error) {
    if (error instanceof Mismatch) return false;
    throw error;
  }
}

/** A QName, `{namespace}local` in memory; its prefix is only known while its element is open. */
export const readName = (reader: ElementReader): string => {
  let name = '';
  for (;;) {
    const event = reader.next();
    if (event === 'close') return name;
    if (event === 'open') wrong(`must be a name, without <${reader.name}> in it`);
    const text = reader.text.trim();
    if (text === '') continue;
    const colon = text.indexOf(':');
    const uri = reader.resolve(colon < 0 ? '' : text.slice(0, colon));
    if (uri === undefined) return wrong(`has a prefix that is not declared: ${text}`);
    name = uri === '' ? text : `{${uri}}${text.slice(colon + 1)}`;
  }
};

/** A name as it is in memory, in its two parts. */
export const splitClark = (name: string): { namespace: string; local: string } => {
  const found = /^(?:\{([^{}]*)\})?([^{}:\s]+)$/.exec(name) ?? wrong('must be a name as {namespace}local');
  return { namespace: found[1] ?? '', local: found[2]! };
};
