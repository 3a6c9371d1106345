/** The checks of what plugins answer, each compiled once. */
import { type Check, checkInSlices, compileCheck } from '../../../plugin-protocol/check/compile.ts';
import type { Shape } from '../../../plugin-protocol/shape.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';

const checks = new WeakMap<Shape, Check>();

export const checkFor = (shape: Shape): Check => {
  const known = checks.get(shape);
  if (known) return known;
  const made = compileCheck(shape, { lenient: true });
  checks.set(shape, made);
  return made;
};

/** What a long value is found to be: the answer gives it, or throws what is wrong. */
export const checkedLong = async (check: Check, value: unknown, long: ReadonlySet<unknown>): Promise<() => unknown> => {
  try {
    const checked = await inSlices(checkInSlices(check, value, long));
    return () => checked;
  } catch (error) {
    return () => {
      throw error;
    };
  }
};
