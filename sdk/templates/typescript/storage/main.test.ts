/** What the plugin answers the daemon. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Plugin } from './host.ts';

describe('sample-plugin', () => {
  let folder: string;
  let plugin: Plugin;
  const start = async () => {
    plugin = new Plugin();
    await plugin.ask('configure', { config: { file: join(folder, 'volumes') } });
  };
  const create = (name: string, sizeMiB: number) => plugin.ask('samplePlugin.create', { name, sizeMiB }, 'k');
  const remove = async (volume: string) => (await plugin.ask('samplePlugin.delete', { volume }, 'k')).result;
  const volumes = async () => (await plugin.ask('storage.list')).result.items;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sample-plugin-'));
    await start();
  });
  afterEach(async () => {
    await plugin.close();
    rmSync(folder, { recursive: true });
  });

  it('makes and removes volumes', async () => {
    assert.equal((await create('data1', 1024)).result, 'data1');
    assert.deepEqual(await volumes(), [{ id: 'data1', name: 'data1', sizeMiB: 1024 }]);
    assert.deepEqual([await remove('data1'), await remove('data1')], [true, false]);
    assert.deepEqual(await volumes(), []);
  });

  it('has one volume of a name, also after a crash', async () => {
    await create('data1', 1024);
    await plugin.close('SIGKILL');
    await start();
    assert.equal((await create('data1', 1024)).result, 'data1');
    assert.equal((await volumes()).length, 1);
  });

  it('says what is wrong', async () => {
    await create('data1', 1024);
    const { error } = await create('data1', 2048);
    assert.deepEqual([error?.code, error?.message], [409, 'There is a volume data1 of another size.']);
  });
});
