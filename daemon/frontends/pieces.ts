/** A long value or reply, put together from what is written anew and what is remembered; copied only when it is sent. */
export class Pieces {
  #text = '';
  readonly #all: Buffer[] = [];
  #length = 0;

  /** Bytes so far, or fewer: of text that is still to be encoded, the UTF-16 units are counted. */
  get length(): number {
    return this.#length + this.#text.length;
  }

  add(piece: string | Buffer | Pieces): void {
    if (typeof piece === 'string') this.#text += piece;
    else if (piece instanceof Pieces) {
      for (const bytes of piece.#all) this.add(bytes);
      this.#text += piece.#text;
    } else {
      if (this.#text !== '') this.#push(Buffer.from(this.#text));
      this.#text = '';
      this.#push(piece);
    }
  }

  /** The bytes, one piece after the other. */
  all(): readonly Buffer[] {
    if (this.#text !== '') this.#push(Buffer.from(this.#text));
    this.#text = '';
    return this.#all;
  }

  /** All of it: as text when it is text throughout. */
  body(): string | readonly Buffer[] {
    return this.#all.length === 0 ? this.#text : this.all();
  }

  #push(bytes: Buffer): void {
    this.#all.push(bytes);
    this.#length += bytes.length;
  }
}

/** A value or a reply. */
export type Encoded = string | Pieces;
