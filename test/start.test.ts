import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, rm, stat, watch, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { libvirtNotes, pastableCalls, startNotes } from '../daemon/cli/start-notes.ts';
import { loadConfig } from '../daemon/config/config.ts';
import { lineFromJson } from '../daemon/log.ts';
import { requireSuite } from './setup/packages.ts';
import {
  cleanEnvironment,
  makeStateDirectory,
  type RunningDaemon,
  root,
  runAnnelid,
  startDaemon,
} from './support/annelid.ts';
import { makeCertificate } from './support/certificates.ts';
import { descendantsOf, processes } from './support/processes.ts';

/**
 * Leaves a call in flight that nothing answers by itself. It stands behind another one on the same connection, so that
 * the answer to that tells that the daemon has both.
 */
const leaveCallInFlight = async ({ url, password }: RunningDaemon): Promise<Socket> => {
  const { hostname, port } = new URL(url);
  const credentials = Buffer.from(`admin:${await password()}`).toString('base64');
  const request = (method: string, params: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    return `POST /jsonrpc HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Basic ${credentials}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  // A call that waits is let go when the daemon stops; one that is still being sent is waited for.
  socket.write(request('system.version', {}) + request('session.whoami', {}).slice(0, -1));
  await once(socket, 'data');
  return socket;
};

describe('a first start', () => {
  let daemon: RunningDaemon;
  before(async function () {
    await requireSuite(this, 'xmlrpc clients');
    daemon = await startDaemon();
  });
  after(() => daemon?.discard());

  it('says where everything is, and what it says is there', async () => {
    const links = [...daemon.notes.matchAll(/^ {2}\S+ +(http\S+)$/gm)].map(([, link]) => link!);
    expect(links.map((link) => link.slice(daemon.url.length))).to.deep.equal([
      '/RPC2',
      '/soap?wsdl',
      '/jsonrpc',
      '/docs',
    ]);
    for (const link of links.slice(1)) {
      const method = link.endsWith('/jsonrpc') ? 'POST' : 'GET';
      expect((await fetch(link, { method })).status, link).to.equal(200);
    }
  });

  for (const program of ['python3', 'curl'] as const) {
    it(`prints a call for ${program} that works when it is pasted`, async () => {
      const line = daemon.notes.split('\n').find((text) => text.startsWith(`${program} `));
      const { stdout } = await execa('sh', ['-c', line!]);
      for (const name of ['web1', 'web2', 'db1']) expect(stdout).to.contain(name);
    });
  }

  it('prints commands that work when they are pasted', async () => {
    const [list] = daemon.notes.split('\n').filter((text) => text.endsWith(' vm list'));
    const { stdout } = await execa('sh', ['-c', list!]);
    expect(stdout).to.match(/^web1 +running/m);
  });

  it('says where the password is kept, where only the owner can read it', async () => {
    expect(daemon.notes).to.contain(`admin; a password was made for it, and is in ${daemon.state}/admin-password\n`);
    expect(daemon.notes + daemon.log()).not.to.contain(await daemon.password());
    expect((await stat(daemon.state)).mode & 0o777).to.equal(0o700);
    for (const name of await readdir(daemon.state)) {
      if (name === 'memory-cloud.json') continue;
      expect((await stat(join(daemon.state, name))).mode & 0o077, name).to.equal(0);
    }
  });

  it('refuses a second daemon on the same state, and goes on', async () => {
    const second = await runAnnelid(['serve', '--state', daemon.state, '--port', '0']);
    expect(second.code).to.equal(1);
    expect(second.err).to.contain(`in use by the daemon at ${daemon.url} (process ${daemon.pid})`);
    expect((await daemon.run(['system', 'health'])).out).to.match(/^status +ok$/m);
  });

  it('names the setting, the file and what to do when it cannot be used', async () => {
    const state = await makeStateDirectory();
    const refusal = async (...args: string[]) => {
      const { code, err } = await runAnnelid(['serve', '--port', '0', ...args], { env: { ANNELID_STATE: state } });
      return { code, err };
    };
    const { cert: certificate, key } = makeCertificate(state);
    const { key: other } = makeCertificate(state, 'other-');
    const tls = (cert: string, itsKey: string) => refusal('--set', `tls.cert=${cert}`, '--set', `tls.key=${itsKey}`);
    expect(await tls('/no/cert.pem', key)).to.deep.equal({
      code: 2,
      err: 'tls.cert: /no/cert.pem cannot be read (ENOENT); name a PEM file that this user may read.\n',
    });
    expect((await tls(key, key)).err).to.equal(
      `tls.cert: ${key} holds no certificate; name the PEM file with the certificate chain.\n`,
    );
    expect((await tls(certificate, certificate)).err).to.equal(
      `tls.key: ${certificate} holds no private key without a passphrase; name the PEM file with such a key.\n`,
    );
    expect((await tls(certificate, other)).err).to.equal(
      `tls.key: ${other} is not the key of the certificate in ${certificate}; name the files of one pair.\n`,
    );
    const store = join(state, 'annelid.sqlite');
    await writeFile(store, 'x'.repeat(8192));
    expect(await refusal()).to.deep.equal({
      code: 1,
      err: `state, from ANNELID_STATE: ${store} cannot be used: file is not a database. Move it away, or put a copy from before in its place.\n`,
    });
    await rm(state, { recursive: true });
  });

  it('says that its port is taken', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const state = await makeStateDirectory();
    const { code, err } = await runAnnelid(['serve', '--state', state, '--port', String(port)]);
    other.close();
    await rm(state, { recursive: true });
    expect({ code, err }).to.deep.equal({
      code: 1,
      err: `Something listens on 127.0.0.1:${port} already; choose another port with --port.\n`,
    });
  });
});

describe('a later start', () => {
  let daemon: RunningDaemon;
  afterEach(() => daemon?.discard());

  it('keeps machines and the password, and does not show it again', async () => {
    const first = await startDaemon();
    await first.run(['vm', 'create', 'kept', '--wait']);
    const password = await first.password();
    expect(await first.end('SIGTERM')).to.deep.equal({ code: 0, signal: undefined });

    daemon = await startDaemon({ state: first.state });
    expect(daemon.notes)
      .to.contain(`State of an earlier start is kept in ${first.state}.`)
      .and.not.to.contain(password);
    expect(await daemon.password()).to.equal(password);
    expect((await daemon.run(['vm', 'get', 'kept'])).out).to.match(/^state +stopped$/m);
  });

  it('is proposed with the words of the one before', async () => {
    const first = await startDaemon({ args: ['--demo', '--set', 'limits.xml.depth=9'] });
    const port = ['--port', '0'];
    await first.end('SIGTERM');
    const { err } = await first.run(['vm', 'list']);
    expect(err.trimEnd().split('Start it with: annelid ')[1]?.split(' ')).to.deep.equal([
      'serve',
      '--state',
      first.state,
      ...port,
      '--set',
      'limits.xml.depth=9',
      '--demo',
    ]);
    const file = join(first.state, 'a b.yaml');
    await writeFile(file, 'connectors: {}\n');
    daemon = await startDaemon({ state: first.state, args: ['--config', file] });
    expect(daemon.notes).not.to.contain('web2');
    await daemon.end('SIGTERM');
    expect((await daemon.run(['vm', 'list'])).err).to.contain(
      `serve --state ${first.state} --config '${file}' --port 0`,
    );
  });

  it('does not speak of the password of an administrator who is there no more', async () => {
    const first = await startDaemon();
    await first.run(['user', 'add', 'other', '--role', 'admin'], { input: 'long enough\n' });
    expect((await first.run(['user', 'remove', 'admin'])).code).to.equal(0);
    await first.end('SIGTERM');
    daemon = await startDaemon({ state: first.state, args: [] });
    expect(daemon.notes)
      .to.match(/^ {2}User +those of: .* user list$/m)
      .and.not.to.contain('admin-password');
  });

  it('leaves a user who is called admin alone, and warns that nobody can manage the daemon', async () => {
    const state = await makeStateDirectory();
    const add = ['user', 'add', 'admin', '--create', '--state', state];
    expect((await runAnnelid(add, { input: 'chosen by hand\n' })).code).to.equal(0);
    daemon = await startDaemon({ state, args: [] });
    expect(daemon.log()).to.contain('No user is an administrator; make one with: annelid user add NAME --role admin');
    const env = { ANNELID_PASSWORD: 'chosen by hand' };
    expect((await daemon.run(['session', 'whoami'], { env })).out).to.match(/^role +user$/m);
  });

  it('finds all users that were made in the same moment while there was no daemon, each once', async () => {
    const state = await makeStateDirectory();
    const add = (user: string) =>
      runAnnelid(['user', 'add', user, '--create', '--state', state], { input: 'long enough\n' });
    const done = await Promise.all(['one', 'two', 'two'].map(add));
    expect(done.map(({ code }) => code).sort()).to.deep.equal([0, 0, 1]);
    expect(done.map(({ err }) => err).join('')).to.equal('exists: There is a user two already.\n');
    const { out } = await runAnnelid(['user', 'list', '--state', state]);
    expect(out).to.match(/^one /m).and.match(/^two /m);
  });

  it('is not kept from it by what a killed daemon left', async () => {
    const first = await startDaemon();
    await first.end('SIGKILL');
    expect(existsSync(join(first.state, 'endpoint'))).to.equal(true);
    daemon = await startDaemon({ state: first.state });
    expect((await daemon.run(['vm', 'list'])).out).to.match(/^web1 +running/m);
  });
});

describe('the end of a daemon', () => {
  let daemon: RunningDaemon;
  afterEach(() => daemon?.discard());

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`leaves nothing behind after ${signal}`, async () => {
      daemon = await startDaemon();
      await daemon.run(['vm', 'list']);
      const children = descendantsOf(await processes(), daemon.pid).map(({ pid }) => pid);
      expect(children).not.to.deep.equal([]);
      expect(await daemon.end(signal)).to.deep.equal({ code: 0, signal: undefined });
      const left = (await processes()).filter(({ pid }) => children.includes(pid));
      expect(left).to.deep.equal([]);
      expect((await readdir(daemon.state)).sort()).to.deep.equal([
        'admin-password',
        'annelid.sqlite',
        'lock',
        'memory-cloud.json',
        'start-words',
      ]);
    });
  }

  it('is in order when the signal comes while it starts', async () => {
    const state = await makeStateDirectory();
    const args = [join(root, 'bin/annelid.js'), 'serve', '--demo', '--state', state, '--port', '0'];
    const child = execa(process.execPath, args, { env: cleanEnvironment(), reject: false });
    // It has taken the directory, and the start goes on.
    for await (const { filename } of watch(state)) if (filename === 'lock') break;
    child.kill('SIGTERM');
    const { exitCode, stderr } = await child;
    expect([exitCode, stderr.includes('Stopped.'), existsSync(join(state, 'endpoint'))]).to.deep.equal([
      0,
      true,
      false,
    ]);
    await rm(state, { recursive: true });
  });

  it('is in order also when nobody reads its log any more', async () => {
    daemon = await startDaemon({ args: ['--demo', '--log-level', 'debug'] });
    daemon.deafen();
    expect((await daemon.run(['vm', 'start', 'web2', '--wait'])).code).to.equal(0);
    expect(await daemon.end('SIGTERM')).to.deep.equal({ code: 0, signal: undefined });
    expect(await readdir(daemon.state)).not.to.include('endpoint');
  });

  it('comes at once when the signal is repeated', async () => {
    daemon = await startDaemon({
      args: ['--set', 'limits.http.stopMs=600000', '--set', 'limits.http.bodyIdleTimeoutMs=600000'],
    });
    const socket = await leaveCallInFlight(daemon);
    const ended = daemon.end('SIGTERM');
    let over = false;
    void ended.then(() => {
      over = true;
    });
    // Signals that come close together are one wish, so one more is needed after a while.
    while (!over) {
      await delay(100);
      if (!over) process.kill(daemon.pid, 'SIGTERM');
    }
    socket.destroy();
    expect(await ended).to.deep.equal({ code: 1, signal: undefined });
  });
});

describe('notes and log lines of a start', () => {
  it('say nothing of libvirt where it is attached already', async () => {
    const connectors = [{ name: 'kvm1', plugin: 'libvirt', config: {} }];
    expect(await libvirtNotes({ connectors })).to.equal('');
  });

  it('show the password on a terminal, at the start that made it', () => {
    const notes = {
      config: loadConfig({ directory: '/nowhere', environment: {} }),
      daemon: { url: 'http://127.0.0.1:8420', created: { user: 'admin', password: 'made-up' } },
      ...{ passwordFile: '/state/admin-password', command: 'annelid', known: false, demo: false, colour: false },
    };
    const user = (of: string) => /^ {2}User +(.*)$/m.exec(of)?.[1];
    expect(user(startNotes({ ...notes, terminal: true }))).to.equal(
      'admin, password made-up (shown this once; kept in /state/admin-password)',
    );
    expect(startNotes({ ...notes, terminal: false })).not.to.contain('made-up');
  });

  it('quote the name of the password file for a shell', () => {
    const { curl, python } = pastableCalls('https://cloud.example', "/it's here/admin-password");
    expect(curl)
      .to.contain(`-u "admin:$(cat '/it'\\''s here/admin-password')"`)
      .and.to.contain('https://cloud.example/RPC2');
    expect(python).to.contain(`'https://admin:%s@cloud.example/RPC2'`);
  });

  it('are one line of text for people, with the facts behind and the stack below', () => {
    const line = {
      level: 50,
      time: 0,
      msg: 'It broke.',
      connector: 'kvm1',
      cause: { stack: 'Error: x\n    at y' },
      n: 'a b',
    };
    expect(lineFromJson(JSON.stringify(line), false)).to.equal(
      '00:00:00.000 error It broke. connector=kvm1 n="a b"\n    Error: x\n        at y\n',
    );
  });

  it('make nothing of what would steer a terminal, or look like another line', () => {
    const forged = '12:00:00.000 info  All is well.';
    const line = { level: 30, time: 0, msg: `a\x1b[2J\n${forged}`, text: '\x9b2J', err: { stack: 'E\x1b[2J\nat y' } };
    expect(lineFromJson(JSON.stringify(line), false)).to.equal(
      `00:00:00.000 info  a\\u001b[2J\n    ${forged} text=?2J\n    E\\u001b[2J\n    at y\n`,
    );
  });
});
