/** The text of a document as a tokenizer takes it in: piece by piece. */

/** Some of the text. A surrogate pair is within one piece. */
export interface XmlPiece {
  text: string;
  /** What stands behind it is no text: a sentence about that. There is then no next piece. */
  wrong?: string | undefined;
  /** Whether all characters are known to be those of XML; otherwise they are looked at. */
  legal?: boolean;
  /** Whether nothing follows. */
  last: boolean;
}

export interface XmlSource {
  /** Whether line ends are LF already, and all characters those of XML. */
  readonly prepared: boolean;
  /** Asked again only when the piece before was not the last. */
  next(): XmlPiece;
}

/** Texts that are one after the other. */
export const sourceOf = (texts: readonly string[], prepared = false): XmlSource => {
  let index = 0;
  return {
    prepared,
    next() {
      const text = texts[index++] ?? '';
      return { text, last: index >= texts.length };
    },
  };
};
