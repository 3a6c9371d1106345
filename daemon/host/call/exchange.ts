/**
 * One call to a plugin, up to its result. What it answers in place of one is dealt with here: the call is made again with
 * what it needs, since a plugin that serves one call at a time cannot ask while it has one; a task is handed on.
 */
import { type Check, checkInSlices } from '../../../plugin-protocol/check/compile.ts';
import { type Accepted, BlobHandle, type Context, TaskHandle } from '../../../plugin-protocol/contract/base.ts';
import { type Given, Need } from '../../../plugin-protocol/contract/host.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { soleMember } from '../../../plugin-protocol/rpc/messages.ts';
import type { Shape } from '../../../plugin-protocol/shape.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import type { Limits } from '../../limits.ts';
import { nameOf } from '../limit-name.ts';
import { checkFor } from '../link/checks.ts';
import type { Link } from '../link/link.ts';
import type { Request } from '../link/outgoing-call.ts';
import { type LongValue, readBlob, writeBlob } from './blob.ts';
import type { Asker, Desk } from './desk.ts';

export interface ExchangeContext {
  limits: Limits['plugins'];
  desk: Desk;
  asker: Omit<Asker, 'owner'>;
}

/** A call that is to be made; its parameters are without the context. */
export interface Wanted extends Request {
  accept: readonly Accepted[];
  /** The context, with what else belongs into it. */
  contextOf: (more: Partial<Context>) => Context;
}

/** What may stand for a result, by the only member that such an answer has. */
const shapes = { need: Need, task: TaskHandle, blob: BlobHandle } satisfies Record<Accepted, Shape>;

interface Standing {
  kind: Accepted;
  value: unknown;
}

/** What was given, with what was needed beside it. */
export const merged = (before: Given | undefined, more: Given): Given => ({
  secret: { ...before?.secret, ...more.secret },
  state: { ...before?.state, ...more.state },
});

/** What fails with that left behind. */
const knowing = async <T>(left: Fault['data'], work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.kind, error.message, { ...error.data, ...left });
  }
};

const checked = async (
  check: Check,
  { value, long }: LongValue,
  who: string,
  left: Fault['data'],
): Promise<unknown> => {
  try {
    return await inSlices(checkInSlices(check, value, long));
  } catch (error) {
    throw new Fault('internal', `${who} with a wrong result: ${(error as Error).message}`, left);
  }
};

const converse = async (
  over: Link,
  wanted: Wanted,
  { limits, desk, asker }: ExchangeContext,
): Promise<{ result: unknown } | { task: TaskHandle }> => {
  const { contextOf, check, params, method, mutates, timeoutMs, spentMs = 0 } = wanted;
  const accept = over.keepsParts ? wanted.accept : wanted.accept.filter((kind) => kind !== 'blob');
  const until = performance.now() + timeoutMs - spentMs;
  const untouched = mutates ? { outcome: 'none' as const } : {};
  const around = {
    ...{ connector: asker.connector, limits, over, request: wanted },
    contextOf: (ms: number) => ({ ...contextOf({}), timeoutMs: ms }),
    left: () => Math.max(1, Math.ceil(until - performance.now())),
  };
  let given: Given | undefined;
  let sent: BlobHandle | undefined;
  for (let times = 0; ; times += 1) {
    let standing: Standing | undefined;
    const stands = (answer: unknown): boolean => {
      for (const kind of accept) {
        const value = soleMember(answer, kind);
        if (value === undefined) continue;
        standing = { kind, value: checkFor(shapes[kind])(value, `/${kind}`) };
        return true;
      }
      return false;
    };
    const checkAnswer: Check = (answer) => (stands(answer) ? answer : check(answer));
    checkAnswer.inSlices = function* (answer, long) {
      return stands(answer) ? answer : yield* checkInSlices(check, answer, long);
    };
    const ctx = contextOf({
      ...(accept.length > 0 && { accept: [...accept] }),
      ...(given && { given: given as NonNullable<Context['given']> }),
      ...(sent && { blob: sent }),
    });
    const spent = times === 0 && sent === undefined ? spentMs : Math.max(0, timeoutMs - around.left());
    const own = sent === undefined ? params : {};
    let result: unknown;
    try {
      result = await over.request({ ...wanted, spentMs: spent, params: { ...own, ctx }, check: checkAnswer });
    } catch (error) {
      if (!(error instanceof Fault && error.kind === 'too-large') || sent !== undefined || !over.keepsParts)
        throw error;
      sent = await knowing(untouched, writeBlob(around));
      if (sent === undefined) throw error;
      times -= 1;
      continue;
    }
    if (standing === undefined) return { result };
    if (standing.kind === 'blob') {
      // The call itself has been answered.
      const answered = mutates ? { outcome: 'unknown' as const } : {};
      const value = await knowing(answered, readBlob(standing.value as BlobHandle, around));
      return { result: await checked(check, value, `${asker.connector} answered ${method}`, answered) };
    }
    if (standing.kind === 'task') return { task: standing.value as TaskHandle };
    if (times >= limits.needs) {
      const text = `${asker.connector} answered ${method} ${times + 1} times with what it needs${nameOf('needs')}.`;
      throw new Fault('internal', text, untouched);
    }
    try {
      given = merged(given, desk.gather(standing.value as Need, asker));
      // What was written has been used up.
      sent = undefined;
    } catch (error) {
      // What is missing is for operators to know.
      const why = error instanceof Error ? error.message : String(error);
      throw new Fault('unavailable', `${asker.connector} cannot do ${method}: ${why}`, untouched);
    }
  }
};

/** Resolves with the result, or the task that the call goes on as. */
export const exchange: typeof converse = async (over, wanted, context) => {
  const leave = over.enter(wanted);
  try {
    return await converse(over, wanted, context);
  } finally {
    leave();
  }
};
