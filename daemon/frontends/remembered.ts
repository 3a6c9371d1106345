/**
 * Lists of records that the inventory keeps, as bytes that are remembered from one list to the next. A record never
 * changes, a change makes a new one: what is the same object is the same bytes, and so are those fields of a new one that
 * have the same value. The bytes are kept in blocks of many records, each written to the socket as it is. For ten
 * thousand machines in 20 MB that takes less than 1 ms where one has changed, and 20 ms where every one has; to write
 * all of them anew takes 60.
 */
import type { Shape } from '../../plugin-protocol/shape.ts';
import { Host, Image, Network, Vm, Volume } from '../catalogue/resources.ts';
import type { Pieces } from './pieces.ts';

const shapes: ReadonlySet<Shape> = new Set<Shape>([Vm, Host, Image, Network, Volume]);

/** Whether records of a shape are those of the inventory. */
export const isRemembered = (shape: Shape): boolean => shapes.has(shape);

/** One field of a record, with what stands around it. */
export interface Field {
  name: string;
  /** `undefined` for one that is not set. */
  write(value: unknown): string;
}

/** A block ends where the next one began before, unless it is shorter than the first of these, or longer than the last. */
const bytes = { least: 64 * 1024, usual: 128 * 1024, most: 256 * 1024 };

interface Block {
  bytes: Buffer;
  /** Where each field of each record ends. */
  ends: Uint32Array;
  entries: Entry[];
  /** How many bytes are of records that are in no later block. */
  live: number;
  /** The last sweep before it was used. */
  used: number;
}

interface Entry {
  record: Record<string, unknown>;
  block: Block;
  index: number;
}

type Records = readonly Record<string, unknown>[];

/** Room to put a block together in, one for all, as nothing is awaited meanwhile; a block that nearly fills it keeps it. */
let room = Buffer.alloc(0);
const makeRoom = (length: number): void => {
  if (length <= room.length) return;
  const larger = Buffer.allocUnsafeSlow(length + (length >> 4));
  room.copy(larger);
  room = larger;
};
/** What a block may hold in vain, so that its bytes need not be copied. */
const spare = (length: number): number => length >> 3;

/**
 * Those that were used last. A caller can ask for the same list in more than a hundred dialects, and what was written in
 * each would be kept.
 */
const inUse = new Set<Remembered>();
const mostInUse = 16;

export class Remembered {
  readonly #fields: readonly Field[];
  readonly #byId = new Map<string, Entry>();
  #sweeps = 0;
  #sinceSweep = 0;
  /** The block that is being put together in `room`, and where its fields end. */
  #at = 0;
  #ends = new Uint32Array(1024);
  #ended = 0;

