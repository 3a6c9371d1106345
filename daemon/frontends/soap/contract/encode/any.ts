/** Values that a contract leaves open, each with the type that it has in `xsi:type`. */
import { plainName, untagged } from '../../../../../plugin-protocol/any.ts';
import { escapeText } from '../../../../wire/escape.ts';
import { enclosed, joined, sliced, type Text } from '../../../long-text.ts';
import { wrong } from '../../message/mismatch.ts';
import type { SoapVersion } from '../../message/names.ts';
import { builtins } from '../../values/builtins.ts';
import { isRecord, type XsdType } from '../schema/types.ts';
import { labelOf, type TypeNames } from '../values/labels.ts';
import { encodingPrefix } from './prefixes.ts';
import { inStep, nil, type Write } from './writing.ts';

const tags = { time: 'dateTime', bytes: 'base64Binary', counter: 'long' } as const;

interface Facts {
  encoding: SoapVersion | undefined;
  /** The name of a type for `xsi:type`. */
  nameOf: (type: XsdType) => string | undefined;
}

const isInt32 = (value: number): boolean => value === (value | 0) && !Object.is(value, -0);

/** Writers of values of any type, and of maps. `writerOf` writes those of the contract's types. */
export const encodeAnyIn = (
  types: TypeNames,
  writerOf: (type: XsdType) => Write,
  { encoding, nameOf }: Facts,
): { value: Write; map: Write } => {
  const simple = (name: string, tag: string, value: unknown, attributes: string): Text => {
    const text = sliced(builtins.get(name)!.write(value), escapeText);
    return enclosed(`<${tag}${attributes} xsi:type="xsd:${name}">`, text, `</${tag}>`);
  };

  type Entry = readonly [step: string | number, key: unknown, value: unknown];
  const part = ([tag, value]: readonly [string, unknown]) => any(tag, value);
  const entry = ([step, key, value]: Entry): Text => {
    const parts = [['key', key] as const, ['value', value] as const];
    return enclosed(
      '<item>',
      inStep(step, () => joined(parts, part, undefined)),
      '</item>',
    );
  };

  const map: Write = (tag, value, attributes = '') => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('must be a map');
    let all: Entry[];
    if (labelOf(value) === 'Map') {
      const { entries } = value as { entries?: unknown };
      if (!Array.isArray(entries)) return wrong('must have its entries in a list');
      all = entries.map((one, at) => {
        const { key, value: held } = (one ?? {}) as { key?: unknown; value?: unknown };
        return [at, key, held];
      });
    } else all = Object.entries(value).map(([name, member]) => [name, plainName(name), member]);
    return enclosed(`<${tag}${attributes} xsi:type="apache:Map">`, joined(all, entry, undefined), `</${tag}>`);
  };

  const list = (tag: string, items: readonly unknown[], attributes: string): Text => {
    const content = joined([...items.keys()], (at) => inStep(at, () => any('item', items[at])), undefined);
    if (encoding === undefined) return enclosed(`<${tag}${attributes}>`, content, `</${tag}>`);
    const size =
      encoding.name === '1.1'
        ? `${encodingPrefix}:arrayType="xsd:anyType[${items.length}]"`
        : `${encodingPrefix}:itemType="xsd:anyType" ${encodingPrefix}:arraySize="${items.length}"`;
    // SOAP 1.2 has no type for an array.
    const typed = encoding.name === '1.1' ? ` xsi:type="${encodingPrefix}:Array"` : '';
    return enclosed(`<${tag}${attributes} ${size}${typed}>`, content, `</${tag}>`);
  };

  /** What says in `$type` which type it is of. */
  const labelled = (tag: string, label: string, value: object, attributes: string): Text => {
    const type = types.labelled(label);
    if (type !== undefined) {
      const held = isRecord(type) ? value : (value as { value?: unknown }).value;
      const typed = encoding === undefined ? ` xsi:type="${nameOf(type)}"` : '';
      return writerOf(type)(tag, held, attributes + typed);
    }
    if (label === 'Map') return map(tag, value, attributes);
    if (builtins.has(label)) return simple(label, tag, (value as { value?: unknown }).value, attributes);
    return wrong(`is labelled ${label}, which is no type of the contract`);
  };

  const member = ([name, value]: readonly [string, unknown]): Text => inStep(name, () => any(elementName(name), value));

  const any: Write = (tag, value, attributes = '') => {
    if (value === null || value === undefined) return nil(tag, attributes);
    switch (typeof value) {
      case 'string':
        return simple('string', tag, value, attributes);
      case 'boolean':
        return simple('boolean', tag, value, attributes);
      case 'number':
        return simple(isInt32(value) ? 'int' : 'double', tag, value, attributes);
    }
    if (Array.isArray(value)) return list(tag, value, attributes);
    const label = labelOf(value);
    if (label !== undefined) return labelled(tag, label, value as object, attributes);
    const held = untagged(value as object);
    if (held !== undefined) return simple(tags[held.kind], tag, held.value, attributes);
    if (encoding !== undefined) return map(tag, value, attributes);
    const content = joined(Object.entries(value as object), member, undefined);
    return enclosed(`<${tag}${attributes}>`, content, `</${tag}>`);
  };
  return { value: any, map };
};

/** In a literal message without a type members are elements, so their names must do as such. */
const elementName = (name: string): string =>
  /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name) ? name : wrong('has a name that no element can have');
