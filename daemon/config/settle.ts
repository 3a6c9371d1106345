/** Checks given settings against their shape, all of them, so that one run names every mistake. */
import { compileCheck } from '../../plugin-protocol/check/compile.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { fieldsOf, type RecordShape, type Shape } from '../../plugin-protocol/shape.ts';
import { nearest } from '../../plugin-protocol/text/nearest.ts';
import { stepsOf } from './yaml-source.ts';

/** Why a file cannot be read, in a sentence. */
export const unreadable = (file: string, cause: unknown): string => {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code}).`;
};

/** The configuration cannot be used; each problem names its place. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Told where (a JSON Pointer) and what is wrong, as the end of a sentence whose subject is that setting. */
export type Report = (pointer: string, complaint: string, about?: 'name') => void;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const pointerTo = (parent: string, name: string) =>
  `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** `/listen/port` as people write it: `listen.port`. */
export const dotted = (pointer: string) => stepsOf(pointer).join('.');

/** A value as it stands in a complaint; long ones are cut. */
const found = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const unknownName = (name: string, known: readonly string[]): string => {
  const meant = nearest(name, known);
  return meant === undefined
    ? `is not known here; known are ${known.join(', ')}`
    : `is not known here; did you mean ${meant}?`;
};

const settleLeaf = (shape: Shape, given: unknown, pointer: string, report: Report): unknown => {
  try {
    return compileCheck(shape)(given, pointer);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const at = error.data.field ?? pointer;
    let wrong = given;
    for (const step of stepsOf(at.slice(pointer.length))) wrong = (wrong as Record<string, unknown>)[step];
    report(at, `${error.message.slice(at.length + 1, -1)}, found ${found(wrong)}`);
    return undefined;
  }
};

/**
 * The settings with defaults filled in. `extra` names members that the caller checks itself; they are not copied.
 */
export const settle = (
  of: RecordShape,
  given: unknown,
  pointer: string,
  report: Report,
  extra: readonly string[] = [],
): Record<string, unknown> => {
  const result: Record<string, unknown> = {};
  const from = given ?? {};
  const known = [...Object.keys(of.properties), ...extra];
  if (!isObject(from)) {
    report(pointer, `must be a map of settings, such as ${known.slice(0, 3).join(', ')}; found ${found(given)}`);
    return result;
  }
  for (const name of Object.keys(from)) {
    if (!known.includes(name)) report(pointerTo(pointer, name), unknownName(name, known), 'name');
  }
  for (const [name, shape, required] of fieldsOf(of)) {
    const value = Object.hasOwn(from, name) ? (from[name] ?? undefined) : undefined;
    const at = pointerTo(pointer, name);
    if (shape['x-kind'] === 'record' && (value !== undefined || !shape.required?.length)) {
      result[name] = settle(shape, value, at, report);
    } else if (value !== undefined) {
      result[name] = settleLeaf(shape, value, at, report);
    } else if (required) {
      report(at, 'is missing');
    } else if (shape.default !== undefined) {
      result[name] = shape.default;
    }
  }
  return result;
};
