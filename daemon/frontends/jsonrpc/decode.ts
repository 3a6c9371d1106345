/** From the bytes of a request to calls: JSON-RPC 2.0, by name or by position. */
import { isUtf8 } from 'node:buffer';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { readLongJson } from '../../../plugin-protocol/rpc/long-json.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import { type Method, paramsOf } from '../../catalogue/method.ts';
import { type Bytes, wholeOf } from '../../wire/bytes.ts';

export type Id = string | number | null;

export interface Request {
  /** Undefined: a notification, which is carried out and not answered. */
  id: Id | undefined;
  method: string;
  params: Record<string, unknown> | unknown[];
}

/** A request that is none; `id` is what can be made out of it. */
export class InvalidRequest extends Fault {
  readonly id: Id;

  constructor(id: Id, message: string) {
    super('invalid-request', message);
    this.id = id;
  }
}

/** Bytes beyond which a body is read in slices. */
const longBody = 128 * 1024;

const byteOrderMark = [0xef, 0xbb, 0xbf];

/** The value that a body holds; a promise where it is long. Throws, or rejects with, `malformed`, and `too-large` for more than `bodyBytes`. */
export const decodeJson = (given: Buffer | Bytes, bodyBytes: number): unknown => {
  if (given.length > bodyBytes) {
    throw new Fault('too-large', `The request is longer than ${bodyBytes} bytes (limits.jsonrpc.bodyBytes).`);
  }
  const body = wholeOf(given);
  if (!isUtf8(body)) throw new Fault('malformed', 'The request is not UTF-8.');
  // RFC 8259 section 8.1 lets a parser ignore a byte order mark; .NET's encoders send one.
  const text = body.subarray(byteOrderMark.every((byte, at) => body[at] === byte) ? byteOrderMark.length : 0);
  if (text.length > longBody) return decodeLong(text);
  try {
    return JSON.parse(text.toString());
  } catch (error) {
    throw new Fault('malformed', `The request is not JSON: ${(error as SyntaxError).message}.`);
  }
};

const decodeLong = async (text: Buffer): Promise<unknown> => {
  try {
    return await inSlices(readLongJson(text));
  } catch {
    throw new Fault('malformed', 'The request is not JSON.');
  }
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isId = (id: unknown): id is Id => id === null || typeof id === 'string' || typeof id === 'number';

/** One request. Throws `InvalidRequest`. */
export const decodeRequest = (value: unknown): Request => {
  if (!isObject(value) || Array.isArray(value)) throw new InvalidRequest(null, 'A request is an object.');
  const { id } = value;
  if (id !== undefined && !isId(id)) throw new InvalidRequest(null, '`id` is a string, a number or null.');
  const known = id ?? null;
  if (value.jsonrpc !== '2.0') throw new InvalidRequest(known, '`jsonrpc` must be "2.0".');
  const { method, params } = value;
  if (typeof method !== 'string') throw new InvalidRequest(known, '`method` must be a string.');
  if (params !== undefined && !isObject(params)) {
    throw new InvalidRequest(known, '`params` must be an object or a list.');
  }
  return { id, method, params: params ?? {} };
};

const names = new WeakMap<Method, readonly string[]>();
const namesOf = (method: Method): readonly string[] => {
  let known = names.get(method);
  if (known === undefined) {
    known = paramsOf(method).map(([name]) => name);
    names.set(method, known);
  }
  return known;
};

/** Parameters by name, whichever way they came. Their types and bounds are checked by the core. */
export const namedParams = (method: Method, params: Request['params']): Record<string, unknown> => {
  if (!Array.isArray(params)) return params;
  const known = namesOf(method);
  if (params.length > known.length) {
    const message = `${method.name} takes ${known.length} parameters at most, not ${params.length}.`;
    throw new Fault('invalid-params', message, { field: `/${known.length}` });
  }
  return Object.fromEntries(params.map((value, at) => [known[at] as string, value]));
};
