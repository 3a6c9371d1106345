/** The tokenizer and saxes, asked the same, and documents to ask them about. */
import { SaxesParser } from 'saxes';
import { defaultLimits } from '../../daemon/limits.ts';
import { XmlFault, XmlReader } from '../../daemon/wire/xml.ts';

type Event = [kind: string, name: string, ...more: unknown[]];
export const refused = 'refused';

export const ours = (text: string): Event[] | typeof refused => {
  const events: Event[] = [];
  try {
    const reader = new XmlReader(text, defaultLimits.xml, { namespaces: true });
    for (;;) {
      const event = reader.next();
      if (event === 'end') return events;
      if (event === 'text') events.push(['text', reader.text]);
      else if (event === 'open') {
        const attributes = reader.attributes().map(({ name, value, namespace }) => [name, value, namespace]);
        events.push(['open', reader.name, reader.namespace, attributes]);
      } else events.push([event, reader.name]);
    }
  } catch (error) {
    if (error instanceof XmlFault) return refused;
    throw error;
  }
};

export const theirs = (text: string): Event[] | typeof refused => {
  const events: Event[] = [];
  const parser = new SaxesParser({ xmlns: true });
  let wrong = false;
  let run = '';
  let depth = 0;
  const add = (event: Event): void => {
    if (run !== '') events.push(['text', run]);
    run = '';
    events.push(event);
  };
  const more = (piece: string): void => {
    if (depth > 0) run += piece;
  };
  parser.on('error', () => {
    wrong = true;
  });
  parser.on('doctype', () => {
    wrong = true;
  });
  parser.on('text', more);
  parser.on('cdata', more);
  parser.on('opentag', ({ name, uri, attributes }) => {
    add(['open', name, uri, Object.values(attributes).map((of) => [of.name, of.value, of.uri])]);
    depth++;
  });
  parser.on('closetag', ({ name }) => {
    add(['close', name]);
    depth--;
  });
  parser.on('processinginstruction', ({ target }) => add(['instruction', target]));
  parser.write(text).close();
  return wrong ? refused : events;
};

const names = ['a', 'value', 'p:x', 'q:y', 'é', 'x-1', '日本', '_', '𐐀a'];
const uris = ['urn:1', 'urn:2'];
const pieces = [
  '',
  ' ',
  'hi',
  '&amp;',
  '&#65;',
  '&#x1F600;',
  ']]',
  '>',
  '\r\n',
  'é',
  '😀',
  '<!-- c -->',
  '<![CDATA[x<y]]>',
  '<?pi d?>',
];
// Neither lone surrogates nor a ? behind the target of an instruction: saxes takes both, the specification does not.
const junk = [
  '<',
  '>',
  '&',
  ';',
  '"',
  "'",
  '/',
  '!',
  '--',
  ']]>',
  '<!--',
  '<![CDATA[',
  '=',
  ' ',
  '\n',
  ':',
  'x',
  '&#0;',
  '&foo;',
  '\u0001',
  '\ufffe',
  '<a/>',
  '</a>',
  '<!DOCTYPE a>',
  '\u00b7',
  '×',
];

/** A document, or nearly one. */
export const generate = (random: (below: number) => number): string => {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
  const element = (levels: number): string => {
    const name = pick(names);
    let tag = `${name} xmlns:p="${pick(uris)}"`;
    if (random(2) === 0) tag += ` xmlns:q='${pick(uris)}'`;
    if (random(4) === 0) tag += ` xmlns="${pick(['urn:1', ''])}"`;
    for (let count = random(3); count > 0; count--) {
      tag += ` ${pick([...names, 'p:l', 'q:l'])}${pick(['=', ' = '])}"${pick(['v', '', 'a\tb', '&lt;', "'", '&#10;x'])}"`;
    }
    if (random(5) === 0) return `<${tag}/>`;
    let content = pick(pieces);
    for (let count = levels > 0 ? random(4) : 0; count > 0; count--) content += element(levels - 1) + pick(pieces);
    return `<${tag}>${content}</${name}${pick(['', ' '])}>`;
  };
  let text = pick(['', '<?xml version="1.0"?>', '<!-- c -->']) + element(3) + pick(['', '\n', '<!-- e -->']);
  for (let count = random(2) * random(3); count > 0; count--) {
    const at = random(text.length + 1);
    text = random(2) === 0 ? text.slice(0, at) + pick(junk) + text.slice(at) : text.slice(0, at) + text.slice(at + 1);
  }
  return text.toWellFormed();
};

/**
 * Whether saxes is right about a document: it trims the namespaces that are declared, takes any prefix for them, and
 * takes what cannot begin a name behind a colon.
 */
export const isFair = (text: string): boolean =>
  !/xmlns[^=]*=\s*(["'])(?:\s|(?:(?!\1).)*\s\1|urn:\d(?!\1))|xmlns:(?![pq]\s*=)|<\?pi[^ ]|[pq]:[-.\d\u00b7]/s.test(
    text,
  );
