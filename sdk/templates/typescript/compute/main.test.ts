/** What the plugin answers the daemon. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Plugin } from './host.ts';

const wish = { name: 'web1', vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: { tier: 'front' } };

describe('sample-plugin', () => {
  let folder: string;
  let plugin: Plugin;
  const start = async () => {
    plugin = new Plugin();
    await plugin.ask('configure', { config: { file: join(folder, 'machines') } });
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

  it('lets a machine live', async () => {
    const { result: made } = await plugin.ask('compute.create', { id: 'a', ...wish }, 'k1');
    assert.deepEqual([made.state, made.labels], ['stopped', { tier: 'front' }]);
    assert.equal((await plugin.ask('compute.start', { vm: 'a' }, 'k2')).result.state, 'running');
    assert.equal((await plugin.ask('compute.powerOff', { vm: 'a' }, 'k3')).result.state, 'stopped');
    await plugin.ask('compute.delete', { vm: 'a' }, 'k4');
    assert.deepEqual((await plugin.ask('compute.list')).result.items, []);
  });

  it('makes one machine for one key, and finds it after a crash', async () => {
    const { result: made } = await plugin.ask('compute.create', { id: 'a', ...wish }, 'k1');
    await plugin.close('SIGKILL');
    await start();
    assert.deepEqual((await plugin.ask('compute.create', { id: 'b', ...wish }, 'k1')).result, made);
    const asked = { call: 'compute.create', params: {} };
    assert.deepEqual((await plugin.ask('find', asked, 'k1')).result, { outcome: 'done', vm: made });
    assert.deepEqual((await plugin.ask('find', asked, 'k9')).result, { outcome: 'none' });
  });

  it('says what is wrong', async () => {
    const { error } = await plugin.ask('compute.get', { vm: 'nobody' });
    assert.deepEqual([error?.code, error?.message], [404, 'There is no machine nobody.']);
  });
});
