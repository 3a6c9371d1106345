/** Signatures as XML-RPC introspection words them. */
import { kinds } from '../../plugin-protocol/shape.ts';
import { type Method, paramsOf } from './method.ts';

const mostOptional = 64;

/**
 * The signatures of a method, `[result, parameter, ...]`: one for each number of parameters that can be given in
 * catalogue order, from those that are required to all; of a method with very many only the first and the last.
 */
export const signaturesOf = (method: Pick<Method, 'params' | 'result'>): string[][] => {
  const params = paramsOf(method);
  const types = params.map(([, shape]) => kinds[shape['x-kind']].xmlrpc);
  const fewest = params.findLastIndex(([, , required]) => required) + 1;
  const result = kinds[method.result['x-kind']].xmlrpc;
  const more = types.length - fewest;
  // One for each number of parameters grows with its square.
  if (more > mostOptional) return [fewest, types.length].map((count) => [result, ...types.slice(0, count)]);
  return Array.from({ length: more + 1 }, (_, further) => [result, ...types.slice(0, fewest + further)]);
};
