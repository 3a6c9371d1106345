/**
 * Two messages as what they mean: elements with their namespaces, attributes in order of their names, text, and nothing of
 * prefixes, declarations and white space between elements.
 */

import { defaultLimits } from '../../../daemon/limits.ts';
import { parseTime } from '../../../daemon/wire/time.ts';
import { XmlReader } from '../../../daemon/wire/xml.ts';

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
const encodings = ['http://schemas.xmlsoap.org/soap/encoding/', 'http://www.w3.org/2003/05/soap-encoding'];
const envelopes = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'];

const clark = (namespace: string, local: string) => (namespace === '' ? local : `{${namespace}}${local}`);

/** Attributes whose values are names with prefixes: of types, and the type of an array with its size. */
const hasName = (namespace: string, local: string): boolean =>
  (namespace === xsi && local === 'type') || (encodings.includes(namespace) && /^(?:arrayType|itemType)$/.test(local));

/** What does not tell messages apart: how the values in it are encoded is told by where they are. */
const isAside = (namespace: string, local: string): boolean =>
  envelopes.includes(namespace) && local === 'encodingStyle';

export const readInfoset = (text: string): Element => {
  const reader = new XmlReader(text, defaultLimits.xml, { namespaces: true });
  const resolve = (name: string): string => {
    const found = /^(?:([^:[\]]+):)?([^[\]]+)(.*)$/s.exec(name.trim());
    if (found === null) return name;
    return clark(reader.resolve(found[1] ?? '') ?? '', found[2]!) + found[3]!;
  };
  const read = (): Element => {
    const element: Element = { name: clark(reader.namespace, reader.local), attributes: {}, children: [], text: '' };
    for (const { name, local, namespace, value } of reader.attributes()) {
      if (name === 'xmlns' || name.startsWith('xmlns:') || isAside(namespace, local)) continue;
      element.attributes[clark(namespace, local)] = hasName(namespace, local) ? resolve(value) : value;
    }
    for (let event = reader.next(); event !== 'close'; event = reader.next()) {
      if (event === 'open') element.children.push(read());
      else if (event === 'text') element.text += reader.text;
    }
    if (element.children.length > 0 && element.text.trim() === '') element.text = '';
    if (isCode(element)) element.text = resolve(element.text);
    return normalized(element);
  };
  reader.next();
  return read();
};

/** The code of a fault, which is a name too. */
const isCode = ({ name }: Element): boolean => name === 'faultcode' || name === `{${envelopes[1]}}Value`;

const type = `{${xsi}}type`;
const nil = `{${xsi}}nil`;

/** Of several ways to write the same, one. */
const normalized = (element: Element): Element => {
  const { attributes } = element;
  // What is nil has no value that could be of a type.
  if (attributes[nil] !== undefined) return { ...element, attributes: { [nil]: 'true' } };
  // A moment in any zone is the same moment.
  if (attributes[type]?.endsWith('}dateTime')) return { ...element, text: parseTime(element.text) ?? element.text };
  return {
    ...element,
    attributes: Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))),
    // Where the name of the result stands among the members of a struct does not matter.
    children: [...element.children].sort((a, b) => Number(isResult(b)) - Number(isResult(a))),
  };
};
const isResult = ({ name }: Element): boolean => name === '{http://www.w3.org/2003/05/soap-rpc}result';

export const childOf = (element: Element | undefined, local: string): Element | undefined =>
  element?.children.find(({ name }) => name === local || name.endsWith(`}${local}`));

/** As text, one element a line, for people who look for what differs. */
export const printed = ({ name, attributes, children, text }: Element, indent = ''): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
  const inner = children.map((child) => printed(child, `${indent} `)).join('');
  return `${indent}${name}${written.join('')}${text === '' ? '' : ` ${JSON.stringify(text)}`}\n${inner}`;
};
