import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { loadConfig } from '../daemon/config/config.ts';
import { requireSuite } from './setup/packages.ts';
import { cleanEnvironment, type RunningDaemon, root, startDaemon } from './support/annelid.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const section = (title: string) => {
  const found = readme.split(/^## /m).find((text) => text.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`README.md has no section ${title}.`);
  return found;
};
const samples = (text: string) =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language: language!, code: code! }));

/** What runs a sample from a file. The system's Python is the one that has the packages of Debian. */
const interpreters: Record<string, string> = {
  python: '/usr/bin/python3',
  perl: 'perl',
  ruby: 'ruby',
  php: 'php',
  sh: 'sh',
};

describe('README', () => {
  describe('calls to paste', () => {
    const calls = samples(section('Calls to paste'));
    let daemon: RunningDaemon;
    let directory: string;
    before(async function () {
      // Every client is tried first, and a daemon started.
      this.timeout(60_000);
      directory = mkdtempSync(join(tmpdir(), 'annelid-readme-'));
      await requireSuite(this, 'xmlrpc clients');
      await requireSuite(this, 'soap clients');
      daemon = await startDaemon();
      // What a checkout looks like in which the daemon was started.
      symlinkSync(daemon.state, join(directory, '.annelid'));
      symlinkSync(join(root, 'bin'), join(directory, 'bin'));
    });
    after(async () => {
      rmSync(directory, { recursive: true, force: true });
      await daemon?.discard();
    });

    it('are there for every language', () => {
      expect(new Set(calls.map(({ language }) => language))).to.deep.equal(new Set(Object.keys(interpreters)));
    });

    for (const [index, { language, code }] of calls.entries()) {
      it(`lists the machines with sample ${index + 1} (${language})`, async () => {
        const file = join(directory, `sample-${index}`);
        writeFileSync(
          file,
          code.replaceAll('http://127.0.0.1:8420', daemon.url).replaceAll('127.0.0.1:8420', new URL(daemon.url).host),
        );
        const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
        const env = { ...cleanEnvironment(), PATH: path };
        const { stdout } = await execa(interpreters[language]!, [file], { cwd: directory, env, extendEnv: false });
        expect(stdout).to.contain('web1').and.to.contain('running');
      });
    }
  });

  it('shows configurations that are right', () => {
    const shown = samples(readme).filter(({ language }) => language === 'yaml');
    expect(shown).not.to.deep.equal([]);
    for (const { code } of shown) {
      const directory = mkdtempSync(join(tmpdir(), 'annelid-readme-'));
      writeFileSync(join(directory, 'annelid.yaml'), code);
      const { connectors } = loadConfig({ directory, environment: {} });
      rmSync(directory, { recursive: true });
      expect(connectors.map(({ name, plugin }) => ({ name, plugin }))).to.deep.equal([
        { name: 'kvm1', plugin: 'libvirt' },
      ]);
    }
  });

  it('leads to a reference that shows how limits are set', () => {
    const reference = samples(readFileSync(join(root, 'docs/reference.md'), 'utf8'));
    const shown = reference.find(({ language }) => language === 'yaml');
    const directory = mkdtempSync(join(tmpdir(), 'annelid-limits-'));
    writeFileSync(join(directory, 'annelid.yaml'), shown!.code);
    const { http, xml } = loadConfig({ directory, environment: {} }).limits;
    rmSync(directory, { recursive: true });
    expect([http.bodyBytes, xml.textLength]).to.deep.equal([64 * 1024 * 1024, 64 * 1024 * 1024]);
  });

  it('names every dependency and what it saves', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [used] = section('Dependencies').split('Field libraries that are not used');
    const named = [...used!.matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)].slice(1).flatMap(([, names]) => names!.split(', '));
    expect(named).to.have.members([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  });

  it('leads to every document', () => {
    const documents = execFileSync('git', ['ls-files', 'docs', 'plugins/*/README.md', 'sdk/*/README.md'], { cwd: root })
      .toString()
      .split('\n')
      .filter((path) => /^(docs|plugins|sdk)\/[^/]+(\/README)?\.md$/.test(path));
    const linked = [...section('Where to read on').matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path!);
    expect(documents).to.include('docs/operating.md');
    expect(linked).to.include.members(documents);
    for (const path of linked) expect(existsSync(join(root, path)), path).to.equal(true);
  });

  it('names scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const texts = readme + readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const named = [...texts.matchAll(/npm (?:run\s+)?(start|test|(?<=run\s+)\w+)/g)].map(([, name]) => name!);
    expect(new Set(named)).to.include('start').and.to.include('generate');
    expect(Object.keys(scripts)).to.include.members(named);
  });
});
