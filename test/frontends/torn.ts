/** Documents that come in two pieces, torn at one place after the other. */
import { expect } from 'chai';
import { pieceLength } from '../../daemon/wire/charset.ts';
import { requests } from '../fuzz/corpus.ts';

/** Each wire case is answered as when it comes whole, also torn after so many characters, twice so many, and so on. */
export const expectSameWhereverTorn = async (
  wire: 'xmlrpc' | 'soap',
  step: number,
  answer: (text: string) => Promise<string>,
): Promise<void> => {
  for (const body of requests(wire)) {
    const text = body.toString();
    const declaration = /^<\?xml.*?\?>\n?/s.exec(text)?.[0] ?? '';
    const rest = text.slice(declaration.length);
    const short = await answer(text);
    for (let tear = 1; tear < rest.length; tear += step) {
      const before = Buffer.byteLength(declaration + rest.slice(0, tear));
      const padding = `<!--${'-x'.repeat((pieceLength - before - 7) / 2)}${before % 2 === 0 ? ' ' : ''}-->`;
      expect(await answer(declaration + padding + rest), `torn after ${rest.slice(0, tear)}`).to.equal(short);
    }
  }
};
