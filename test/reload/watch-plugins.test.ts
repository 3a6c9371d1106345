import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ConnectorConfig } from '../../daemon/config/config.ts';
import type { Reloaded } from '../../daemon/host/index.ts';
import { createPluginWatch, type PluginWatch } from '../../daemon/reload/watch-plugins.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { createLogWatch, createWatch, startHost, stopHosts } from '../host/running-host.ts';

/** Its machine is called as it says; `also` is done at its start. */
const program = (name: string, also = '') => `
import { createInterface } from 'node:readline';
import { writeFileSync } from 'node:fs';
${also}
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const results = {
    describe: { proto: [1], name: 'cloud', version: '1', methods: ['compute.get'] },
    'compute.get': { id: params.vm, name: '${name}', state: 'running' },
  };
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }) + '\\n');
});
`;
const manifest = (main: string) =>
  JSON.stringify({ name: 'cloud', version: '1', summary: 'A cloud.', run: ['node', main] });

describe('a plugin whose program is watched', function () {
  this.timeout(30_000);
  let folder: string;
  let watch: PluginWatch | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-watch-'));
    await write('main.mjs', program('first'));
    await write('manifest.json', manifest('main.mjs'));
  });
  afterEach(async function () {
    watch?.close();
    await stopHosts(this);
    await rm(folder, { recursive: true });
  });

  const write = (name: string, text: string) => writeFile(join(folder, name), text);

  const start = async (test: Mocha.Context, source: Pick<ConnectorConfig, 'plugin' | 'command'>) => {
    const instance = { id: 'one', config: {}, ...source };
    const { host, backend } = await startHost(test, [instance]);
    const reloads = createWatch<Reloaded[]>();
    const { log, entries } = createLogWatch();
    const reload = async (only?: string) => {
      const done = await host.reload([instance], only);
      // As the daemon does once it has read the configuration again.
      watch!.attend({ connectors, pluginDirectories: [] });
      reloads.add(done);
      return done;
    };
    const connectors = [{ name: 'one', config: {}, watch: true, ...source }];
    watch = createPluginWatch(reload, log);
    watch.attend({ connectors, pluginDirectories: [] });
    await entries.when(({ message }) => message === 'The program is watched.');
    return {
      ...{ backend, entries },
      changes: () =>
        entries.all.filter(({ message }) => message === 'The program has changed.').map(({ facts }) => facts.files),
      name: async () => (await backend().call(compute.get, { vm: 'x' })).name,
      /** Resolves with what the reload of that number did, counted from 1. */
      reloaded: async (count: number) => {
        await reloads.when(() => reloads.all.length >= count);
        return reloads.all[count - 1]!.map(({ did }) => did);
      },
    };
  };

  it('is replaced when a file of its folder changes, once for changes in quick succession', async function () {
    await write('part.mjs', '');
    const { name, reloaded, changes } = await start(this, { plugin: folder });
    expect(await name()).to.equal('first');
    writeFileSync(join(folder, 'part.mjs'), "export const name = 'second';");
    writeFileSync(join(folder, 'main.mjs'), program("' + name + '", "import { name } from './part.mjs';"));
    expect(await reloaded(1)).to.deep.equal(['replaced']);
    expect(await name()).to.equal('second');
    expect(changes()).to.deep.equal([['main.mjs', 'part.mjs']]);
  });

  it('goes on with the old process while the new one cannot be made, and says why', async function () {
    const { name, reloaded, backend } = await start(this, { plugin: folder });
    await write('main.mjs', `${program('second')} oh no`);
    expect(await reloaded(1)).to.deep.equal(['failed']);
    expect(await name()).to.equal('first');
    expect(backend().status()).to.include({ state: 'ready', isCrashing: false });
    expect(backend().status().message).to.match(
      /^The new process of one is not ready, and the old one stays: The plugin ended with code 1: SyntaxError: /,
    );
    await write('main.mjs', program('second'));
    expect(await reloaded(2)).to.deep.equal(['replaced']);
    expect(await name()).to.equal('second');
    expect(backend().status()).not.to.have.property('message');
  });

  it('is replaced when a program that its manifest names by its path is built anew, whichever that is by now', async function () {
    const build = async (name: string, file: string) => {
      await writeFile(join(folder, 'built'), `#!${process.execPath}\n${program(name)}`, { mode: 0o755 });
      await rename(join(folder, 'built'), join(folder, file));
    };
    const naming = (file: string) =>
      write('manifest.json', JSON.stringify({ name: 'cloud', version: '1', summary: 'A cloud.', run: [`./${file}`] }));
    await build('first', 'cloud');
    await naming('cloud');
    const { name, reloaded, changes } = await start(this, { plugin: folder });
    expect(await name()).to.equal('first');
    await build('second', 'cloud');
    expect(await reloaded(1)).to.deep.equal(['replaced']);
    expect(await name()).to.equal('second');
    await build('third', 'cloud-2');
    await naming('cloud-2');
    expect(await reloaded(2)).to.deep.equal(['replaced']);
    expect(await name()).to.equal('third');
    await build('fourth', 'cloud-2');
    expect(await reloaded(3)).to.deep.equal(['replaced']);
    expect(await name()).to.equal('fourth');
    expect([changes()[0], changes()[2]]).to.deep.equal([['cloud'], ['cloud-2']]);
  });

  it('is not replaced for data, for what tools make, and for a file that is written as it was', async function () {
    await mkdir(join(folder, '__pycache__'));
    await mkdir(join(folder, 'node_modules/other'), { recursive: true });
    const { reloaded, changes } = await start(this, { plugin: folder });
    await write('data.json', '{}');
    await write('main.log', 'a line\n');
    await write('__pycache__/main.py', 'compiled');
    await write('node_modules/other/index.js', 'installed');
    await mkdir(join(folder, '.git'));
    await write('.git/hook.sh', 'committed');
    await write('manifest.json', manifest('main.mjs'));
    await write('main.mjs', program('second'));
    expect(await reloaded(1)).to.deep.equal(['replaced']);
    expect(changes()).to.deep.equal([['main.mjs']]);
  });

  it('is not replaced for ever when it writes a program itself', async function () {
    const own = "writeFileSync(new URL('own.mjs', import.meta.url), String(process.pid));";
    const { entries, changes } = await start(this, { plugin: folder });
    await write('main.mjs', program('second', own));
    const { facts } = await entries.when(
      ({ message }) => message === 'Files that change whenever the plugin is started do not replace it.',
    );
    expect(facts.files).to.deep.equal(['own.mjs']);
    expect(changes().slice(0, 2)).to.deep.equal([['main.mjs'], ['own.mjs']]);
  });

  it('is replaced for a file in a folder that is new', async function () {
    const { reloaded, changes } = await start(this, { plugin: folder });
    await mkdir(join(folder, 'lib/inner'), { recursive: true });
    await write('lib/inner/part.py', 'one');
    expect(await reloaded(1)).to.deep.equal(['replaced']);
    await rm(join(folder, 'lib/inner/part.py'));
    expect(await reloaded(2)).to.deep.equal(['replaced']);
    expect(changes()).to.deep.equal([['lib/inner/part.py'], ['lib/inner/part.py']]);
  });

  it('is still watched when its manifest was wrong for a while', async function () {
    const { name, reloaded, backend } = await start(this, { plugin: folder });
    await write('manifest.json', '{');
    expect(await reloaded(1)).to.deep.equal(['failed']);
    expect(backend().status().message).to.include('manifest.json is no manifest');
    await write('other.mjs', program('other'));
    await reloaded(2);
    await write('manifest.json', manifest('other.mjs'));
    expect(await reloaded(3)).to.deep.equal(['replaced']);
    expect(await name()).to.equal('other');
  });

  it('is still watched when its folder was taken away and is put back', async function () {
    const make = async (into: string, name: string) => {
      await mkdir(join(folder, into));
      await write(`${into}/main.mjs`, program(name));
      await write(`${into}/manifest.json`, manifest('main.mjs'));
    };
    const move = (from: string, to: string) => rename(join(folder, from), join(folder, to));
    await make('cloud', 'first');
    await make('next', 'second');
    const { name, reloaded } = await start(this, { plugin: join(folder, 'cloud') });
    await move('cloud', 'before');
    expect(await reloaded(1)).to.deep.equal(['failed']);
    await move('next', 'cloud');
    expect(await reloaded(2)).to.deep.equal(['replaced']);
    expect(await name()).to.equal('second');
    await write('cloud/main.mjs', program('third'));
    expect(await reloaded(3)).to.deep.equal(['replaced']);
    expect(await name()).to.equal('third');
  });

  for (const [what, source] of Object.entries({
    'a script': () => ({ plugin: join(folder, 'main.mjs') }),
    'a command': () => ({ plugin: 'cloud', command: [process.execPath, join(folder, 'main.mjs')] }),
  })) {
    it(`is replaced when it is ${what} and another file is put in its place, and for no other file`, async function () {
      const { name, reloaded, changes } = await start(this, source());
      await write('other.mjs', program('second'));
      await rename(join(folder, 'other.mjs'), join(folder, 'main.mjs'));
      expect(await reloaded(1)).to.deep.equal(['replaced']);
      expect(await name()).to.equal('second');
      expect(changes()).to.deep.equal([['main.mjs']]);
    });
  }

  it('is told of when its command names no file', async () => {
    const { log, entries } = createLogWatch();
    watch = createPluginWatch(async () => [], log);
    const command = ['cloud', '--quiet'];
    watch.attend({
      connectors: [{ name: 'one', plugin: 'cloud', command, config: {}, watch: true }],
      pluginDirectories: [],
    });
    const { facts } = await entries.when(({ message }) => message === 'The program cannot be watched.');
    expect(facts).to.deep.equal({ connectors: ['one'], reason: 'Its command names no file by its path.' });
  });
});
