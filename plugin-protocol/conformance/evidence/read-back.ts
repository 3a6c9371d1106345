/** What a change has answered, read back: `compute.get` and `compute.list` say the same of a machine. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NativeVm } from '../../resources.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { errorOf, said } from '../report/answers.ts';
import { excerpt, Failure } from '../report/verdict.ts';
import { call, has, listAll, named, nameOf } from './machine.ts';

const members = ['state', 'name', 'vcpus', 'memoryMiB'] as const;

/** What is known of a machine: of what is left out nothing is expected. */
export type Expected = { [Member in (typeof members)[number] | 'labels']?: NativeVm[Member] | undefined };

export const keptAdvice = 'Write down what a call changes before it is answered, and read where it was written.';
const labelsAdvice =
  'Keep labels with the machine; where the backend cannot, leave labels out of all answers, and the daemon keeps them.';

/** How a text is composed of characters is for the backend to say. */
const plain = (value: unknown) => (typeof value === 'string' ? value.normalize() : value);

/** What a record of a machine has otherwise than it should; labels that are not answered the host keeps. */
const differenceOf = (expected: Expected, record: Partial<NativeVm>): string | undefined => {
  for (const member of members) {
    const [wanted, is] = [expected[member] ?? undefined, record[member] ?? undefined];
    if (wanted === undefined || is === undefined || plain(wanted) === plain(is)) continue;
    return `the ${member} ${excerpt(is)} in place of ${excerpt(wanted)}`;
  }
  const { labels } = record;
  const lost = labels && Object.entries(expected.labels ?? {}).find(([name, value]) => labels[name] !== value);
  return lost && `no label ${lost[0]} with the value ${excerpt(lost[1])}`;
};

/** What the reads say otherwise. */
const complaintOf = async (
  kit: Kit,
  conversation: Conversation,
  vm: string,
  expected: Expected,
): Promise<string | undefined> => {
  if (has(conversation, 'compute.get')) {
    const answer = await call(kit, conversation, 'compute.get', { vm });
    if (errorOf(answer)) return `compute.get of the machine fails with ${said(answer)}`;
    const difference = differenceOf(expected, answer.result as NativeVm);
    if (difference !== undefined) return `compute.get has the machine with ${difference}.`;
  }
  if (!has(conversation, 'compute.list')) return undefined;
  const [item] = named(await listAll(kit, conversation), nameOf(kit, 'none'), vm);
  if (item === undefined) return 'compute.list does not have the machine.';
  const difference = differenceOf(expected, item);
  return difference && `compute.list has the machine with ${difference}.`;
};

/** Throws when the reads, asked again for a moment, do not come to say what is known. `when` begins the sentence. */
export const expectReads = async (
  kit: Kit,
  conversation: Conversation,
  vm: string,
  expected: Expected,
  when: string,
  advice: string,
): Promise<void> => {
  const { clock } = conversation;
  const until = clock.read() + kit.setting.patience.stopMs;
  for (let pauseMs = 50; ; pauseMs *= 2) {
    const complaint = await complaintOf(kit, conversation, vm, expected);
    if (complaint === undefined) return;
    if (clock.read() > until)
      throw new Failure(`${when} ${complaint}`, complaint.includes('with no label') ? labelsAdvice : advice);
    await sleep(pauseMs);
  }
};
