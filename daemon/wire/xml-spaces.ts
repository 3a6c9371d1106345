/** White space in values: attributes have none but spaces (XML 1.0, section 3.3.3), and types say more. */
import { inOneSlice, type Slice, type Slices } from '../../plugin-protocol/slices.ts';
import { byParts, type TextParts } from './parts.ts';

/** In longer texts white space is put right byte by byte: where there is much of it, replacing takes ten times longer. */
const long = 4096;

/** A space for each white space, or for what there is of it `inRow`, of which some may stand `before`. */
const withSpaces = (text: string, inRow: boolean, before: boolean): string => {
  const bytes = Buffer.from(text, 'utf16le');
  let to = 0;
  let behind = before;
  for (let at = 0; at < bytes.length; at += 2) {
    const low = bytes[at]!;
    const high = bytes[at + 1]!;
    const isWhite = high === 0 && (low === 0x20 || low === 0x09 || low === 0x0a || low === 0x0d);
    if (isWhite && behind) continue;
    bytes[to++] = isWhite ? 0x20 : low;
    bytes[to++] = high;
    behind = isWhite && inRow;
  }
  return bytes.toString('utf16le', 0, to);
};

const withoutLast = (text: string): string => (text.endsWith(' ') ? text.slice(0, -1) : text);

/** What XML Schema has for it: part 2, section 4.3.6. */
export const whiteSpace = {
  preserve: (text: string) => text,
  replace: (text: string) => (text.length > long ? withSpaces(text, false, false) : text.replace(/[\t\n\r]/g, ' ')),
  collapse: (text: string) =>
    text.length > long
      ? withoutLast(withSpaces(text, true, true))
      : text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, ''),
};

const white = /[ \t\n\r]/;

/** The same in slices. */
export const whiteSpaceInSlices = {
  preserve: (parts: TextParts): Slices<TextParts> => inOneSlice(() => parts),
  replace: (parts: TextParts, slice: Slice): Slices<TextParts> => byParts(parts, slice, whiteSpace.replace),
  *collapse(parts: TextParts, slice: Slice): Slices<TextParts> {
    let before = true;
    const all = yield* byParts(parts, slice, (part) => {
      const made = white.test(part) ? withSpaces(part, true, before) : part;
      before = made === '' ? before : made.endsWith(' ');
      return made;
    });
    const made = [...all];
    made.push(withoutLast(made.pop() ?? ''));
    return made;
  },
};
