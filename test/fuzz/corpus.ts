/** Documents to begin with: the wire cases, and what fuzzing once found, or must not forget. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('./corpus/', import.meta.url);
const vectors = new URL('../vectors/', import.meta.url);

const filesIn = (of: URL): Buffer[] =>
  readdirSync(of)
    .sort()
    .map((file) => readFileSync(new URL(file, of)));

/** The request in a wire case: what is XML of it, up to the next section. */
const requestIn = (text: string): Buffer => {
  const section = text.slice(text.search(/^===? request/m)).split(/^===? (?!request)/m)[0]!;
  return Buffer.from(section.slice(section.indexOf('<')));
};

/** Whole files: each is the body of a request. */
export const kept = (): Buffer[] => filesIn(folder);
export const requests = (wire: 'xmlrpc' | 'soap'): Buffer[] =>
  filesIn(new URL(`${wire}/`, vectors)).map((file) => requestIn(file.toString('utf8')));

/** Keep a body, so that every later run begins with it. Answers the name of its file. */
export const keep = (name: string, body: Uint8Array): string => {
  writeFileSync(new URL(name, folder), body);
  return name;
};
