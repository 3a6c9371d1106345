/** Section 15: calls that go on once they were answered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { compileCheck } from '../../check/compile.ts';
import type { TaskHandle, TaskState } from '../../contract/base.ts';
import { contract } from '../../contract/index.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { call, has, keyOf, needsMachines, remove, result, wishFor } from '../evidence/machine.ts';
import { tourOf } from '../evidence/tour.ts';
import { nobody } from '../evidence/values.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

/** A mutation that was answered with a task. */
interface Begun {
  conversation: Conversation;
  vm: string;
  method: string;
  key: string;
  task: TaskHandle;
}

const askWithTasks = (kit: Kit, conversation: Conversation, method: string, params: object, key: string) =>
  conversation.ask(method, { ...params, ctx: kit.ctx(undefined, { key, attempt: 1, accept: ['task', 'need'] }) });

const taskIn = (answer: { result?: unknown }): TaskHandle | undefined =>
  (answer.result as { task?: TaskHandle } | null | undefined)?.task;

const longestPollMs = 1000;

const stateOf = (kit: Kit, conversation: Conversation, task: string): Promise<TaskState> =>
  result<TaskState>(kit, conversation, 'task.get', { task });

/** Ask until it has ended. */
const follow = async (kit: Kit, conversation: Conversation, { id, pollMs = 100 }: TaskHandle): Promise<TaskState> => {
  const { clock } = conversation;
  const until = clock.read() + kit.setting.patience.answerMs;
  let percent = 0;
  for (;;) {
    const state = await stateOf(kit, conversation, id);
    if (state.state !== 'running') return state;
    if (state.percent !== undefined) {
      if (state.percent < percent) throw new Failure(`A task goes back from ${percent} to ${state.percent} percent.`);
      percent = state.percent;
    }
    if (clock.read() > until)
      throw new Failure(
        'A task runs longer than an answer may take.',
        'Give more time with --patience, or a backend that is faster.',
      );
    await sleep(Math.min(pollMs, longestPollMs));
  }
};

/** The life of a machine up to the first call that is answered with a task. */
const begin = async (kit: Kit, place: string): Promise<Begun> => {
  const conversation = await kit.ready(place);
  needsMachines(conversation);
  const wish = wishFor(kit, place);
  const createKey = keyOf(kit, place);
  const created = await askWithTasks(kit, conversation, 'compute.create', wish, createKey);
  const own = taskIn(created);
  if (own !== undefined) return { conversation, vm: wish.id, method: 'compute.create', key: createKey, task: own };
  const { id: vm } = (created.result ?? {}) as { id?: string };
  if (vm !== undefined) {
    const methods = [
      'compute.start',
      kit.setting.slow,
      'compute.reboot',
      'compute.pause',
      'compute.resume',
      'compute.powerOff',
    ];
    for (const method of methods) {
      if (method === undefined || !has(conversation, method)) continue;
      const key = keyOf(kit, `${place}-${method}`);
      const task = taskIn(await askWithTasks(kit, conversation, method, { vm }, key));
      if (task !== undefined) return { conversation, vm, method, key, task };
    }
    await remove(kit, conversation, vm);
  }
  await kit.finish(conversation);
  throw new Unclaimed('It answers no call with a task.');
};

const end = async (kit: Kit, { conversation, vm }: Begun): Promise<void> => {
  await remove(kit, conversation, vm);
  await kit.finish(conversation);
};

const goesOn = async (kit: Kit): Promise<void> => {
  const begun = await begin(kit, 'task');
  const { conversation, method, key, task, vm } = begun;
  const again = await askWithTasks(
    kit,
    conversation,
    method,
    method === 'compute.create' ? wishFor(kit, 'task') : { vm },
    key,
  );
  const other = taskIn(again);
  if (other !== undefined && other.id !== task.id) {
    kit.ledger.enter(
      '15.4',
      'failure',
      `${method}, sent again with the same key, is answered with another task.`,
      'Answer the task that runs for the key.',
    );
  }
  const ended = await follow(kit, conversation, task);
  if (ended.state !== 'done') throw new Failure(`The task of ${method} ends as ${ended.state}.`);
  try {
    compileCheck(contract.get(method)!.result, { lenient: true })(ended.result);
  } catch (error) {
    throw new Failure(
      `What the task of ${method} answers in the end is wrong: ${(error as Error).message}`,
      'result is what the call itself would have answered.',
    );
  }
  await end(kit, begun);
};

