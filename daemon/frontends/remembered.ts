/**
 * Lists of records that the inventory keeps, as bytes that are remembered from one list to the next. A record never
 * changes, a change makes a new one: what is the same object is the same bytes, and so are those fields of a new one that
 * have the same value. The bytes are kept in blocks of many records, each written to the socket as it is. For ten
 * thousand machines in 20 MB that takes less than 1 ms where one has changed, and 15 ms where every one has, or 11 if
 * no field became longer or shorter; to write all of them anew takes 60.
 */
import type { Shape } from '../../plugin-protocol/shape.ts';
import { inOneGo, Slice, type Slices } from '../../plugin-protocol/slices.ts';
import { Host, Image, Network, Vm, Volume } from '../catalogue/resources.ts';
import { differencesIn, type MarkDifferences } from './differences.ts';
import { Later, Pieces } from './pieces.ts';
import { assembly, type Content, replacement } from './remembered-block.ts';

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

/** So many records are written in one go: in at most a millisecond, all of them anew. */
const writtenAtOnce = 128;

interface Block extends Content {
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

/**
 * Those that were used last. A caller can ask for the same list in more than a hundred dialects, and what was written in
 * each would be kept.
 */
const inUse = new Set<Remembered>();
const mostInUse = 16;

export class Remembered {
  readonly #fields: readonly Field[];
  readonly #markDifferences: MarkDifferences;
  readonly #differs: Uint8Array;
  readonly #byId = new Map<string, Entry>();
  #sweeps = 0;
  #sinceSweep = 0;

