/** Two machines at once: what is done to the one leaves the other as it is, and each is what was asked for. */
import type { NativeVm } from '../../resources.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { errorOf } from '../report/answers.ts';
import { excerpt, Failure } from '../report/verdict.ts';
import { longestMs, morePages } from './apart-in-lists.ts';
import { call, expectAsAsked, has, keyOf, listAll, make, remove, result, type Wish, wishFor } from './machine.ts';
import { expectReads, keptAdvice } from './read-back.ts';

const place = 'apart';

const otherAdvice =
  'List all machines; read, change and remove the one whose id was given, and no other: look at the conditions of what you ask of the backend.';

/** Beyond ASCII and with quotes: what is put together or encoded carelessly loses some of it. */
const farName = `Zürich 漢字 "a" 'b'`;
/** The same with what templates, formats and lists of languages take for something else. */
const fartherName = `${farName} {c \\ $d [e] %s`;

/** Of another size than the first: who makes all of one size is seen. */
const farWishes = [
  { name: fartherName, more: { vcpus: 2, memoryMiB: 128 } },
  { name: farName, more: { vcpus: 2, memoryMiB: 128 } },
  { name: farName, more: {} },
];

/** One that a backend cannot call so it may refuse; then there is one with a plainer name. */
const makeFar = async (kit: Kit, conversation: Conversation): Promise<{ machine: NativeVm; wish: Wish }> => {
  for (const [at, { name, more }] of farWishes.entries()) {
    const wish = wishFor(kit, `apart-2 ${name}`, more);
    const answer = await call(kit, conversation, 'compute.create', wish, keyOf(kit, `apart-far-${at}`));
    if (!errorOf(answer)) return { machine: answer.result as NativeVm, wish };
  }
  return { machine: await make(kit, conversation, 'apart-2'), wish: wishFor(kit, 'apart-2') };
};

const expectName = ({ name }: NativeVm, wish: Wish): void => {
  if (name === undefined || name.normalize() === wish.name.normalize()) return;
  throw new Failure(
    `compute.create makes a machine called ${excerpt(name)} where ${excerpt(wish.name)} was asked for.`,
    'Keep names as they are, in UTF-8 and bound as values; refuse one that the backend cannot have as invalid-params with the field /name.',
  );
};

/** Throws when one of them is not as it should be. */
const expectBoth = async (
  kit: Kit,
  conversation: Conversation,
  both: readonly { vm: string; wish: Wish; state: NativeVm['state'] | undefined }[],
  when: string,
  advice = otherAdvice,
): Promise<void> => {
  for (const { vm, wish, state } of both)
    await expectReads(
      kit,
      conversation,
      vm,
      { state, labels: wish.labels as Record<string, string>, ...(wish.name.includes(farName) && { name: wish.name }) },
      when,
      advice,
    );
};

const expectGone = async (kit: Kit, conversation: Conversation, vm: string): Promise<void> => {
  if (!has(conversation, 'compute.list')) return;
  if ((await listAll(kit, conversation)).some(({ id }) => id === vm))
    throw new Failure('Of two machines compute.list still has the one that was removed.', otherAdvice);
};

/** Whatever is on the second page of the backend is listed, too. */
const listsMany = async (kit: Kit, conversation: Conversation, made: string[]): Promise<void> => {
  if (!has(conversation, 'compute.list')) return;
  const began = conversation.clock.read();
  while (made.length < morePages && conversation.clock.read() - began < longestMs) {
    const name = `apart-${made.length + 1}`;
    const answer = await call(kit, conversation, 'compute.create', wishFor(kit, name), keyOf(kit, name));
    // It has room for no more.
    if (errorOf(answer)) break;
    made.push((answer.result as NativeVm).id);
  }
  const listed = new Set((await listAll(kit, conversation)).map(({ id }) => id));
  const missing = made.filter((id) => !listed.has(id)).length;
  if (missing > 0)
    throw new Failure(
      `Of ${made.length} machines that were made one after the other, compute.list lacks ${missing}.`,
      'List all machines, page by page where the backend has pages.',
    );
};

export const tellsApart = async (kit: Kit): Promise<void> => {
  let conversation = await kit.ready(place);
  const made: string[] = [];
  try {
    const { id: one } = await make(kit, conversation, 'apart-1');
    made.push(one);
    const { machine, wish } = await makeFar(kit, conversation);
    const { id: other } = machine;
    made.push(other);
    expectName(machine, wish);
    expectAsAsked(kit, wish, machine);
    if (one === other) throw new Failure('Two machines have the same id.', 'An id is of one machine, for ever.');
    const first = { vm: one, wish: wishFor(kit, 'apart-1'), state: 'stopped' as NativeVm['state'] };
    const second = { vm: other, wish, state: 'stopped' as NativeVm['state'] };
    await expectBoth(kit, conversation, [first, second], 'Of two machines that were made,');
    if (has(conversation, 'compute.start')) {
      const { state } = await result<NativeVm>(
        kit,
        conversation,
        'compute.start',
        { vm: one },
        keyOf(kit, 'apart-start'),
      );
      await expectBoth(kit, conversation, [{ ...first, state }, second], 'Of two machines, one of which was started,');
      first.state = state;
    }
    if (conversation.description.idempotency === 'key') {
      await kit.finish(conversation);
      conversation = await kit.ready(place);
      await expectBoth(kit, conversation, [first, second], 'After kill -9, of two machines,', keptAdvice);
    }
    await listsMany(kit, conversation, made);
    await remove(kit, conversation, one);
    await expectBoth(kit, conversation, [second], 'Of two machines, one of which was removed,');
    await expectGone(kit, conversation, one);
  } finally {
    for (const vm of made) await remove(kit, conversation, vm);
    await kit.finish(conversation);
  }
};
