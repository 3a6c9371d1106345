/**
 * Operations: changes that are in the store before a plugin hears of them, and that end whatever happens between.
 *
 * An operation is a list of plugin calls (steps). Each step has a key that stays the same at every attempt, also after
 * the daemon was killed. When the outcome of a step is not known (the plugin died, the link was lost, the daemon was
 * killed), `find` is asked with the key before anything is sent again.
 */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import type { CallRequest } from '../api.ts';
import { storeBroken } from '../journal.ts';
import { type Effect, noEffect } from '../native.ts';
import type { OperationRow, Store } from '../ports.ts';
import { faultInfo } from './operation-record.ts';
import { lookAt, putNative, settleVm } from './settle-vm.ts';
import { asFault, carryOut, type StepContext, type UnderWay } from './step.ts';

interface Active extends UnderWay {
  done: Promise<OperationRow>;
  settle: (row: OperationRow) => void;
  /** Those who wait are told this. */
  fail: (fault: Fault) => void;
  /** The operation for which it was cancelled. */
  successor?: OperationRow;
}

export interface OperationsContext extends StepContext {
  store: Store;
  /** Called when an operation has ended and holds its resource no more. */
  ended: (row: OperationRow) => void;
}

export class Operations {
  readonly #context: OperationsContext;
  readonly #active = new Map<string, Active>();
  readonly #byResource = new Map<string, Active>();
  #stopping = false;

