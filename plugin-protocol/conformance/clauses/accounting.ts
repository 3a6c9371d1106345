/** Section 19: accounting. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UsageEntry } from '../../contract/accounting.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { booksIn, needsBooks } from '../evidence/books.ts';
import { compare, entriesFor, entryFor } from '../evidence/entries.ts';
import { call, has, result } from '../evidence/machine.ts';
import { errorOf, said } from '../report/answers.ts';
import { excerpt, Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const claimed = (conversation: Conversation): Conversation => {
  if (!has(conversation, 'accounting.record')) throw new Unclaimed('It does not name accounting.record.');
  return conversation;
};

interface Recorded {
  refused?: { id: string; message: string }[];
}

const record = (kit: Kit, conversation: Conversation, entries: readonly UsageEntry[]): Promise<Recorded | undefined> =>
  result<Recorded | undefined>(kit, conversation, 'accounting.record', { entries });

const takesMany = async (kit: Kit): Promise<void> => {
  const conversation = claimed(await kit.shared());
  // Without what may be left out.
  const { vcpus: _, memoryMiB: __, ...least } = entryFor(kit, 0);
  await record(kit, conversation, [least]);
  await record(kit, conversation, entriesFor(kit));
};

const place = 'ledger';

const takesAgain = async (kit: Kit): Promise<void> => {
  claimed(await kit.shared());
  const [first, second, third] = [entryFor(kit, 1), entryFor(kit, 2), entryFor(kit, 3)];
  const before = await kit.ready(place);
  try {
    await record(kit, before, [first, second]);
    await againIsFine(kit, before, [first, second], 'at once');
    before.carrier.kill('SIGKILL');
    await before.carrier.ended;
  } finally {
    await kit.finish(before);
  }
  const after = await kit.ready(place);
  try {
    // What was answered last is not known to the host: the next one is told with it.
    await againIsFine(kit, after, [second, third], 'after kill -9, with another one');
  } finally {
    await kit.finish(after);
  }
};

const againIsFine = async (
  kit: Kit,
  conversation: Conversation,
  entries: readonly UsageEntry[],
  when: string,
): Promise<void> => {
  const answer = await call(kit, conversation, 'accounting.record', { entries });
  if (errorOf(answer) === undefined) return;
  throw new Failure(
    `An entry that comes again ${when} fails with ${said(answer)}`,
    'Look for its id, count it once, and answer as if it had come for the first time.',
  );
};

/** Throws when its books do not have each of these once. */
const expectOnce = async (kit: Kit, where: string, entries: readonly UsageEntry[], when: string): Promise<void> => {
  const books = await booksIn(kit, where);
  const counts = entries.map(({ id }) => books.count(id));
  const lost = counts.filter((count) => count === 0).length;
  if (lost > 0)
    throw new Failure(
      `${when}, ${lost} of ${counts.length} entries are not in its books, ${excerpt(kit.setting.books)}, and it has answered that they are written.`,
      'Answer once they are where they outlive the process; check.books in manifest.json must be what shows them.',
    );
  const most = Math.max(...counts);
  if (most > 1)
    throw new Failure(
      `${when}, ${counts.filter((count) => count > 1).length} of ${counts.length} entries are in its books ${most} times.`,
      'Look for the id and write the entry in one step, such as a transaction, also of what another process has written.',
    );
};

/** Throws where nothing of what is told would be found in the books. */
const takenBy = async (kit: Kit, conversation: Conversation): Promise<void> => {
  const { refused = [] } = (await record(kit, conversation, [entryFor(kit, 0)])) ?? {};
  if (refused.length === 0) return;
  throw new Skip(
    `It refuses the entries of this check: ${excerpt(refused[0]!.message)}`,
    'Say as check.entry in manifest.json what one must have, such as {"account": "acme"}.',
  );
};

const keepsWhatItAnswersFor = async (kit: Kit): Promise<void> => {
  claimed(await kit.shared());
  needsBooks(kit);
  const conversation = await kit.ready('books');
  const entries = entriesFor(kit, 10);
  try {
    await takenBy(kit, conversation);
    await record(kit, conversation, entries);
    conversation.carrier.kill('SIGKILL');
    await conversation.carrier.ended;
  } finally {
    await kit.finish(conversation);
  }
  await expectOnce(kit, 'books', entries, 'Killed once it had answered');
};

