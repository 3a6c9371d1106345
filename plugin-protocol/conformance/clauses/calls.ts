/** Section 7: calls. */
import type { Progress } from '../../contract/base.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { tellsApart } from '../evidence/apart.ts';
import { listsAll } from '../evidence/apart-in-lists.ts';
import { claims, knownCalls } from '../evidence/claims.ts';
import { slowCallOf, withSlowCall } from '../evidence/slow.ts';
import { tourOf } from '../evidence/tour.ts';
import { paramsFor, takesMachine } from '../evidence/values.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

/** A call that needs nothing, to be made many times at once. */
const quick = (conversation: Conversation): { method: string; params: object } => {
  const read = knownCalls(conversation).find((of) => !of.mutates && !takesMachine(of));
  return read === undefined ? { method: 'probe', params: {} } : { method: read.name, params: paramsFor(read) };
};

const most = 256;

const answersAll = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  const { concurrency = 1 } = conversation.description;
  const { method, params } = quick(conversation);
  const requests = Array.from({ length: Math.min(concurrency, most) }, () =>
    conversation.request(method, { ...params, ctx: kit.ctx() }),
  );
  conversation.write(requests.map(({ line }) => `${line}\n`).join(''));
  for (const { answer } of requests) {
    const error = errorOf(await answer);
    if (error?.code === 429 || error?.code === 423) {
      throw new Failure(
        `It says that it takes ${concurrency} calls at once, and refuses one of them with ${error.code}.`,
        'Say in describe how many you take.',
      );
    }
  }
};

/** Less than a slow call takes; half of that where it was over by then. */
const mostBegunMs = 50;
/** So often it must be held up before its eyes; and so often at most, when the machine is busy with other things. */
const timesHeldUp = 3;
const mostTries = 20;

/** Whether another call is answered first; `over` when that came too late, undefined when nobody can say whose fault it is. */
const overtakesOnce = async (kit: Kit, name: string, begunMs: number): Promise<boolean | 'over' | undefined> => {
  let first: 'slow' | 'other' | 'over' | undefined;
  let wasIdle = false;
  await withSlowCall(kit, name, async (conversation, slow) => {
    const { method, params } = quick(conversation);
    const { clock } = conversation;
    let isSlow = true;
    void slow.answer.then(
      () => (isSlow = false),
      () => {},
    );
    conversation.send(slow.line);
    // It has begun with the one when the other comes.
    await clock.pass(begunMs);
    if (!isSlow) {
      first = 'over';
      return;
    }
    const [counted, wall] = [clock.read(), performance.now()];
    const other = conversation.ask(method, { ...params, ctx: kit.ctx() });
    first = await Promise.race([slow.answer.then(() => 'slow' as const), other.then(() => 'other' as const)]);
    // What waits for a processor cannot answer; what waits for its own slow call does not want to.
    wasIdle = clock.read() - counted > (performance.now() - wall) / 2;
    await Promise.all([slow.answer, other]);
  });
  if (first === 'over') return 'over';
  return first === 'other' ? true : wasIdle ? false : undefined;
};

const overtakes = async (kit: Kit): Promise<void> => {
  const { concurrency = 1 } = (await kit.shared()).description;
  if (concurrency === 1) throw new Unclaimed('It takes one call at a time.');
  let [heldUp, begunMs] = [0, mostBegunMs];
  for (let time = 1; time <= mostTries && heldUp < timesHeldUp; time++) {
    const didOvertake = await overtakesOnce(kit, `overtaken-${time}`, begunMs);
    if (didOvertake === true) return;
    if (didOvertake === false) heldUp++;
    if (didOvertake === 'over') begunMs /= 2;
  }
  if (heldUp === 0) {
    throw new Unclaimed(
      'The slow call was over before another one could be made.',
      'Name one that takes some tenths of a second as check.slow in manifest.json, or check it when the machine is less busy.',
    );
  }
  const { method } = quick(await kit.shared());
  throw new Failure(
    `It says that it takes ${concurrency} calls at once, and ${await slowCallOf(kit)} holds up ${method}.`,
    'Serve each call in a thread or a coroutine of its own; or describe a concurrency of 1.',
  );
};

/** All of it between 0 and 1 is no percentage. */
const expectPercent = ({ ledger }: Kit, { said }: Conversation): void => {
  const percents = said.flatMap(({ method, params }) =>
    method === '$/progress' ? [Number((params as Progress).percent ?? 0)] : [],
  );
  if (!percents.some((percent) => percent > 0 && percent < 1) || percents.some((percent) => percent > 1)) return;
  ledger.enter(
    '7.4',
    'warning',
    `Its $/progress goes up to ${Math.max(...percents)} percent, and no further.`,
    'percent is from 0 to 100, and no fraction.',
  );
};

