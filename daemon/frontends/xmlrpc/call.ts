/** Reads a `<methodCall>`. */

import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Slices } from '../../../plugin-protocol/slices.ts';
import { shortened } from '../../../plugin-protocol/text/shortened.ts';
import { type XmlOptions, XmlReader, type XmlSource } from '../../wire/xml.ts';
import type { Shown } from './dialect.ts';
import { type NextParameter, readParams, type Signature } from './params.ts';
import { notACall, type ValueLimits, ValueReader } from './values.ts';

export interface Call<C extends Signature> {
  callable: C;
  params: Record<string, unknown>;
  /** The token that came as first parameter. */
  token: string | undefined;
  shown: Shown;
}

export const unknownMethod = (name: string): Fault =>
  new Fault('unknown-method', name === '' ? 'The call names no method.' : `There is no method ${shortened(name)}.`);

const nextParam: NextParameter = (values, index) => {
  if (index > 0) values.paramEnd();
  else if (values.nextTag() === 'close') return false;
  else if (values.reader.name !== 'params') throw notACall(`<methodCall> holds no <${values.reader.name}>.`);
  if (values.nextTag() === 'close') {
    values.expectClose('methodCall');
    return false;
  }
  if (values.reader.name !== 'param') throw notACall(`<params> holds <param>, not <${values.reader.name}>.`);
  return values.enterParam() ?? true;
};

/**
 * Read a call of one of `callables`. What its endpoint has `asked` for is so whatever the call shows. Throws `Fault` or
 * `XmlFault`; that a method is unknown is said of XML only.
 */
export function* readCall<C extends Signature>(
  document: string | XmlSource,
  limits: ValueLimits,
  callables: ReadonlyMap<string, C>,
  options: XmlOptions = {},
  asked: Shown = {},
): Slices<Call<C>> {
  const reader = new XmlReader(document, limits.xml, { pairs: true, ...options });
  try {
    return yield* callFrom(new ValueReader(reader, limits, { ...asked }), callables);
  } catch (error) {
    yield* reader.failed(error);
    throw error;
  }
}

function* callFrom<C extends Signature>(values: ValueReader, callables: ReadonlyMap<string, C>): Slices<Call<C>> {
  const { reader } = values;
  values.nextTag();
  if (reader.name !== 'methodCall') throw notACall(`A call is a <methodCall>, not a <${reader.name}>.`);
  values.expect('methodName', 'methodCall');
  const name = reader.elementText().trim();
  const callable = callables.get(name);
  if (callable === undefined) {
    while (reader.next() !== 'end') if (reader.due) yield* reader.pause();
    throw unknownMethod(name);
  }
  const { params, token } = yield* readParams(values, callable, nextParam);
  values.nextTag();
  return { callable, params, token, shown: values.shown };
}
