/** Calls that go on as tasks, as those of clouds with job queues do: answered at once, asked after, and kept with the cloud. */
import {
  type CallContext,
  type CallName,
  type Calls,
  Fault,
  faultAsError,
  type TaskState,
} from '../../sdk/typescript/plugin/index.ts';

interface Job extends TaskState {
  id: string;
  call: CallName;
  params: object;
  key: string;
  /** Milliseconds since 1970. */
  ended?: number;
}

/** What `file` holds of a job. */
export type KeptJob = Pick<Job, 'id' | 'call' | 'params' | 'key' | 'state' | 'result' | 'error' | 'message' | 'ended'>;

/** How long a job that has ended is remembered. */
const ttlMs = 60_000;

type Handler = (params: object, context: CallContext) => unknown;

export interface JobsOptions {
  /** Whether a call goes on as a task. */
  fits: (call: string) => boolean;
  kept: readonly KeptJob[] | undefined;
  /** Resolves once what has changed would survive a crash. */
  keep: () => Promise<void>;
  now: () => number;
  /** Milliseconds between two questions after a job. */
  pollMs: number;
}

export const createJobs = ({ fits, kept = [], keep, now, pollMs }: JobsOptions) => {
  const jobs = new Map<string, Job>(kept.map((job) => [job.id, { ...job }]));
  const aborts = new Map<string, AbortController>();

  /** Carries it out. A call with the same key as before has no second effect, so this may be done again after a crash. */
  const run = async (job: Job, handler: Handler, context: CallContext) => {
    const abort = new AbortController();
    aborts.set(job.id, abort);
    const { instance, log, actor, account, host } = context;
    const own = {
      ...{ instance, log, actor, account, key: job.key, attempt: 1, timeoutMs: undefined, accept: [], given: {}, host },
      signal: abort.signal,
      progress: (percent: number | undefined, message?: string) => Object.assign(job, { percent, message }),
      event: context.event,
    };
    try {
      Object.assign(job, { state: 'done', result: await handler(job.params, own) });
    } catch (error) {
      const fault = error instanceof Fault ? error : new Fault('internal', `${job.call} failed: ${String(error)}`);
      const state = fault.kind === 'cancelled' ? 'cancelled' : 'failed';
      Object.assign(job, { state, message: fault.message, error: faultAsError(fault) });
    }
    job.ended = now();
    aborts.delete(job.id);
    await keep();
  };

  const forgetOld = () => {
    for (const { id, ended } of jobs.values()) if (ended !== undefined && ended < now() - ttlMs) jobs.delete(id);
  };

  const begin = async (call: CallName, params: object, handler: Handler, context: CallContext) => {
    forgetOld();
    const key = context.key as string;
    const id = `${call} ${key}`;
    if (!jobs.has(id)) {
      const job: Job = { id, call, params, key, state: 'running' };
      jobs.set(id, job);
      void run(job, handler, context);
    }
    await keep();
    return { task: { id, pollMs, ttlMs } };
  };

  const jobOf = (id: string): Job => {
    const job = jobs.get(id);
    if (job !== undefined) return job;
    throw new Fault('not-found', `There is no task ${id}.`, { resource: id });
  };

  return {
    /** The same table, with calls that fit answered by a task where the daemon bears with one. */
    over(table: Calls): Calls {
      const entries = Object.entries(table).filter(([call]) => fits(call)) as [CallName, Handler][];
      const asTasks = entries.map(([call, handler]) => [
        call,
        (params: object, context: CallContext) =>
          context.accept.includes('task') && context.key !== undefined
            ? begin(call, params, handler, context)
            : handler(params, context),
      ]);
      return {
        ...table,
        ...Object.fromEntries(asTasks),
        'task.get': ({ task }, context) => {
          const job = jobOf(task);
          // One that was under way when the plugin ended goes on when somebody asks after it.
          const handler = table[job.call] as Handler | undefined;
          if (job.state === 'running' && !aborts.has(task) && handler) void run(job, handler, context);
          const { state, percent, message, result, error } = job;
          return {
            state,
            ...(percent === undefined ? {} : { percent }),
            ...(message === undefined ? {} : { message }),
            ...(result === undefined ? {} : { result }),
            ...(error === undefined ? {} : { error }),
          };
        },
        'task.cancel': ({ task }) => {
          jobOf(task);
          aborts.get(task)?.abort(new Fault('cancelled', 'The task was cancelled.', { outcome: 'none' }));
          return {};
        },
      };
    },
    kept: (): KeptJob[] =>
      [...jobs.values()].map(({ id, call, params, key, state, result, error, message, ended }) => ({
        ...{ id, call, params, key, state },
        ...(result === undefined ? {} : { result }),
        ...(error === undefined ? {} : { error }),
        ...(message === undefined ? {} : { message }),
        ...(ended === undefined ? {} : { ended }),
      })),
  };
};
