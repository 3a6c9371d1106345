/** The checks of what plugins answer, each compiled once. */
import { type Check, compileCheck } from '../../plugin-protocol/check.ts';
import type { Shape } from '../../plugin-protocol/shape.ts';

const checks = new WeakMap<Shape, Check>();

export const checkFor = (shape: Shape): Check => {
  const known = checks.get(shape);
  if (known) return known;
  const made = compileCheck(shape, { lenient: true });
  checks.set(shape, made);
  return made;
};
