/** Section 3: how a process lives and ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { bearsAnother } from '../evidence/beside.ts';
import { changeAsShown, expectEffect, shownChanges } from '../evidence/lists.ts';
import { call, has, withMachine } from '../evidence/machine.ts';
import { nobody } from '../evidence/values.ts';
import { isMarked } from '../process/kin.ts';
import { commandOf, endProcess, faultsOfChildren, isAlive, type ProcessSeen, watchBelow } from '../process/proc.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

/** Throws when the host speaks with it at an address. */
const isEndedByItsInput = ({ setting: { subject } }: Kit): void => {
  if (subject.kind === 'address' || subject.dialIn)
    throw new Unclaimed('The end of a connection does not end it (12.6).');
};

/** Throws when the host does not start it. */
const isOfTheHost = ({ setting: { subject } }: Kit): void => {
  if (subject.kind === 'program' && subject.dialIn)
    throw new Unclaimed('It connects by itself: its processes are the affair of who starts it.');
};

/** Make it do what it may start children for. */
const occupy = async (kit: Kit, conversation: Conversation, name: string): Promise<void> => {
  if (has(conversation, 'compute.list')) await call(kit, conversation, 'compute.list', {});
  if (has(conversation, 'directory.authenticate'))
    await call(kit, conversation, 'directory.authenticate', { login: nobody, secret: kit.secrets.guess });
  await withMachine(kit, conversation, name);
};

const endsInTime = async (conversation: Conversation, when: string): Promise<void> => {
  if ((await conversation.end()) === 'late') {
    throw new Failure(
      `It goes on when its standard input has ended ${when}.`,
      'End when reading finds the end of the input, whatever threads and timers there are: it may be the only sign that the daemon is gone.',
    );
  }
};

const lastMomentMs = 500;
const lookEveryMs = 20;

/** What it has started, and what of that goes on when it has ended. */
const lookAtLeft = async (kit: Kit): Promise<{ group: number; left: ProcessSeen[]; before: ProcessSeen[] }> => {
  isOfTheHost(kit);
  const conversation = await kit.ready();
  await occupy(kit, conversation, 'busy');
  const before = kit.processes(conversation);
  if ((await conversation.end()) === 'late') {
    await kit.finish(conversation);
    throw new Skip('It does not end by itself (3.4).', 'What it leaves behind is looked for once it does.');
  }
  // Children that end when it does may take a moment longer.
  const { clock } = conversation;
  const ended = clock.read();
  while (before.some(isAlive) && clock.read() - ended < lastMomentMs) await sleep(lookEveryMs);
  const group = conversation.carrier.pid!;
  // What the host does not find is told when the check is over (3.7).
  const left = before.filter((one) => (one.group === group || isMarked(one)) && isAlive(one));
  for (const one of left) endProcess(one);
  await kit.finish(conversation);
  return { group, left, before };
};

const leavesNothing = async (kit: Kit): Promise<void> => {
  const { left } = await kit.once(lookAtLeft);
  if (left.length === 0) return;
  kit.ledger.enter(
    '3.5',
    'warning',
    `When it has ended it leaves processes behind, which the host kills: ${left.map(commandOf).join('; ')}`,
    'End children before you end.',
  );
};

/** The host finds what is in the group or has the mark; a session of its own says that it is not to be found. */
const canBeFound = async (kit: Kit): Promise<void> => {
  const { group, before } = await kit.once(lookAtLeft);
  const hidden = before.filter((one) => one.group !== group && one.session !== one.pid && !isMarked(one));
  const lost = hidden.filter(({ session }) => before.every(({ pid }) => pid !== session || session === group));
  if (lost.length === 0) return;
  throw new Failure(
    `Children of it are neither in its process group nor marked: ${lost.map(commandOf).join('; ')}`,
    'Leave ANNELID_PLUGIN_ID in their environment; only what is meant to outlive the plugin goes without, in a session of its own.',
  );
};

