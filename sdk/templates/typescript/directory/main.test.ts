/** What the plugin answers the daemon. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Plugin } from './host.ts';
import { hash } from './passwords.ts';

const ann = { login: 'ann', account: 'acme', role: 'user' };

describe('sample-plugin', () => {
  let folder: string;
  let plugin: Plugin;
  const write = (...lines: string[]) => writeFileSync(join(folder, 'people'), lines.join(''));
  const login = async (login: string, secret: string) =>
    (await plugin.ask('directory.authenticate', { login, secret })).result.user;
  const find = async (login: string) => (await plugin.ask('directory.find', { login })).result.user;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sample-plugin-'));
    write(`ann:acme:user:${await hash('open sesame')}\n`, `bob:bobs:reader:${await hash('Zoë')}\n`);
    plugin = new Plugin();
    await plugin.ask('configure', { config: { file: join(folder, 'people') } });
  });
  afterEach(async () => {
    await plugin.close();
    rmSync(folder, { recursive: true });
  });

  it('says what it is', async () => {
    const { result } = await plugin.ask('describe');
    assert.deepEqual([result.name, result.proto], ['sample-plugin', [1]]);
  });

  it('lets in who has the password', async () => {
    assert.deepEqual(await login('ann', 'open sesame'), ann);
    assert.deepEqual(await login('bob', 'Zoë'), { login: 'bob', account: 'bobs', role: 'reader' });
  });

  it('lets nobody else in', async () => {
    assert.equal(await login('ann', 'Zoë'), undefined);
    assert.equal(await login('ann', 'open'), undefined);
    assert.equal(await login('ann', 'open sesame\n'), undefined);
    assert.equal(await login('eve', 'open sesame'), undefined);
  });

  it('finds people until they are taken out', async () => {
    assert.deepEqual(await find('ann'), ann);
    write(`bob:bobs:reader:${await hash('Zoë')}\n`);
    assert.equal(await find('ann'), undefined);
  });

  it('says what is wrong, and no hash', async () => {
    write(`ann:acme:boss:${await hash('open sesame')}\n`);
    const { error } = await plugin.ask('probe');
    assert.equal(error?.message, 'Line 1 of the file is not LOGIN:ACCOUNT:ROLE:HASH.');
    assert.equal((await plugin.ask('directory.find', { login: 'ann' })).error?.code, 503);
  });
});
