/** The methods of operations and events. */
import { setImmediate } from 'node:timers/promises';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Event } from '../../catalogue/resources.ts';
import type { Principal } from '../api.ts';
import type { Call } from '../call.ts';
import { storyFor } from '../operations/explain.ts';
import { operationFor } from '../operations/operation-record.ts';
import type { EventRow, OperationRow } from '../ports.ts';
import type { Over, Services } from '../services.ts';
import { callerOf, type Handlers, maySee } from './table.ts';

const eventFromRow = ({ cursor, ...row }: EventRow): Event => ({ cursor: String(cursor), ...row });

/** How many rows of the log are looked at before others get their turn. */
const readAhead = 500;

export const workHandlers = (services: Services): { operation: Handlers<'operation'>; event: Handlers<'event'> } => {
  const { operations, stories, journal, store } = services;

  const find = async (id: string, call: Call): Promise<OperationRow> => {
    const row = await operations.get(id);
    if (row === undefined || !maySee(callerOf(call))(row)) {
      throw new Fault('not-found', `There is no operation ${id}.`, { resource: id });
    }
    return row;
  };

  /** Events that the caller may see, from `after` on; `next` is how far the log was read. */
  const readEvents = async (after: number, limit: number, wanted: (event: EventRow) => boolean) => {
    const events: EventRow[] = [];
    let reset = false;
    let next = after;
    for (;;) {
      const piece = await journal.read(next, readAhead);
      reset ||= piece.reset;
      for (const event of piece.events) {
        if (wanted(event)) events.push(event);
        next = event.cursor;
        if (events.length === limit) return { events, next, reset };
      }
      if (piece.events.length < readAhead)
        return { events, next: Math.min(Math.max(next, 0), journal.lastCursor), reset };
      // The store answers within the turn, however often it is asked.
      await setImmediate();
    }
  };

  return {
    operation: {
      async get({ operation }, call) {
        return operationFor(callerOf(call), await find(operation, call));
      },

      async list({ limit, after, ...filter }, call) {
        const caller = callerOf(call);
        const wanted: Partial<OperationRow> = {
          ...filter,
          ...(caller.role === 'admin' ? {} : { account: caller.account }),
        };
        // How far open ones are is known in memory alone: writing it down would cost every operation a commit.
        if (filter.state === 'queued' || filter.state === 'running') {
          const open = operations.allOpen().filter((row) => isMatch(row, wanted));
          const rest = after === undefined ? open : open.filter(({ id }) => id < after);
          return page(caller, rest.slice(0, limit! + 1), open.length, limit!);
        }
        const query = { ...wanted, ...(after === undefined ? {} : { before: after }), limit: limit! + 1 };
        const { rows, total } = await store.operations(query);
        return page(
          caller,
          rows.map((row) => operations.open(row.id) ?? row),
          total,
          limit!,
        );
      },

      async wait({ operation, wait }, call) {
        const { id } = await find(operation, call);
        const row = await services.waiting.wait(wait!, call, (over) => operations.wait(id, over));
        return operationFor(callerOf(call), row!);
      },

      async cancel({ operation }, call) {
        const { id, state } = await find(operation, call);
        if (!operations.cancel(id, callerOf(call).user))
          throw new Fault('conflict', `The operation has ended: ${state}.`, { operation: id });
        return operationFor(callerOf(call), (await operations.get(id))!);
      },

      async explain({ operation }, call) {
        const { id } = await find(operation, call);
        const entries = await stories.read(id);
        return storyFor(callerOf(call), await find(id, call), entries);
      },
    },

    event: {
      async poll({ after, wait, limit, types }, call) {
        const caller = callerOf(call);
        const kinds = types && new Set(types);
        const wanted = (event: EventRow) =>
          (caller.role === 'admin' || event.account === caller.account) &&
          (kinds === undefined || kinds.has(event.type));
        const from = after === undefined ? journal.lastCursor : cursorFrom(after);
        const answer = await services.waiting.wait(wait!, call, (over) => poll(from, limit!, wanted, over));
        // Who has waited may have lost the right to read this, and learns at the next call what became of it.
        if (wait! > 0 && answer.events.length > 0 && !(await services.accounts.isStill(call)))
          return { events: [], next: String(from), reset: false };
        return { events: answer.events.map(eventFromRow), next: String(answer.next), reset: answer.reset };
      },
    },
  };

  async function poll(from: number, limit: number, wanted: (event: EventRow) => boolean, over: Over | undefined) {
    let answer = await readEvents(from, limit, wanted);
    let waiting = over !== undefined;
    const end = over?.then(() => {
      waiting = false;
    });
    while (waiting && answer.events.length === 0 && !answer.reset) {
      const { promise, resolve } = Promise.withResolvers<void>();
      let read = answer.next;
      let isWanted = false;
      // What is for others wakes nobody: of a thousand who wait each would read it.
      const forget = journal.onEvent((events) => {
        isWanted ||= events.some(wanted);
        if (isWanted) resolve();
        else read = events.at(-1)!.cursor;
      });
      // Something may have come between reading and listening.
      if (journal.lastCursor === answer.next) await Promise.race([promise, end]);
      forget();
      answer = await readEvents(read, limit, wanted);
    }
    return answer;
  }
};

const isMatch = (row: OperationRow, wanted: Partial<OperationRow>): boolean =>
  Object.entries(wanted).every(([name, value]) => row[name as keyof OperationRow] === value);

/** One page of rows, of which there is one more than the page takes when there is a next one. */
const page = (reader: Principal, rows: OperationRow[], total: number, limit: number) => {
  const items = rows.slice(0, limit).map((row) => operationFor(reader, row));
  return { items, total, ...(rows.length > limit ? { next: items.at(-1)!.id } : {}) };
};

const cursorFrom = (after: string): number => {
  const cursor = Number(after);
  if (Number.isSafeInteger(cursor) && cursor >= 0) return cursor;
  throw new Fault('invalid-params', '`after` is not the `next` of an answer.', { field: '/after' });
};
