/** Several things at once that a plugin's own methods make: its lists have all of them, and to remove one leaves the others. */
import { setTimeout as sleep } from 'node:timers/promises';
import { compileCheck } from '../../check/compile.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { ServiceMethod } from '../bring-up/services.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { errorOf } from '../report/answers.ts';
import { excerpt, Failure, Unclaimed } from '../report/verdict.ts';
import { changeAsShown, type Entry, shownChanges, shownParams } from './lists.ts';
import { call, isOtherUnit, itemsOf, keyOf } from './machine.ts';

const place = 'in-lists';

/** A method that makes or removes one thing, and the parameter that says which. */
interface OfOne {
  method: ServiceMethod;
  which: string;
  entry: Entry;
}

/** Of the parameters as they are shown, the one that is the id or the name of what has changed. */
const ofOne = (method: ServiceMethod, changed: readonly Entry[]): OfOne | undefined => {
  const [entry, ...others] = changed;
  if (entry === undefined || others.length > 0) return undefined;
  const names = [entry.id, entry.item.name];
  const [which, ...more] = Object.entries(shownParams(method)).flatMap(([name, value]) =>
    typeof value === 'string' && names.includes(value) ? [name] : [],
  );
  return which === undefined || more.length > 0 ? undefined : { method, which, entry };
};

interface Pair {
  maker: OfOne;
  remover: OfOne;
}

/** What makes one thing, and what removes the same: where both are known, further ones can be made that do not stay. */
const pairIn = async (kit: Kit, conversation: Conversation): Promise<Pair> => {
  const methods = shownChanges(conversation);
  let maker: OfOne | undefined;
  for (const method of methods) {
    const { made, gone } = await changeAsShown(kit, conversation, method);
    maker ??= ofOne(method, made);
    const remover = maker && ofOne(method, gone);
    if (maker && remover?.entry.id === maker.entry.id && remover.entry.list === maker.entry.list)
      return { maker, remover };
  }
  throw new Unclaimed(
    methods.length === 0
      ? 'It publishes no method whose example changes what it lists.'
      : 'The examples of its methods make and remove no thing by its name.',
  );
};

const advice = 'List all that there is, page by page where the backend has pages.';
const otherAdvice =
  'Remove the one whose id was given, and no other: look at the conditions of what you ask of the backend.';

/** Texts that were written in one character set and read in another, or cut to what ASCII has. */
const garbled = /\?|\uFFFD|Ã|Â/;
/** Beyond ASCII and with quotes: what is put together or encoded carelessly loses some of it. */
const farName = `ü漢 "a" 'b'`;

const expectNotGarbled = (list: string, item: Item, asked: string): void => {
  const name = String(item.name ?? item.id);
  if (name.normalize() === asked.normalize() || !garbled.test(name)) return;
  throw new Failure(
    `${list} has ${excerpt(name)} where ${excerpt(asked)} was made.`,
    'Keep names as they are, in UTF-8 and bound as values.',
  );
};

/** A backend may round sizes up; it does not make a thousand times as much. */
const expectUnits = ({ list, item }: Entry, params: Record<string, unknown>): void => {
  for (const [name, asked] of Object.entries(params)) {
    const listed = item[name];
    if (!isOtherUnit(listed, asked)) continue;
    throw new Failure(
      `${list} has ${listed} as ${name} of what was made with ${asked}.`,
      `The unit of ${name} is the same in both: see docs/plugin-calls.md.`,
    );
  }
};

/** How a backend writes what it was given is its own affair; that it has nothing of it is not. */
const expectKept = ({ list, item }: Entry, params: Record<string, unknown>): void => {
  for (const [name, asked] of Object.entries(params)) {
    const listed = item[name];
    if (!Array.isArray(asked) || !Array.isArray(listed) || asked.length === 0 || listed.length > 0) continue;
    throw new Failure(
      `${list} has no ${name} of what was made with ${excerpt(asked)}.`,
      'Write down what something is made with before it is answered, and list it.',
    );
  }
};

/** The page of a backend has 10, 20, 50 or 100 as a rule: more are made, as long as that is quick. */
export const morePages = 101;
export const longestMs = 500;

type Item = { id: string } & Entry['item'];

const isCalled = (name: string) => (item: Item) => item.id === name || item.name === name;

/** Things in a list, made and removed by what its author shows. */
class Shelf {
  readonly list: string;
  /** What was made is called so, and is to be in the list. */
  readonly names = new Set<string>();
  readonly #kit: Kit;
  readonly #conversation: Conversation;
  readonly #pair: Pair;
  #calls = 0;

