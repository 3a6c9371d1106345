/** Decodes the parameters of a call while they are read: by local name, in any namespace and order, or by position. */
import { Fault } from '../../../../plugin-protocol/faults.ts';
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import type { ElementReader } from '../message/element-reader.ts';
import { Mismatch, wrong } from '../message/mismatch.ts';
import { encodings } from '../message/names.ts';
import { isNil, typeLabel } from '../message/xsi.ts';
import { nextElement, unlessEmpty } from '../values/reading.ts';
import { notKnown, readField } from '../values/records.ts';
import { fieldDecoder } from '../values/values.ts';
import type { Part } from './service.ts';

/**
 * Names that libraries make up for parameters that have none: SOAP::Lite, PHP without WSDL, Java without names in the
 * class file, SOAPpy, nusoap; python-debianbts calls them all `arg`. Any other unknown name is a mistake that must not be
 * taken for the first parameter.
 */
const madeUp = /^(?:(?:c-gensym|param|arg|in|v|__numeric_)[0-9]+|arg)$/;

/** Whether a parameter has no name of its own: SOAP 1.1 section 5 has elements called after their types for such, as SOAP::Lite calls an array. */
export const isUnnamed = ({ local, namespace }: ElementReader): boolean =>
  madeUp.test(local) || encodings.has(namespace);

/** What the parameters of a call show of the caller's style. */
export interface Shown {
  /** Whether one says its type, as encoding does: in a literal message only the types of a service are named. */
  typed: boolean;
  /**
   * Whether one shows the same only where an encoding is declared: by the type of what has none declared, which is said in
   * any style, or by having no name.
   */
  undeclared: boolean;
  /** The namespace of the first that is not nil; empty for none, as the parts of rpc are. Undefined without any. */
  first: string | undefined;
}

/** Reads the element of a call, to its end. */
export type DecodeParams = (reader: ElementReader, shown: Shown) => Slices<Record<string, unknown>>;

const isEmpty = (held: object): boolean => (Array.isArray(held) ? held : Object.keys(held)).length === 0;

/** Throws `Fault('invalid-params', sentence, {field})`, and `XmlFault`. */
export const compileParams = (parts: readonly Part[]): DecodeParams => {
  const fields = new Map(
    parts.map(({ name, shape, required, field = name }) => {
      const decoder = fieldDecoder(shape, required);
      const isText = shape['x-kind'] === 'string' && !required && decoder.atOnce !== undefined;
      const decoderRpc = isText ? unlessEmpty(decoder) : decoder;
      return [name, { decoder, decoderRpc, field, label: name, declared: shape['x-kind'] !== 'any' }] as const;
    }),
  );
  const names = [...fields.keys()];
  const holders = parts
    .filter(({ shape, required }) => !required && (shape['x-kind'] === 'list' || shape['x-kind'] === 'map'))
    .map(({ name, field = name }) => field);
  /**
   * PHP as rpc/literal, soapix as document/literal and NuSOAP as both send an empty element for all that is not set: a
   * change of memory alone would clear the labels of the machine.
   */
  const withoutEmpty = (params: Record<string, unknown>): void => {
    for (const field of holders)
      if (Object.hasOwn(params, field) && isEmpty(params[field] as object)) delete params[field];
  };
  return function* (reader, shown) {
    try {
      const params: Record<string, unknown> = {};
      // SOAP::Lite says that a call without parameters is nil.
      if (isNil(reader)) {
        yield* reader.skipInSlices();
        return params;
      }
      const qualified = reader.namespace !== '';
      let named = false;
      let position = 0;
      /** Whether one is empty that as a value cannot be: the caller writes so what is not set. */
      let sendsUnset = false;
      for (;;) {
        if (reader.due) yield* reader.pause();
        if (!nextElement(reader, 'The parameters must be one element each')) break;
        const given = reader.local;
        const nil = isNil(reader);
        const typed = !nil && typeLabel(reader) !== undefined;
        if (!nil) shown.first ??= reader.namespace;
        // Parts of rpc/literal cannot be nil (WS-I Basic Profile 1.1, R2211): PHP sends those that are not set empty.
        const isRpcLiteral = qualified && !typed && reader.namespace === '';
        let part = fields.get(given);
        if (part !== undefined) named = true;
        else if (isUnnamed(reader) && position < names.length) {
          part = fields.get(names[position++]!)!;
          shown.undeclared = true;
        } else return notKnown(given);
        if (named && position > 0) wrong('Either all parameters have names, or none');
        if (part.declared) shown.typed ||= typed;
        else shown.undeclared ||= typed;
        const decoder = isRpcLiteral ? part.decoderRpc : part.decoder;
        const rest = readField(reader, part.field, decoder, params, part.label);
        if (rest !== undefined) yield* rest;
        sendsUnset ||= !nil && decoder === part.decoder && !Object.hasOwn(params, part.field);
      }
      if (sendsUnset) withoutEmpty(params);
      return params;
    } catch (error) {
      throw error instanceof Mismatch ? faultFrom(error) : error;
    }
  };
};

const faultFrom = ({ path: field, message }: Mismatch): Fault =>
  field === ''
    ? new Fault('invalid-params', `${message}.`)
    : new Fault('invalid-params', `${field} ${message}.`, { field });
