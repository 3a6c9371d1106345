/** PHP's tests of its SOAP extension, as requests and replies: what their files show, without running PHP. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PhpTest {
  /** The file, without its ending. */
  name: string;
  title: string;
  /** The contract that it is about: the name of a WSDL beside it. */
  contract: string;
  /** Undefined where none is shown: the client itself refuses. */
  request?: string;
  reply?: string;
}

const section = (text: string, name: RegExp): string => {
  const start = text.search(name);
  if (start < 0) return '';
  const rest = text.slice(text.indexOf('\n', start) + 1);
  const end = rest.search(/^--[A-Z]+--$/m);
  return end < 0 ? rest : rest.slice(0, end);
};

/** Documents in the output of a test; what is printed behind one is none of it. */
const documentsIn = (text: string): string[] =>
  text
    .split(/^<\?xml[^>]*\?>\n/m)
    .slice(1)
    .map((part) => /^[\s\S]*<\/[\w-]+:Envelope>/.exec(part)?.[0] ?? part);

export const phpTestsIn = (folder: string): PhpTest[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.phpt'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const code = section(text, /^--FILE--$/m);
      const shown = documentsIn(section(text, /^--EXPECTF?--$/m));
      // The request is written out in the code, or else is what PHP's client shows first.
      const written = /<<<EOF\n([\s\S]*?)\nEOF/.exec(code)?.[1];
      const [request, reply] = written === undefined ? shown : [written, shown.at(-1)];
      const contract = /include\(?\s*"([^"]+)\.inc"/.exec(code)?.[1] ?? /([\w-]+)\.wsdl/.exec(code)?.[1] ?? '';
      return {
        name: file.replace('.phpt', ''),
        title: section(text, /^--TEST--$/m).trim(),
        contract,
        ...(request !== undefined && { request }),
        ...(reply !== undefined && { reply }),
      };
    });