  /** `before` and `after` are what stands around a record. */
  constructor(before: string, fields: readonly Field[], after: string) {
    this.#markDifferences = differencesIn(fields.map(({ name }) => name));
    this.#differs = new Uint8Array(fields.length);
    this.#fields = fields.map(({ name, write }, index) => {
      const [first, last] = [index === 0 ? before : '', index === fields.length - 1 ? after : ''];
      return first === '' && last === '' ? { name, write } : { name, write: (value) => first + write(value) + last };
    });
  }

  /** Long lists are written in slices, once the pieces are counted. */
  write(records: Records, pieces: Pieces): void {
    if (records.length > writtenAtOnce) pieces.add(new Later(() => this.#writeAll(records, new Pieces())));
    else inOneGo(this.#writeAll(records, pieces));
  }

  /** Between two blocks other lists may be written: what of those is in blocks that they replace stays as long as it is lent. */
  *#writeAll(records: Records, pieces: Pieces): Slices<Pieces> {
    const slice = new Slice();
    this.#use();
    for (let from = 0; from < records.length; ) {
      const block = this.#blockAt(records, from) ?? this.#join(records, from);
      block.used = this.#sweeps;
      pieces.borrow(block.memory.lend());
      from += block.entries.length;
      if (slice.overNow()) {
        yield* slice.pause();
        this.#use();
      }
    }
    this.#sinceSweep += records.length;
    if (this.#sinceSweep > 1000 + 4 * this.#byId.size) this.#sweep();
    return pieces;
  }

  /** How many bytes it holds: at most twice those of the records. */
  get held(): number {
    let held = 0;
    for (const block of new Set([...this.#byId.values()].map((entry) => entry.block))) held += lengthOf(block);
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

  /** The block that has just the records from there on, or has them now. */
  #blockAt(records: Records, from: number): Block | undefined {
    const entry = this.#entryOf(records[from]!);
    if (entry === undefined || entry.index !== 0) return undefined;
    const { block } = entry;
    if (block.live < lengthOf(block) || from + block.entries.length > records.length) return undefined;
    let at = from;
    for (const { record } of block.entries) if (record !== records[at++]) return this.#replacedAt(records, from, block);
    return block;
  }

  /**
   * A block whose records have changed, but none of their fields is of another length now: what differs is written over
   * what was there. Not while somebody reads it.
   */
  #replacedAt(records: Records, from: number, block: Block): Block | undefined {
    if (block.memory.isRead) return undefined;
    const { entries, starts, lengths } = block;
    const fields = this.#fields;
    const differs = this.#differs;
    replacement.begin();
    for (let index = 0; index < entries.length; index++) {
      const record = records[from + index]!;
      const before = entries[index]!.record;
      if (record === before) continue;
      if (record.id !== before.id) return undefined;
      this.#markDifferences(record, before, differs);
      let to = starts[index]!;
      for (let at = 0, field = index * fields.length; at < fields.length; at++, field++) {
        const length = lengths[field]!;
        if (differs[at] !== 0) {
          const { name, write } = fields[at]!;
          const text = write(record[name]);
          if (text.length !== length) return undefined;
          replacement.put(text, to);
        }
        to += length;
      }
    }
    if (!replacement.end(block.memory)) return undefined;
    for (let index = 0; index < entries.length; index++) entries[index]!.record = records[from + index]!;
    return block;
  }

  /** Makes a block of the records from there on, of as many as are well together. */
  #join(records: Records, from: number): Block {
    const joined: (Entry | undefined)[] = [];
    assembly.begin();
    let entry: Entry | undefined;
    for (let index = from; index < records.length; index++) {
      const record = records[index]!;
      entry = this.#after(entry, record) ?? this.#entryOf(record);
      const full = entry === undefined ? bytes.usual : entry.index === 0 ? bytes.least : bytes.most;
      if (assembly.length >= full) break;
      if (entry === undefined) this.#append(record);
      else if (entry.record === record) this.#appendCopy(entry);
      else this.#appendChanged(record, entry);
      joined.push(entry);
    }
    const block: Block = { ...assembly.end(this.#fields.length), entries: [], live: 0, used: this.#sweeps };
    const left = new Set<Block>();
    for (const [index, entry] of joined.entries()) {
      const record = records[from + index]!;
      if (entry !== undefined && entry.block !== block) {
        entry.block.live -= sizeOf(entry);
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
    block.live = lengthOf(block);
    for (const other of left) {
      if (other.live === 0) other.memory.letGo();
      else if (2 * other.live < lengthOf(other)) this.#compact(other);
    }
    return block;
  }

  /** Most of a block is in later ones: it gives up their bytes. */
  #compact(block: Block): void {
    const entries = block.entries.filter((entry) => entry.block === block);
    assembly.begin();
    for (const entry of entries) this.#appendCopy(entry);
    const { memory } = block;
    Object.assign(block, assembly.end(this.#fields.length), { entries });
    memory.letGo();
    for (const [index, entry] of entries.entries()) entry.index = index;
  }

  /** Forgets what no list had since the last time. */
  #sweep(): void {
    for (const [id, { block }] of this.#byId) if (block.used < this.#sweeps) this.#byId.delete(id);
    this.#sweeps += 1;
    this.#sinceSweep = 0;
  }

  #append(record: Record<string, unknown>): void {
    for (const { name, write } of this.#fields) assembly.put(write(record[name]));
  }

  #appendCopy({ block, index }: Entry): void {
    const count = this.#fields.length;
    assembly.copy(block, index * count, (index + 1) * count, block.starts[index]!);
  }

  /** Runs of fields that have the values of the record before are copied. */
  #appendChanged(record: Record<string, unknown>, { block, index, record: before }: Entry): void {
    const fields = this.#fields;
    const differs = this.#differs;
    this.#markDifferences(record, before, differs);
    const first = index * fields.length;
    let from = block.starts[index]!;
    for (let at = 0; at < fields.length; at++) {
      const same = at;
      while (at < fields.length && differs[at] === 0) at++;
      if (at > same) from = assembly.copy(block, first + same, first + at, from);
      if (at === fields.length) break;
      const { name, write } = fields[at]!;
      assembly.put(write(record[name]));
      from += block.lengths[first + at]!;
    }
  }
}

const lengthOf = ({ memory }: Block): number => memory.bytes.length;

const sizeOf = ({ block: { starts }, index }: Entry): number => starts[index + 1]! - starts[index]!;