/** So often it is occupied with children before their eyes; and so often at most, when they were too quick to be seen. */
const timesSeen = 3;
const timesUnseen = 12;

/** Children that are there for a moment, while it works. That there was one is known from what they have used; who it was is to be seen. */
const childrenInPassing = async (
  kit: Kit,
  conversation: Conversation,
  pid: number,
  isChild: (one: ProcessSeen) => boolean,
): Promise<ProcessSeen[]> => {
  const all: ProcessSeen[] = [];
  for (let [seen, unseen] = [0, 0]; seen < timesSeen && unseen < timesUnseen; ) {
    const before = faultsOfChildren(pid);
    const watch = watchBelow(pid);
    let found: ProcessSeen[] = [];
    try {
      await occupy(kit, conversation, `children-${seen}-${unseen}`);
    } finally {
      found = watch.stop().filter(isChild);
    }
    if (found.length === 0 && faultsOfChildren(pid) === before) break;
    if (found.length > 0) seen++;
    else unseen++;
    all.push(...found);
  }
  return all;
};

/** Children that could read what is meant for the plugin, for however short a time. A wrapper that was there first may hand its input on. */
const keepsInput = async (kit: Kit): Promise<void> => {
  isOfTheHost(kit);
  const conversation = await kit.start();
  try {
    await kit.described(conversation);
    const { pid } = conversation.carrier;
    const there = kit.processes(conversation);
    const wrappers = new Set(there.map((one) => one.pid));
    const input = there.find((one) => one.pid === pid)?.input;
    if (input === undefined) return;
    const isChild = ({ pid: other }: ProcessSeen) => !wrappers.has(other);
    const hasIt = (one: ProcessSeen) => isChild(one) && one.input === input;
    await kit.configure(conversation, 'check', kit.setting.config, 'children');
    const passing = (await childrenInPassing(kit, conversation, pid!, isChild)).filter(hasIt);
    const advice = 'Start children with /dev/null as their standard input; one that reads swallows requests.';
    const readers = kit.processes(conversation).filter(hasIt);
    if (readers.length > 0)
      throw new Failure(`A child has its standard input: ${readers.map(commandOf).join('; ')}`, advice);
    if (passing.length === 0) return;
    const commands = [...new Set(passing.map(commandOf))].join('; ');
    kit.ledger.enter('3.5', 'warning', `While it works, a child has its standard input: ${commands}`, advice);
  } finally {
    await kit.finish(conversation);
  }
};

const unknownMethods = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  for (const method of ['annelid.check', 'compute.annelidCheck', 'constructor', '__proto__', 'toString']) {
    const answer = await call(kit, conversation, method, {});
    const code = errorOf(answer)?.code;
    if (code === -32601) continue;
    const how = code === undefined ? 'with a result' : `with ${said(answer)}`;
    throw new Failure(
      `It answers the method ${method}, which is nowhere, ${how}.`,
      'Answer -32601 to each method that you do not have, also to those of later versions.',
    );
  }
};

const comesAgain = async (kit: Kit): Promise<void> => {
  if (kit.setting.subject.kind === 'address')
    throw new Skip('It runs already.', 'How it comes again after a crash is known once its program is checked.');
  let conversation = await kit.ready('again');
  const was = JSON.stringify(conversation.description);
  const killed = async (): Promise<void> => {
    await kit.finish(conversation);
    conversation = await kit.ready('again');
  };
  try {
    await killed();
    if (JSON.stringify(conversation.description) !== was) {
      throw new Failure('After kill -9 it says something else of itself than before.');
    }
    for (const method of shownChanges(conversation)) {
      const effect = await changeAsShown(kit, conversation, method);
      await killed();
      await expectEffect(kit, conversation, effect, 'the next one, after kill -9,', 'Write before you answer.');
    }
  } finally {
    await kit.finish(conversation);
  }
};

