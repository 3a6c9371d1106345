/** Section 4: what it says of itself. */
import { baseResults, type Event, features } from '../../contract/base.ts';
import { contract } from '../../contract/index.ts';
import type { Message } from '../../rpc/messages.ts';
import { nearest } from '../../text/nearest.ts';
import type { Kit } from '../bring-up/kit.ts';
import { claims, knownCalls } from '../evidence/claims.ts';
import { call, has, keyOf, listAll, make, needsMachines, remove } from '../evidence/machine.ts';
import { tourOf } from '../evidence/tour.ts';
import { paramsFor } from '../evidence/values.ts';
import { errorOf } from '../report/answers.ts';
import { excerpt, Failure, Skip } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const answersAtOnce = async (kit: Kit): Promise<void> => {
  const conversation = await kit.start();
  try {
    const first = JSON.stringify(await kit.described(conversation));
    if (JSON.stringify(await kit.describe(conversation)) !== first) {
      throw new Failure(
        'It describes itself otherwise when it is asked again.',
        'What depends on the configuration belongs into the result of configure.',
      );
    }
  } finally {
    await kit.finish(conversation);
  }
};

/** Names that nobody knows: most are misspelled. */
const knownNames = async (kit: Kit): Promise<void> => {
  const { description } = await kit.shared();
  const check = (what: string, names: readonly string[], known: readonly string[]) => {
    for (const name of names.filter((one) => !known.includes(one))) {
      const meant = nearest(name, known);
      const advice = meant === undefined ? 'Names that are not known are ignored.' : `Did it mean ${meant}?`;
      kit.ledger.enter('4.2', 'warning', `It names the ${what} ${excerpt(name)}, which is not known.`, advice);
    }
  };
  check(
    'method',
    (description.methods ?? []).filter((name) => !(name in baseResults)),
    [...contract.keys()],
  );
  check('feature', description.features ?? [], features);
  const names = description.methods ?? [];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Failure(`It names the method ${twice} twice.`);
};

const isNumber = (text: string) => /^[0-9]/.test(text);

const namesDomainCalls = async (kit: Kit): Promise<void> => {
  const { description } = await kit.shared();
  const base = (description.methods ?? []).filter(
    (name) => name in baseResults || name.startsWith('$/') || isNumber(name),
  );
  if (base.length > 0) {
    throw new Failure(
      `Its methods name ${base.join(', ')}: no domain calls.`,
      'Leave base calls out of methods; they are asked for anyway.',
    );
  }
};

/** What it names it must have. Machines are not there for it, so nothing changes. */
const hasWhatItNames = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  for (const of of knownCalls(conversation)) {
    // Its effect is seen where machines are made.
    if (of.name === 'compute.create') continue;
    const answer = await call(
      kit,
      conversation,
      of.name,
      paramsFor(of),
      of.mutates ? keyOf(kit, `names-${of.name}`) : undefined,
    );
    if (errorOf(answer)?.code === -32601) {
      throw new Failure(
        `It names ${of.name} among its methods, and answers -32601 to it.`,
        'Name what is there: a caller is told that the backend cannot do the rest.',
      );
    }
  }
};

const servesTwo = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready('two');
  try {
    claims(conversation, 'instances');
    const second = await kit.configure(conversation, 'check-2', kit.setting.config, 'two');
    if (errorOf(second) && errorOf(second)?.code !== -32601) {
      throw new Failure(
        `It refuses a second instance in the same process: ${excerpt(errorOf(second)?.message)}`,
        'Leave out the feature instances: each instance then gets a process.',
      );
    }
    for (const instance of ['check', 'check-2']) {
      if (has(conversation, 'compute.list')) await listAll(kit, conversation, instance);
    }
    try {
      needsMachines(conversation);
    } catch {
      return;
    }
    const before = conversation.said.length;
    const { id } = await make(kit, conversation, 'second', 'check-2');
    await remove(kit, conversation, id, 'check-2');
    const reportedBy = (instance: string) => (message: Message) => {
      if (message.method !== '$/event') return false;
      const { vm, id: gone, ...event } = message.params as Event;
      return event.instance === instance && (vm?.id ?? gone) === id;
    };
    if (!conversation.said.slice(before).some(reportedBy('check'))) return;
    // Both may see the same backend: then each reports what happens there.
    if ((await conversation.hear(reportedBy('check-2'))) === undefined)
      throw new Failure(
        'A change in the instance check-2 is reported as one of the instance check.',
        'Events name the instance of ctx.',
      );
  } finally {
    await kit.finish(conversation);
  }
};

export const describe: readonly Clause[] = [
  {
    clause: '4.1',
    asks: 'describe is answered within 5 seconds, without configuration and without the network.',
    probes: [probe('says what it is, the same each time', answersAtOnce)],
  },
  {
    clause: '4.2',
    asks: 'describe answers what the table says.',
    probes: [probe('names methods and features that are known', knownNames)],
  },
  {
    clause: '4.3',
    asks: 'methods has domain calls alone, and all of them are there.',
    probes: [probe('names domain calls alone', namesDomainCalls), probe('has what it names', hasWhatItNames)],
  },
  {
    clause: '4.4',
    asks: 'With the feature instances it serves several in one process, and events name theirs.',
    probes: [
      probe('keeps two instances apart', servesTwo),
      probe('names the instance in events', async (kit) => {
        const { conversation, without } = await tourOf(kit);
        claims(conversation, 'instances');
        if (without instanceof Skip) throw without;
      }),
    ],
  },
  {
    clause: '4.5',
    asks: 'interfaces says which version of each interface it speaks.',
    host: 'The host makes no calls of another version; the check makes those of its own.',
  },
];
