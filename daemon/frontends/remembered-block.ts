/** Blocks of bytes of many records, one after the other, and how one is put together. */
import type { Loan } from './pieces.ts';

/** What a block may hold in vain, so that memory can be used again. */
const inVain = (length: number): number => length >> 3;

/**
 * Memory of blocks that are no more, for those to come. To take 20 MB anew for each list in which all has changed makes
 * the system look for pages, and the collector go over everything that there is.
 */
const spares: Buffer[] = [];
const most = { spares: 4, bytes: 512 * 1024 };

const keepSpare = (room: Buffer): void => {
  if (room.length > most.bytes) return;
  if (spares.length === most.spares) spares.shift();
  spares.push(room);
};

/** Memory for so many bytes: what was used last, if it suits. */
const roomFor = (length: number): Buffer => {
  const at = spares.findLastIndex((spare) => spare.length >= length && spare.length - length <= inVain(length));
  return at < 0 ? Buffer.allocUnsafeSlow(length + (length >> 4)) : spares.splice(at, 1)[0]!;
};

/** Bytes of a block: they stay as they are as long as it needs them, or somebody reads them. */
class Memory implements Loan {
  readonly bytes: Buffer;
  readonly #room: Buffer;
  #readers = 0;
  #over = false;

  constructor(length: number) {
    this.#room = roomFor(length);
    this.bytes = this.#room.subarray(0, length);
  }

  /** Whether the bytes have to stay as they are. */
  get isRead(): boolean {
    return this.#readers > 0;
  }

  lend(): Loan {
    this.#readers += 1;
    return this;
  }

  giveBack(): void {
    this.#readers -= 1;
    if (this.#over && this.#readers === 0) keepSpare(this.#room);
  }

  /** The block needs it no more. */
  letGo(): void {
    this.#over = true;
    if (this.#readers === 0) keepSpare(this.#room);
  }
}

/** The bytes of records, and how they are made up. */
export interface Content {
  memory: Memory;
  /** Where each record begins, and where the last one ends. */
  starts: Uint32Array;
  /** How long each field of each record is. */
  lengths: Uint32Array;
}

/** Numbers one after the other, in memory that is kept. */
class Numbers {
  all = new Uint32Array(1024);
  count = 0;

  push(number: number): void {
    if (this.count === this.all.length) {
      const { all } = this;
      this.all = new Uint32Array(2 * all.length);
      this.all.set(all);
    }
    this.all[this.count++] = number;
  }
}

/** Puts blocks together, one after the other, as nothing is awaited meanwhile: first what they are to hold, then that. */
class Assembly {
  /** How many bytes there are so far, if all text is ASCII. */
  length = 0;
  readonly #lengths = new Numbers();
  /** What comes one after the other: bytes of blocks, from there to there; or so many of the texts. */
  readonly #from: (Memory | undefined)[] = [];
  readonly #first = new Numbers();
  readonly #last = new Numbers();
  /** All texts together, since to write one takes longer than to put it together, and which fields they are. */
  #text = '';
  readonly #textFields = new Numbers();
  #textBytes = Buffer.alloc(0);

  begin(): void {
    for (const numbers of [this.#lengths, this.#first, this.#last, this.#textFields]) numbers.count = 0;
    this.#from.fill(undefined);
    this.#text = '';
    this.length = 0;
  }

  /** The next field is text. */
  put(text: string): void {
    const field = this.#textFields.count;
    this.#add(undefined, field, field + 1);
    this.#text += text;
    this.#textFields.push(this.#lengths.count);
    this.#lengths.push(text.length);
    this.length += text.length;
  }

  /** The next fields are those of a block, from one to before another; they begin there. Answers where they end. */
  copy({ memory, lengths }: Content, field: number, end: number, first: number): number {
    let last = first;
    for (let at = field; at < end; at++) {
      const length = lengths[at]!;
      this.#lengths.push(length);
      last += length;
    }
    this.#add(memory, first, last);
    this.length += last - first;
    return last;
  }

  #add(from: Memory | undefined, first: number, last: number): void {
    const at = this.#last.count - 1;
    if (at >= 0 && this.#from[at] === from && this.#last.all[at] === first) this.#last.all[at] = last;
    else {
      this.#from[at + 1] = from;
      this.#first.push(first);
      this.#last.push(last);
    }
  }

  /** All fields are there, so many of each record. */
  end(fields: number): Content {
    this.#writeTexts();
    const lengths = this.#lengths.all.slice(0, this.#lengths.count);
    const starts = new Uint32Array(lengths.length / fields + 1);
    let length = 0;
    for (let at = 0, record = 0; at < lengths.length; ) {
      for (const end = at + fields; at < end; at++) length += lengths[at]!;
      starts[++record] = length;
    }
    const memory = new Memory(length);
    this.#fill(memory.bytes);
    this.begin();
    return { memory, starts, lengths };
  }

  #writeTexts(): void {
    const text = this.#text;
    const length = Buffer.byteLength(text);
    if (this.#textBytes.length < length || this.#textBytes.length > most.bytes)
      this.#textBytes = Buffer.allocUnsafeSlow(length);
    const isAscii = length === text.length;
    this.#textBytes.write(text, isAscii ? 'latin1' : 'utf8');
    if (isAscii) return;
    const { all: lengths } = this.#lengths;
    for (let at = 0, from = 0; at < this.#textFields.count; at++) {
      const field = this.#textFields.all[at]!;
      const to = from + lengths[field]!;
      lengths[field] = Buffer.byteLength(text.slice(from, to));
      from = to;
    }
  }

  #fill(bytes: Buffer): void {
    let to = 0;
    let text = 0;
    for (let at = 0; at < this.#first.count; at++) {
      const from = this.#from[at];
      const first = this.#first.all[at]!;
      const last = this.#last.all[at]!;
      if (from !== undefined) to += from.bytes.copy(bytes, to, first, last);
      else {
        const begin = text;
        for (let one = first; one < last; one++) text += this.#lengths.all[this.#textFields.all[one]!]!;
        to += this.#textBytes.copy(bytes, to, begin, text);
      }
    }
  }
}

export const assembly = new Assembly();

/** Copies bytes that follow one another, so many at a time, to where each of them belongs. They are few: a loop is fastest. */
const scatter = (from: Buffer, to: Buffer, places: Numbers, lengths: Numbers): void => {
  let next = 0;
  for (let at = 0; at < places.count; at++) {
    let place = places.all[at]!;
    for (const end = next + lengths.all[at]!; next < end; ) to[place++] = from[next++]!;
  }
};

/** Writes texts over some of the bytes of a block, all of them or none. */
class Replacement {
  #text = '';
  readonly #to = new Numbers();
  readonly #lengths = new Numbers();
  #bytes = Buffer.alloc(0);

  begin(): void {
    this.#text = '';
    this.#to.count = 0;
    this.#lengths.count = 0;
  }

  put(text: string, to: number): void {
    this.#text += text;
    this.#to.push(to);
    this.#lengths.push(text.length);
  }

  /** Whether it is done: texts that are not ASCII are left to who puts blocks together. */
  end({ bytes }: Memory): boolean {
    const text = this.#text;
    if (Buffer.byteLength(text) !== text.length) return false;
    if (this.#bytes.length < text.length || this.#bytes.length > most.bytes)
      this.#bytes = Buffer.allocUnsafeSlow(text.length);
    this.#bytes.write(text, 'latin1');
    this.#text = '';
    scatter(this.#bytes, bytes, this.#to, this.#lengths);
    return true;
  }
}

export const replacement = new Replacement();
