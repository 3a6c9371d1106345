/** What the plugin answers the daemon. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Plugin } from './host.ts';

describe('sample-plugin', () => {
  let plugin: Plugin;
  beforeEach(async () => {
    plugin = new Plugin();
    await plugin.ask('configure', { config: {} });
  });
  afterEach(() => plugin.close());

  it('publishes its methods', async () => {
    const [service] = (await plugin.ask('describe')).result.publishes;
    assert.deepEqual([service.service, service.methods[0].name], ['samplePlugin', 'greet']);
  });

  it('greets', async () => {
    const { result } = await plugin.ask('samplePlugin.greet', { name: 'Ann', times: 2 });
    assert.equal(result, 'Hello, Ann! Hello, Ann!');
  });
});
