/** Signatures as shapes: XML-RPC knows the types of parameters, and no names. */

import type { RecordShape, Shape, Typed } from '../../plugin-protocol/shape.ts';
import {
  any,
  bool,
  bytes,
  counter,
  int,
  list,
  number,
  optional,
  record,
  string,
  time,
} from '../../sdk/typescript/plugin/shapes.ts';

const longest = 1_048_576;

/** A struct is a value of any kind: which members it has is not told. */
const shapes: Readonly<Record<string, (doc: string) => Typed<unknown>>> = {
  int,
  i4: int,
  i8: counter,
  'ex:i8': counter,
  boolean: bool,
  bool,
  double: number,
  string: (doc) => string(doc, { maxLength: longest }),
  'dateTime.iso8601': time,
  base64: bytes,
  array: (doc) => list(any('An item.'), doc),
};

const shapeFor = (type: string, doc: string): Typed<unknown> =>
  Object.hasOwn(shapes, type) ? shapes[type]!(doc) : any(doc);

/** What a position holds by all signatures. */
const typeAt = (signatures: readonly string[][], at: number): string => {
  const types = new Set(signatures.flatMap((signature) => (at < signature.length ? [signature[at]!] : [])));
  return types.size === 1 ? [...types][0]! : 'any';
};

export interface Signed {
  params: RecordShape;
  result: Shape;
}

/** `most` parameters of any kind stand for those of a method that tells nothing. */
export const signed = (signatures: readonly string[][], most: number): Signed => {
  const known = signatures.length > 0;
  const count = known ? Math.max(...signatures.map(({ length }) => length)) - 1 : most;
  const needed = known ? Math.min(...signatures.map(({ length }) => length)) - 1 : 0;
  const fields: Record<string, Typed<unknown>> = {};
  for (let at = 1; at <= count; at++) {
    const shape = known ? shapeFor(typeAt(signatures, at), `Parameter ${at}.`) : any(`Parameter ${at}, if any.`);
    fields[`arg${at}`] = at <= needed ? shape : optional(shape);
  }
  return {
    params: record('Params', '', fields),
    result: known ? shapeFor(typeAt(signatures, 0), 'The result.') : any('The result.'),
  };
};
