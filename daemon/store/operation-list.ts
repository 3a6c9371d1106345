/** A page of operations, and how many there are in all. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { OperationQuery, OperationRow } from '../core/ports.ts';

/** So many are looked through in one turn: some half a millisecond. */
const lookedThrough = 1000;

/** What is wanted of a column, and the values for it. */
class Where {
  readonly #conditions: string[] = [];
  readonly values: (string | number)[] = [];

  add(condition: string, value: string | undefined): this {
    if (value === undefined) return this;
    this.#conditions.push(condition);
    this.values.push(value);
    return this;
  }

  get text(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`;
  }
}

const rowsOf = (db: DatabaseSync, where: Where, limit: number): OperationRow[] => {
  const found = db.prepare(`SELECT row FROM operations ${where.text} ORDER BY id DESC LIMIT ?`);
  return (found.all(...where.values, limit) as { row: string }[]).map(({ row }) => JSON.parse(row) as OperationRow);
};

const countOf = (db: DatabaseSync, where: Where): number => {
  const count = db.prepare(`SELECT count(*) AS total FROM operations ${where.text}`);
  return (count.get(...where.values) as { total: number }).total;
};

/**
 * No index has states and methods: each would be written with each operation, and again when that ends. All operations are looked
 * through for them, a few in each turn, the newest first.
 */
const lookThrough = async (db: DatabaseSync, { account, state, method, limit, before }: OperationQuery) => {
  const found: OperationRow[] = [];
  let total = 0;
  for (let below: string | undefined; ; await setImmediate()) {
    const left = new Where().add('account = ?', account).add('id < ?', below);
    const last = db.prepare(`SELECT id FROM operations ${left.text} ORDER BY id DESC LIMIT 1 OFFSET ?`);
    const from = (last.get(...left.values, lookedThrough - 1) as { id: string } | undefined)?.id;
    const looked = left.add('id >= ?', from).add('state = ?', state).add('method = ?', method);
    const matching = countOf(db, looked);
    total += matching;
    if (matching > 0 && found.length < limit) {
      found.push(...rowsOf(db, looked.add('id < ?', before), limit - found.length));
    }
    if (from === undefined) return { rows: found, total };
    below = from;
  }
};

export const listOperations = async (
  db: DatabaseSync,
  query: OperationQuery,
): Promise<{ rows: OperationRow[]; total: number }> => {
  const { account, resource, state, method, before, limit } = query;
  if (resource === undefined && (state ?? method) !== undefined) return lookThrough(db, query);
  const where = new Where().add('account = ?', account).add('resource = ?', resource);
  where.add('state = ?', state).add('method = ?', method);
  const total = countOf(db, where);
  return { rows: rowsOf(db, where.add('id < ?', before), limit), total };
};
