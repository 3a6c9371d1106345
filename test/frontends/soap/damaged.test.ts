/** Requests that are damaged at random, always in the same way: whatever comes, the answer is SOAP and never `internal`. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SaxesParser } from 'saxes';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const folder = new URL('../../vectors/soap/', import.meta.url);
const documents = readdirSync(folder)
  .sort()
  .map((file) => /^=== request\n.*?\n?\n(<.*?)\n===/ms.exec(readFileSync(new URL(file, folder), 'utf8'))![1]!);

/** Numbers from 0 up to `below`, the same in every run (mulberry32). */
const numbers = (seed: number) => {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

/** Leaves something out, puts something in from elsewhere, or repeats a part. */
const damage = (text: string, next: (below: number) => number): string => {
  const piece = (of: string) => {
    const from = next(of.length);
    return of.slice(from, from + next(40));
  };
  const at = next(text.length);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (next(4)) {
    case 0:
      return before + after.slice(next(30));
    case 1:
      return before + piece(documents[next(documents.length)]!) + after;
    case 2:
      return before + after.slice(0, next(60)) + after;
    default:
      // Tags swapped for other tags keep the document well-formed more often.
      return text.replace(
        /<(\/?)(\w+:)?(vm|item|key|value|name|labels|networks|disks|wait)\b/g,
        (tag, slash, prefix) =>
          next(8) === 0 ? `<${slash}${prefix ?? ''}${['item', 'key', 'vm', '__proto__', 'labels'][next(5)]}` : tag,
      );
  }
};

describe('damaged SOAP requests', () => {
  it('are all answered with an envelope that is well-formed, and never with an internal fault', async () => {
    const next = numbers(8420);
    const routes = soap.routes(fakeContext(fakeApi()));
    const kinds = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      let body = documents[next(documents.length)]!;
      for (let times = 1 + next(3); times > 0; times--) body = damage(body, next);
      const reply = String((await request(routes, 'POST', '/soap', { body })).body);
      const parser = new SaxesParser({ xmlns: true });
      parser.on('error', (error) => {
        throw new Error(`${error.message}\n${body}\n${reply}`);
      });
      parser.write(reply).close();
      const kind =
        /<kind>([^<]*)</.exec(reply)?.[1] ?? /(\w+)<\/(?:faultcode|soap:Value)>/.exec(reply)?.[1] ?? 'answer';
      expect(kind, `${body}\n${reply}`).not.to.equal('internal');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect([...kinds.keys()]).to.include.members([
      'answer',
      'malformed',
      'invalid-params',
      'invalid-request',
      'unknown-method',
      'VersionMismatch',
    ]);
  });
});
