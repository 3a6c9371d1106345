/** Signatures as XML-RPC introspection words them. */
import { kinds } from '../../plugin-protocol/shape.ts';
import { type Method, paramsOf } from './method.ts';

/**
 * The signatures of a method, `[result, parameter, ...]`: one for each number of parameters that can be given in
 * catalogue order, from those that are required to all.
 */
export const signaturesOf = (method: Pick<Method, 'params' | 'result'>): string[][] => {
  const params = paramsOf(method);
  const types = params.map(([, shape]) => kinds[shape['x-kind']].xmlrpc);
  const fewest = params.findLastIndex(([, , required]) => required) + 1;
  const result = kinds[method.result['x-kind']].xmlrpc;
  return Array.from({ length: types.length - fewest + 1 }, (_, more) => [result, ...types.slice(0, fewest + more)]);
};