  constructor(context: OperationsContext) {
    this.#context = context;
    // Their ends cannot be written any more, so nobody is to wait for them.
    context.journal.failed.catch(() => {
      for (const active of this.#active.values()) active.fail(storeBroken());
    });
  }

  /** How many have not ended, of one account or of all. */
  count(account?: string): number {
    if (account === undefined) return this.#active.size;
    let count = 0;
    for (const { row } of this.#active.values()) if (row.account === account) count += 1;
    return count;
  }

  /** The operation that holds a resource. */
  on(resource: string): OperationRow | undefined {
    return this.#byResource.get(resource)?.row;
  }

  /** Whether a create is under way on a connector: an unknown machine there may be its result. */
  creatingOn(connector: string): boolean {
    for (const { row } of this.#active.values())
      if (row.method === 'vm.create' && row.connector === connector) return true;
    return false;
  }

  /** An operation that has not ended, as it is now. */
  open(id: string): OperationRow | undefined {
    return this.#active.get(id)?.row;
  }

  async get(id: string): Promise<OperationRow | undefined> {
    return this.#active.get(id)?.row ?? (await this.#context.store.operation(id));
  }

  /** All that have not ended, the newest first. Ids are in order of creation. */
  allOpen(): OperationRow[] {
    return [...this.#active.values()].map(({ row }) => row).sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** The operation that has not ended and that a client's key names. */
  openByClientKey(user: string, key: string): OperationRow | undefined {
    for (const { row } of this.#active.values()) if (row.user === user && row.clientKey === key) return row;
    return undefined;
  }

  /**
   * Begin an operation: it is durable, with `effect` beside it, when this resolves, and on its way to the plugin. One
   * that holds the same resource is cancelled first and ends before this one is sent.
   */
  async begin(row: OperationRow, effect: Effect, asked: CallRequest): Promise<void> {
    const { journal, stories } = this.#context;
    const before = this.#byResource.get(row.resource);
    const active = this.#track(row);
    if (before !== undefined) {
      before.successor = row;
      stories.cancel(before.row, `${row.user} asked for ${row.method} (operation ${row.id}), which takes its place.`);
      before.abort.abort();
    }
    stories.asked(row, asked);
    stories.caused(row, effect.events);
    if (before !== undefined) stories.waiting(row, `${before.row.method} (operation ${before.row.id}) to end`);
    const changes = [...effect.changes, { put: 'operation', row } as const, ...stories.take(row.id)];
    await journal.write(changes, effect.events);
    stories.stored(row);
    void this.#run(active, before?.done);
  }

  /** Take up operations that had not ended when the daemon did. */
  resume(rows: readonly OperationRow[]): void {
    for (const row of rows) {
      const before = this.#byResource.get(row.resource);
      const active = this.#track(row);
      this.#context.stories.resumed(row);
      void this.#run(active, before?.done, true);
    }
  }

  #track(row: OperationRow): Active {
    const { promise: done, resolve: settle, reject: fail } = Promise.withResolvers<OperationRow>();
    // Not everybody waits.
    done.catch(() => {});
    const active = { row, abort: new AbortController(), done, settle, fail };
    this.#active.set(row.id, active);
    this.#byResource.set(row.resource, active);
    return active;
  }

  /** Ask an operation to stop. False when it has ended. */
  cancel(id: string, user: string): boolean {
    const active = this.#active.get(id);
    if (active === undefined) return false;
    this.#context.stories.cancel(active.row, `${user} asked it to stop.`);
    active.abort.abort();
    return true;
  }

  /** Wait until it ends or waiting is over; then the row as it is. */
  async wait(id: string, over: Promise<void> | undefined): Promise<OperationRow | undefined> {
    const active = this.#active.get(id);
    if (active !== undefined && over !== undefined) await Promise.race([active.done, over]);
    return this.get(id);
  }

  /** Let nothing new be sent; what is under way is resumed at the next start. */
  stop(): void {
    this.#stopping = true;
    void this.#context.stories.save();
  }

  async #run(active: Active, before: Promise<unknown> | undefined, resumed = false): Promise<void> {
    const { journal, log } = this.#context;
    try {
      await before;
      if (this.#stopping) return;
      const vm = await this.#steps(active, resumed);
      await this.#end(active, { state: 'succeeded', progress: 100 }, vm);
    } catch (thrown) {
      if (this.#stopping || journal.broken) return;
      const fault = asFault(thrown, log);
      const cancelled = fault.kind === 'cancelled' || (active.abort.signal.aborted && fault.data.outcome !== 'done');
      const { successor } = active;
      const told =
        cancelled && successor !== undefined
          ? new Fault('cancelled', `${successor.method} (operation ${successor.id}) took its place.`, fault.data)
          : fault;
      const state = cancelled ? ('cancelled' as const) : ('failed' as const);
      await this.#end(active, { state, fault: faultInfo(told) }, await lookAt(this.#context, active.row)).catch(
        (cause: unknown) =>
          log.error({ cause, operation: active.row.id }, 'The end of an operation could not be written.'),
      );
    }
  }

  /** Carry out what is left of the steps; the machine as the last one reported it. */
  async #steps(active: Active, resumed: boolean): Promise<NativeVm | undefined> {
    let last: NativeVm | undefined;
    let uncertain = resumed;
    while (active.row.step < active.row.steps.length) {
      if (this.#stopping) throw new Fault('unavailable', 'The daemon is stopping.', { outcome: 'none' });
      if (active.abort.signal.aborted)
        throw new Fault('cancelled', 'The operation was cancelled.', { outcome: 'none' });
      last = (await carryOut(this.#context, active, uncertain)) ?? last;
      uncertain = false;
      const next = active.row.step + 1;
      if (next < active.row.steps.length) await this.#advance(active, next, last);
      else active.row = { ...active.row, step: next };
    }
    return last;
  }

  /** Write that a step is done, and what it made, before the next one is sent. */
  async #advance(active: Active, step: number, native: NativeVm | undefined): Promise<void> {
    const effect = noEffect();
    if (native !== undefined) putNative(this.#context, active.row, native, effect, true);
    const { task: _, ...row } = active.row;
    active.row = { ...row, step, attempt: 1 };
    await this.#write(active.row, effect);
  }

  async #end(
    active: Active,
    end: Pick<OperationRow, 'state'> & Partial<OperationRow>,
    native: NativeVm | undefined,
  ): Promise<void> {
    const { journal, log } = this.#context;
    const finished = journal.now();
    const { message, task: _, ...known } = active.row;
    const row: OperationRow = { ...known, started: known.started ?? finished, ...end, finished };
    // What it was doing when it failed may explain it; of one that succeeded there is nothing more to say.
    if (message !== undefined && end.state !== 'succeeded') row.message = message;
    const effect = noEffect();
    const superseded = this.#byResource.get(row.resource) !== active;
    if (!superseded) settleVm(this.#context, row, native, effect);
    else if (native !== undefined) putNative(this.#context, row, native, effect, true);
    effect.events.push({
      type: 'operation.finished',
      resourceKind: row.resourceKind,
      resource: row.resource,
      account: row.account,
      operation: row.id,
      data: { method: row.method, state: row.state, ...(row.fault === undefined ? {} : { fault: row.fault.message }) },
    });
    active.row = row;
    await this.#write(row, effect);
    this.#active.delete(row.id);
    if (this.#byResource.get(row.resource) === active) this.#byResource.delete(row.resource);
    active.settle(row);
    this.#context.ended(row);
    const { id: operation, method, user, resource, state, fault } = row;
    log.info(
      { operation, method, user, resource, state, ...(fault === undefined ? {} : { fault: fault.message }) },
      'An operation ended.',
    );
  }

  /** Write how it is now, what that made of others, and what is to be told of it. */
  async #write(row: OperationRow, effect: Effect): Promise<void> {
    const { journal, stories } = this.#context;
    stories.caused(
      row,
      effect.events.filter(({ type }) => type !== 'operation.finished'),
    );
    if (row.finished !== undefined) stories.ended(row);
    await journal.write([...effect.changes, { put: 'operation', row }, ...stories.take(row.id)], effect.events);
  }
}
