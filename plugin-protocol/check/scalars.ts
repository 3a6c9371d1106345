/** Checks of values that hold no others, and how what is wrong is told. */
import type { Pattern } from '../shape.ts';
import type { Slice, Slices } from '../slices.ts';

/** Answers the value, or what stands for it. Throws a `Mismatch`. */
export type Inner = (value: unknown) => unknown;

/** Carries what is wrong outwards; every list and record that it passes puts its own step before the path. */
export class Mismatch extends Error {
  path = '';

  constructor(message: string) {
    super(message);
    Error.captureStackTrace(this, Mismatch);
  }
}

export const wrong = (message: string): never => {
  throw new Mismatch(message);
};

export const within = (error: unknown, step: string | number): unknown => {
  if (error instanceof Mismatch) error.path = pointerStep(step) + error.path;
  return error;
};

/** One step of a JSON Pointer (RFC 6901 section 3). */
const pointerStep = (step: string | number) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const rangeOf = (minimum: number | undefined, maximum: number | undefined) => {
  if (minimum === undefined) return maximum === undefined ? '' : ` up to ${maximum}`;
  return maximum === undefined ? ` from ${minimum} up` : ` from ${minimum} to ${maximum}`;
};

export const checkText = (minLength: number, maxLength: number, expression?: Pattern, words?: string): Inner => {
  return (value) => {
    if (typeof value !== 'string') return wrong('must be a string');
    if (value.length > maxLength) return wrong(`must have at most ${maxLength} characters`);
    if (value.length < minLength) {
      return wrong(minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`);
    }
    if (expression !== undefined && !expression.test(value)) return wrong(`must ${words}`);
    return value;
  };
};

export const checkNumber = (minimum = -Infinity, maximum = Infinity, integer = false): Inner => {
  const words = `must be ${integer ? 'an integer' : 'a number'}${rangeOf(
    minimum === -Infinity ? undefined : minimum,
    maximum === Infinity ? undefined : maximum,
  )}`;
  return (value) =>
    typeof value === 'number' &&
    value >= minimum &&
    value <= maximum &&
    (integer ? Number.isInteger(value) : Number.isFinite(value))
      ? value
      : wrong(words);
};

const counterPattern = /^-?[0-9]{1,19}$/;
/** Whether decimal digits are an integer of 64 bits. */
export const isCounter = (text: string): boolean => {
  if (!counterPattern.test(text)) return false;
  // Up to 18 digits always fit into 64 bits.
  return text.length <= 18 || BigInt.asIntN(64, BigInt(text)) === BigInt(text);
};

const timePattern =
  /^[0-9]{4}-(?:0[1-9]|1[0-2])-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;
/** The usual case, which needs no calendar: all but the 29th of February. */
const plainTime =
  /^[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$/;
export const checkTime: Inner = (value) => {
  if (typeof value === 'string' && plainTime.test(value)) return value;
  const words = 'must be a time as 2026-01-31T12:00:00.000Z';
  if (typeof value !== 'string' || !timePattern.test(value)) return wrong(words);
  const at = Date.parse(value);
  if (Number.isNaN(at)) return wrong(words);
  const canonical = new Date(at).toISOString();
  if (canonical === value) return value;
  // Date.parse takes the 31st of February for the 3rd of March.
  const day = value.slice(0, 10);
  if (new Date(Date.parse(`${day}T00:00:00Z`)).toISOString().slice(0, 10) !== day) return wrong(words);
  return canonical;
};

export const checkCounter: Inner = (value) =>
  typeof value === 'string' && isCounter(value)
    ? value
    : wrong('must be a 64-bit integer as a string of decimal digits');

const isBase64 = (text: string) => text.length % 4 === 0 && Buffer.from(text, 'base64').toString('base64') === text;
const noBytes = 'must be canonical base64';

export const checkBytes: Inner = (value) => (typeof value === 'string' && isBase64(value) ? value : wrong(noBytes));

/** Characters of base64 that are looked at at once: whole groups of four. */
const bytesAtOnce = 64 * 1024;

export function* bytesInSlices(value: unknown, slice: Slice): Slices<unknown> {
  if (typeof value !== 'string') return wrong(noBytes);
  for (let from = 0; from < value.length; from += bytesAtOnce) {
    const part = value.slice(from, from + bytesAtOnce);
    // What fills up a group stands at the end.
    if (!isBase64(part) || (from + bytesAtOnce < value.length && part.endsWith('='))) return wrong(noBytes);
    if (slice.overNow()) yield* slice.pause();
  }
  return value;
}
