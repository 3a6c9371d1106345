/** How large the kits are, by what their files are for, against what CONTRIBUTING.md says of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { root } from '../support/annelid.ts';

const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

/** Where the kit of each language is. */
const kits = ['typescript/plugin', 'python/src/annelid', 'ruby/lib/annelid', 'perl/lib/Annelid', 'tcl/annelid'];

/** What a file is for, by its name; what is none of these serves calls. */
const parts: [part: string, file: RegExp][] = [
  ['client', /client/i],
  ['connections', /connections|hosts/i],
  ['published methods', /published/i],
  ['values', /json|kinds|values|shapes/i],
  ['asks of the host', /host|blobs/i],
];
const servesCalls = 'calls';

const sizesOf = (kit: string): ReadonlyMap<string, number> => {
  const folder = join(root, 'sdk', kit);
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter(
    (name) => /\.(ts|py|rb|pm|tcl)$/.test(name) && !/generated/i.test(name),
  );
  const sizes = new Map<string, number>();
  for (const file of files) {
    const [part] = parts.find(([, names]) => names.test(basename(file))) ?? [servesCalls];
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').length;
    sizes.set(part, (sizes.get(part) ?? 0) + lines);
  }
  return sizes;
};

describe('CONTRIBUTING.md', () => {
  const sizes = kits.map(sizesOf);
  const roundedTo = 50;
  for (const part of [servesCalls, 'connections', 'published methods', 'asks of the host']) {
    it(`says how many lines of the kits are for ${part}`, () => {
      const all = sizes.map((of) => of.get(part) ?? 0);
      const [least, most] = [Math.min(...all), Math.max(...all)];
      const [, low, high] = new RegExp(`${part} \\((\\d+) to (\\d+)`).exec(text.replaceAll('\n', ' ')) ?? [];
      expect(Number(low), `${part}: ${all}`).to.be.within(least - 2 * roundedTo, least);
      expect(Number(high), `${part}: ${all}`).to.be.within(most, most + 2 * roundedTo);
    });
  }
});
