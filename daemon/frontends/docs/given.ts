/** The parameters of a method's example. */
import type { Shape } from '../../../plugin-protocol/shape.ts';
import { type Method, paramsOf } from '../../catalogue/method.ts';

/** A field of a record that may be called as what every object has, such as `constructor`. */
export const ownField = (record: unknown, name: string): unknown =>
  Object.hasOwn(record as object, name) ? (record as Record<string, unknown>)[name] : undefined;

/** Those that the example gives, in catalogue order. */
export const givenParams = (method: Method): [name: string, shape: Shape, value: unknown][] =>
  paramsOf(method)
    .map(([name, shape]): [string, Shape, unknown] => [name, shape, ownField(method.example.params, name)])
    .filter(([, , value]) => value !== undefined);

/**
 * The example as XML-RPC takes it by position; undefined when it leaves out a parameter before one that it gives, so
 * that one struct must name them.
 */
export const positions = (method: Method): (readonly [Shape, unknown])[] | undefined => {
  const given = givenParams(method);
  const first = paramsOf(method).slice(0, given.length);
  if (!first.every(([name], at) => name === given[at]?.[0])) return undefined;
  return given.map(([, shape, value]) => [shape, value] as const);
};
