import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { execa } from 'execa';
import { methods } from '../../daemon/catalogue/index.ts';
import { wordsOf } from '../../daemon/cli/names.ts';
import {
  cleanEnvironment,
  makeStateDirectory,
  type RunningDaemon,
  root,
  runAnnelid,
  startDaemon,
} from '../support/annelid.ts';

describe('the command annelid', () => {
  let daemon: RunningDaemon;
  before(async () => {
    daemon = await startDaemon();
  });
  after(() => daemon.discard());
  const run = (line: string, options: Parameters<RunningDaemon['run']>[1] = {}) => daemon.run(line.split(' '), options);
  const json = async (line: string) => JSON.parse((await run(`${line} --json`)).out);

  it('lists machines as a table', async () => {
    const { code, out, err } = await run('vm list --sort name');
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    const [head, ...rows] = out.trimEnd().split('\n');
    expect(head).to.match(/^NAME +STATE +VCPUS +MEMORYMIB +ADDRESSES +CONNECTOR +ACCOUNT +ID$/);
    expect(rows.map((row) => row.split(/ +/)[0])).to.include.members(['db1', 'web1', 'web2']);
  });

  it('passes filters on, and answers JSON when asked', async () => {
    const { items, total } = await json('vm list --state stopped --name WEB2');
    expect(total).to.equal(1);
    expect(items[0]).to.deep.include({ name: 'web2', state: 'stopped' });
  });

  it('makes, starts and removes a machine, waiting for each', async () => {
    const words = ['vm', 'create', 'new one', '--vcpus', '2', '--label', 'tier=front', '--label', 'os=any', '--disk'];
    const created = await daemon.run([...words, 'sizeMiB=64', '--start', '--wait', '--json']);
    expect(created.code).to.equal(0);
    const { resource, state } = JSON.parse(created.out);
    expect(state).to.equal('succeeded');
    expect(await json(`vm get ${resource}`)).to.deep.include({
      name: 'new one',
      state: 'running',
      vcpus: 2,
      labels: { tier: 'front', os: 'any' },
    });
    expect((await run(`vm power-off ${resource} --wait 60`)).code).to.equal(0);
    expect((await run(`vm delete ${resource} --wait`)).out).to.match(/^state +succeeded$/m);
  });

  it('answers at once without --wait, and operation wait goes on from there', async () => {
    const { id } = await json('vm create later');
    expect((await json(`operation wait ${id}`)).state).to.equal('succeeded');
  });

  it('says in one line why a call failed, and ends with 1', async () => {
    const { code, out, err } = await run('vm start web1 --wait');
    expect({ code, out, err }).to.deep.equal({ code: 1, out: '', err: 'conflict: web1 is already running.\n' });
  });

  for (const [what, line, complaint] of [
    ['an unknown command', 'vm strat web1', "error: unknown command 'strat'\n(Did you mean start?)"],
    ['an unknown noun', 'machine list', "error: unknown command 'machine'"],
    ['a noun that is misspelled', 'vmm list', "error: unknown command 'vmm'\n(Did you mean vm?)"],
    ['the help of an unknown noun', 'machine --help', "error: unknown command 'machine'"],
    ['a missing parameter', 'vm start', "error: missing required argument 'vm'"],
    ['one too many', 'vm start web1 web2', 'error: too many arguments'],
    ['a value of the wrong kind', 'vm create x --vcpus two', 'It must be an integer from 1 to 1024. Found "two".'],
    ['a time to wait that is none', 'vm start web2 --wait soon', 'error: --wait takes a number of seconds, not "soon"'],
  ] as const) {
    it(`ends with 2 for ${what}, and says so`, async () => {
      const { code, out, err } = await run(line);
      expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      expect(err).to.contain(complaint);
      expect(err.endsWith('\nRun it with --help to see what it takes.\n'), err).to.equal(true);
    });
  }

  it("shows in the help of why how it is called, and nothing that is only the program's own", async () => {
    const { out } = await run('why --help');
    expect(out)
      .to.match(/\nExample:\n {2}annelid why \S+\n/)
      .and.to.include('annelid operation list --state failed');
    for (const command of ['serve', 'plugin check', 'plugin inspect', 'plugin replay']) {
      expect((await run(`${command} --help`)).out, command).to.not.include('default: []');
    }
  });

  it('ends quietly when nobody reads its help any more', async () => {
    const words = [join(root, 'bin/annelid.js'), '--help'];
    const child = execa(process.execPath, words, { env: cleanEnvironment(), extendEnv: false, reject: false });
    child.stdout.destroy();
    const { exitCode, stderr } = await child;
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
  });

  it('writes console output as the bytes that the machine wrote', async () => {
    const { out } = await run('vm console-output web1');
    const { data } = await json('vm console-output web1');
    expect(out).to.contain('Booting debian-12').and.to.equal(Buffer.from(data, 'base64').toString());
  });

  it('follows events as they come', async () => {
    const words = [join(root, 'bin/annelid.js'), 'event', 'poll', '--after', '0', '--follow'];
    const env = { ...cleanEnvironment(), ANNELID_STATE: daemon.state };
    const follower = execa(process.execPath, words, { env, extendEnv: false, reject: false, stdin: 'ignore' });
    const lines = createInterface({ input: follower.stdout });
    const seen = new Promise<string>((resolve) => {
      lines.on('line', (line) => {
        if (line.includes('vm.state') && line.includes('state=paused')) resolve(line);
      });
    });
    await once(lines, 'line');
    await run('vm pause db1 --wait');
    expect(await seen).to.match(/^\S+Z vm\.state \S+ .*state=paused/);
    follower.kill();
    await follower;
  });

  it('has a command with help and an example for every method', async function () {
    this.timeout(60_000);
    const nouns = new Set([...methods.keys()].map((name) => wordsOf(name)[0]));
    const help = new Map<string, string>();
    for (const noun of nouns) help.set(noun, (await runAnnelid([noun, '--help'])).out);
    for (const { name } of methods.values()) {
      const [noun, verb] = wordsOf(name);
      expect(help.get(noun), name).to.match(new RegExp(`^  ${verb} `, 'm'));
    }
    const { code, out } = await runAnnelid(['vm', 'create', '--help']);
    expect(code).to.equal(0);
    expect(out).to.contain('annelid vm create web1 --vcpus 2 --memory-mib 1024 --image debian-12 --wait');
  });

  it('prints its version', async () => {
    expect((await runAnnelid(['version'])).out).to.match(/^annelid \d+\.\d+\.\d+\n$/);
  });

  describe('who is calling', () => {
    it('is found with a user and a password file, or a token', async () => {
      const { token } = await json('session login admin').catch(() => ({ token: '' }));
      expect(token).to.equal('');
      const login = await run('session login admin --json', { input: `${await daemon.password()}\n` });
      const session = JSON.parse(login.out);
      expect(session).to.deep.include({ user: 'admin', role: 'admin' });
      const env = { ANNELID_STATE: '/nowhere', ANNELID_URL: daemon.url, ANNELID_TOKEN: session.token };
      expect((await run('session whoami', { env })).out).to.match(/^token +true$/m);
      const words = ['--url', daemon.url, '--user', 'admin', '--password-file', join(daemon.state, 'admin-password')];
      expect((await runAnnelid([...words, 'session', 'whoami'])).out).to.match(/^token +false$/m);
    });

    it('is refused with a wrong password', async () => {
      const { code, err } = await run('vm list', { env: { ANNELID_PASSWORD: 'wrong' } });
      expect(code).to.equal(1);
      expect(err).to.match(/^unauthenticated: /);
    });

    it('is asked for in words of the command line where there is no password', async () => {
      const of = async (...words: string[]) =>
        (await runAnnelid(['--url', daemon.url, '--state', '/nowhere', ...words, 'vm', 'list'])).err;
      const how = 'with --password-file or ANNELID_PASSWORD, or a token with ANNELID_TOKEN.\n';
      const head = 'unauthenticated: vm.list needs credentials.\n';
      expect(await of('--user', 'bob')).to.equal(`${head}Give the password of bob ${how}`);
      expect(await of()).to.equal(`${head}Say who is calling with --user, and give the password ${how}`);
    });
  });

  describe('where the daemon is', () => {
    it('is asked for when none is known', async () => {
      const state = await makeStateDirectory();
      const { code, err } = await runAnnelid(['vm', 'list'], { env: { ANNELID_STATE: state }, directory: state });
      expect(code).to.equal(1);
      expect(err).to.contain('annelid serve').and.to.contain('--url');
    });

    it('is said when nobody answers there', async () => {
      const gone = createServer().listen(0, '127.0.0.1');
      await once(gone, 'listening');
      const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
      gone.close();
      await once(gone, 'close');
      const { code, err } = await runAnnelid(['--url', url, 'vm', 'list']);
      expect({ code, err }).to.deep.equal({
        code: 1,
        err: `No daemon answers at ${url} (ECONNREFUSED). Is one running there, and is that its address?\n`,
      });
    });

    it('is doubted when something else answers', async () => {
      const other = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
      await once(other, 'listening');
      const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      const { code, err } = await runAnnelid(['--url', url, 'vm', 'list']);
      other.close();
      expect({ code, err }).to.deep.equal({
        code: 1,
        err: `${url} is no Annelid daemon: it answered 200 without JSON-RPC.\n`,
      });
    });
  });

  describe('user', () => {
    const login = (user: string, password: string) =>
      run('session whoami', { env: { ANNELID_USER: user, ANNELID_PASSWORD: password } });

    it('adds, lists and removes users, and gives them passwords, while the daemon runs', async () => {
      const added = await run('user add alice --role reader --account acme', { input: 'first secret\n' });
      expect(added.out).to.match(/^alice +acme +reader /m);
      expect((await login('alice', 'first secret')).out).to.match(/^role +reader$/m);
      expect((await run('user passwd alice', { input: 'second secret\n' })).code).to.equal(0);
      expect((await login('alice', 'first secret')).code).to.equal(1);
      expect((await login('alice', 'second secret')).code).to.equal(0);
      expect((await run('user remove alice')).out).not.to.contain('alice');
      expect((await login('alice', 'second secret')).err).to.match(/^unauthenticated: /);
    });

    it('refuses what cannot be', async () => {
      const errors = async (line: string, input = 'long enough\n') => (await run(line, { input })).err;
      expect(await errors('user add admin')).to.equal('exists: There is a user admin already.\n');
      expect(await errors('user passwd nobody')).to.equal('not-found: There is no user nobody.\n');
      expect(await errors('user remove admin')).to.equal('conflict: admin is the only administrator.\n');
      expect(await errors('user add bob', 'short\n')).to.match(
        /^invalid-params: \/password must have at least 8 characters/,
      );
      expect(await errors('user add ../bob')).to.equal(
        'invalid-params: /user must begin with a letter or digit and hold nothing but letters, digits, ".", "_", "@" and "-".\n',
      );
      for (const sign of ['\0', '\x1b', '\t']) {
        expect(await errors('user add bob', `long ${sign} enough\n`)).to.equal(
          'invalid-params: /password must not hold control characters.\n',
        );
      }
    });

    it('works on the store itself while no daemon runs', async () => {
      const state = await makeStateDirectory();
      const env = { ANNELID_STATE: state };
      expect((await runAnnelid(['user', 'add', 'carol', '--create'], { input: 'a good secret\n', env })).code).to.equal(
        0,
      );
      const later = await startDaemon({ state });
      expect((await later.run(['user', 'list'])).out).to.match(/^carol +carol +user .*\nadmin +admin +admin /m);
      await later.discard();
    });
  });

  it('makes no store where there is none, unless that is asked for', async () => {
    const nowhere = join(daemon.state, 'nowhere');
    const offline = (...words: string[]) =>
      runAnnelid(['user', ...words, '--state', nowhere], { input: 'a good secret\n' });
    const refusal = `There is no store in the state directory ${nowhere} (from --state). Name another directory with --state`;
    expect(await offline('list')).to.deep.equal({ code: 1, out: '', err: `${refusal}.\n` });
    const { code, err } = await offline('add', 'carol');
    expect({ code, err }).to.deep.equal({ code: 1, err: `${refusal}, or make an empty one with --create.\n` });
    expect(existsSync(nowhere)).to.equal(false);
    expect((await offline('add', 'carol', '--create')).code).to.equal(0);
    expect((await offline('list')).out).to.match(/^carol +carol +user /m);
  });

  it('warns of a variable that is nearly one of its own', async () => {
    const { code, err } = await run('vm list', { env: { ANNELID_PASWORD: 'x' } });
    expect({ code, err }).to.deep.equal({
      code: 0,
      err: 'ANNELID_PASWORD is no variable of Annelid; did you mean ANNELID_PASSWORD?\n',
    });
  });

  describe('config', () => {
    it('shows what a daemon would run with', async () => {
      const env = { ANNELID_LISTEN_PORT: '99' };
      const { out } = await runAnnelid(['config', 'show', '--set', 'limits.xml.depth=7'], { env });
      expect(out)
        .to.match(/^ {2}port: 99$/m)
        .and.to.match(/^ {4}depth: 7$/m);
    });

    it('names every mistake by its place, and ends with 2', async () => {
      const file = join(daemon.state, 'wrong.yaml');
      await writeFile(file, 'listen: {port: no}\nlogs: {}\n');
      const { code, err } = await runAnnelid(['config', 'check', file]);
      expect(code).to.equal(2);
      expect(err.trimEnd().split('\n')).to.deep.equal([
        `${file}:2:1: logs is not known here; did you mean log?`,
        `${file}:1:16: listen.port must be an integer from 0 to 65535, found "no".`,
      ]);
      await writeFile(file, 'listen: {port: 1}\n');
      expect((await runAnnelid(['config', 'check', file])).out).to.equal(`${file}: right.\n`);
    });
  });
});
