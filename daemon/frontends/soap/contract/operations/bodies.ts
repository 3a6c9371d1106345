/** Bodies of messages, read and written: elements in a wrapper, or side by side in the Body itself. */
import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import { enclosed, joined, type Text } from '../../../long-text.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { type SoapVersion, soap11, soapVersions } from '../../message/names.ts';
import { isNil } from '../../message/xsi.ts';
import { isUnnamed, type Shown } from '../../service/params.ts';
import { nothingSeen, wildcardMember } from '../decode/seen.ts';
import type { ValueDecoder } from '../decode/values.ts';
import { inStep } from '../encode/writing.ts';
import type { ComplexType, Field } from '../schema/types.ts';
import { fieldOf } from '../values/records.ts';
import type { BodyForm } from '../wsdl/contract.ts';
import type { Codecs } from './codecs.ts';

/** Reads a part that is an element of the Body. Undefined: there is none of that name, which is that of the element just opened. */
const partReader = (parts: readonly Field[], decoder: ValueDecoder) => {
  const readers = new Map(parts.map((part) => [part.element.local, decoder.field(part)]));
  return (reader: ElementReader, into: Record<string, unknown>, name = reader.local): Slices<void> | undefined => {
    const read = readers.get(name);
    return read && readPart(() => read(reader, into, nothingSeen()));
  };
};

function* readPart(read: () => Slices<void> | undefined): Slices<void> {
  const work = read();
  if (work !== undefined) yield* work;
}

/** Reads what follows the first element of a Body that has several. */
export type DecodeFurther = (reader: ElementReader, into: Record<string, unknown>) => Slices<void> | undefined;

export const decodeFurther = ({ parts, bare, encoded, open }: BodyForm, codecs: Codecs): DecodeFurther | undefined => {
  if (open) return openReader(parts[0]!);
  return bare && parts.length > 1 ? partReader(parts, codecs.decoder(encoded)) : undefined;
};

/** Reads elements of a Body that may have any into the one part. */
const openReader = ({ name, type }: Field): DecodeFurther => {
  const { read } = wildcardMember((type as ComplexType).wildcard!);
  return (reader, into) => {
    if (!Object.hasOwn(into, name)) into[name] = {};
    return read(reader, into[name] as Record<string, unknown>, nothingSeen());
  };
};

type DecodeBody = (reader: ElementReader, shown: Shown) => Slices<Record<string, unknown>>;

export const decodeBody = ({ parts, choices, bare, encoded, open }: BodyForm, codecs: Codecs): DecodeBody => {
  const decoder = codecs.decoder(encoded);
  if (open) {
    const read = openReader(parts[0]!);
    return function* (reader) {
      const params: Record<string, unknown> = {};
      yield* read(reader, params)!;
      return params;
    };
  }
  if (bare) {
    const read = partReader(parts, decoder);
    return function* (reader) {
      const params: Record<string, unknown> = {};
      yield* read(reader, params) ?? read(reader, params, parts[0]!.element.local)!;
      return params;
    };
  }
  const read = decoder.fields({ fields: parts, ...(choices && { choices }) }, (reader, position) =>
    isUnnamed(reader) ? parts[position] : undefined,
  );
  return function* (reader) {
    const params: Record<string, unknown> = {};
    // SOAP::Lite says that a call without parameters is nil.
    if (isNil(reader)) yield* reader.skipInSlices();
    else yield* read(reader, params);
    return params;
  };
};

type EncodePart = (from: Record<string, unknown>, version: SoapVersion) => Text;
export const encodeBody = ({ encoded, wrapper, parts, bare, returned, open }: BodyForm, codecs: Codecs): EncodePart => {
  if (open) {
    const [{ name, type }] = parts as [Field];
    const write = codecs.encoder(encoded, soap11).content(type as ComplexType);
    return (from) => inStep(name, () => write(fieldOf(from, name) ?? {}));
  }
  if (bare) {
    const writeOne = parts.map((part) => ({ part, write: codecs.element(part, encoded) }));
    // An element whose type holds nothing at all need not be answered.
    const element = ({ part, write }: (typeof writeOne)[number], from: Record<string, unknown>, version: SoapVersion) =>
      write(fieldOf(from, part.name) ?? emptyOf(part), version);
    const [only, ...others] = writeOne;
    if (others.length === 0) return (from, version) => element(only!, from, version);
    return (from, version) =>
      joined(writeOne, (one) => inStep(one.part.name, () => element(one, from, version)), undefined);
  }
  if (wrapper === undefined) return () => '';
  const writers = new Map(
    soapVersions.map((one) => [one, parts.map((part) => codecs.encoder(encoded, one).field(part))]),
  );
  const tag = codecs.prefixes.name(wrapper);
  // SOAP 1.2 part 2, section 4.2.1. Last, as SOAP::Lite takes what is first.
  const named =
    returned === undefined || !encoded
      ? ''
      : `<rpc:result xmlns:rpc="http://www.w3.org/2003/05/soap-rpc">${returned}</rpc:result>`;
  return (from, version) => {
    const content = enclosed(
      '',
      joined(writers.get(version)!, (write) => write(from), undefined),
      version === soap11 ? '' : named,
    );
    const open = `${tag}${codecs.declarations(encoded, version)}`;
    return content === '' ? `<${open}/>` : enclosed(`<${open}>`, content, `</${tag}>`);
  };
};

/** What stands for nothing at the top of a message, where the element itself must be there. */
export const emptyOf = ({ type, nillable }: Field): unknown =>
  type.kind === 'complex' && !nillable && type.array === undefined && type.text === undefined ? {} : undefined;