  constructor(kit: Kit, conversation: Conversation, pair: Pair) {
    this.#kit = kit;
    this.#conversation = conversation;
    this.#pair = pair;
    this.list = pair.maker.entry.list;
  }

  items(): Promise<Item[]> {
    return itemsOf(this.#kit, this.#conversation, this.list);
  }

  #call(method: string, params: object) {
    return call(this.#kit, this.#conversation, method, params, keyOf(this.#kit, `in-lists-${++this.#calls}`));
  }

  /** Whether it was made; a schema or a backend may have no such names, or no room. */
  async make(name: string): Promise<boolean> {
    const { method, which } = this.#pair.maker;
    const params = { ...shownParams(method), [which]: name };
    try {
      compileCheck(method.params)(params);
    } catch {
      return false;
    }
    return errorOf(await this.#call(method.name, params)) === undefined;
  }

  async remove({ id, name }: Item): Promise<void> {
    const { method, which, entry } = this.#pair.remover;
    const params = shownParams(method);
    await this.#call(method.name, { ...params, [which]: params[which] === entry.id ? id : name });
  }

  /** Throws when the list, asked again for a moment, does not come to be so. */
  async expect(complaintOf: (items: Item[]) => Failure | undefined): Promise<void> {
    const { clock } = this.#conversation;
    const until = clock.read() + this.#kit.setting.patience.stopMs;
    for (let pauseMs = 50; ; pauseMs *= 2) {
      const complaint = complaintOf(await this.items());
      if (complaint === undefined) return;
      if (clock.read() > until) throw complaint;
      await sleep(pauseMs);
    }
  }

  /** Throws when it lacks one of them. */
  expectAll(when: string, what: string): Promise<void> {
    return this.expect((items) => {
      const missing = [...this.names].filter((name) => !items.some(isCalled(name)));
      if (missing.length === 0) return undefined;
      return new Failure(`${when} ${this.list} lacks ${missing.length}, such as ${excerpt(missing[0])}.`, what);
    });
  }

  async clear(): Promise<void> {
    const items = await this.items();
    for (const item of items.filter((one) => [...this.names].some((name) => isCalled(name)(one))))
      await this.remove(item);
    this.names.clear();
  }
}

const takesFarNames = async (shelf: Shelf, shown: string): Promise<void> => {
  const name = `${shown} ${farName}`;
  const before = new Set((await shelf.items()).map(({ id }) => id));
  if (!(await shelf.make(name))) return;
  const made = (await shelf.items()).filter(({ id }) => !before.has(id));
  for (const item of made) {
    await shelf.remove(item);
    expectNotGarbled(shelf.list, item, name);
  }
};

const hasAll = async (shelf: Shelf, shown: string, conversation: Conversation): Promise<void> => {
  const began = conversation.clock.read();
  for (let number = 1; number <= morePages; number++) {
    const name = number === 1 ? shown : `${shown}${number}`;
    if (!(await shelf.make(name))) break;
    shelf.names.add(name);
    if (number > 1 && conversation.clock.read() - began > longestMs) break;
  }
  await shelf.expectAll(`Of ${shelf.names.size} that were made one after the other,`, advice);
};

const removesOne = async (shelf: Shelf): Promise<void> => {
  if (shelf.names.size < 2) return;
  const [gone = ''] = shelf.names;
  const item = (await shelf.items()).find(isCalled(gone));
  if (item === undefined) return;
  await shelf.remove(item);
  shelf.names.delete(gone);
  await shelf.expectAll(`Once ${excerpt(gone)} was removed, of ${shelf.names.size} others`, otherAdvice);
  await shelf.expect((items) =>
    items.some(isCalled(gone))
      ? new Failure(`${shelf.list} still has ${excerpt(gone)}, which was removed beside others.`, otherAdvice)
      : undefined,
  );
};

export const listsAll = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready(place);
  try {
    const pair = await pairIn(kit, conversation);
    const shown = shownParams(pair.maker.method);
    expectUnits(pair.maker.entry, shown);
    expectKept(pair.maker.entry, shown);
    const shelf = new Shelf(kit, conversation, pair);
    try {
      const name = String(shown[pair.maker.which]);
      await takesFarNames(shelf, name);
      await hasAll(shelf, name, conversation);
      await removesOne(shelf);
    } finally {
      if (conversation.how === undefined) await shelf.clear();
    }
  } finally {
    await kit.finish(conversation);
  }
};
