/** One step of an operation: a call to the plugin, made and asked after until its outcome is known. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ContractCall, contract } from '../../../plugin-protocol/contract/index.ts';
import { Fault, faults } from '../../../plugin-protocol/faults.ts';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import type { Backend, Backends, CallOptions, Log, OperationRow, TaskHandle } from '../ports.ts';
import { readMachine } from './settle-vm.ts';
import type { Stories } from './stories.ts';

/** How often a step is sent when the backend says `busy`, `throttled` or `unavailable`, or died with it. */
const maxAttempts = 5;
const retryMinMs = 250;
const retryMaxMs = 10_000;

export interface StepContext {
  journal: Journal;
  inventory: Inventory;
  backends: Backends;
  stories: Stories;
  log: Log;
  /** Resolves when the connector can be used; rejects when `signal` is aborted. */
  whenReady: (connector: string, signal: AbortSignal) => Promise<Backend>;
}

/** An operation that has not ended; its row is replaced as it goes on. */
export interface UnderWay {
  row: OperationRow;
  readonly abort: AbortController;
}

/** A call as it is made for a step. */
interface Attempt {
  call: ContractCall;
  params: Record<string, unknown>;
  options: CallOptions & { key: string };
}

export const asFault = (thrown: unknown, log: Log): Fault => {
  if (thrown instanceof Fault) return thrown;
  log.error({ cause: thrown }, 'An operation ended in a bug.');
  return new Fault('internal', 'An internal error; the log of the daemon says more.', { outcome: 'unknown' });
};

/** The backend, once it can be used; whoever asks why it takes so long is told what is waited for. */
const whenReady = ({ backends, stories, whenReady: ready }: StepContext, { row, abort }: UnderWay) => {
  const status = backends.get(row.connector)?.status();
  if (status?.state !== 'ready') {
    stories.waiting(
      row,
      `the connector ${row.connector}, which is ${status?.state ?? 'not configured'}`,
      status?.message,
    );
  }
  return ready(row.connector, abort.signal);
};

const progressed = (active: UnderWay, { percent, message }: { percent?: number; message?: string }): void => {
  const progress = Math.max(active.row.progress, Math.min(99, Math.floor(percent ?? 0)));
  active.row = { ...active.row, progress, ...(message === undefined ? {} : { message }) };
};

const attemptOf = ({ inventory, stories }: StepContext, active: UnderWay): Attempt => {
  const { id, step, steps, resource, user, attempt } = active.row;
  const { call: name, params: own } = steps[step]!;
  const nativeId = inventory.vm.get(resource)?.nativeId ?? '';
  return {
    call: contract.get(name)!,
    params: name === 'compute.create' ? { ...own } : { vm: nativeId, ...own },
    options: {
      key: step === 0 ? id : `${id}.${step}`,
      signal: active.abort.signal,
      actor: user,
      attempt,
      onProgress: (progress) => {
        stories.progress(active.row, name, progress);
        progressed(active, progress);
      },
      onLog: (line) => stories.log(active.row, name, line),
    },
  };
};

const isVm = (result: unknown): result is NativeVm => 'state' in (result as object);
/** What a call made of the machine; undefined when it says nothing of it. */
const vmIn = (result: unknown): NativeVm | undefined => (isVm(result) ? result : undefined);

/** Ask what became of a call that may have been made; undefined when it has to be made (again). */
const askAgain = async (
  context: StepContext,
  { row }: UnderWay,
  backend: Backend,
  { call, params, options }: Attempt,
): Promise<{ vm: NativeVm | undefined } | undefined> => {
  const { key, signal } = options;
  const ask = () => backend.find(key, call.name, params, signal === undefined ? {} : { signal });
  const found = await context.stories.find(row, key, ask);
  if (found.outcome === 'done') return { vm: found.vm ?? (await readMachine(context, backend, row.resource)) };
  if (found.outcome === 'none' || call.repeatable || backend.idempotency === 'key') return undefined;
  throw new Fault('timeout', `The answer to ${row.method} was lost; whether it was carried out is not known.`, {
    outcome: 'unknown',
  });
};

/** Make the call. One that goes on as a task is asked after from then on, also when the daemon was killed. */
const make = async (
  { journal, stories }: StepContext,
  active: UnderWay,
  backend: Backend,
  { call, params, options }: Attempt,
): Promise<{ vm: NativeVm | undefined } | undefined> => {
  if (active.row.state === 'queued') active.row = { ...active.row, state: 'running', started: journal.now() };
  let task: TaskHandle | undefined;
  const onTask = (given: TaskHandle) => {
    task = given;
  };
  const result = await stories.call(active.row, call.name, options.key, () =>
    backend.call(call, params, { ...options, onTask }),
  );
  if (task === undefined) return { vm: vmIn(result) };
  active.row = { ...active.row, task: { ...task, since: journal.now() } };
  await journal.write([{ put: 'operation', row: active.row }, ...stories.take(active.row.id)]);
  return undefined;
};

/** Ask after the task until it has ended. Undefined when the plugin has gone, or does not know it (any more). */
const follow = async (
  { stories }: StepContext,
  active: UnderWay,
  backend: Backend,
  task: NonNullable<OperationRow['task']>,
  { call, options }: Attempt,
): Promise<{ vm: NativeVm | undefined } | undefined> => {
  const forget = () => {
    const { task: _, ...row } = active.row;
    active.row = row;
  };
  const end = await stories.task(active.row, call.name, options.key, async () => {
    const told = await backend.follow(task, call, options);
    if (told.state !== 'failed') return told;
    forget();
    throw told.fault;
  });
  if (end.state === 'done') return { vm: vmIn(end.result) };
  if (end.state === 'forgotten') forget();
  return undefined;
};

/** Make the call of a step until its outcome is known; the machine as it was reported. `uncertain`: it may have been sent. */
export const carryOut = async (
  context: StepContext,
  active: UnderWay,
  uncertain: boolean,
): Promise<NativeVm | undefined> => {
  const { signal } = active.abort;
  for (let unsure = uncertain; ; ) {
    const backend = await whenReady(context, active);
    const attempt = attemptOf(context, active);
    try {
      const { task } = active.row;
      let known: { vm: NativeVm | undefined } | undefined;
      if (task !== undefined) {
        unsure = true;
        known = await follow(context, active, backend, task, attempt);
      } else {
        if (unsure) known = await askAgain(context, active, backend, attempt);
        known ??= await make(context, active, backend, attempt);
      }
      if (known !== undefined) return known.vm;
    } catch (thrown) {
      const fault = asFault(thrown, context.log);
      // After a time-out nobody knows whether it still goes on, so it is not sent again.
      const again = faults[fault.kind].retry && fault.kind !== 'timeout' && active.row.attempt < maxAttempts;
      if (!again || signal.aborted) throw fault;
      unsure = unsure || fault.data.outcome !== 'none';
      const doubled = Math.min(retryMaxMs, retryMinMs * 2 ** (active.row.attempt - 1));
      active.row = { ...active.row, attempt: active.row.attempt + 1 };
      context.log.info(
        { operation: active.row.id, attempt: active.row.attempt, fault: fault.message },
        'An operation is tried again.',
      );
      const ms = fault.data.retryAfterMs ?? doubled;
      context.stories.retry(active.row, ms);
      await pause(ms, undefined, { signal }).catch(() => {
        throw new Fault('cancelled', 'The operation was cancelled.', { outcome: fault.data.outcome ?? 'unknown' });
      });
    }
  }
};
