/** What is typed at the inspector's prompt: `compute.create name=web1 vcpus=2 @key=k1`, or a method and JSON. */
import { contract } from '../../plugin-protocol/contract/index.ts';
import { fieldsOf, type Shape } from '../../plugin-protocol/shape.ts';
import { isObject } from '../config/settle.ts';
import { memberFromText, valueReader } from './values.ts';

export interface TypedCall {
  method: string;
  params: Record<string, unknown>;
  /** Members of the context, which were written with an `@`. */
  ctx: Record<string, unknown>;
}

/** It cannot be understood; says why. */
export class TypedError extends Error {
  override name = 'TypedError';
}

/** Where a JSON text that begins here ends: behind the bracket that closes it, or at the end of all. */
const endOfJson = (text: string, from: number): number => {
  let depth = 0;
  for (const { 0: token, index } of text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (/[{[]/.test(token)) depth += 1;
    else if (/[}\]]/.test(token)) depth -= 1;
    if (depth === 0) return from + index + token.length;
  }
  return text.length;
};

const unquoted = (word: string): string =>
  word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
    double === undefined ? (single ?? '') : double.replaceAll(/\\(.)/g, '$1'),
  );

/** A word is anything without spaces, and with quotes also those; a value that begins with a bracket is JSON to its end. */
const wordsIn = (text: string): string[] => {
  const words: string[] = [];
  const next = /\s*([^\s"'=]*=(?=[{[])|(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']|["'])+)/y;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    const word = found[1]!;
    const isJson = word.endsWith('=') && /[{[]/.test(text[next.lastIndex] ?? '');
    if (isJson) {
      const end = endOfJson(text, next.lastIndex);
      words.push(word + text.slice(next.lastIndex, end));
      next.lastIndex = end;
    } else words.push(unquoted(word));
  }
  return words;
};

const jsonOrText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The parameters that the contract has for a call; none for base calls and published methods. */
export const parametersOf = (method: string): ReadonlyMap<string, Shape> => {
  const call = contract.get(method);
  return new Map(call === undefined ? [] : fieldsOf(call.params).map(([name, shape]) => [name, shape]));
};

const typedValue = (shape: Shape | undefined, text: string): unknown => {
  if (shape === undefined) return jsonOrText(text);
  try {
    return valueReader(shape)(text);
  } catch {
    // The plugin is asked what is typed: what it makes of that is what one wants to see.
    return jsonOrText(text);
  }
};

const paramsFrom = (text: string, method: string): Record<string, unknown> => {
  let params: unknown;
  try {
    params = JSON.parse(text);
  } catch (error) {
    throw new TypedError(`The parameters of ${method} are no JSON: ${(error as Error).message}`);
  }
  if (isObject(params)) return params;
  throw new TypedError(`The parameters of ${method} must be an object.`);
};

export const parseTyped = (text: string): TypedCall => {
  const [, method = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text.trim()) ?? [];
  if (rest.startsWith('{')) {
    const { ctx = {}, ...params } = paramsFrom(rest, method);
    return { method, params, ctx: isObject(ctx) ? ctx : {} };
  }
  const shapes = parametersOf(method);
  const call: TypedCall = { method, params: {}, ctx: {} };
  for (const word of wordsIn(rest)) {
    if (!/^.+?=/s.test(word))
      throw new TypedError(`Write parameters as NAME=VALUE or as a JSON object, not "${word}".`);
    const [name, value] = memberFromText(word);
    if (name.startsWith('@')) call.ctx[name.slice(1)] = jsonOrText(value);
    else call.params[name] = typedValue(shapes.get(name), value);
  }
  return call;
};
