/** Section 19: accounting. */
import { randomUUID } from 'node:crypto';
import { entriesRecorded, type UsageEntry } from '../../contract/accounting.ts';
import { type Clause, probe } from '../clause.ts';
import type { Conversation } from '../conversation.ts';
import { errorOf, type Kit, nobody, said } from '../kit.ts';
import { call, has, result } from '../machine.ts';
import { excerpt, Failure, Unclaimed } from '../verdict.ts';

const claimed = (conversation: Conversation): Conversation => {
  if (!has(conversation, 'accounting.record')) throw new Unclaimed('It does not name accounting.record.');
  return conversation;
};

/** Of an account that nobody has; the id is what tells one from another. */
const entry = (kit: Kit, number: number): UsageEntry => ({
  id: randomUUID(),
  vm: `annelid-check-${kit.nonce}`,
  name: `annelid-check-${kit.nonce}`,
  account: nobody,
  connector: nobody,
  vcpus: 1,
  memoryMiB: 64,
  began: new Date(number * 1000).toISOString(),
  ended: new Date(number * 1000 + 1000).toISOString(),
  seconds: 1,
});

interface Recorded {
  refused?: { id: string; message: string }[];
}

const record = (kit: Kit, conversation: Conversation, entries: readonly UsageEntry[]): Promise<Recorded | undefined> =>
  result<Recorded | undefined>(kit, conversation, 'accounting.record', { entries });

const takesMany = async (kit: Kit): Promise<void> => {
  const conversation = claimed(await kit.shared());
  // Without what may be left out.
  const { vcpus: _, memoryMiB: __, ...least } = entry(kit, 0);
  await record(kit, conversation, [least]);
  await record(
    kit,
    conversation,
    Array.from({ length: entriesRecorded }, (_entry, number) => entry(kit, number)),
  );
};

const place = 'ledger';

const takesAgain = async (kit: Kit): Promise<void> => {
  claimed(await kit.shared());
  const [first, second, third] = [entry(kit, 1), entry(kit, 2), entry(kit, 3)];
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

const refusesItsOwn = async (kit: Kit): Promise<void> => {
  const conversation = claimed(await kit.shared());
  const entries = [entry(kit, 4), entry(kit, 5)];
  const { refused = [] } = (await record(kit, conversation, entries)) ?? {};
  const stray = refused.find(({ id }) => !entries.some((one) => one.id === id));
  if (stray !== undefined) throw new Failure(`It refuses ${excerpt(stray.id)}, which was not among what it was told.`);
};

export const accounting: readonly Clause[] = [
  {
    clause: '19.1',
    asks: 'accounting.record writes down up to 1000 entries.',
    probes: [probe('takes one and many', takesMany)],
  },
  {
    clause: '19.2',
    asks: 'An entry that comes again is counted once, and is no error.',
    probes: [probe('takes entries again, also after kill -9', takesAgain)],
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
