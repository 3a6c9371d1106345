/** Section 9: what became of a mutation. */
import type { Found } from '../../contract/base.ts';
import type { NativeVm } from '../../resources.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { call, has, keyOf, listAll, make, named, needsMachines, remove, result, wishFor } from '../evidence/machine.ts';
import { canSweep, sweep } from '../evidence/sweep.ts';
import { nobody } from '../evidence/values.ts';
import { errorOf, said } from '../report/answers.ts';
import { excerpt, Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const needsKey = ({ description }: Conversation): void => {
  if (description.idempotency !== 'key') throw new Unclaimed('It does not declare the idempotency key.');
};

const askFind = (kit: Kit, conversation: Conversation, key: string, params: object = { id: nobody }) =>
  call(kit, conversation, 'find', { call: 'compute.create', params }, key);

const answersFind = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  const answer = await askFind(kit, conversation, keyOf(kit, 'never'));
  const error = errorOf(answer);
  if (error === undefined) return;
  if (error.code !== -32601)
    throw new Failure(`find of a key that was never used fails with ${said(answer)}`, 'Answer the outcome none.');
  if (conversation.description.idempotency === 'key') {
    throw new Failure(
      'It declares the idempotency key, and has no find.',
      'Without find nobody learns what became of a call that was cut off; declare none, or write it.',
    );
  }
};

const saysNone = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  needsKey(conversation);
  const { outcome } = await result<Found>(
    kit,
    conversation,
    'find',
    { call: 'compute.create', params: { id: nobody } },
    keyOf(kit, 'never'),
  );
  if (outcome !== 'none')
    throw new Failure(
      `find says ${outcome} of a call that was never made.`,
      'none lets the host make the call; unknown keeps an operator busy.',
    );
};

/** After the same create came twice, and once more with another id, there is one machine. */
const makesOnce = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  needsMachines(conversation);
  needsKey(conversation);
  const first = await make(kit, conversation, 'once');
  const wish = wishFor(kit, 'once');
  try {
    const key = keyOf(kit, 'once');
    const again = await result<NativeVm>(kit, conversation, 'compute.create', { ...wish, id: first.id }, key);
    const other = await result<NativeVm>(kit, conversation, 'compute.create', wish, key);
    const there = has(conversation, 'compute.list')
      ? named(await listAll(kit, conversation), wish.name, first.id)
      : [first];
    if (there.length !== 1 || again.id !== first.id || other.id !== first.id) {
      for (const { id } of [again, other, ...there]) if (id !== first.id) await remove(kit, conversation, id);
      throw new Failure(
        `compute.create, sent again with the same key, makes another machine: there are ${Math.max(there.length, 2)}.`,
        'Look for the key before you make anything, and answer the machine that has it.',
      );
    }
    const found = await askFind(kit, conversation, key, wish);
    const { outcome, vm } = (found.result ?? {}) as Partial<Found>;
    if (outcome !== 'done')
      throw new Failure(`find says ${excerpt(outcome ?? said(found))} of compute.create once that is done.`);
    if (vm?.id !== first.id)
      throw new Failure(
        'find says done of compute.create, without the machine that was made.',
        'vm is the machine as it is now.',
      );
    await makesAnother(kit, conversation, first);
  } finally {
    await remove(kit, conversation, first.id);
  }
};

/** A name is no key: another machine may have it already. A backend that has each name once may refuse. */
const makesAnother = async (kit: Kit, conversation: Conversation, { id }: NativeVm): Promise<void> => {
  const answer = await call(kit, conversation, 'compute.create', wishFor(kit, 'once'), keyOf(kit, 'once-more'));
  if (errorOf(answer)) return;
  const other = answer.result as NativeVm;
  if (other.id === id) {
    throw new Failure(
      'compute.create with another key and the same name answers the machine that is there, and makes none.',
      'Look for the key: somebody wants a second machine of that name, and gets one that is in use.',
    );
  }
  await remove(kit, conversation, other.id);
};

const longestKey = 256;

/** Tags and labels of backends may be shorter: one that cannot keep the whole key keeps a digest of it. */
const keepsLongKeys = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  needsMachines(conversation);
  needsKey(conversation);
  const [first, second] = ['a', 'b'].map((end) => `${keyOf(kit, 'long').padEnd(longestKey - 1, 'x')}${end}`) as [
    string,
    string,
  ];
  const made: string[] = [];
  const advice = 'Keep the whole key, or a digest of it, where it is too long for the backend.';
  try {
    for (const [at, key] of [first, second].entries()) {
      const { id } = await result<NativeVm>(kit, conversation, 'compute.create', wishFor(kit, `long-${at}`), key);
      if (made.includes(id))
        throw new Failure(
          'Of two keys of 256 characters that differ in the last one, it takes the second for the first.',
          advice,
        );
      made.push(id);
    }
    const found = await result<Found>(
      kit,
      conversation,
      'find',
      { call: 'compute.create', params: { id: nobody } },
      first,
    );
    if (found.outcome !== 'done' || found.vm?.id !== made[0])
      throw new Failure(
        `find says ${found.outcome} of what was made with a key of 256 characters, or answers another machine.`,
        advice,
      );
  } finally {
    for (const id of made) await remove(kit, conversation, id);
  }
};

/** A change that is made already is no conflict when it comes again with its key. */
const changesOnce = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  needsMachines(conversation);
  needsKey(conversation);
  const { id: vm } = await make(kit, conversation, 'twice');
  try {
    for (const method of ['compute.start', 'compute.powerOff'].filter((name) => has(conversation, name))) {
      const key = keyOf(kit, `twice-${method}`);
      await result(kit, conversation, method, { vm }, key);
      const again = await call(kit, conversation, method, { vm }, key);
      if (errorOf(again))
        throw new Failure(
          `${method}, sent again with the same key, fails with ${said(again)}`,
          'Answer the machine as it is now.',
        );
    }
    for (let time = 0; time < 2; time++) {
      const gone = await call(kit, conversation, 'compute.delete', { vm }, keyOf(kit, 'twice-delete'));
      if (errorOf(gone))
        throw new Failure(
          `compute.delete, sent ${time === 0 ? 'once' : 'again with the same key'}, fails with ${said(gone)}`,
          'A machine that is gone already is no fault.',
        );
    }
  } finally {
    await remove(kit, conversation, vm);
  }
};

const sweeps = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  needsMachines(conversation);
  needsKey(conversation);
  if (kit.setting.subject.kind === 'address') {
    throw new Skip(
      'It runs already, and is not killed by this check.',
      'Whether a crash leaves a machine behind, or makes two, is known once its program is checked.',
    );
  }
  if (!canSweep(conversation))
    throw new Skip('It has no compute.list.', 'Machines that a crash leaves behind cannot be counted.');
  await sweep(kit);
};

export const find: readonly Clause[] = [
  {
    clause: '9.1',
    asks: 'find is asked before a mutation is made again.',
    probes: [probe('answers find, or -32601', answersFind)],
  },
  {
    clause: '9.2',
    asks: 'find answers done, none or unknown.',
    probes: [probe('says none of what was never begun', saysNone)],
  },
  {
    clause: '9.3',
    asks: 'With the idempotency key, the same key has one effect, whatever crashes between.',
    probes: [
      probe('makes one machine for one key, and finds it', makesOnce),
      probe('tells long keys from one another', keepsLongKeys),
      probe('takes changes again with the same key', changesOnce),
      probe('loses and doubles nothing when it is killed at any message', sweeps),
    ],
  },
  { clause: '9.4', asks: 'find is not asked while the mutation is under way.', host: 'It is the host that waits.' },
];
