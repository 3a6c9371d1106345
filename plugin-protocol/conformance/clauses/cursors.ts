/** Section 14: events that are asked for by a cursor. */
import type { Event, Pulled } from '../../contract/base.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { eventTimeComplaint, timeHint } from '../conversation/event-times.ts';
import { claims } from '../evidence/claims.ts';
import { call, has, keyOf, make, named, nameOf, remove, result } from '../evidence/machine.ts';
import { excerpt, Failure } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const pull = (kit: Kit, conversation: Conversation, since: string | undefined, max = 1000): Promise<Pulled> =>
  result<Pulled>(kit, conversation, 'events.pull', { ...(since !== undefined && { since }), max });

/** All that happened after a cursor, asked for in steps. */
const pullAll = async (kit: Kit, conversation: Conversation, since: string, max: number): Promise<Pulled['events']> => {
  const all: Pulled['events'] = [];
  for (let at = since; ; ) {
    const { events, next } = await pull(kit, conversation, at, max);
    if (events.length > max)
      throw new Failure(`events.pull answers ${events.length} events where ${max} were asked for.`);
    if (events.length === 0) return all;
    if (next === at) {
      throw new Failure(
        'events.pull answers events, and a next that is where it was asked from.',
        'next is the place behind the last event of the answer.',
      );
    }
    all.push(...events);
    at = next;
  }
};

const cursorsOf = (events: readonly { cursor?: string | undefined }[]) => events.flatMap(({ cursor }) => cursor ?? []);

const begin = async (kit: Kit, conversation: Conversation): Promise<string> => {
  claims(conversation, 'cursors');
  const { events, next } = await pull(kit, conversation, undefined);
  if (events.length > 0)
    throw new Failure('events.pull without since answers events.', 'It says where they begin: no events, and next.');
  return next;
};

/** More than have cursors of one digit: as texts those of two come before them. */
const many = 11;

const goOnUntilMany = async (kit: Kit, conversation: Conversation, since: string, vm: string): Promise<void> => {
  if (!['compute.start', 'compute.powerOff'].every((method) => has(conversation, method))) return;
  for (let time = 1; time < many; time++) {
    for (const method of ['compute.powerOff', 'compute.start'])
      await call(kit, conversation, method, { vm }, keyOf(kit, `cursors-${method}-${time}`));
    if ((await pull(kit, conversation, since)).events.length >= many) return;
  }
};

/** What the life of a machine leaves behind, asked for in several ways. */
const lifeInEvents = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready('cursors');
  const since = await begin(kit, conversation);
  const { id: vm } = await make(kit, conversation, 'cursors');
  if (has(conversation, 'compute.start'))
    await call(kit, conversation, 'compute.start', { vm }, keyOf(kit, 'cursors-start'));
  await goOnUntilMany(kit, conversation, since, vm);
  const before = await pullAll(kit, conversation, since, 1000);
  const name = nameOf(kit, 'cursors');
  if (
    named(
      before.flatMap((event) => event.vm ?? []),
      name,
      vm,
    ).length === 0
  ) {
    throw new Failure('A machine was made and started, and events.pull has no event of it.');
  }
  const late = before.map(eventTimeComplaint).find((words) => words !== undefined);
  if (late !== undefined) kit.ledger.enter('10.5', 'failure', late, timeHint);
  if (cursorsOf(before).length < before.length) throw new Failure('An event that events.pull answers has no cursor.');
  // A cursor that somebody heard must be known to the next process.
  await kit.fence(conversation);
  const heard = cursorsOf(
    conversation.said.flatMap(({ method, params }) => (method === '$/event' ? [params as Event] : [])),
  );
  conversation.carrier.kill('SIGKILL');
  await kit.finish(conversation);

  const again = await kit.ready('cursors');
  const after = cursorsOf(await pullAll(kit, again, since, 1000));
  const lost = [...heard, ...cursorsOf(before)].filter((cursor) => !after.includes(cursor));
  if (lost.length > 0)
    throw new Failure(
      `After kill -9 ${lost.length} events that had been told are not known any more.`,
      'Write an event before anybody hears of it.',
    );
  const inSteps = cursorsOf(await pullAll(kit, again, since, 1));
  if (inSteps.join() !== after.join())
    throw new Failure(
      'Asked for one by one, events.pull answers other events than all at once.',
      'A cursor is a place, and no text that is greater or less: "e10" comes before "e9" as one.',
    );
  const inOrder = heard.filter((cursor, at) => heard.indexOf(cursor) === at);
  if (inOrder.join() !== after.filter((cursor) => inOrder.includes(cursor)).join()) {
    throw new Failure('Events are told in another order than events.pull has them in.');
  }
  await remove(kit, again, vm);
  await kit.finish(again);
};

const knowsNothing = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready('cursors-reset');
  await begin(kit, conversation);
  const { reset, events } = await pull(kit, conversation, 'annelid-check-none');
  if (reset !== true) {
    throw new Failure(
      `events.pull of a cursor that was never given answers ${excerpt(events)} and no reset.`,
      'Answer reset: true, so that everything is read again.',
    );
  }
  await kit.finish(conversation);
};

const told = async (kit: Kit) => kit.once(lifeInEvents);

export const cursors: readonly Clause[] = [
  {
    clause: '14.1',
    asks: 'Events have cursors, and outlive the process.',
    probes: [probe('keeps its events over kill -9', told)],
  },
  {
    clause: '14.2',
    asks: 'events.pull answers what happened after a cursor, at most so many, oldest first.',
    probes: [probe('answers them in steps as at once', told)],
  },
  {
    clause: '14.3',
    asks: 'reset says that what happened is not known; without since there are no events.',
    probes: [probe('resets at a cursor that it does not know', knowsNothing)],
  },
  {
    clause: '14.4',
    asks: 'Events are written before they are told, and told in order.',
    probes: [probe('has written what it tells', told)],
  },
  {
    clause: '14.5',
    asks: 'The host writes the cursor with what the events change.',
    host: 'It is the host that writes it.',
  },
  {
    clause: '14.6',
    asks: 'One that cannot report by itself is asked every 2 seconds.',
    host: 'It is the host that asks.',
  },
];
