/**
 * The crash-point sweep: the life of a machine, with the plugin killed at one message after the other. After each kill it is
 * started again and asked what the host would ask; there must be one machine then, and none in the end.
 */

import type { Found } from '../../contract/base.ts';
import { compute } from '../../contract/index.ts';
import type { NativeVm } from '../../resources.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure } from '../report/verdict.ts';
import { call, has, keyOf, listAll, named, remove, type Wish, wishFor } from './machine.ts';

const place = 'sweep';
/** Of a plugin that talks much not every message is worth a start. */
const mostKills = 40;

/** A machine on its way through life. */
interface Run {
  wish: Wish;
  vm: string | undefined;
  step: number;
}

const steps = ['compute.create', 'compute.start', 'compute.powerOff', 'compute.delete'];

const stepsOf = (conversation: Conversation) => steps.filter((method) => has(conversation, method));

const paramsOf = ({ wish, vm }: Run, method: string): object => (method === 'compute.create' ? wish : { vm });

const findAdvice =
  'find says done once the machine is as its next call needs it: where the backend is still at it, it waits for that.';

const advice = 'Keep the key with what you make, in one step with making it, and look for it before you make anything.';

/** Make the calls that are left. Rejects with a `Failure`. */
const goOn = async (kit: Kit, conversation: Conversation, run: Run): Promise<void> => {
  const all = stepsOf(conversation);
  for (; run.step < all.length; run.step++) {
    const method = all[run.step]!;
    const answer = await call(
      kit,
      conversation,
      method,
      paramsOf(run, method),
      keyOf(kit, `${run.wish.name}-${method}`),
    );
    if (errorOf(answer)) throw new Failure(`${method} fails with ${said(answer)}`);
    if (method === 'compute.create') run.vm = (answer.result as NativeVm).id;
  }
};

/** What the host does about the call whose answer it has not seen. */
const settle = async (kit: Kit, conversation: Conversation, run: Run, method: string, when: string): Promise<void> => {
  const params = paramsOf(run, method);
  const key = keyOf(kit, `${run.wish.name}-${method}`);
  const answer = await call(kit, conversation, 'find', { call: method, params }, key);
  if (errorOf(answer)) throw new Failure(`${when}, find fails with ${said(answer)}`);
  const { outcome, vm } = answer.result as Found;
  const there = named(await listAll(kit, conversation), run.wish.name, run.vm);
  if (method === 'compute.create' && outcome === 'none' && there.length > 0) {
    throw new Failure(`${when}, find says none, and the machine is there: another one would be made.`, advice);
  }
  if (method === 'compute.create' && outcome === 'done' && there.length === 0) {
    throw new Failure(`${when}, find says done, and the machine is not there.`, advice);
  }
  if (outcome === 'unknown') {
    throw new Failure(
      `${when}, find says unknown, though nothing is under way any more.`,
      'It declares the idempotency key: it knows what it has done.',
    );
  }
  if (outcome === 'none') return;
  if (method === 'compute.create') run.vm = vm?.id ?? there[0]!.id;
  run.step++;
};

const recover = async (kit: Kit, run: Run, when: string): Promise<Conversation> => {
  const conversation = await kit.ready(place);
  const method = stepsOf(conversation)[run.step];
  try {
    if (method !== undefined) await settle(kit, conversation, run, method, when);
    await within(when, findAdvice, () => goOn(kit, conversation, run));
    const left = named(await listAll(kit, conversation), run.wish.name, run.vm);
    if (left.length > 0)
      throw new Failure(
        `${when}, and its life gone on with to the end, ${left.length === 1 ? 'the machine is' : `${left.length} machines are`} left.`,
        method === undefined ? 'Write down that a machine is gone before compute.delete is answered.' : advice,
      );
    return conversation;
  } catch (error) {
    for (const { id } of named(await listAll(kit, conversation).catch(() => []), run.wish.name, run.vm))
      await remove(kit, conversation, id);
    await kit.finish(conversation);
    throw error;
  }
};

const within = async (when: string, advice: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof Failure) throw new Failure(`${when}: ${error.message}`, error.advice ?? advice);
    throw error;
  }
};

/** Kill it at a message; false when there were not so many. */
const killAt = async (kit: Kit, conversation: Conversation, run: Run, message: number): Promise<boolean> => {
  let count = 0;
  let killed = false;
  conversation.onBoundary = () => {
    if (++count !== message) return;
    killed = true;
    // What it had written already comes behind the message at which it is killed.
    conversation.deaf = true;
    conversation.carrier.kill('SIGKILL');
  };
  try {
    await goOn(kit, conversation, run);
  } catch (error) {
    if (!killed || !(error instanceof Failure)) throw error;
  }
  conversation.onBoundary = () => {};
  if (killed) await conversation.carrier.ended;
  return killed;
};

/** Throws a `Failure` that says after which message what was wrong. */
export const sweep = async (kit: Kit): Promise<void> => {
  let conversation = await kit.ready(place);
  for (let message = 1; message <= mostKills; message++) {
    const run: Run = { wish: wishFor(kit, `sweep-${message}`), vm: undefined, step: 0 };
    if (!(await killAt(kit, conversation, run, message))) break;
    const method = stepsOf(conversation)[run.step];
    const when = method === undefined ? 'Killed when all was done' : `Killed while ${method} was under way`;
    conversation = await recover(kit, run, when);
  }
  await kit.finish(conversation);
};

/** Whether it has what a sweep needs. */
export const canSweep = (conversation: Conversation): boolean => has(conversation, compute.list.name);