const writesWhatItWasTold = async (kit: Kit): Promise<void> => {
  claimed(await kit.shared());
  needsBooks(kit);
  const conversation = await kit.ready('content');
  const entries = entriesFor(kit, 10);
  try {
    await takenBy(kit, conversation);
    await record(kit, conversation, entries);
  } finally {
    await kit.finish(conversation);
  }
  const books = await booksIn(kit, 'content');
  const compared = entries.flatMap((entry) => books.records(entry.id).map((one) => compare(kit, entry, one)));
  const wrong = compared.find(({ difference }) => difference !== undefined);
  if (wrong !== undefined)
    throw new Failure(
      `Its books, ${excerpt(kit.setting.books)}, have an entry with ${wrong.difference}, which it was told.`,
      'Write what an entry has as it came: who used how much, and for how long.',
    );
  if (compared.every(({ known }) => known.length === 0))
    throw new Unclaimed(
      'check.books does not show what its entries have, by the names of their members.',
      'Whether times and sizes are written as they were told is seen where check.books is a file of lines of JSON or of SQLite, or a command that prints lines of JSON.',
    );
};

/** So often it is killed while it writes, each time a little later. */
const kills = 6;

const countsOnce = async (kit: Kit): Promise<void> => {
  claimed(await kit.shared());
  needsBooks(kit);
  let conversation = await kit.ready('killed');
  try {
    await takenBy(kit, conversation);
    const told = entriesFor(kit);
    const began = performance.now();
    await record(kit, conversation, told);
    const tookMs = performance.now() - began;
    for (let time = 0; time < kills; time++) {
      const entries = entriesFor(kit);
      const answer = call(kit, conversation, 'accounting.record', { entries }).catch(() => undefined);
      await sleep((tookMs * time) / (kills - 1));
      await kit.finish(conversation);
      await answer;
      conversation = await kit.ready('killed');
      await againIsFine(kit, conversation, entries, 'after kill -9 while it was written');
      told.push(...entries);
    }
    await expectOnce(kit, 'killed', told, 'Killed again and again while it was told');
  } finally {
    await kit.finish(conversation);
  }
};

/** While a process is replaced (3.12), the other one has been configured already. */
const countsOnceBeside = async (kit: Kit): Promise<void> => {
  const { description } = claimed(await kit.shared());
  needsBooks(kit);
  if (kit.setting.subject.kind === 'address')
    throw new Unclaimed('It runs already: another process of it is not the affair of the host.');
  if (description.processes === 1)
    throw new Unclaimed('There are never two processes of it: it describes processes: 1.');
  const [old, next] = [await kit.ready('beside'), await kit.ready('beside')];
  const [first, second, third] = [entryFor(kit, 1), entryFor(kit, 2), entryFor(kit, 3)];
  const many = entriesFor(kit);
  try {
    await takenBy(kit, old);
    await record(kit, old, [first]);
    await againIsFine(kit, next, [first, second], 'to another process');
    await againIsFine(kit, old, [second, third], 'to the process before');
    await expectOnce(kit, 'beside', [first, second, third], 'Told to two processes in turns');
    await Promise.all([old, next].map((each) => againIsFine(kit, each, many, 'to two processes at once')));
    await expectOnce(kit, 'beside', many, 'Told to two processes at once');
  } finally {
    await kit.finish(next);
    await kit.finish(old);
  }
};

const refusesItsOwn = async (kit: Kit): Promise<void> => {
  const conversation = claimed(await kit.shared());
  const entries = [entryFor(kit, 4), entryFor(kit, 5)];
  const { refused = [] } = (await record(kit, conversation, entries)) ?? {};
  const stray = refused.find(({ id }) => !entries.some((one) => one.id === id));
  if (stray !== undefined) throw new Failure(`It refuses ${excerpt(stray.id)}, which was not among what it was told.`);
  if (refused.length === 0 || kit.setting.books === undefined) return;
  const books = await booksIn(kit, 'shared');
  if (refused.some(({ id }) => books.count(id) > 0))
    throw new Failure('It refuses an entry, and has it in its books.', 'What is refused does not come again.');
};

export const accounting: readonly Clause[] = [
  {
    clause: '19.1',
    asks: 'accounting.record writes down up to 1000 entries as they are, where they outlive the process.',
    probes: [
      probe('takes one and many', takesMany),
      probe('has in its books what it has answered for', keepsWhatItAnswersFor),
      probe('has it there as it was told', writesWhatItWasTold),
    ],
  },
  {
    clause: '19.2',
    asks: 'An entry that comes again is counted once, and is no error.',
    probes: [
      probe('takes entries again, also after kill -9', takesAgain),
      probe('counts each once, whenever it is killed', countsOnce),
      probe('counts each once beside another process of it', countsOnceBeside),
    ],
  },
  {
    clause: '19.3',
    asks: 'refused names entries of the call.',
    probes: [probe('refuses what it was told, and nothing else', refusesItsOwn)],
  },
  {
    clause: '19.4',
    asks: 'Entries come in order, one call after the other, until they are taken.',
    host: 'It is the host that tells.',
  },
];
