/** Single values of a contract's types, while they are read. */
import { base64OfText, base64OfTextInSlices } from '../../../../wire/base64.ts';
import { lengthOfParts, textOfParts } from '../../../../wire/parts.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { xsdNamespaces } from '../../message/names.ts';
import { xsiType } from '../../message/xsi.ts';
import {
  branch,
  type Convert,
  leaf,
  longConvert,
  madeOf,
  refuseReference,
  type SingleDecoder,
  single,
} from '../../values/reading.ts';
import { base64As, partsFromBase64, textFromBase64 } from '../../values/scalars.ts';
import type { SimpleType } from '../schema/types.ts';
import { readName, simpleFrom } from '../values/simple.ts';

const bytesOfText = longConvert(
  (text) => base64OfText(text),
  function* (parts, slice) {
    return textOfParts(yield* base64OfTextInSlices(parts, slice));
  },
);
const bytes = base64As('must be base64');

/** The type of XML Schema that `xsi:type` says. */
const xsdTypeOf = (reader: ElementReader): string | undefined => {
  const said = xsiType(reader);
  return said !== undefined && xsdNamespaces.has(said.namespace) ? said.local : undefined;
};

/** Senders without a WSDL say what they have: what is sent as text is text. */
const bytesAs =
  (make: Convert) =>
  (reader: ElementReader): Convert => {
    const said = xsdTypeOf(reader);
    if (said === 'string') return bytesOfText;
    return said === 'base64Binary' ? bytes : make;
  };

const textAs = (make: Convert) => {
  const fromBase64 = longConvert(
    (text) => make(textFromBase64(text)),
    function* (coded, slice) {
      return yield* madeOf(make, yield* partsFromBase64(coded, slice), slice);
    },
  );
  return (reader: ElementReader): Convert => (xsdTypeOf(reader) === 'base64Binary' ? fromBase64 : make);
};

/** A name with a prefix, which is only known while its element is open. */
const nameDecoder = (make: Convert): SingleDecoder => {
  const read = (reader: ElementReader) => {
    refuseReference(reader);
    return make(readName(reader));
  };
  return {
    atOnce: leaf(read),
    inTurn: branch(function* (reader) {
      if (reader.due) yield* reader.pause();
      return read(reader);
    }),
  };
};

/** `fallback` is what stands for an empty element. */
export const simpleDecoder = (type: SimpleType, fallback?: string): SingleDecoder => {
  const { kind, name } = type.builtin;
  const plain = simpleFrom(type);
  const make =
    fallback === undefined
      ? plain
      : longConvert(
          (text) => plain(text === '' ? fallback : text),
          (parts, slice) => plain.inSlices(lengthOfParts(parts) === 0 ? [fallback] : parts, slice),
        );
  if (name === 'QName' || name === 'NOTATION') return nameDecoder(make);
  if (kind === 'bytes') return single(bytesAs(make));
  if (kind === 'string') return single(textAs(make));
  return single(() => make);
};
