/** Section 2: what is written and is no message. */
import type { Kit } from '../bring-up/kit.ts';
import { call, has, keyOf, needsMachines, remove, wishFor } from '../evidence/machine.ts';
import { tourOf } from '../evidence/tour.ts';
import { forgedId, hostileTexts } from '../evidence/values.ts';
import { excerpt, Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const answeredId = 77;

/** Lines that are no messages; the host never sends such. */
const senseless: readonly (string | Buffer)[] = [
  'hello',
  '42',
  'null',
  '[]',
  '{"a":1}',
  '{"jsonrpc":"2.0","result":1}',
  `{"jsonrpc":"2.0","id":${answeredId},"result":{}}`,
  Buffer.from([0x22, 0xff, 0xfe, 0x22]),
];

/** A plugin may end at a line that no host sends; what it must not do is answer. */
const staysSilent = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready();
  for (const id of [answeredId, null]) conversation.provoked.add(id);
  try {
    for (const line of senseless) {
      const before = conversation.said.length;
      conversation.write(Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
      const goesOn = await kit.fence(conversation).then(
        () => true,
        () => false,
      );
      const answer = conversation.said
        .slice(before)
        .find(({ id, method }) => method === undefined && (id === null || id === answeredId));
      if (answer !== undefined) {
        throw new Failure(
          `It answers a line that is no request, ${excerpt(String(line))}, with ${excerpt(answer)}`,
          'A request has an id and a method: drop what lacks one of them.',
        );
      }
      if (!goesOn && conversation.how === undefined) {
        throw new Failure(`After a line that is no message it answers nothing any more: ${excerpt(String(line))}`);
      }
      if (conversation.how !== undefined) {
        kit.ledger.enter(
          '2.4',
          'warning',
          `It ${conversation.how} at a line that is no message.`,
          'The host sends none; whoever types at it by hand will.',
        );
        return;
      }
    }
  } finally {
    await kit.finish(conversation);
  }
};

/** What callers chose as names is printed somewhere sooner or later. */
const isNotForged = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  if (!has(conversation, 'compute.get') && !has(conversation, 'compute.create')) {
    throw new Unclaimed('It names no call that takes a text.');
  }
  for (const { what, text } of hostileTexts) {
    if (has(conversation, 'compute.get')) await call(kit, conversation, 'compute.get', { vm: text });
    try {
      needsMachines(conversation);
    } catch (error) {
      if (error instanceof Skip || error instanceof Unclaimed) continue;
      throw error;
    }
    const wish = { ...wishFor(kit, 'forged'), name: text, labels: { 'annelid-check': text } };
    const answer = await call(kit, conversation, 'compute.create', wish, keyOf(kit, `forged-${what}`));
    const { id } = (answer.result ?? {}) as { id?: string };
    if (id !== undefined) await remove(kit, conversation, id);
  }
  await kit.fence(conversation);
  if (conversation.said.some(({ id }) => id === forgedId)) {
    throw new Failure(
      'A name with a line break and JSON in it came out of it as a message of its own.',
      'Move the real standard output away before anything else runs, as the kits do: what is printed then goes to standard error.',
    );
  }
};

export const noise: readonly Clause[] = [
  {
    clause: '2.1',
    asks: 'Standard output has messages alone; anything else is noise.',
    probes: [probe('prints nothing between its messages', async (kit) => void (await tourOf(kit)))],
  },
  {
    clause: '2.2',
    asks: 'No noise is glued to a message.',
    probes: [probe('ends what it prints', async (kit) => void (await tourOf(kit)))],
  },
  {
    clause: '2.3',
    asks: 'Each request has one answer; notifications are of a kind that is known.',
    probes: [
      probe('answers each request once, and nothing else', async (kit) => {
        await tourOf(kit);
        await kit.fence(await kit.shared());
      }),
    ],
  },
  {
    clause: '2.4',
    asks: 'Noise is not answered, and what is printed does not become a message.',
    probes: [
      probe('says nothing to lines that are no messages', staysSilent),
      probe('lets no name of a machine pass for a message', isNotForged),
    ],
  },
  {
    clause: '2.5',
    asks: 'Standard error is the log: lines of at most 8 KiB.',
    probes: [probe('writes lines that can be logged', async (kit) => void (await tourOf(kit)))],
  },
];
