/** Text of which every byte was written as a character. */
import { isAscii, isUtf8 } from 'node:buffer';
import { Slice, type Slices } from '../../../plugin-protocol/slices.ts';
import type { Stretch } from '../../wire/bytes.ts';
import { pieceLength } from '../../wire/charset.ts';

/** What PHP's xmlrpc extension declares. */
export const declaredBytewise = 'iso-8859-1';

/** What PHP never writes, and what would not say of a character whether it was meant as a byte. */
const others = ['<![CDATA[', '&#x'];
const longest = Math.max(...others.map(({ length }) => length));

/** Whether a document that declares so may be one of PHP's: nothing beyond ASCII is written as itself. */
export function* mayBeBytewise(body: Stretch): Slices<boolean> {
  const slice = new Slice();
  for (let from = 0; from < body.length; from += pieceLength) {
    const piece = body.subarray(from, from + pieceLength + longest);
    if (!isAscii(piece) || others.some((other) => piece.includes(other))) return false;
    if (slice.overNow()) yield* slice.pause();
  }
  return true;
}

const run = /[\x80-\xff]+/g;

/**
 * A text of such a document, put right: the extension writes each byte of a text in UTF-8 as a reference to a character,
 * so that U+00E9 comes as `&#195;&#169;`. What is not UTF-8 means what it says.
 */
export const withCharactersOfBytes = (text: string): string =>
  text.replace(run, (characters) => {
    const bytes = Buffer.from(characters, 'latin1');
    return isUtf8(bytes) ? bytes.toString('utf8') : characters;
  });
