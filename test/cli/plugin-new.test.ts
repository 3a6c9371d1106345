import { access, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import type { Connector } from '../../daemon/catalogue/resources.ts';
import { type Kind, kinds } from '../../daemon/kit/kinds.ts';
import { type Language, languages } from '../../daemon/kit/languages.ts';
import type { Manifest } from '../../plugin-protocol/manifest.ts';
import { inParallel } from '../conformance/in-parallel.ts';
import { requireSuite, type SuiteName } from '../setup/packages.ts';
import { cleanEnvironment, root, runAnnelid } from '../support/annelid.ts';
import { type Connectors, daemonsOfSuite } from '../support/daemon.ts';
import { blocksOf, password, typed, uses } from './uses.ts';

const bare = ['python', 'ruby', 'perl'] as const;
const wanted = [
  ...(Object.keys(languages) as Language[]).flatMap((language) =>
    (Object.keys(kinds) as Kind[]).map((kind) => ({ language, kind, bare: false })),
  ),
  ...bare.map((language) => ({ language, kind: 'compute' as const, bare: true })),
].map((one) => ({ ...one, name: `my-${one.language}-${one.bare ? 'bare' : one.kind}` }));

/** The first block is what tries it without a daemon, the last is for when one has it. */
const toBeTyped = (readme: string) => blocksOf(readme, 'sh').slice(1, -1);

interface Config {
  connectors: Connectors;
}

describe('annelid plugin new', function () {
  this.timeout(180_000);
  const startDaemon = daemonsOfSuite();
  let folder: string;
  const run = (words: string[]) => runAnnelid(['plugin', ...words], { directory: folder });
  const textsOf = (file: string) => Promise.all(wanted.map(({ name }) => readFile(join(folder, name, file), 'utf8')));
  /** What a README says of the configuration of the daemon, with the whole path of the plugin. */
  const connectorIn = (readme: string, name: string, within = folder): Connectors[string] => {
    const { connectors } = parse(blocksOf(readme, 'yaml')[0]!) as Config;
    expect(connectors).to.have.all.keys([name]);
    const { plugin, ...more } = connectors[name]!;
    return { plugin: resolve(within, plugin), ...more };
  };

  before(async function () {
    for (const language of Object.keys(languages)) await requireSuite(this, `${language} sdk` as SuiteName);
    folder = await mkdtemp(join(tmpdir(), 'annelid-new-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('says what to type next, as it is called here: in a checkout annelid is not on the PATH', async () => {
    const { out } = await run(['new', 'my-next', '--lang', 'python']);
    const typed = /^ {2}(.*?) plugin check \. {2,}hold it/m.exec(out)![1]!;
    const [program, ...words] = typed.split(' ');
    const version = await execa(program!, [...words, 'version'], {
      cwd: join(folder, 'my-next'),
      preferLocal: true,
    });
    expect(version.stdout).to.match(/^annelid \d/);
  });

  for (const { name, language, kind, bare } of wanted) {
    it(`makes a plugin that has what belongs to it: ${name}`, async () => {
      const { code, out, err } = await run([
        'new',
        name,
        '--lang',
        language,
        '--kind',
        kind,
        ...(bare ? ['--bare'] : []),
      ]);
      expect([code, err]).to.deep.equal([0, '']);
      const { test } = languages[language];
      expect(out).to.include(`  cd ${name}\n  ${test}`).and.to.include(' plugin check .');
      const own = join(folder, name);
      const files = await readdir(own, { recursive: true });
      expect(files).to.include.members(['README.md', 'manifest.json', '.gitignore', '.github/workflows/check.yml']);
      for (const file of out.matchAll(/^ {2}(\S+)$/gm)) await access(join(own, file[1]!));
      // What a repository would get: none of it knows the machine, nor the template.
      const shown = out.split('\n').flatMap((line) => /^ {2}(\S+\.\S+)$/.exec(line)?.[1] ?? []);
      for (const file of shown) {
        expect(await readFile(join(own, file), 'utf8'), file)
          .not.to.match(/sample-?plugin/i)
          .and.not.to.include(root);
      }
    });
  }

  it('makes plugins of names that their language has for something else', async () => {
    expect((await run(['new', 'p-store', '--lang', 'ruby', '--to', 'my-namesake'])).code).to.equal(0);
    const { code, out } = await run(['check', 'my-namesake', '--only', '4.1,6.1']);
    expect(code, out).to.equal(0);
  });

  it('makes plugins that run in a sandbox, once they are given a place for what they keep', async function () {
    this.timeout(360_000);
    await requireSuite(this, 'sandbox');
    const readmes = await textsOf('README.md');
    // Copies: what they keep is not there yet for the others.
    const boxed = join(folder, 'my-boxes');
    for (const { name } of wanted)
      await cp(join(folder, name), join(boxed, name), { recursive: true, verbatimSymlinks: true });
    for (const block of readmes.flatMap(toBeTyped)) await typed(block, boxed);
    const manifests = (await textsOf('manifest.json')).map((text) => JSON.parse(text) as Manifest);
    const connectors = readmes.map((readme, at) => {
      const { plugin, ...more } = connectorIn(readme, wanted[at]!.name, boxed);
      const needs = { ...manifests[at]!.needs, fs: [{ path: plugin, write: true }] };
      return { plugin, ...more, sandbox: true, needs };
    });
    const { PATH } = process.env;
    // A sandbox shows the languages of the system; those of somebody's home must be named in needs.fs.
    process.env.PATH = '/usr/local/bin:/usr/bin:/bin';
    const daemon = await startDaemon({
      connectors: Object.fromEntries(wanted.map(({ name }, at) => [name, connectors[at]!])),
    }).finally(() => {
      process.env.PATH = PATH;
    });
    for (const { name, kind } of wanted) await uses[kind].use(daemon, name);
  });

  it('makes plugins that a daemon runs, all at once, by what their READMEs say', async () => {
    const readmes = await textsOf('README.md');
    const connectors = readmes.map((readme, at) => connectorIn(readme, wanted[at]!.name));
    for (const block of readmes.flatMap(toBeTyped)) await typed(block, folder);
    const daemon = await startDaemon({
      connectors: Object.fromEntries(wanted.map(({ name }, at) => [name, connectors[at]!])),
    });
    for (const { name, kind } of wanted) {
      const { plugin } = await daemon.call<Connector>('connector.get', { connector: name });
      expect(plugin).to.equal(name);
      await uses[kind].use(daemon, name);
    }
    const env = { ...cleanEnvironment(), password, ANNELID_STATE: join(daemon.directory, 'state') };
    const annelid = `annelid() { "${process.execPath}" "${join(root, 'bin/annelid.js')}" "$@"; }`;
    const type = (line: string) => execa('sh', ['-c', `${annelid}\n${line}`], { env, extendEnv: false, reject: false });
    const lines = readmes.flatMap((readme) => blocksOf(readme, 'sh').at(-1)!.trim().split('\n'));
    const runs = inParallel(Object.fromEntries(lines.map((line) => [line, () => type(line)])));
    for (const line of lines) {
      const { exitCode, stderr, stdout } = await runs[line]!;
      expect([exitCode, stderr], line).to.deep.equal([0, '']);
      expect(stdout, line).not.to.equal('');
    }
  });

  it('makes tests that find a kit which is installed as the README says, in Tcl', async () => {
    const own = join(folder, 'my-installed');
    expect((await run(['new', 'my-installed', '--lang', 'tcl', '--kind', 'storage'])).code).to.equal(0);
    await execa('tclsh', [join(root, 'sdk/tcl/install.tcl'), 'lib'], { cwd: own });
    await rm(join(own, 'annelid'));
    const manifest = await readFile(join(own, 'manifest.json'), 'utf8');
    await writeFile(join(own, 'manifest.json'), manifest.replace('TCLLIBPATH=annelid/sdk/tcl', 'TCLLIBPATH=lib'));
    const { exitCode, all } = await execa('tclsh', ['main.test'], { cwd: own, reject: false, all: true });
    expect(exitCode, all).to.equal(0);
    expect(all).to.match(/Total\s+4\s+Passed\s+4/);
  });

  it('makes tests that fail with what they test, and say what the plugin asks of the daemon, in Tcl', async () => {
    const own = join(folder, 'my-tcl-service');
    const program = await readFile(join(own, 'main.tcl'), 'utf8');
    await writeFile(join(own, 'main.tcl'), program.replace('return [join', 'my call secret token; return [join'));
    const { exitCode, all } = await execa('tclsh', ['main.test'], { cwd: own, reject: false, all: true });
    await writeFile(join(own, 'main.tcl'), program);
    expect(exitCode, all).to.equal(1);
    expect(all).to.include('It asks the daemon for host.secret.get: answer that here.');
  });

  it('has types that hold, in TypeScript', async () => {
    const programs = Object.keys(kinds).flatMap((kind) =>
      ['main.ts', 'main.test.ts'].map((file) => join(`my-typescript-${kind}`, file)),
    );
    const options = ['--noEmit', '--strict', '--target', 'esnext', '--module', 'nodenext', '--types', 'node'];
    const more = ['--allowImportingTsExtensions', '--typeRoots', join(root, 'node_modules/@types')];
    const { failed, all } = await execa('tsc', [...options, ...more, ...programs], {
      cwd: folder,
      preferLocal: true,
      localDir: root,
      reject: false,
      all: true,
    });
    expect(failed, all).to.equal(false);
  });

  it('refuses to write over anything, and names that are none', async () => {
    await writeFile(join(folder, 'taken'), 'mine');
    const over = await run(['new', 'taken', '--lang', 'python']);
    expect([over.code, over.err]).to.deep.equal([
      1,
      `${join(folder, 'taken')} is there already; nothing was changed. Choose another name, or another folder with --to.\n`,
    ]);
    expect(await readFile(join(folder, 'taken'), 'utf8')).to.equal('mine');
    const twice = ['new', 'my-own', '--lang', 'perl'];
    expect([(await run(twice)).code, (await run(twice)).code]).to.deep.equal([0, 1]);
    for (const name of ['My', '1st', 'a_b', '../up', 'a/b', '', 'a'.repeat(64), '-x-', 'a--b']) {
      const { code, err } = await run(['new', '--lang', 'python', '--', name]);
      expect(code, name).to.equal(1);
      expect(err, name).to.include('A plugin cannot be called ');
    }
    for (const [kind, { publishes }] of Object.entries(kinds)) {
      if (!publishes) continue;
      const { err } = await run(['new', 'vm', '--lang', 'python', '--kind', kind]);
      expect(err).to.equal('A service cannot be called vm: the name is taken by the catalogue or the protocol.\n');
    }
    const absent = await run(['new', 'bare', '--lang', 'tcl', '--bare']);
    expect(absent.err).to.equal(
      'There is no template without a library for compute in tcl; there are ones in python, ruby, perl.\n',
    );
    expect((await readdir(folder)).filter((name) => !name.startsWith('my-'))).to.deep.equal(['taken']);
  });

  it('says which languages and kinds there are', async () => {
    const { out } = await run(['new', '--help']);
    expect(out).to.match(/typescript.*python.*ruby.*perl.*tcl/s);
    for (const [kind, { does }] of Object.entries(kinds))
      expect(out.replaceAll(/\s+/g, ' ')).to.include(`\`${kind}\` ${does}`);
    const unknown = await run(['new', 'a', '--lang', 'cobol']);
    expect(unknown.code).to.equal(2);
    const { out: script } = await runAnnelid(['completion', 'bash']);
    expect(script).to.include("'plugin new --lang') words='typescript python ruby perl tcl'");
  });
});
