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
    await plugin.ask('configure', { config: { file: join(folder, 'networks') } });
  };
  const create = (name: string, ...cidrs: string[]) => plugin.ask('samplePlugin.create', { name, cidrs }, 'k');
  const remove = async (network: string) => (await plugin.ask('samplePlugin.delete', { network }, 'k')).result;
  const networks = async () => (await plugin.ask('network.list')).result.items;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sample-plugin-'));
    await start();
  });
  afterEach(async () => {
    await plugin.close();
    rmSync(folder, { recursive: true });
  });

  it('makes and removes networks', async () => {
    assert.equal((await create('blue', '10.1.0.0/16')).result, 'blue');
    assert.deepEqual(await networks(), [{ id: 'blue', name: 'blue', state: 'up', cidrs: ['10.1.0.0/16'] }]);
    assert.deepEqual([await remove('blue'), await remove('blue')], [true, false]);
    assert.deepEqual(await networks(), []);
  });

  it('has one network of a name, also after a crash', async () => {
    await create('blue', '10.1.0.0/16');
    await plugin.close('SIGKILL');
    await start();
    assert.equal((await create('blue', '10.1.0.0/16')).result, 'blue');
    assert.equal((await networks()).length, 1);
  });

  it('says what is wrong', async () => {
    await create('blue', '10.1.0.0/16');
    const { error } = await create('blue', '10.2.0.0/16');
    assert.deepEqual([error?.code, error?.message], [409, 'There is a network blue with other ranges.']);
  });
});