  /** `before` and `after` are what stands around a record. */
  constructor(before: string, fields: readonly Field[], after: string) {
    this.#fields = fields.map(({ name, write }, index) => {
      const [first, last] = [index === 0 ? before : '', index === fields.length - 1 ? after : ''];
      return first === '' && last === '' ? { name, write } : { name, write: (value) => first + write(value) + last };
    });
  }

  write(records: Records, pieces: Pieces): void {
    this.#use();
    for (let from = 0; from < records.length; ) {
      const known = this.#blockAt(records, from);
      const block = known ?? this.#join(records, from);
      block.used = this.#sweeps;
      pieces.add(block.bytes);
      from += block.entries.length;
    }
    this.#sinceSweep += records.length;
    if (this.#sinceSweep > 1000 + 4 * this.#byId.size) this.#sweep();
  }

  /** How many bytes it holds: at most twice those of the records. */
  get held(): number {
    let held = 0;
    for (const block of new Set([...this.#byId.values()].map((entry) => entry.block))) held += block.bytes.length;
    return held;
  }

  #entryOf(record: Record<string, unknown>): Entry | undefined {
    return this.#byId.get(record.id as string);
  }

  /** Most lists have the order of the one before, and that of most records is their neighbour's. */
  #after(entry: Entry | undefined, record: Record<string, unknown>): Entry | undefined {
    const next = entry?.block.entries[entry.index + 1];
    return next !== undefined && next.block === entry!.block && next.record.id === record.id ? next : undefined;
  }

  #use(): void {
    inUse.delete(this);
    inUse.add(this);
    if (inUse.size <= mostInUse) return;
    const [oldest] = inUse;
    inUse.delete(oldest!);
    oldest!.#byId.clear();
  }

  /** The block that has just the records from there on. */
  #blockAt(records: Records, from: number): Block | undefined {
    const entry = this.#entryOf(records[from]!);
    if (entry === undefined || entry.index !== 0) return undefined;
    const { block } = entry;
    if (block.live < block.bytes.length || from + block.entries.length > records.length) return undefined;
    let at = from;
    for (const { record } of block.entries) if (record !== records[at++]) return undefined;
    return block;
  }

  /** Makes a block of the records from there on, of as many as are well together. */
  #join(records: Records, from: number): Block {
    const joined: (Entry | undefined)[] = [];
    this.#begin(this.#entryOf(records[from]!)?.block.bytes.length ?? bytes.usual);
    let entry: Entry | undefined;
    for (let index = from; index < records.length; index++) {
      const record = records[index]!;
      entry = this.#after(entry, record) ?? this.#entryOf(record);
      const full = entry === undefined ? bytes.usual : entry.index === 0 ? bytes.least : bytes.most;
      if (this.#at >= full) break;
      if (entry === undefined) this.#append(record);
      else if (entry.record === record) this.#appendCopy(entry);
      else this.#appendChanged(record, entry);
      joined.push(entry);
    }
    const block: Block = { ...this.#taken(), entries: [], live: 0, used: this.#sweeps };
    const left = new Set<Block>();
    for (const [index, entry] of joined.entries()) {
      const record = records[from + index]!;
      if (entry !== undefined && entry.block !== block) {
        entry.block.live -= sizeOf(entry, this.#fields.length);
        left.add(entry.block);
      }
      if (entry === undefined) {
        const made = { record, block, index };
        block.entries.push(made);
        this.#byId.set(record.id as string, made);
      } else {
        entry.record = record;
        entry.block = block;
        entry.index = index;
        block.entries.push(entry);
      }
    }
    block.live = block.bytes.length;
    for (const other of left) if (other.live > 0 && 2 * other.live < other.bytes.length) this.#compact(other);
    return block;
  }

  /** Begins with a block that will have about so many bytes. */
  #begin(length: number): void {
    this.#at = 0;
    this.#ended = 0;
    makeRoom(length);
  }

  /** What was put together, in memory of its own. */
  #taken(): Pick<Block, 'bytes' | 'ends'> {
    const length = this.#at;
    const ends = this.#ends.slice(0, this.#ended);
    const isFull = room.length - length <= spare(length);
    const taken = isFull ? room.subarray(0, length) : Buffer.allocUnsafeSlow(length);
    if (!isFull) room.copy(taken, 0, 0, length);
    if (isFull || room.length > 8 * bytes.most) room = Buffer.alloc(0);
    return { bytes: taken, ends };
  }

  #end(at: number): void {
    if (this.#ended === this.#ends.length) {
      const larger = new Uint32Array(2 * this.#ended);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#ends[this.#ended++] = at;
  }

  /** Most of a block is in later ones: it gives up their bytes. */
  #compact(block: Block): void {
    const entries = block.entries.filter((entry) => entry.block === block);
    this.#begin(block.live);
    for (const entry of entries) this.#appendCopy(entry);
    Object.assign(block, this.#taken(), { entries, live: this.#at });
    for (const [index, entry] of entries.entries()) entry.index = index;
  }

  /** Forgets what no list had since the last time. */
  #sweep(): void {
    for (const [id, { block }] of this.#byId) if (block.used < this.#sweeps) this.#byId.delete(id);
    this.#sweeps += 1;
    this.#sinceSweep = 0;
  }

  #append(record: Record<string, unknown>): void {
    const texts = this.#fields.map(({ name, write }) => write(record[name]));
    const from = this.#at;
    const length = this.#put(texts.join(''));
    let end = from;
    let characters = 0;
    for (const text of texts) characters += text.length;
    for (const text of texts) {
      end += characters === length ? text.length : Buffer.byteLength(text);
      this.#end(end);
    }
  }

  #put(text: string): number {
    makeRoom(this.#at + 3 * text.length);
    const written = room.write(text, this.#at);
    this.#at += written;
    return written;
  }

  #copy(block: Block, from: number, to: number): void {
    makeRoom(this.#at + to - from);
    this.#at += block.bytes.copy(room, this.#at, from, to);
  }

  #appendCopy(entry: Entry): void {
    const { block, index } = entry;
    const count = this.#fields.length;
    const from = startOf(entry, count);
    const shift = this.#at - from;
    for (let at = index * count; at < (index + 1) * count; at++) this.#end(block.ends[at]! + shift);
    this.#copy(block, from, block.ends[(index + 1) * count - 1]!);
  }

  /** Runs of fields that have the values of the record before are copied. */
  #appendChanged(record: Record<string, unknown>, entry: Entry): void {
    const { block, index, record: before } = entry;
    const fields = this.#fields;
    let from = startOf(entry, fields.length);
    let to = from;
    for (let at = 0; at < fields.length; at++) {
      const { name, write } = fields[at]!;
      const end = block.ends[index * fields.length + at]!;
      const value = record[name];
      if (value === before[name]) {
        this.#end(this.#at + end - from);
        to = end;
        continue;
      }
      if (to > from) this.#copy(block, from, to);
      this.#put(write(value));
      this.#end(this.#at);
      from = to = end;
    }
    if (to > from) this.#copy(block, from, to);
  }
}

const startOf = ({ block, index }: Entry, fields: number): number =>
  index === 0 ? 0 : block.ends[index * fields - 1]!;

const sizeOf = (entry: Entry, fields: number): number =>
  entry.block.ends[(entry.index + 1) * fields - 1]! - startOf(entry, fields);
