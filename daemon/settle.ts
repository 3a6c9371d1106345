/** Checks given settings against their shape, all of them, so that one run names every mistake. */
import { compileCheck } from '../plugin-protocol/check.ts';
import { Fault } from '../plugin-protocol/faults.ts';
import { fieldsOf, type RecordShape, type Shape } from '../plugin-protocol/shape.ts';
import { stepsOf } from './yaml-source.ts';

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

/** How many letters must be added, dropped, changed or swapped to get from one name to the other. */
const distance = (from: string, to: string): number => {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= from.length; i++) {
    const above = rows[i - 1]!;
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
};

/** The known name that someone who wrote `name` most likely meant; undefined when none is near. */
export const nearest = (name: string, known: readonly string[]): string | undefined =>
  known
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3)))
    .sort((a, b) => a.far - b.far)[0]?.candidate;

export const unknownName = (name: string, known: readonly string[]): string => {
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
  if (!isObject(from)) {
    report(pointer, `must be a map of settings, found ${found(given)}`);
    return result;
  }
  const known = [...Object.keys(of.properties), ...extra];
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
