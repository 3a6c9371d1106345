/** Attributes of a contract's types, while they are read. */
import type { ElementReader } from '../../message/element-reader.ts';
import { within, wrong } from '../../message/mismatch.ts';
import type { AttributeUse } from '../schema/types.ts';
import { simpleFrom } from '../values/simple.ts';

/** Reads the attributes of the element just opened into a record. */
export const attributesReader = (
  uses: readonly AttributeUse[],
): ((reader: ElementReader, into: Record<string, unknown>) => void) => {
  const compiled = uses.map((use) => ({ ...use, convert: simpleFrom(use.type) }));
  return (reader, into) => {
    for (const { name, attribute, convert, fallback, required } of compiled) {
      const text = reader.attribute(attribute.local, attribute.namespace) ?? fallback;
      try {
        if (text !== undefined) into[name] = convert(text);
        else if (required) wrong('must be given');
      } catch (error) {
        throw within(error, name);
      }
    }
  };
};
