/** Elements that a contract leaves open: as text of XML that stands for itself, whatever was declared around it. */

import { escapeAttribute, escapeText } from '../../../wire/escape.ts';
import type { XmlLimits } from '../../../wire/xml.ts';
import { XmlFault, XmlReader } from '../../../wire/xml.ts';
import type { ElementReader } from '../graph.ts';
import { xsiNamespace } from '../names.ts';
import { wrong } from '../scalars.ts';

type Source = Pick<ElementReader, 'local' | 'namespace' | 'text' | 'next' | 'attributes' | 'resolve'>;

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

/** The element just opened, read to its end. */
export const readFragment = (reader: Source, around = ''): string => {
  const { local, namespace } = reader;
  const tag = openTag(reader, around);
  let content = '';
  for (;;) {
    const event = reader.next();
    if (event === 'close') return content === '' ? `${tag}/>` : `${tag}>${content}</${local}>`;
    if (event === 'text') content += escapeText(reader.text);
    else if (event === 'open') content += readFragment(reader, namespace);
  }
};

/** The same of what a plugin answers: held against the rules of XML first, as it becomes part of a message. */
export const checkedFragment = (text: unknown, limits: XmlLimits): string => {
  if (typeof text !== 'string') return wrong('must be text of XML');
  try {
    const reader = new XmlReader(text, limits, { namespaces: true, instructions: false });
    reader.next();
    const fragment = readFragment(reader);
    reader.next();
    return fragment;
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return wrong(`must be one element of XML: ${error.message.replace(/\.$/, '')}`);
  }
};
