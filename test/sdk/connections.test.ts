/** docs/plugin-connections.md, followed: the cloud in each language connects to a real daemon, which is killed and comes back. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { createLocalClient } from '../../sdk/typescript/client/index.ts';
import { requireSuite } from '../setup/packages.ts';
import { type RunningDaemon, root, startDaemon } from '../support/annelid.ts';
import { freePort } from '../support/free-port.ts';
import { languages } from './languages.ts';
import { endStaying, stay, tlsArgs } from './staying.ts';

const page = await readFile(join(root, 'docs/plugin-connections.md'), 'utf8');
const commands = /^```sh\n(.*?)^```$/ms.exec(page)![1]!;

describe('Plugins of all languages that connect to one daemon', function () {
  this.timeout(60_000);
  let folder: string;
  let daemon: RunningDaemon | undefined;
  const file = (name: string) => join(folder, name);

  before(async function () {
    for (const { suite } of languages) await requireSuite(this, suite);
    folder = await mkdtemp(join(tmpdir(), 'annelid-connections-'));
  });
  after(async () => {
    await endStaying();
    await daemon?.discard();
    await rm(folder, { recursive: true, force: true });
  });

  const allReady = async (state: string) => {
    const api = createLocalClient(state);
    let { next: after } = await api.event.poll();
    for (const { id } of languages) {
      while ((await api.connector.get({ connector: id })).state !== 'ready') {
        ({ next: after } = await api.event.poll({ after, wait: 30, types: ['connector.state'] }));
      }
    }
    return api;
  };

  it('are admitted with the certificates of the page, called, and back once a killed daemon is', async () => {
    await execa('sh', ['-e', '-c', commands], { cwd: folder });
    await writeFile(file('token'), 'of-the-test');
    const address = `tls://localhost:${await freePort()}`;
    const connector = { plugin: 'dial-in', token: `file:${file('token')}`, certificate: 'mine' };
    const connectors = languages.map(({ id }) => [id, { ...connector, config: { file: file(`${id}.cloud`) } }]);
    const tls = { cert: file('daemon.pem'), key: file('daemon-key.pem'), ca: file('ca.pem') };
    const config = { plugins: { listen: [address], tls }, connectors: Object.fromEntries(connectors) };
    await writeFile(file('annelid.yaml'), JSON.stringify(config));
    const own = tlsArgs({ cert: file('mine.pem'), key: file('mine-key.pem') }, { cert: file('ca.pem') });
    daemon = await startDaemon({ args: ['--config', file('annelid.yaml')] });
    for (const language of languages) {
      stay(language, ['--dial', address, '--connector', language.id, '--token-file', file('token'), ...own]);
    }
    const api = await allReady(daemon.state);
    for (const { id } of languages) {
      await api.wait(await api.vm.create({ name: `of-${id}`, connector: id, memoryMiB: 64, start: true }));
    }
    const { state } = daemon;
    await daemon.end('SIGKILL');
    daemon = await startDaemon({ state, args: ['--config', file('annelid.yaml')] });
    const again = await allReady(state);
    for (const { id } of languages) {
      await again.wait(await again.vm.powerOff({ vm: `of-${id}` }));
      const { items } = await again.vm.list({ connector: id, refresh: true });
      expect(items.map(({ name, state: at }) => [name, at])).to.deep.equal([[`of-${id}`, 'stopped']]);
    }
  });
});
