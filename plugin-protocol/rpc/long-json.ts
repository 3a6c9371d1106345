/**
 * Long JSON texts, read in slices: cut between the items of lists and the members of objects, and within long strings, into
 * pieces that Node's own reader takes, so that others get their turn in between. The values, and what is refused, are those
 * of `JSON.parse`.
 */
import { Slice, type Slices } from '../slices.ts';

/** Bytes of a piece: read in some 0.3 ms. */
const pieceLength = 32 * 1024;
/** Lists and objects deeper than this are not cut: each level is looked at once more. */
const cutDepth = 8;

const [quote, comma, colon, backslash, letterU] = [0x22, 0x2c, 0x3a, 0x5c, 0x75];
const [listBegin, listEnd, objectBegin, objectEnd] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What bytes do outside of strings; nothing else matters to where a text is cut. */
const [begins, ends, separates, quotes] = [1, 2, 3, 4];
const roles = new Uint8Array(256);
roles[listBegin] = roles[objectBegin] = begins;
roles[listEnd] = roles[objectEnd] = ends;
roles[comma] = separates;
roles[quote] = quotes;

const wrong = (): never => {
  throw new SyntaxError('It is no JSON text.');
};

/** An assignment to `__proto__` would be none. */
const set = (object: Record<string, unknown>, name: string, value: unknown) => {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
};

class LongJson {
  readonly #bytes: Buffer;
  readonly #long: Set<unknown>;
  readonly #piece: number;
  readonly #slice = new Slice();
  #at = 0;

  constructor(bytes: Buffer, long: Set<unknown>, piece: number) {
    this.#bytes = bytes;
    this.#long = long;
    this.#piece = piece;
  }

  *whole(): Slices<unknown> {
    const value = yield* this.#value(0);
    this.#skipSpaces();
    return this.#at === this.#bytes.length ? value : wrong();
  }

  *#value(depth: number): Slices<unknown> {
    this.#skipSpaces();
    const first = this.#bytes[this.#at];
    if (first === quote) return yield* this.#string();
    if (depth < cutDepth && first === listBegin) return yield* this.#list(depth + 1);
    if (depth < cutDepth && first === objectBegin) return yield* this.#object(depth + 1);
    const from = this.#at;
    this.#at = this.#endOf(from, this.#bytes.length);
    return JSON.parse(this.#text(from, this.#at));
  }

  *#list(depth: number): Slices<unknown[]> {
    const list: unknown[] = [];
    this.#long.add(list);
    const take = (text: string) => {
      const items = JSON.parse(`[${text}]`) as unknown[];
      for (const item of items) list.push(item);
      return items.length;
    };
    for (const work of this.#parts(listEnd, take)) {
      if (work) list.push(yield* this.#value(depth));
      else yield* this.#slice.pause();
    }
    return list;
  }

  *#object(depth: number): Slices<Record<string, unknown>> {
    const object: Record<string, unknown> = {};
    this.#long.add(object);
    const take = (text: string) => {
      const members = JSON.parse(`{${text}}`) as Record<string, unknown>;
      let count = 0;
      for (const name in members) {
        set(object, name, members[name]);
        count++;
      }
      return count;
    };
    for (const work of this.#parts(objectEnd, take)) {
      if (work) set(object, yield* this.#name(), yield* this.#value(depth));
      else yield* this.#slice.pause();
    }
    return object;
  }

  /**
   * Goes through a list or an object: what is short is given to `take`, many at a time, which answers how many there
   * were. Yields true where one is to be read that is long, and false where the slice is over.
   */
  *#parts(end: number, take: (text: string) => number): Generator<boolean, void, void> {
    this.#at++;
    let from = this.#at;
    for (let isFirst = true; ; isFirst = false) {
      const behind = this.#at;
      this.#skipSpaces();
      const begin = this.#at;
      const stop = this.#endOf(begin, begin + this.#piece);
      const isLong = stop === begin + this.#piece;
      // Nothing stands between the brackets alone.
      const cut = (to: number) => take(this.#text(from, to)) > 0 || (isFirst && this.#bytes[to] === end) || wrong();
      if (isLong) {
        if (behind > from) cut(behind - 1);
        yield true;
        this.#skipSpaces();
        from = this.#at + 1;
      } else {
        this.#at = stop;
        if (this.#bytes[stop] !== comma || stop - from >= this.#piece) {
          cut(stop);
          from = stop + 1;
        }
      }
      const last = this.#bytes[this.#at++];
      if (last === end) return;
      if (last !== comma) wrong();
      if (from === this.#at && this.#slice.overNow()) yield false;
    }
  }

  *#name(): Slices<string> {
    this.#skipSpaces();
    if (this.#bytes[this.#at] !== quote) wrong();
    const name = yield* this.#string();
    this.#skipSpaces();
    if (this.#bytes[this.#at++] !== colon) wrong();
    return name;
  }

  *#string(): Slices<string> {
    let all = '';
    for (let from = this.#at + 1; ; ) {
      const to = this.#partOfString(from);
      all += JSON.parse(`"${this.#text(from, to)}"`) as string;
      this.#at = to + 1;
      if (this.#bytes[to] === quote) return all;
      if (to >= this.#bytes.length) wrong();
      from = to;
      if (this.#slice.overNow()) yield* this.#slice.pause();
    }
  }

  /** Where a string can be cut that goes on at `from`, or ends: neither within a character nor within what is escaped. */
  #partOfString(from: number): number {
    const bytes = this.#bytes;
    const limit = Math.min(bytes.length, from + this.#piece);
    let at = from;
    for (; at < limit; at++) {
      const byte = bytes[at];
      if (byte === quote) return at;
      if (byte === backslash) at += bytes[at + 1] === letterU ? 5 : 1;
    }
    while ((bytes[at]! & 0xc0) === 0x80) at++;
    return at;
  }

  /** Where what begins at `from` ends: the comma or the bracket behind it, or `limit` where that comes before. */
  #endOf(from: number, limit: number): number {
    const bytes = this.#bytes;
    const stop = Math.min(bytes.length, limit);
    let depth = 0;
    for (let at = from; at < stop; at++) {
      const role = roles[bytes[at]!]!;
      if (role === 0) continue;
      if (role === quotes) at = this.#endOfString(at, stop);
      else if (role === begins) depth++;
      else if (depth === 0) return at;
      else if (role === ends) depth--;
    }
    return stop;
  }

  /** The quotation mark that ends the string that begins at `from`; `limit` where that comes before. */
  #endOfString(from: number, limit: number): number {
    const bytes = this.#bytes;
    for (let at = from + 1; at < limit; at++) {
      const byte = bytes[at];
      if (byte === quote) return at;
      if (byte === backslash) at++;
    }
    return limit;
  }

  #skipSpaces(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  #text(from: number, to: number): string {
    return this.#bytes.toString('utf8', from, to);
  }
}

/**
 * The value of a JSON text in UTF-8, read in pieces of about so many bytes; the lists and objects that are longer than one
 * are added to `long`. Throws a `SyntaxError` when it is none.
 */
export const readLongJson = (bytes: Buffer, long = new Set<unknown>(), piece = pieceLength): Slices<unknown> =>
  new LongJson(bytes, long, piece).whole();
