/** Asks after a call that a plugin goes on with as a task, until it has ended. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Check } from '../../../plugin-protocol/check/compile.ts';
import type { TaskState } from '../../../plugin-protocol/contract/base.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { faultFromError } from '../../../plugin-protocol/rpc/errors.ts';
import type { CallOptions, KeptTask, TaskEnd } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import { nameOf } from '../limit-name.ts';

export interface TaskContext {
  /** The connector, as faults name it. */
  connector: string;
  /** The call that was answered with the task, and the check of its result. */
  call: string;
  check: Check;
  limits: Limits['plugins'];
  now: () => number;
  /** Make a base call; undefined when the plugin does not have it. */
  ask: (method: 'task.get' | 'task.cancel', params: { task: string }) => Promise<unknown>;
  /** Whether the plugin is there: a question that failed is asked again then. */
  isThere: () => boolean;
}

/** The pause between two questions where the plugin names none, and the bounds of one that it names. */
const usualPauseMs = 1000;
const [shortestPauseMs, longestPauseMs] = [10, 60_000];
/** After a question that failed. */
const failedPauseMs = 250;

const pauseOf = ({ pollMs = usualPauseMs, ttlMs = longestPauseMs }: KeptTask) =>
  // Twice in the time for which it is remembered, so that its end is not missed.
  Math.max(shortestPauseMs, Math.min(pollMs, ttlMs / 2, longestPauseMs));

const endOf = ({ state, message, result, error }: TaskState, context: TaskContext): TaskEnd<unknown> | undefined => {
  const { connector, call, check } = context;
  const failed = (fault: Fault) => ({ state: 'failed', fault }) as const;
  if (state === 'running') return undefined;
  if (state === 'failed') return failed(faultFromError(error, true));
  if (state === 'cancelled') {
    const outcome = error === undefined ? 'unknown' : faultFromError(error, true).data.outcome!;
    return failed(new Fault('cancelled', message ?? `${call} was cancelled.`, { outcome }));
  }
  try {
    return { state: 'done', result: check(result) };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const text = `The task of ${call} on ${connector} ended with a wrong result: ${why}`;
    return failed(new Fault('internal', text, { outcome: 'unknown' }));
  }
};

export const followTask = async (
  task: KeptTask,
  { signal, onProgress }: CallOptions,
  context: TaskContext,
): Promise<TaskEnd<unknown>> => {
  const { connector, call, limits, now, ask, isThere } = context;
  const params = { task: task.id };
  let deadline = Date.parse(task.since) + limits.taskTimeoutMs;
  let ending: 'cancelled' | 'timeout' | undefined;
  /** Ask the plugin to end it. It has some time for that, whether it can cancel or not. */
  const cancel = async (why: 'cancelled' | 'timeout', ms: number) => {
    ending = why;
    deadline = why === 'timeout' ? now() + ms : Math.min(deadline, now() + ms);
    await ask('task.cancel', params).catch(() => {});
  };
  for (;;) {
    if (signal?.aborted && ending === undefined) await cancel('cancelled', limits.changeTimeoutMs);
    let ms = pauseOf(task);
    try {
      const told = (await ask('task.get', params)) as TaskState | undefined;
      if (told === undefined) return { state: 'forgotten' };
      const end = endOf(told, context);
      if (end !== undefined) return end;
      const { percent, message } = told;
      if (percent !== undefined || message !== undefined) {
        onProgress?.({ ...(percent === undefined ? {} : { percent }), ...(message === undefined ? {} : { message }) });
      }
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.kind === 'not-found') return { state: 'forgotten' };
      ms = Math.max(ms, failedPauseMs);
      if (!isThere()) {
        // Nobody is told twice in one turn that the plugin has gone.
        await pause(failedPauseMs, undefined, { ref: false });
        if (!isThere()) return { state: 'away' };
      }
    }
    if (now() >= deadline) {
      if (ending !== undefined) {
        const text =
          ending === 'cancelled'
            ? `${call} was cancelled, and ${connector} did not end its task.`
            : `${connector} did not end the task of ${call} within ${limits.taskTimeoutMs} ms${nameOf('taskTimeoutMs')}.`;
        return { state: 'failed', fault: new Fault(ending, text, { outcome: 'unknown' }) };
      }
      await cancel('timeout', limits.cancelMs);
    }
    // A caller that gives up is not kept waiting for the next question.
    const wake = ending === undefined && signal !== undefined ? { signal } : {};
    await pause(Math.min(ms, Math.max(shortestPauseMs, deadline - now())), undefined, { ref: false, ...wake }).catch(
      () => {},
    );
  }
};
