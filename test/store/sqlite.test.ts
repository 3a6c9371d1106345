import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { EventRow, OperationRow, ResourceRow } from '../../daemon/core/ports.ts';
import { openSqliteStore } from '../../daemon/store/sqlite.ts';
import { sql } from '../../daemon/store/statements.ts';
import { silentLog } from '../support/core.ts';

const resource = (id: string): ResourceRow => ({ kind: 'vm', id, record: { id, name: `name of ${id}` } });
const event = (cursor: number): EventRow => ({
  cursor,
  time: '2026-01-31T12:00:00.000Z',
  type: 'vm.changed',
  resourceKind: 'vm',
  resource: 'a',
  data: { ['__proto__']: 'data' },
});
const operation = (id: string, facts: Partial<OperationRow> = {}): OperationRow => ({
  id,
  method: 'vm.start',
  account: 'acme',
  user: 'alice',
  connector: 'lab',
  resourceKind: 'vm',
  resource: 'a',
  state: 'queued',
  progress: 0,
  created: '2026-01-31T12:00:00.000Z',
  steps: [{ call: 'compute.start', params: {} }],
  step: 0,
  attempt: 1,
  ...facts,
});

describe('the SQLite store', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-store-'));
    file = join(folder, 'store.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what was written, after it was closed and opened again', async () => {
    const store = await openSqliteStore(file, silentLog);
    await store.write([
      { put: 'resource', row: resource('a') },
      { put: 'operation', row: operation('o1') },
      { put: 'operation', row: operation('o2', { state: 'succeeded', finished: '2026-01-31T12:00:01.000Z' }) },
      { put: 'event', row: event(1) },
      { put: 'meta', key: 'k', value: 'v' },
    ]);
    await store.close();
    const again = await openSqliteStore(file, silentLog);
    const { resources, operations, lastCursor, firstCursor, meta } = await again.load();
    expect(resources).to.deep.equal([resource('a')]);
    expect(operations.map(({ id }) => id)).to.deep.equal(['o1']);
    expect([firstCursor, lastCursor, meta.get('k')]).to.deep.equal([1, 1, 'v']);
    expect(await again.operation('o2')).to.include({ state: 'succeeded' });
    expect(await again.events(0, 10)).to.deep.equal([event(1)]);
    await again.close();
  });

  it('is readable by its owner alone', async () => {
    const store = await openSqliteStore(file, silentLog);
    await store.write([{ put: 'meta', key: 'k', value: 'v' }]);
    for (const suffix of ['', '-wal', '-shm']) expect((await stat(file + suffix)).mode & 0o077, suffix).to.equal(0);
    await store.close();
  });

  it('keeps what was written when the process is killed the moment after', async function () {
    this.timeout(20_000);
    const script = `
      const { openSqliteStore } = await import(${JSON.stringify(new URL('../../daemon/store/sqlite.ts', import.meta.url).href)});
      const store = await openSqliteStore(${JSON.stringify(file)}, console);
      await store.write([{ put: 'meta', key: 'written', value: 'yes' }]);
      store.write([{ put: 'meta', key: 'half', value: 'way' }]);
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    expect(signal).to.equal('SIGKILL');
    const store = await openSqliteStore(file, silentLog);
    const { meta } = await store.load();
    expect([meta.get('written'), meta.get('half')]).to.deep.equal(['yes', undefined]);
    await store.close();
  });

  it('writes all of a turn or nothing, and nothing more after a failure', async () => {
    const store = await openSqliteStore(file, silentLog);
    await store.write([{ put: 'event', row: event(1) }]);
    const results = await Promise.allSettled([
      store.write([{ put: 'resource', row: resource('a') }]),
      store.write([{ put: 'event', row: event(1) }]),
    ]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect((await Promise.allSettled([store.write([{ put: 'event', row: event(2) }])]))[0]!.status).to.equal(
      'rejected',
    );
    await store.close();
    const again = await openSqliteStore(file, silentLog);
    expect((await again.load()).resources).to.deep.equal([]);
    await again.close();
  });

  it('rejects what comes once it is closed', async () => {
    const store = await openSqliteStore(file, silentLog);
    await store.close();
    const failure = await store.write([{ put: 'resource', row: resource('a') }]).catch((error: Error) => error);
    expect(failure).to.have.property('message', 'database is not open');
  });

  it('says when something is not durable yet', async () => {
    const store = await openSqliteStore(file, silentLog);
    expect(store.pending()).to.equal(undefined);
    const written = store.write([{ put: 'resource', row: resource('a') }]);
    expect(store.pending()).to.be.instanceOf(Promise);
    await written;
    expect(store.pending()).to.equal(undefined);
    await store.close();
  });

  it('finds operations by what they are about, the newest first, and by the key of a client', async () => {
    const store = await openSqliteStore(file, silentLog);
    await store.write([
      { put: 'operation', row: operation('o1', { resource: 'a', clientKey: 'k' }) },
      { put: 'operation', row: operation('o2', { resource: 'b' }) },
      { put: 'operation', row: operation('o3', { resource: 'a', account: 'bobs' }) },
    ]);
    const ids = async (query: object) => {
      const { rows, total } = await store.operations({ limit: 10, ...query });
      return [...rows.map(({ id }) => id), total];
    };
    expect(await ids({})).to.deep.equal(['o3', 'o2', 'o1', 3]);
    expect(await ids({ resource: 'a' })).to.deep.equal(['o3', 'o1', 2]);
    expect(await ids({ account: 'acme', before: 'o2' })).to.deep.equal(['o1', 2]);
    expect((await store.operationByClientKey('alice', 'k'))?.id).to.equal('o1');
    expect(await store.operationByClientKey('bob', 'k')).to.equal(undefined);
    await store.close();
  });

  it('looks for operations by state and method a few at a time: others get their turn in between', async () => {
    const store = await openSqliteStore(file, silentLog);
    const rows = Array.from({ length: 2500 }, (_, i) =>
      operation(`o${1000 + i}`, {
        state: i % 1000 === 0 ? 'failed' : 'succeeded',
        method: i % 2 ? 'vm.stop' : 'vm.start',
      }),
    );
    await store.write(rows.map((row) => ({ put: 'operation', row })));
    let isOver = false;
    const failed = store.operations({ state: 'failed', limit: 2 }).finally(() => {
      isOver = true;
    });
    let turns = 0;
    for (; !isOver; turns++) await setImmediate();
    expect(turns).to.be.at.least(2);
    const { rows: found, total } = await failed;
    expect([...found.map(({ id }) => id), total]).to.deep.equal(['o3000', 'o2000', 3]);
    const next = await store.operations({ account: 'acme', state: 'failed', before: 'o2000', limit: 2 });
    expect([...next.rows.map(({ id }) => id), next.total]).to.deep.equal(['o1000', 3]);
    const stopped = await store.operations({ method: 'vm.stop', state: 'succeeded', limit: 1500 });
    expect(stopped.total).to.equal(1250);
    expect(stopped.rows.map(({ id }) => id)).to.deep.equal(
      rows.flatMap(({ id, method }) => (method === 'vm.stop' ? [id] : [])).reverse(),
    );
    await store.close();
  });

  it('drops what is old, but never an operation that has not ended', async () => {
    const store = await openSqliteStore(file, silentLog);
    await store.write([
      { put: 'operation', row: operation('open') },
      { put: 'operation', row: operation('old', { state: 'failed', finished: '2026-01-31T12:00:00.000Z' }) },
      { put: 'operation', row: operation('new', { state: 'failed', finished: '2026-02-02T12:00:00.000Z' }) },
      { put: 'token', row: { id: 't', user: 'alice', expires: 5 } },
    ]);
    await store.prune({ events: 0, operations: Date.parse('2026-02-01T00:00:00Z'), tokens: 6, usage: 0, taken: 0 });
    const { rows } = await store.operations({ limit: 10 });
    expect(rows.map(({ id }) => id)).to.deep.equal(['open', 'new']);
    expect((await store.load()).tokens).to.deep.equal([]);
    await store.close();
  });

  it('is not opened when a newer version wrote it', async () => {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version=99');
    db.close();
    let message = '';
    await openSqliteStore(file, silentLog).catch((cause: Error) => {
      message = cause.message;
    });
    expect(message).to.contain('newer version').and.contain(file);
  });

  it('finds what is to be dropped, and what is asked for with each call, without looking at all that there is', async () => {
    await (await openSqliteStore(file, silentLog)).close();
    const db = new DatabaseSync(file);
    // What is read once at start, and what is small.
    const whole = /^(all|open|pruneTokens|lastUsage)/;
    const scans = Object.entries(sql).flatMap(([name, text]) => {
      if (whole.test(name)) return [];
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...(text.match(/\?/g) ?? []).map(() => 0));
      return plan.flatMap(({ detail }) => (/^SCAN (?!CONSTANT)/.test(String(detail)) ? [`${name}: ${detail}`] : []));
    });
    db.close();
    expect(scans).to.deep.equal([]);
  });
});
