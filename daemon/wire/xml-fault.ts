/** Why a document could not be read. */
export type XmlFaultKind = 'malformed' | 'too-large' | 'unsupported-encoding';

/** A document that is refused; the message names the place, and the limit if it is over one. */
export class XmlFault extends Error {
  readonly kind: XmlFaultKind;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;

  constructor(kind: XmlFaultKind, message: string, line: number, column: number) {
    super(`Line ${line}, column ${column}: ${message}`);
    this.name = 'XmlFault';
    this.kind = kind;
    this.line = line;
    this.column = column;
  }
}

/** A character that XML does not have, or bytes that are no character at all. */
export class XmlCharacterFault extends XmlFault {}
