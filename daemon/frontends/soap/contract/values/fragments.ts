/** Elements that a contract leaves open: as text of XML that stands for itself, whatever was declared around it. */

import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import { cutBefore } from '../../../../../plugin-protocol/text/cut.ts';
import { escapeAttribute, escapeText } from '../../../../wire/escape.ts';
import { GrowingText, textOfParts } from '../../../../wire/parts.ts';
import { sourceOf, type XmlEvent, XmlFault, type XmlLimits, XmlReader } from '../../../../wire/xml.ts';
import { LongText, type Text } from '../../../long-text.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { wrong } from '../../message/mismatch.ts';
import { xsiNamespace } from '../../message/names.ts';

type Source = Pick<ElementReader, 'local' | 'namespace' | 'text' | 'next' | 'attributes' | 'resolve' | 'due' | 'pause'>;

const prefixOfType = (value: string): string | undefined => /^\s*([^:\s]+):/.exec(value)?.[1];

/** The opening tag without its end, and the element's name. */
const openTag = (reader: Source, around: string): string => {
  const { local, namespace } = reader;
  let tag = `<${local}`;
  if (namespace !== around) tag += ` xmlns="${escapeAttribute(namespace)}"`;
  const declared = new Map<string, string>();
  const declare = (prefix: string, uri: string) => {
    if (prefix !== 'xml' && !declared.has(prefix)) {
      declared.set(prefix, uri);
      tag += ` xmlns:${prefix}="${escapeAttribute(uri)}"`;
    }
  };
  for (const { name, local: attribute, prefix, namespace: uri, value } of reader.attributes()) {
    if (name === 'xmlns' || prefix === 'xmlns') continue;
    if (uri !== '') declare(prefix, uri);
    if (uri === xsiNamespace && attribute === 'type') {
      const type = prefixOfType(value);
      const of = type === undefined ? undefined : reader.resolve(type);
      if (of !== undefined) declare(type!, of);
    }
    tag += ` ${name}="${escapeAttribute(value)}"`;
  }
  return tag;
};

/** What of a long text is looked at, or escaped, at once. */
const partLength = 64 * 1024;

const partsOf = (text: string): string[] => {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = Math.min(cutBefore(text, from + partLength), text.length);
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
};

function* escaped({ text, pause }: { text: string; pause: () => Slices<void> }): Slices<string> {
  if (text.length <= partLength) return escapeText(text);
  let xml = '';
  for (const part of partsOf(text)) {
    xml += escapeText(part);
    yield* pause();
  }
  return xml;
}

/** What of it is written: of a string that many are added to V8 makes one in a single turn. */
const nothing = () => ({ xml: new GrowingText() });

/** The element just opened, read to its end: what has not been taken out of `written` meanwhile. */
export function* readFragment(reader: Source, written = nothing()): Slices<string> {
  const open: { local: string; namespace: string }[] = [];
  /** Whether the last tag is still without its end. */
  let isBare = false;
  for (let event: XmlEvent = 'open'; ; event = reader.next()) {
    if (event === 'close') {
      const { local } = open.pop()!;
      written.xml.add(isBare ? '/>' : `</${local}>`);
      isBare = false;
      if (open.length === 0) return textOfParts(written.xml);
    } else {
      if (isBare) written.xml.add('>');
      isBare = event === 'open';
      if (isBare) {
        const { local, namespace } = reader;
        written.xml.add(openTag(reader, open.at(-1)?.namespace ?? ''));
        open.push({ local, namespace });
      } else {
        const text = yield* escaped({ text: reader.text, pause: () => reader.pause() });
        written.xml.add(text);
      }
    }
    if (reader.due) yield* reader.pause();
  }
}

/** The parts of a fragment that is held against the rules of XML as it is written. */
function* checkedParts(text: string, limits: XmlLimits): Generator<string, void, void> {
  try {
    const reader = new XmlReader(sourceOf(partsOf(text)), limits, { namespaces: true, instructions: false });
    reader.next();
    const written = nothing();
    for (const _pause of readFragment(reader, written)) {
      // Also when it is nothing: others get their turn at each.
      yield textOfParts(written.xml);
      Object.assign(written, nothing());
    }
    reader.next();
    yield* written.xml;
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    wrong(`must be one element of XML: ${error.message.replace(/\.$/, '')}`);
  }
}

/** The same of what a plugin answers: held against the rules of XML first, as it becomes part of a message. */
export const checkedFragment = (text: unknown, limits: XmlLimits): Text => {
  if (typeof text !== 'string') return wrong('must be text of XML');
  const parts = () => checkedParts(text, limits);
  return text.length <= partLength ? [...parts()].join('') : new LongText(parts);
};
