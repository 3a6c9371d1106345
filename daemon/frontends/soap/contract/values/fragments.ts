/** Elements that a contract leaves open: as text of XML that stands for itself, whatever was declared around it. */

import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import { cutBefore } from '../../../../../plugin-protocol/text/cut.ts';
import { escapeAttribute, escapeText } from '../../../../wire/escape.ts';
import { type XmlEvent, XmlFault, type XmlLimits, XmlReader } from '../../../../wire/xml.ts';
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

/** What of a long text is escaped at once. */
const partLength = 64 * 1024;

function* escaped({ text, pause }: { text: string; pause: () => Slices<void> }): Slices<string> {
  if (text.length <= partLength) return escapeText(text);
  let xml = '';
  for (let from = 0; from < text.length; ) {
    const to = Math.min(cutBefore(text, from + partLength), text.length);
    xml += escapeText(text.slice(from, to));
    from = to;
    yield* pause();
  }
  return xml;
}

/** The element just opened, read to its end. */
export function* readFragment(reader: Source): Slices<string> {
  const open: { local: string; namespace: string }[] = [];
  let xml = '';
  /** Whether the last tag is still without its end. */
  let isBare = false;
  for (let event: XmlEvent = 'open'; ; event = reader.next()) {
    if (event === 'close') {
      const { local } = open.pop()!;
      xml += isBare ? '/>' : `</${local}>`;
      isBare = false;
      if (open.length === 0) return xml;
    } else {
      if (isBare) xml += '>';
      isBare = event === 'open';
      if (isBare) {
        const { local, namespace } = reader;
        xml += openTag(reader, open.at(-1)?.namespace ?? '');
        open.push({ local, namespace });
      } else xml += yield* escaped({ text: reader.text, pause: () => reader.pause() });
    }
    if (reader.due) yield* reader.pause();
  }
}

/** The same of what a plugin answers: held against the rules of XML first, as it becomes part of a message. */
export const checkedFragment = (text: unknown, limits: XmlLimits): string => {
  if (typeof text !== 'string') return wrong('must be text of XML');
  try {
    const reader = new XmlReader(text, limits, { namespaces: true, instructions: false });
    reader.next();
    const work = readFragment(reader);
    for (;;) {
      const { done, value } = work.next();
      if (!done) continue;
      reader.next();
      return value;
    }
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return wrong(`must be one element of XML: ${error.message.replace(/\.$/, '')}`);
  }
};
