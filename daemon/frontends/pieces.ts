/** A long value or reply, put together from what is written anew and what is remembered; copied only when it is sent. */
import { inSlices, type Slices } from '../../plugin-protocol/slices.ts';
import type { Parts } from '../wire/writing.ts';
import { LongText, type Text } from './long-text.ts';

/** What is put together when it is counted, since it takes a while. */
export class Later {
  readonly made: () => Slices<Pieces>;

  constructor(made: () => Slices<Pieces>) {
    this.made = made;
  }
}

type Piece = string | Buffer | LongText | Later | Parts;

const isShort = (piece: Piece): piece is string | Buffer => typeof piece === 'string' || piece instanceof Buffer;

/** Bytes that are another's. */
export interface Loan {
  readonly bytes: Buffer;
  /** Nobody reads them any more. */
  giveBack(): void;
}

export class Pieces implements Parts {
  #text = '';
  #all: Piece[] = [];
  #loans: Loan[] = [];

  constructor(...pieces: readonly (Text | Buffer | Pieces)[]) {
    for (const piece of pieces) this.add(piece);
  }

  add(piece: Text | Buffer | Later | Pieces): void {
    if (typeof piece === 'string') this.#text += piece;
    else if (piece instanceof Pieces) {
      for (const one of piece.#all) this.#push(one);
      this.#text += piece.#text;
      this.#loans.push(...piece.#loans);
      piece.#loans = [];
    } else this.#push(piece);
  }

  borrow(loan: Loan): void {
    this.#push(loan.bytes);
    this.#loans.push(loan);
  }

  giveBack(): void {
    for (const loan of this.#loans) loan.giveBack();
    this.#loans = [];
  }

  #push(piece: Piece): void {
    if (this.#text !== '') this.#all.push(this.#text);
    this.#text = '';
    this.#all.push(piece);
  }

  /** How long it is; known once all has been counted. */
  get bytes(): number {
    let bytes = Buffer.byteLength(this.#text);
    for (const piece of this.#all) bytes += isShort(piece) ? Buffer.byteLength(piece) : (piece as Parts).bytes;
    return bytes;
  }

  /** What is remembered is bytes, and held whether there is a reply or not. */
  get held(): number {
    let held = Buffer.byteLength(this.#text);
    for (const piece of this.#all)
      if (!(piece instanceof Buffer))
        held += typeof piece === 'string' ? Buffer.byteLength(piece) : (piece as Parts).bytes;
    return held;
  }

  *[Symbol.iterator](): Iterator<string | Uint8Array> {
    for (const piece of this.#all) {
      if (isShort(piece)) yield piece;
      else yield* piece as Parts;
    }
    if (this.#text !== '') yield this.#text;
  }

  /** Counts what is long, and puts together what was left for later; text when it is nothing but text that is not long. */
  *counted(): Slices<string | Pieces> {
    const all: Piece[] = [];
    for (const piece of this.#all) {
      if (piece instanceof LongText) all.push(yield* piece.counted());
      else if (piece instanceof Later) {
        const made = yield* piece.made();
        all.push(...made.#all);
        this.#loans.push(...made.#loans);
      } else all.push(piece);
    }
    this.#all = all;
    return this.#all.length === 0 ? this.#text : this;
  }
}

/** A value or a reply. */
export type Encoded = string | Pieces;

/** What a reply can be made of. Throws, or rejects with, what writing a value throws: nothing has been sent then. */
export const counted = (encoded: Encoded): Encoded | Promise<Encoded> =>
  typeof encoded === 'string' ? encoded : inSlices(encoded.counted());
