/**
 * The embedded store: one SQLite file in WAL mode with `synchronous=FULL`. What is written in one turn of the event
 * loop is one transaction (group commit): one fsync for all calls of that turn instead of one for each.
 */
import { chmodSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type {
  Change,
  EventRow,
  Granted,
  Log,
  MeterRow,
  OperationQuery,
  OperationRow,
  ResourceRow,
  Store,
  StoryRow,
  TokenRow,
  UsageQuery,
  UsageRow,
  UserRow,
} from '../core/ports.ts';
import { listOperations } from './operation-list.ts';
import { sql } from './statements.ts';

/** Each entry moves the schema one version on; what has been released is never edited. */
const migrations = [
  `CREATE TABLE resources (kind TEXT NOT NULL, id TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
   CREATE TABLE operations (id TEXT PRIMARY KEY, account TEXT NOT NULL, user TEXT NOT NULL, state TEXT NOT NULL,
     method TEXT NOT NULL, resource TEXT NOT NULL, client_key TEXT, finished INTEGER, row TEXT NOT NULL) WITHOUT ROWID;
   CREATE INDEX operations_by_account ON operations (account, id);
   CREATE INDEX operations_by_resource ON operations (resource, id);
   CREATE INDEX operations_open ON operations (id) WHERE finished IS NULL;
   CREATE UNIQUE INDEX operations_by_key ON operations (user, client_key) WHERE client_key IS NOT NULL;
   CREATE TABLE events (cursor INTEGER PRIMARY KEY, time INTEGER NOT NULL, row TEXT NOT NULL);
   CREATE TABLE users (id TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE tokens (id TEXT PRIMARY KEY, user TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
  // With row ids: in a table without them a row of some 2 KiB is kept outside of its page, which is one page more to write.
  `CREATE TABLE stories (place INTEGER PRIMARY KEY, operation TEXT NOT NULL, row TEXT NOT NULL);
   CREATE INDEX stories_by_operation ON stories (operation);`,
  'ALTER TABLE tokens ADD COLUMN granted TEXT;',
  // AUTOINCREMENT keeps the last place, also when all entries have been dropped: accounting plugins have cursors.
  `CREATE TABLE meters (vm TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE usage (place INTEGER PRIMARY KEY AUTOINCREMENT, ended INTEGER NOT NULL, account TEXT NOT NULL, vm TEXT NOT NULL,
     row TEXT NOT NULL);
   CREATE INDEX usage_by_time ON usage (ended);
   CREATE INDEX usage_by_account ON usage (account, ended);
   CREATE INDEX usage_by_vm ON usage (vm, ended);`,
  // Without these all operations and events were looked at, within one turn, to find those that are to be dropped.
  `CREATE INDEX operations_by_end ON operations (finished) WHERE finished IS NOT NULL;
   CREATE INDEX events_by_time ON events (time);`,
];

interface Waiting {
  changes: readonly Change[];
  resolve: () => void;
  reject: (cause: unknown) => void;
}

const parse = <T>(row: { row: string }): T => JSON.parse(row.row) as T;
interface KeptUsage {
  place: number;
  ended: number;
  row: string;
}
const usageFrom = ({ place, ended, row }: KeptUsage): UsageRow => ({ place, ended, entry: JSON.parse(row) });

const rows = <T>(statement: StatementSync, ...values: (string | number)[]): T[] => statement.all(...values) as T[];

/**
 * Open or make the store. `:memory:` keeps nothing, for tests. Throws when the file cannot be used or was written by a
 * newer version.
 */
export const openSqliteStore = async (file: string, log: Log): Promise<Store> => {
  const db = new DatabaseSync(file);
  if (file !== ':memory:') chmodSync(file, 0o600);
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;');
  migrate(db, file);
  return new SqliteStore(db, log);
};

const migrate = (db: DatabaseSync, file: string) => {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length) {
    throw new Error(
      `${file} was written by a newer version of Annelid (schema ${version}, this one knows ${migrations.length}).`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index >= version) db.exec(`BEGIN; ${sql} PRAGMA user_version=${index + 1}; COMMIT;`);
  }
};

class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #log: Log;
  readonly #statements: { [K in keyof typeof sql]: StatementSync };
  #waiting: Waiting[] = [];
  #flush: Promise<void> | undefined;
  #broken: unknown;

  constructor(db: DatabaseSync, log: Log) {
    this.#db = db;
    this.#log = log;
    this.#statements = Object.fromEntries(Object.entries(sql).map(([name, text]) => [name, db.prepare(text)])) as never;
  }

  async load() {
    const range = this.#statements.eventRange.get() as { first: number | null; last: number | null };
    return {
      resources: rows<{ kind: ResourceRow['kind']; id: string; row: string }>(this.#statements.allResources).map(
        ({ kind, id, row }) => ({ kind, id, record: JSON.parse(row) as object }),
      ),
      operations: rows<{ row: string }>(this.#statements.openOperations).map(parse<OperationRow>),
      users: rows<{ row: string }>(this.#statements.allUsers).map(parse<UserRow>),
      tokens: rows<Omit<TokenRow, 'granted'> & { granted: string | null }>(this.#statements.allTokens).map(
        ({ granted, ...token }): TokenRow =>
          granted === null ? token : { ...token, granted: JSON.parse(granted) as Granted },
      ),
      meta: new Map(
        rows<{ key: string; value: string }>(this.#statements.allMeta).map(({ key, value }) => [key, value]),
      ),
      stories: new Map(
        rows<{ operation: string; entries: number }>(this.#statements.openStories).map(({ operation, entries }) => [
          operation,
          entries,
        ]),
      ),
      meters: rows<{ row: string }>(this.#statements.allMeters).map(parse<MeterRow>),
      lastUsage: (this.#statements.lastUsage.get() as { seq: number } | undefined)?.seq ?? 0,
      // Cursors go on where they were even when every event has been pruned: clients hold them.
      lastCursor: Math.max(
        range.last ?? 0,
        Number((this.#statements.getMeta.get('lastCursor') as { value?: string })?.value ?? 0),
      ),
      firstCursor: range.first ?? 0,
    };
  }

  write(changes: readonly Change[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, resolve, reject });
      this.#flush ??= new Promise((flushed) => {
        setImmediate(() => {
          this.#flush = undefined;
          this.#commit();
          flushed();
        });
      });
    });
  }

  pending(): Promise<void> | undefined {
    return this.#flush;
  }

  #commit(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#broken !== undefined) throw this.#broken;
      this.#db.exec('BEGIN IMMEDIATE');
      for (const { changes } of batch) for (const change of changes) this.#apply(change);
      this.#db.exec('COMMIT');
    } catch (cause) {
      // What the core keeps in memory is ahead of the file now: nothing more may be written before a restart.
      if (this.#broken === undefined) this.#log.error({ cause }, 'The store cannot be written.');
      this.#broken ??= cause;
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
      for (const { reject } of batch) reject(cause);
      return;
    }
    for (const { resolve } of batch) resolve();
  }

  #apply(change: Change): void {
    const s = this.#statements;
    if ('put' in change) {
      switch (change.put) {
        case 'resource':
          return void s.putResource.run(change.row.kind, change.row.id, JSON.stringify(change.row.record));
        case 'operation': {
          const { row } = change;
          const finished = row.finished === undefined ? null : Date.parse(row.finished);
          const values = [
            row.id,
            row.account,
            row.user,
            row.state,
            row.method,
            row.resource,
            row.clientKey ?? null,
            finished,
          ];
          return void s.putOperation.run(...values, JSON.stringify(row));
        }
        case 'event':
          return void s.putEvent.run(change.row.cursor, Date.parse(change.row.time), JSON.stringify(change.row));
        case 'story':
          // What is told at once is one row: a row for each thing cost a durable create a quarter of its time.
          return void s.putStory.run(change.operation, JSON.stringify(change.rows));
        case 'user':
          return void s.putUser.run(change.row.id, JSON.stringify(change.row));
        case 'token': {
          const { id, user, expires, granted } = change.row;
          return void s.putToken.run(id, user, expires, granted === undefined ? null : JSON.stringify(granted));
        }
        case 'meter':
          return void s.putMeter.run(change.row.vm, JSON.stringify(change.row));
        case 'usage': {
          const { place, ended, entry } = change.row;
          return void s.putUsage.run(place, ended, entry.account, entry.vm, JSON.stringify(entry));
        }
        case 'meta':
          return void s.putMeta.run(change.key, change.value);
      }
    }
    switch (change.drop) {
      case 'resource':
        return void s.dropResource.run(change.kind, change.id);
      case 'user':
        return void s.dropUser.run(change.id);
      case 'token':
        return void s.dropToken.run(change.id);
      case 'meter':
        return void s.dropMeter.run(change.vm);
      case 'meta':
        return void s.dropMeta.run(change.key);
    }
  }

  async operation(id: string) {
    const found = this.#statements.getOperation.get(id) as { row: string } | undefined;
    return found && parse<OperationRow>(found);
  }

  async operationByClientKey(user: string, key: string) {
    const found = this.#statements.getOperationByKey.get(user, key) as { row: string } | undefined;
    return found && parse<OperationRow>(found);
  }

  operations(query: OperationQuery) {
    return listOperations(this.#db, query);
  }

  async events(after: number, limit: number) {
    return rows<{ row: string }>(this.#statements.eventsAfter, after, limit).map(parse<EventRow>);
  }

  async usage({ account, vm, since, before, after, limit }: UsageQuery) {
    const where: string[] = [];
    const values: (string | number)[] = [];
    const want = (condition: string, ...given: (string | number | undefined)[]) => {
      if (given[0] === undefined) return;
      where.push(condition);
      values.push(...(given as (string | number)[]));
    };
    want('account = ?', account);
    want('vm = ?', vm);
    want('ended >= ?', since);
    want('ended < ?', before);
    want('(ended, place) > (?, ?)', after?.ended, after?.place);
    const matching = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
    const statement = this.#db.prepare(`SELECT place, ended, row FROM usage ${matching} ORDER BY ended, place LIMIT ?`);
    return rows<KeptUsage>(statement, ...values, limit).map(usageFrom);
  }

  async usageAfter(place: number, limit: number) {
    return rows<KeptUsage>(this.#statements.usageAfter, place, limit).map(usageFrom);
  }

  async story(operation: string) {
    return rows<{ row: string }>(this.#statements.storyOf, operation).flatMap(parse<StoryRow[]>);
  }

  async prune(before: Parameters<Store['prune']>[0]) {
    const { last } = this.#statements.eventRange.get() as { last: number | null };
    if (last !== null) this.#statements.putMeta.run('lastCursor', String(last));
    this.#statements.pruneEvents.run(before.events);
    this.#statements.pruneStories.run(before.operations);
    this.#statements.pruneOperations.run(before.operations);
    this.#statements.pruneTokens.run(before.tokens);
    this.#statements.pruneUsage.run(before.usage, before.taken);
  }

  async close() {
    while (this.#flush !== undefined) await this.#flush;
    this.#db.close();
  }
}
