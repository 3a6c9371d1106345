/**
 * The inventory: every resource that connectors report, in memory and in the store. Records are immutable: a change
 * makes a new one, so that frontends can keep the encoded text of a record for as long as it is the same object.
 */
import { isDeepStrictEqual } from 'node:util';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Host, Image, Network, Vm, Volume } from '../catalogue/resources.ts';
import type { ResourceKind, ResourceRow } from './ports.ts';

export interface Records {
  vm: Vm;
  host: Host;
  image: Image;
  network: Network;
  volume: Volume;
}

/** Resources of one kind, found by id, by backend id and by name. */
class Collection<K extends ResourceKind> {
  readonly kind: K;
  readonly #byId = new Map<string, Records[K]>();
  readonly #byNative = new Map<string, string>();
  readonly #byName = new Map<string, Set<string>>();
  readonly #sorted = new Map<string, Records[K][]>();

  constructor(kind: K) {
    this.kind = kind;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Records[K] | undefined {
    return this.#byId.get(id);
  }

  values(): IterableIterator<Records[K]> {
    return this.#byId.values();
  }

  byNative(connector: string, nativeId: string): Records[K] | undefined {
    const id = this.#byNative.get(`${connector}\0${nativeId}`);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** All records with that id, else with that name, else with that backend id, as records refer to one another by it. */
  named(word: string): Records[K][] {
    const byId = this.#byId.get(word);
    if (byId !== undefined) return [byId];
    const byName = this.#byName.get(word);
    if (byName !== undefined) return [...byName].map((id) => this.#byId.get(id)!);
    // Rare enough for a look at all of them.
    return [...this.#byId.values()].filter(({ nativeId }) => nativeId === word);
  }

  set(record: Records[K]): void {
    this.delete(record.id, record);
    this.#byId.set(record.id, record);
    if (record.nativeId !== '') this.#byNative.set(`${record.connector}\0${record.nativeId}`, record.id);
    if (!('state' in record) || record.state !== 'deleted') {
      const same = this.#byName.get(record.name);
      if (same === undefined) this.#byName.set(record.name, new Set([record.id]));
      else same.add(record.id);
    }
    this.#sorted.clear();
  }

  /** Take a record out; with `successor`, only out of the indexes in which the successor will stand elsewhere. */
  delete(id: string, successor?: Records[K]): void {
    const old = this.#byId.get(id);
    if (old === undefined) return;
    if (old.nativeId !== '') this.#byNative.delete(`${old.connector}\0${old.nativeId}`);
    const same = this.#byName.get(old.name);
    same?.delete(id);
    if (same?.size === 0) this.#byName.delete(old.name);
    if (successor === undefined) this.#byId.delete(id);
    this.#sorted.clear();
  }

  /** All records in the order of a field, then of their ids; kept until something changes. Ids are in order of creation. */
  sorted(field: keyof Records[K] & string): readonly Records[K][] {
    let list = this.#sorted.get(field);
    if (list === undefined) {
      list = [...this.#byId.values()].sort((a, b) => compare(a[field], b[field]) || compare(a.id, b.id));
      this.#sorted.set(field, list);
    }
    return list;
  }
}

export const compare = (a: unknown, b: unknown): number => {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return (a as string) < (b as string) ? -1 : 1;
};

export class Inventory {
  readonly vm = new Collection('vm');
  readonly host = new Collection('host');
  readonly image = new Collection('image');
  readonly network = new Collection('network');
  readonly volume = new Collection('volume');

  load(rows: readonly ResourceRow[]): void {
    for (const { kind, record } of rows) this.set(kind, record as never);
  }

  set<K extends ResourceKind>(kind: K, record: Records[K]): void {
    (this[kind] as Collection<K>).set(record);
  }

  of<K extends ResourceKind>(kind: K): Collection<K> {
    return this[kind] as Collection<K>;
  }

  /** Whether anything is known of a connector. */
  knows(connector: string): boolean {
    const isOf = (record: { connector: string }) => record.connector === connector;
    return [this.vm, this.host, this.image, this.network, this.volume].some((kind) => [...kind.values()].some(isOf));
  }

  /**
   * The record that a reference means: an id, or a name that only one record has among those that `visible` lets the
   * caller see. What the caller may not see does not exist.
   */
  resolve<K extends ResourceKind>(kind: K, word: string, visible: (record: Records[K]) => boolean): Records[K] {
    const found = this.of(kind).named(word).filter(visible);
    if (found.length === 1) return found[0]!;
    if (found.length === 0) throw new Fault('not-found', `There is no ${kind} ${word}.`, { resource: word });
    const ids = found.map(({ id }) => id);
    throw new Fault(
      'conflict',
      `${found.length} of them are called ${word}: use an id (${ids.slice(0, 5).join(', ')}).`,
      {
        hint: `Name the ${kind} by its id.`,
      },
    );
  }
}

/** Whether two records differ in anything but the time of their last change. */
export const differs = (a: object, b: object): boolean =>
  !isDeepStrictEqual({ ...a, changed: undefined }, { ...b, changed: undefined });

/**
 * A record whose values are those of the record before it, the very same, wherever they are equal: frontends need to
 * write only what has changed, and see that at a glance.
 */
export const sharing = <T extends object>(before: T, after: T): T => {
  const shared = { ...after };
  for (const field of Object.keys(after) as (keyof T)[]) {
    if (isDeepStrictEqual(before[field], after[field])) shared[field] = before[field];
  }
  return shared;
};