const cancels = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  claims(conversation, 'cancel');
  const { method, params } = quick(conversation);
  const { line, id, answer } = conversation.request(method, { ...params, ctx: kit.ctx() });
  conversation.write(`${line}\n${cancelLine(id)}\n`);
  expectEnd(await answer, method);
  // Ids that are unknown, answered already, or no ids at all.
  for (const other of [2_147_483_646, id]) conversation.send(cancelLine(other));
  await kit.fence(conversation);
};

const cancelLine = (id: number) =>
  `{"jsonrpc":"2.0","method":"$/cancel","params":{"id":${id},"reason":"The caller does not want it any more."}}`;

const expectEnd = (answer: Parameters<typeof errorOf>[0], method: string): void => {
  const error = errorOf(answer);
  // What it lacks it may say so, cancelled or not.
  if (error === undefined || [499, -32601].includes(error.code as number) || error.data?.kind !== undefined) return;
  throw new Failure(
    `When ${method} is cancelled it is answered with ${said(answer)}`,
    'A call that is cancelled is answered with 499, or with its result.',
  );
};

/** Right behind it, which cannot be too late; and once it has begun. */
const cancelsSlow = async (kit: Kit): Promise<void> => {
  claims(await kit.shared(), 'cancel');
  const method = await slowCallOf(kit);
  await withSlowCall(kit, 'cancelled-at-once', async (conversation, slow) => {
    conversation.write(`${slow.line}\n${cancelLine(slow.id)}\n`);
    expectEnd(await slow.answer, method);
  });
  await withSlowCall(kit, 'not-cancelled', async (conversation, slow) => {
    conversation.write(`${slow.line}\n${cancelLine(2_147_483_646)}\n`);
    if (errorOf(await slow.answer)?.code !== 499) return;
    throw new Failure(
      `${method} is cancelled by an id that is not its own.`,
      'Cancel the call whose request has that id, and no other.',
    );
  });
  await withSlowCall(kit, 'cancelled', async (conversation, slow) => {
    conversation.send(slow.line);
    await kit.fence(conversation);
    conversation.send(cancelLine(slow.id));
    expectEnd(await slow.answer, method);
  });
};

const toured = async (kit: Kit): Promise<void> => {
  const { failures, without } = await tourOf(kit);
  const [first, ...others] = failures;
  for (const { message, advice } of others) kit.ledger.enter('7.3', 'failure', message, advice);
  if (first !== undefined) throw first;
  if (without instanceof Skip) throw without;
};

export const calls: readonly Clause[] = [
  {
    clause: '7.1',
    asks: 'It takes as many calls at once as it says.',
    probes: [probe('answers as many calls at once', answersAll), probe('lets calls overtake a slow one', overtakes)],
  },
  {
    clause: '7.2',
    asks: 'Mutations of one machine are made one after the other.',
    host: 'It is the host that holds them back.',
  },
  {
    clause: '7.3',
    asks: 'Results are what the contract says.',
    probes: [
      probe('answers the contract through the life of a machine', toured),
      probe('tells two machines apart, and has them as they were asked for', tellsApart),
      probe('lists all that its own methods make', listsAll),
    ],
  },
  {
    clause: '7.4',
    asks: '$/progress rises from 0 to 100 while its call is under way.',
    probes: [
      probe('reports progress as it should', async (kit) => {
        const { conversation } = await tourOf(kit);
        claims(conversation, 'progress');
        // What it reported on that way was judged as it came.
        if (conversation.said.some(({ method }) => method === '$/progress')) return expectPercent(kit, conversation);
        await withSlowCall(kit, 'progress', async (of, slow) => {
          of.send(slow.line);
          await slow.answer;
          expectPercent(kit, of);
        });
      }),
    ],
  },
  { clause: '7.5', asks: 'The deadline of a call is ctx.timeoutMs.', host: 'It is the host that counts.' },
  {
    clause: '7.6',
    asks: 'A call that is cancelled is answered all the same; an unknown id is ignored.',
    probes: [probe('answers what is cancelled', cancels), probe('ends a slow call that is cancelled', cancelsSlow)],
  },
  {
    clause: '7.7',
    asks: 'After the deadline an answer is waited for, then the call fails.',
    host: 'It is the host that waits.',
  },
  {
    clause: '7.8',
    asks: 'A call that is never answered costs the process its place, or its life.',
    host: 'It is the host that ends it; that everything is answered is looked for under 2.3 and 8.7.',
  },
  {
    clause: '7.9',
    asks: 'A mutation may go without progress for ctx.idleMs.',
    host: 'It is the host that counts; that progress is told as it should is looked for under 7.4.',
  },
];
