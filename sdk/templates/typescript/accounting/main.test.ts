/** What the plugin answers the daemon. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Plugin } from './host.ts';

const began = '2026-01-31T12:00:00.000Z';
const ended = '2026-01-31T13:00:00.000Z';
const entry = (id: string, more: object = {}) => ({
  ...{ id, vm: 'v1', name: 'web1', account: 'acme', connector: 'kvm1', began, ended, seconds: 3600 },
  ...more,
});

describe('sample-plugin', () => {
  let folder: string;
  let plugin: Plugin;
  const start = async () => {
    plugin = new Plugin();
    await plugin.ask('configure', { config: { file: join(folder, 'books') } });
  };
  const record = async (...entries: object[]) => {
    const { error } = await plugin.ask('accounting.record', { entries });
    assert.equal(error, undefined);
  };
  const books = (columns = 'id') => {
    const db = new DatabaseSync(join(folder, 'books'));
    const rows = db.prepare(`select ${columns} from entry order by id`).all();
    db.close();
    return rows.map((row) => Object.values(row));
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sample-plugin-'));
    await start();
  });
  afterEach(async () => {
    await plugin.close();
    rmSync(folder, { recursive: true });
  });

  it('says what it is', async () => {
    const { result } = await plugin.ask('describe');
    assert.deepEqual([result.name, result.proto], ['sample-plugin', [1]]);
  });

  it('writes down what was used', async () => {
    await record(entry('e1', { vcpus: 2, seconds: 1.5 }), entry('e2'));
    assert.deepEqual(books('account, vcpus, seconds'), [
      ['acme', 2, 1.5],
      ['acme', null, 3600],
    ]);
  });

  it('has each entry once, also after a crash', async () => {
    await record(entry('e1'), entry('e2'), entry('e2'));
    await record(entry('e1'));
    await plugin.close('SIGKILL');
    await start();
    await record(entry('e2'), entry('e3'));
    assert.deepEqual(books().flat(), ['e1', 'e2', 'e3']);
  });
});
