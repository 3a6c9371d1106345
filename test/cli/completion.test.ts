import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { methods } from '../../daemon/catalogue/index.ts';
import { wordsOf } from '../../daemon/cli/names.ts';
import { requireSuite } from '../setup/packages.ts';
import { runAnnelid } from '../support/annelid.ts';

describe('annelid completion', () => {
  let script: string;
  before(async () => {
    script = (await runAnnelid(['completion', 'bash'])).out;
  });

  /** What bash proposes for the last of these words. */
  const proposed = async (...words: string[]): Promise<string[]> => {
    const ask = `${script}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _annelid; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await execa('bash', ['--norc', '-u', '-c', ask, 'bash', ...words]);
    return stdout === '' ? [] : stdout.split('\n');
  };

  it('proposes every command of the catalogue', async () => {
    const nouns = new Map<string, string[]>();
    for (const name of methods.keys()) {
      const [noun, verb] = wordsOf(name);
      nouns.set(noun, [...(nouns.get(noun) ?? []), verb]);
    }
    expect(await proposed('annelid', '')).to.include.members([...nouns.keys(), 'serve', 'user', 'config', '--state']);
    for (const [noun, verbs] of nouns) expect(await proposed('annelid', noun, '')).to.include.members(verbs);
  });

  it('completes what has been begun: commands, options behind other words, and their values', async () => {
    expect(await proposed('annelid', 'vm', 'po')).to.deep.equal(['power-off']);
    expect(await proposed('annelid', '--url', 'http://a', 'vm', 'create', 'web1', '--mem')).to.deep.equal([
      '--memory-mib',
    ]);
    expect(await proposed('annelid', 'vm', 'list', '--state', 'run')).to.deep.equal(['running']);
    expect(await proposed('annelid', 'user', 'add', '--role', '')).to.deep.equal(['reader', 'user', 'admin']);
    expect(await proposed('annelid', 'completion', 'vm', '')).to.not.include('start');
  });

  it('proposes nothing of its own, and so files, where any value is good', async () => {
    expect(await proposed('annelid', 'serve', '--config', '')).to.deep.equal([]);
    expect(script).to.match(/^complete -o default -F _annelid annelid$/m);
  });

  describe('for other shells', () => {
    let folder: string;
    const fileFor = async (shell: string) => {
      const file = join(folder, shell);
      await writeFile(file, (await runAnnelid(['completion', shell])).out);
      return file;
    };
    before(async function () {
      await requireSuite(this, 'shells');
      folder = await mkdtemp(join(tmpdir(), 'annelid-completion-'));
    });
    after(() => rm(folder, { recursive: true }));

    it('does the same for fish, with what each word does', async () => {
      const file = await fileFor('fish');
      const proposedByFish = async (line: string) =>
        (await execa('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`])).stdout;
      expect(await proposedByFish('annelid vm po')).to.match(/^power-off\t\w/);
      expect(await proposedByFish('annelid --url http://a vm list --state run')).to.equal('running');
    });

    it('does the same for zsh', async () => {
      // What the function proposes; zsh itself picks what begins with the word.
      const ask = `source ${await fileFor('zsh')}; [[ -n $_comps[annelid] ]] || exit 1
setopt ksharrays; COMP_WORDS=(annelid vm po); COMP_CWORD=2; _annelid; print -l "\${COMPREPLY[@]}"`;
      const { stdout } = await execa('zsh', ['-f', '-c', ask]);
      expect(stdout.split('\n')).to.include.members(['start', 'power-off']);
    });
  });

  it('refuses another shell, and says which it knows', async () => {
    const { code, err } = await runAnnelid(['completion', 'tcsh']);
    expect(code).to.equal(2);
    expect(err).to.contain('bash, zsh, fish');
  });
});
