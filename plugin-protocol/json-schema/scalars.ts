/** From JSON Schema to shapes: numbers and texts. */

import {
  bytes,
  counter,
  int,
  number,
  oneOf,
  type Pattern,
  runsPattern,
  type Shape,
  type StringShape,
  string,
  time,
} from '../shape.ts';
import { type Schema, within, wrong } from './error.ts';

/** Characters. */
export const longestText = 1_048_576;

/** Runs patterns, where JavaScript's own expressions are not to; throws for one that it has not. */
export type RunsPattern = (source: string) => Pattern;

const int64 = new Set<unknown>(['int64', 'uint64']);

const numberIn = (schema: Schema, word: string): number | undefined => {
  const value = schema[word];
  if (value === undefined) return undefined;
  return typeof value === 'number' ? value : within(word, () => wrong('must be a number'));
};

/** How long a text, or how many of something there may be; none of them is longer than `longestText`. */
export const countIn = (schema: Schema, word: string): number | undefined => {
  const value = numberIn(schema, word);
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return value;
  return within(word, () => wrong('must be a whole number from 0 up'));
};

const boundsIn = (schema: Schema) => {
  const minimum = numberIn(schema, 'minimum');
  const maximum = numberIn(schema, 'maximum');
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    within('minimum', () => wrong(`is beyond the maximum: ${maximum}`));
  }
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
};

export const fromNumber = (schema: Schema, description: string): Shape => number(description, boundsIn(schema));

export const fromInteger = (schema: Schema, description: string): Shape => {
  if (int64.has(schema.format)) return counter(description);
  const bounds = boundsIn(schema);
  for (const [word, bound] of Object.entries(bounds)) {
    if (bound !== (bound | 0)) {
      return within(word, () => wrong('is no integer of 32 bits; of 64 bits, with format int64, it has no bounds'));
    }
  }
  return int(description, bounds);
};

const patternFrom = (
  source: unknown,
  runs: RunsPattern | undefined,
): Pick<StringShape, 'pattern' | typeof runsPattern> => {
  if (typeof source !== 'string') return wrong('must be a string');
  try {
    new RegExp(source, 'u');
  } catch {
    return wrong('is no regular expression');
  }
  if (runs === undefined) return { pattern: source };
  try {
    return { pattern: source, [runsPattern]: runs(source) };
  } catch {
    return wrong(
      'asks for what takes more and more time on some texts: it has to do without looking ahead or behind, references to groups, scripts and more than 1000 repetitions',
    );
  }
};

export const fromString = (schema: Schema, description: string, runs: RunsPattern | undefined): Shape => {
  if (schema['x-kind'] === 'counter' || int64.has(schema.format)) return counter(description);
  if (schema.format === 'date-time') return time(description);
  if (schema.contentEncoding === 'base64') return bytes(description);
  const words = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (words !== undefined) {
    if (!Array.isArray(words) || words.length === 0 || !words.every((word) => typeof word === 'string')) {
      return within('enum', () => wrong('must be a list of strings'));
    }
    return oneOf(words as string[], description);
  }
  const { pattern } = schema;
  const held = pattern === undefined ? {} : within('pattern', () => patternFrom(pattern, runs));
  const minLength = countIn(schema, 'minLength');
  const maxLength = countIn(schema, 'maxLength') ?? longestText;
  if (minLength !== undefined && minLength > Math.min(maxLength, longestText)) {
    return within('minLength', () => wrong(`is beyond what a text may have: ${Math.min(maxLength, longestText)}`));
  }
  return string(description, {
    ...(minLength === undefined ? {} : { minLength }),
    maxLength,
    ...held,
  });
};
