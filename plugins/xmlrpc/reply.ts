/** Reads a `<methodResponse>`, with the codec that the daemon reads requests with. */

import { decoderFor } from '../../daemon/frontends/xmlrpc/decode.ts';
import { type Decoder, workFor } from '../../daemon/frontends/xmlrpc/decoder.ts';
import { type ValueLimits, ValueReader } from '../../daemon/frontends/xmlrpc/values.ts';
import { charsetOf, xmlSource } from '../../daemon/wire/charset.ts';
import { XmlFault, XmlReader } from '../../daemon/wire/xml.ts';
import { inSlices, type Slices } from '../../plugin-protocol/slices.ts';
import { type Reply, typeComplaint } from '../../sdk/typescript/bridge/http.ts';
import { Fault } from '../../sdk/typescript/plugin/index.ts';
import { any } from '../../sdk/typescript/plugin/shapes.ts';

/** What the server answered: a value, nothing at all, or a fault of its own. */
export type Said = { value: unknown } | { code: string; message: string };

const anything = decoderFor(any(''));

const notAReply = (sentence: string): Fault => new Fault('failed', `The server answered what is no reply: ${sentence}`);

function* valueIn(values: ValueReader, within: string, decoder: Decoder): Slices<unknown> {
  values.expect('value', within);
  const entering = values.enter();
  if (entering !== undefined) yield* entering;
  const work = workFor(decoder, values);
  const value = work === undefined ? decoder.atOnce!(values) : yield* work;
  values.expectClose(within);
  return value;
}

const faultFrom = (value: unknown): Said => {
  const { faultCode: code, faultString: message } = (value ?? {}) as Record<string, unknown>;
  return {
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : '',
    message: typeof message === 'string' ? message : 'The server answered a fault without a text.',
  };
};

function* saidIn(reader: XmlReader, limits: ValueLimits, method: string, decoder: Decoder): Slices<Said> {
  const values = new ValueReader(reader, limits, {});
  values.method = method;
  values.nextTag();
  if (reader.name !== 'methodResponse') throw notAReply(`it is a <${reader.name}>.`);
  if (values.nextTag() === 'close') throw notAReply('it is empty.');
  const content: string = reader.name;
  let said: Said;
  if (content === 'fault') said = faultFrom(yield* valueIn(values, 'fault', anything));
  else {
    if (content !== 'params') throw notAReply(`it holds a <${content}>.`);
    // Nothing at all is what some servers answer that return nothing.
    if (values.nextTag() === 'close') said = { value: null };
    else {
      const param: string = reader.name;
      if (param !== 'param') throw notAReply(`<params> holds a <${param}>.`);
      said = { value: yield* valueIn(values, 'param', decoder) };
      values.expectClose('params');
    }
  }
  values.expectClose('methodResponse');
  values.nextTag();
  return said;
}

/** Throws `Fault`: what the server answers that does not fit is a failure of the server, not of the caller. */
export const readReply = async (reply: Reply, limits: ValueLimits, method: string, decoder: Decoder): Promise<Said> => {
  try {
    const reader = new XmlReader(xmlSource(reply.body, charsetOf(reply.headers['content-type'])), limits.xml);
    return await inSlices(saidIn(reader, limits, method, decoder));
  } catch (error) {
    if (error instanceof XmlFault || (error instanceof Fault && error.kind !== 'failed'))
      throw notAReply(`${typeComplaint(reply)}${error.message}`);
    throw error;
  }
};