export const life: readonly Clause[] = [
  {
    clause: '3.1',
    asks: 'It runs in its folder and process group, with the environment that the host leaves it.',
    host: 'It is the host that starts it; this check starts it likewise.',
  },
  {
    clause: '3.2',
    asks: 'describe, configure, probe, calls, drain: in this order.',
    host: 'It is the host that keeps the order.',
  },
  {
    clause: '3.3',
    asks: 'Methods that it lacks are answered with -32601.',
    probes: [probe('answers -32601 to what it does not have', unknownMethods)],
  },
  {
    clause: '3.4',
    asks: 'The end of standard input ends it within 5 seconds.',
    probes: [
      probe('ends when its input does', async (kit) => {
        isEndedByItsInput(kit);
        await endsInTime(await kit.ready(), 'and nothing is under way');
      }),
      probe('ends when its input does right behind a call', async (kit) => {
        isEndedByItsInput(kit);
        const conversation = await kit.ready();
        const { line } = conversation.request('find', {
          call: 'compute.create',
          params: { id: nobody },
          ctx: kit.ctx(undefined, { key: nobody }),
        });
        conversation.send(line);
        await endsInTime(conversation, 'behind a call');
      }),
      probe('ends before it was configured', async (kit) => {
        isEndedByItsInput(kit);
        const conversation = await kit.start();
        await kit.described(conversation);
        await endsInTime(conversation, 'behind describe');
      }),
      probe('ends at SIGTERM', async (kit) => {
        if (kit.setting.subject.kind === 'address') throw new Unclaimed('It is not ended by this host.');
        const conversation = await kit.ready();
        conversation.carrier.kill('SIGTERM');
        if ((await conversation.within(kit.setting.patience.stopMs)) !== 'late') return;
        kit.ledger.enter(
          '3.4',
          'warning',
          'It does not end at SIGTERM, and has to be killed.',
          'SIGKILL follows: what it still wants to do then is not done.',
        );
      }),
    ],
  },
  {
    clause: '3.5',
    asks: 'Nothing of it goes on when it has ended; children do not get its standard input.',
    probes: [probe('leaves no process behind', leavesNothing), probe('keeps its standard input to itself', keepsInput)],
  },
  {
    clause: '3.6',
    asks: 'After a crash it is started again, and is then as it was.',
    probes: [probe('comes again after kill -9', comesAgain)],
  },
  {
    clause: '3.7',
    asks: 'What it starts has its mark, unless it is meant to outlive it.',
    probes: [probe('lets the host find its children', canBeFound)],
  },
  {
    clause: '3.8',
    asks: 'A keeper holds it while the daemon is away.',
    host: 'The plugin needs nothing for it: its pipes are those of the keeper.',
  },
  {
    clause: '3.9',
    asks: 'One that crashes again and again is started seldom.',
    host: 'It is the host that starts it.',
  },
  { clause: '3.10', asks: 'Calls wait for the next process.', host: 'It is the host that holds them.' },
  {
    clause: '3.11',
    asks: 'A call that ends it again and again is held back.',
    host: 'It is the host that holds it back.',
  },
  {
    clause: '3.12',
    asks: 'Another process of it may run beside it, while it is replaced.',
    probes: [probe('bears a second process of it', bearsAnother)],
  },
  { clause: '3.13', asks: 'Several processes of it serve at once.', host: 'It is the host that chooses among them.' },
  { clause: '3.14', asks: 'It is replaced when its program changes.', host: 'It is the host that watches.' },
  {
    clause: '3.15',
    asks: 'With oneShot each call has a process of its own.',
    host: 'It is the host that starts them; one that says so is checked as it is run.',
  },
  { clause: '3.16', asks: 'So many of these are there at once.', host: 'It is the host that counts and ends them.' },
  { clause: '3.17', asks: 'What needs a process that stays is not there then.', host: 'It is the host that lacks it.' },
];
