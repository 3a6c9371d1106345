/** The parameters of a call: by position, or all of them in one struct. Compiled once per method. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { kinds } from '../../../plugin-protocol/shape.ts';
import type { Slices } from '../../../plugin-protocol/slices.ts';
import type { Method } from '../../catalogue/method.ts';
import { tokenPrefix } from '../../core/api.ts';
import { decoderFor, fieldsFrom } from './decode.ts';
import type { DecodeInSlices } from './decoder.ts';
import { wrongParameter } from './scalars.ts';
import { type Field, isUnset, readInto, structOf } from './struct.ts';
import type { ValueReader } from './values.ts';

/** What a call can be made of: its parameters by position, and all of them as one struct when that can be told apart. */
export interface Signature {
  name: string;
  positional: readonly Field[];
  named: DecodeInSlices<Record<string, unknown>> | undefined;
}

/**
 * How to get to the next parameter; it is then entered. Starts with index 0, answers false at the end, and what is left to
 * do when it is long.
 */
export type NextParameter = (values: ValueReader, index: number) => Slices<void> | boolean;

/** `name` is what the method is called by. */
export const signatureFor = (method: Method, name = method.name): Signature => {
  const positional = fieldsFrom(method.params, decoderFor);
  const first = positional[0];
  return {
    name,
    positional,
    named: first?.type === kinds.record.xmlrpc ? undefined : structOf(positional, 'a struct', 'parameter'),
  };
};

/** Map what the request holds to named parameters. A token that comes first is no parameter. */
export function* readParams(
  values: ValueReader,
  signature: Signature,
  next: NextParameter,
): Slices<{ params: Record<string, unknown>; token: string | undefined }> {
  const { name, positional, named } = signature;
  values.method = name;
  let params: Record<string, unknown> = {};
  let token: string | undefined;
  let taken = 0;
  let asStruct = false;
  for (let index = 0; ; index++) {
    if (values.reader.due) yield* values.reader.pause();
    const entered = next(values, index);
    if (entered === false) break;
    if (entered !== true) yield* entered;
    if (index === 0 && values.type === 'string' && values.beginning(tokenPrefix.length) === tokenPrefix) {
      token = values.text;
      continue;
    }
    if (asStruct) throw new Fault('invalid-params', `${name}: after a struct of all parameters there is one more.`);
    if (taken === 0 && values.type === 'struct' && named !== undefined) {
      params = yield* named(values);
      asStruct = true;
      continue;
    }
    const field = positional[taken++];
    if (field === undefined) {
      throw new Fault('invalid-params', `${name} takes at most ${positional.length} parameters.`);
    }
    values.path.push(field.name);
    const rest = isUnset(field, values) ? undefined : readInto(params, field, values);
    if (rest !== undefined) yield* rest;
    values.path.pop();
  }
  if (!asStruct) {
    for (let at = taken; at < positional.length; at++) {
      const field = positional[at]!;
      if (!field.required) continue;
      values.path.push(field.name);
      throw wrongParameter(values, `is missing; it must be ${field.must}.`);
    }
  }
  return { params, token };
}