const outlives = async (kit: Kit): Promise<void> => {
  const begun = await begin(kit, 'task-kept');
  begun.conversation.carrier.kill('SIGKILL');
  await kit.finish(begun.conversation);
  begun.conversation = await kit.ready('task-kept');
  const answer = await call(kit, begun.conversation, 'task.get', { task: begun.task.id });
  if (errorOf(answer)) {
    throw new Failure(
      `After kill -9 the task of ${begun.method} is not known any more: ${said(answer)}`,
      'Answer the id once it is written, or take that of a job of the cloud.',
    );
  }
  await follow(kit, begun.conversation, begun.task);
  await expectOtherTask(kit, begun);
  await end(kit, begun);
};

/** What begins in a later process has an id of its own. */
const expectOtherTask = async (kit: Kit, { conversation, vm, method, task }: Begun): Promise<void> => {
  const wish = wishFor(kit, 'task-later');
  const isCreate = method === 'compute.create';
  const answer = await askWithTasks(kit, conversation, method, isCreate ? wish : { vm }, keyOf(kit, 'task-later'));
  const later = taskIn(answer);
  if (later?.id === task.id) {
    throw new Failure(
      `After a restart ${method} of another key is answered with the id of a task that there was before.`,
      'Ids that are counted begin anew with each process: write the count too, or make ids up at random.',
    );
  }
  if (later !== undefined) await follow(kit, conversation, later);
  const made = isCreate ? ((answer.result as { id?: string } | undefined)?.id ?? wish.id) : undefined;
  if (made !== undefined) await remove(kit, conversation, made);
};

const knowsNoOther = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  await kit.once(goesOn);
  const answer = await call(kit, conversation, 'task.get', { task: nobody });
  if (errorOf(answer)?.code !== 404) {
    throw new Failure(
      `task.get of a task that is not known is answered with ${errorOf(answer) ? said(answer) : 'a result'}`,
      'Answer 404, so that find is asked.',
    );
  }
};

const canBeCancelled = async (kit: Kit): Promise<void> => {
  const begun = await begin(kit, 'task-cancelled');
  const { conversation, task } = begun;
  const answer = await call(kit, conversation, 'task.cancel', { task: task.id });
  if (errorOf(answer))
    throw new Failure(`task.cancel fails with ${said(answer)}`, 'Answer {} at once; task.get says how the task ends.');
  await follow(kit, conversation, task);
  await end(kit, begun);
};

export const tasks: readonly Clause[] = [
  {
    clause: '15.1',
    asks: 'A task is answered alone, and where ctx.accept has it.',
    probes: [
      probe('answers tasks where they are accepted', (kit) => kit.once(goesOn)),
      probe('answers results where they are not', async (kit) => void (await tourOf(kit))),
    ],
  },
  {
    clause: '15.2',
    asks: 'task.get says how a task goes, and what it answers in the end.',
    probes: [probe('ends what it has begun', (kit) => kit.once(goesOn))],
  },
  {
    clause: '15.3',
    asks: 'The id of a task outlives the process.',
    probes: [probe('knows its tasks after kill -9', outlives)],
  },
  {
    clause: '15.4',
    asks: 'A task that is not known is not-found; the same key has the same task.',
    probes: [probe('says which tasks it does not know', knowsNoOther)],
  },
  {
    clause: '15.5',
    asks: 'task.cancel is answered at once; the task then ends.',
    probes: [probe('ends a task that is cancelled', canBeCancelled)],
  },
];
