import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { locatePlugin, programOf } from '../../daemon/host/program/locate.ts';
import { faultOf, pluginDirectories } from './running-host.ts';

describe('locatePlugin', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-plugin-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('finds a bundled plugin by its name and runs what its manifest says', async () => {
    const program = await locatePlugin('noop', [folder, ...pluginDirectories]);
    const noop = join(pluginDirectories[0]!, 'noop');
    const command = [process.execPath, join(noop, 'main.ts')];
    expect(program).to.deep.equal({ name: 'noop', command, folder: noop, needs: {} });
  });

  it('runs the compiled program where there is no source', async () => {
    const manifest = { name: 'built', version: '1', run: ['node', 'main', '--fast'] };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'main.js'), '');
    expect((await locatePlugin(folder, [])).command).to.deep.equal([
      process.execPath,
      join(folder, 'main.js'),
      '--fast',
    ]);
  });

  it('runs a script with the interpreter that the end of its name says', async () => {
    for (const [name, interpreter] of [
      ['cloud.py', 'python3'],
      ['cloud.rb', 'ruby'],
      ['cloud.pl', 'perl'],
      ['cloud.sh', 'sh'],
      ['cloud.ts', process.execPath],
    ] as const) {
      await writeFile(join(folder, name), '');
      const script = join(folder, name);
      const program = await locatePlugin(script, []);
      expect(program).to.deep.equal({ name: 'cloud', command: [interpreter, script], folder, script });
    }
  });

  it('runs a program itself when it may be executed, and says so when it may not', async () => {
    const path = join(folder, 'cloud');
    await writeFile(path, '#!/bin/sh\n', { mode: 0o755 });
    expect((await locatePlugin(path, [])).command).to.deep.equal([path]);
    const text = join(folder, 'notes.txt');
    await writeFile(text, '');
    const fault = await faultOf(locatePlugin(text, []));
    expect(fault.message).to.equal(
      `${text} cannot be executed: it needs chmod +x and a first line with #!, or a name that ends with one of .py, .rb, .pl, .sh, .js, .mjs, .ts.`,
    );
  });

  it('says where a plugin was looked for, and which name may be meant', async () => {
    const [bundled = ''] = pluginDirectories;
    const said = async (name: string) => (await faultOf(locatePlugin(name, [folder, bundled]))).message;
    const places = (name: string) => [folder, bundled].map((directory) => join(directory, name)).join(', ');
    expect(await said('memry')).to.equal(
      `There is no plugin memry: looked for ${places('memry')}. Did you mean memory?`,
    );
    expect(await said('quite-another')).to.equal(
      `There is no plugin quite-another: looked for ${places('quite-another')}.`,
    );
  });

  it('says what is wrong with a manifest', async () => {
    await writeFile(join(folder, 'manifest.json'), '{"name":"x","version":"1"}');
    expect((await faultOf(locatePlugin(folder, []))).message).to.equal(
      `${folder}/manifest.json is no manifest: /run is missing.`,
    );
    await writeFile(join(folder, 'manifest.json'), '{"name":"x","version":"1","run":["node","program"]}');
    expect((await faultOf(locatePlugin(folder, []))).message).to.equal(
      `${folder}/manifest.json names program, and there is no such script in ${folder}.`,
    );
  });

  it('says that there is no manifest, in one sentence with one full stop', async () => {
    expect((await faultOf(locatePlugin(folder, []))).message).to.equal(
      `${folder} is a folder, and there is no manifest.json in it.`,
    );
    await symlink(join(folder, 'loop'), join(folder, 'loop'));
    expect((await faultOf(locatePlugin(join(folder, 'loop'), []))).message).to.equal(
      `${folder}/loop cannot be looked at by this user (ELOOP).`,
    );
    await writeFile(join(folder, 'manifest.json'), '{');
    expect((await faultOf(locatePlugin(folder, []))).message).to.match(/ is no manifest: .*[^.]\.$/s);
  });
});

describe('programOf', () => {
  it('takes names on the PATH and executable files, and says what is not there', async () => {
    await programOf(['sh', '-c', 'exit 1'], '/');
    await programOf([process.execPath], '/');
    await programOf(['./sh'], '/bin');
    const messageOf = async (command: string[]) => (await faultOf(programOf(command, '/etc'))).message;
    expect(await messageOf(['no-such-program'])).to.equal('There is no no-such-program on the PATH.');
    expect(await messageOf(['./passwd'])).to.equal('/etc/passwd is no program that can be executed.');
    expect(await messageOf([])).to.equal('There is no program to run.');
  });
});
