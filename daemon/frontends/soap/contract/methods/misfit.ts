/** Whether a method can serve an operation: what the one gives must be what the other takes. */
import { fieldsOf, isRequired, type RecordShape, type Shape } from '../../../../../plugin-protocol/shape.ts';

/** Kinds that are text in memory, and so differ in nothing but what text they take. */
const texts: ReadonlySet<string> = new Set(['string', 'enum', 'ref', 'counter', 'time', 'bytes']);

const kindOf = (shape: Shape): string => shape['x-kind'];

const fits = (from: string, to: string): boolean =>
  from === to ||
  from === 'any' ||
  to === 'any' ||
  (texts.has(from) && texts.has(to)) ||
  (from === 'int' && to === 'number');

/**
 * Why values of one shape do not fit another, as what follows the name of the thing; undefined when they may. `out` is
 * for what is answered: there, what an operation does not have must not be in it.
 */
export const misfit = (from: Shape, to: Shape, way: 'in' | 'out', path = ''): string | undefined => {
  const [given, taken] = [kindOf(from), kindOf(to)];
  if (!fits(given, taken))
    return `${path || (way === 'in' ? 'the parameters' : 'the result')} is ${given} and not ${taken}`;
  if (from['x-kind'] === 'list' && to['x-kind'] === 'list') return misfit(from.items, to.items, way, `${path}/0`);
  if (from['x-kind'] !== 'record' || to['x-kind'] !== 'record') return undefined;
  const target: RecordShape = to;
  for (const [name, shape] of fieldsOf(from)) {
    const wanted = Object.hasOwn(target.properties, name) ? target.properties[name] : undefined;
    // Headers that a method does not take are not understood, and that is all.
    if (wanted === undefined && name === 'headers') continue;
    if (wanted === undefined) return `there is no ${path}/${name}`;
    const why = name === 'headers' ? undefined : misfit(shape, wanted, way, `${path}/${name}`);
    if (why !== undefined) return why;
  }
  const missing = fieldsOf(target).find(
    ([name, shape]) => isRequired(target, name) && shape.default === undefined && !Object.hasOwn(from.properties, name),
  );
  return missing === undefined ? undefined : `nothing gives ${path}/${missing[0]}`;
};
