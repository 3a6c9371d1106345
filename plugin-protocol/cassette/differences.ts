/**
 * Whether what was recorded and what is said now are the same but for what is new each time: times, ids that somebody
 * made, and members that are declared volatile. An id that is another one now is remembered, and must stay that.
 */
import { hidden } from '../secrets/names.ts';

export interface Difference {
  /** JSON Pointer. */
  pointer: string;
  /** JSON of what was recorded, and of what is there now; undefined when there is nothing. */
  recorded: string | undefined;
  found: string | undefined;
}

export const differenceText = ({ pointer, recorded = 'nothing', found = 'nothing' }: Difference): string =>
  `${pointer === '' ? 'the whole' : pointer}: ${cut(recorded)} was recorded, ${cut(found)} is there now`;

const longestShown = 200;
const cut = (text: string) => (text.length > longestShown ? `${text.slice(0, longestShown)}...` : text);

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Members that hold what each side makes up: ids, keys, places in lists. */
const madeUpBy = {
  host: new Set(['id', 'key', 'instance', 'since']),
  plugin: new Set(['id', 'key', 'vm', 'volume', 'network', 'host', 'image', 'mac', 'next', 'cursor']),
};
/** Shorter ids are no part of other text. */
const shortestPart = 6;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an item of a list is known by. */
const idOf = (value: unknown): string | undefined =>
  isRecord(value) && typeof value.id === 'string' ? value.id : undefined;

export class Matching {
  readonly #madeUp: ReadonlySet<string>;
  /** What has the form of a UUID was made up, whatever it is called; a host also names those of others. */
  readonly #anyUuid: boolean;
  readonly #volatile: ReadonlySet<string>;
  readonly #now = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** `said` is whose words are compared. */
  constructor(said: 'host' | 'plugin', volatile: readonly string[] = []) {
    this.#madeUp = madeUpBy[said];
    this.#anyUuid = said === 'plugin';
    this.#volatile = new Set(volatile);
  }

  /** What was recorded, with the ids of now in it. */
  current<T>(recorded: T): T {
    return this.#replace(recorded) as T;
  }

  #replace(value: unknown): unknown {
    if (typeof value === 'string') return this.#textNow(value);
    if (Array.isArray(value)) return value.map((item) => this.#replace(item));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#replace(member)]));
  }

  #textNow(text: string): string {
    const whole = this.#now.get(text);
    if (whole !== undefined) return whole;
    let now = text;
    for (const [from, to] of this.#now) if (from.length >= shortestPart) now = now.replaceAll(from, to);
    return now;
  }

  /** Takes an id of now for a recorded one; false when either stands for another already. */
  #bind(recorded: string, found: string): boolean {
    const [now, before] = [this.#now.get(recorded), this.#recorded.get(found)];
    if (now !== undefined || before !== undefined) return now === found && before === recorded;
    this.#now.set(recorded, found);
    this.#recorded.set(found, recorded);
    return true;
  }

  /** Nothing is remembered of a comparison that finds differences. */
  differences(recorded: unknown, found: unknown): Difference[] {
    const [now, before] = [new Map(this.#now), new Map(this.#recorded)];
    const all = [...this.#compare(recorded, found, '', '')];
    if (all.length > 0) {
      this.#now.clear();
      this.#recorded.clear();
      for (const [from, to] of now) this.#now.set(from, to);
      for (const [to, from] of before) this.#recorded.set(to, from);
    }
    return all;
  }

  *#compare(recorded: unknown, found: unknown, pointer: string, name: string): Generator<Difference> {
    if (this.#volatile.has(name) || this.#volatile.has(pointer)) return;
    if (recorded === hidden || found === hidden) return;
    // An optional member that is null counts as left out.
    if ((recorded ?? undefined) === (found ?? undefined)) {
      if (typeof recorded === 'string' && this.#madeUp.has(name)) this.#bind(recorded, recorded);
      return;
    }
    if (isRecord(recorded) && isRecord(found)) {
      for (const member of new Set([...Object.keys(recorded), ...Object.keys(found)])) {
        yield* this.#compare(recorded[member], found[member], `${pointer}/${member}`, member);
      }
    } else if (Array.isArray(recorded) && Array.isArray(found)) {
      yield* this.#compareLists(recorded, found, pointer, name);
    } else if (!(typeof recorded === 'string' && typeof found === 'string' && this.#sameText(recorded, found, name))) {
      yield { pointer, recorded: JSON.stringify(recorded), found: JSON.stringify(found) };
    }
  }

  #sameText(recorded: string, found: string, name: string): boolean {
    if (timePattern.test(recorded) && timePattern.test(found)) return true;
    if (this.#textNow(recorded) === found) return true;
    const isUuid = this.#anyUuid && uuidPattern.test(recorded) && uuidPattern.test(found);
    const isId = this.#madeUp.has(name) || isUuid;
    return isId && this.#bind(recorded, found);
  }

  /** Where items have ids their order is nobody's promise: hashes have none in some languages. */
  *#compareLists(recorded: unknown[], found: unknown[], pointer: string, name: string): Generator<Difference> {
    const left = [...found.entries()];
    const take = (fits: (item: unknown) => boolean): [number, unknown] | undefined => {
      const at = left.findIndex(([, item]) => fits(item));
      return at < 0 ? undefined : left.splice(at, 1)[0];
    };
    const known = recorded.map((item) => {
      const id = idOf(item);
      return id === undefined ? undefined : take((other) => idOf(other) === this.#textNow(id));
    });
    for (const [index, item] of recorded.entries()) {
      const [place, other] = known[index] ?? left.shift() ?? [];
      yield* this.#compare(item, other, `${pointer}/${place ?? index}`, name.replace(/s$/, ''));
    }
    for (const [index, item] of left) yield* this.#compare(undefined, item, `${pointer}/${index}`, '');
  }
}
