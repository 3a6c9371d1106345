/** A real LDAP directory behind a real daemon: its users on every wire. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import { checkCommand, wrongIn } from '../../conformance/check.ts';
import { requireSuite } from '../../setup/packages.ts';
import { root } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';
import { base, reader, Slapd, secretOf } from './slapd.ts';

const folder = join(root, 'plugins/ldap');
const people = `ou=people,${base}`;
const groupOf = (name: string) => `cn=${name},ou=groups,${base}`;
const config = (servers: string[], more: object = {}) => ({
  servers,
  ...reader,
  base: people,
  account: '{departmentNumber}',
  roles: { admin: groupOf('admins'), user: groupOf('operators'), reader: groupOf('watchers') },
  startTls: false,
  ...more,
});

const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const envelope = (header: string) => `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
  <soap:Header>${header}</soap:Header><soap:Body><sessionWhoami xmlns="urn:annelid:1"/></soap:Body></soap:Envelope>`;
const usernameToken = (login: string, kind: string, password: string, more = '') =>
  envelope(`<w:Security xmlns:w="${wsse}-wssecurity-secext-1.0.xsd"><w:UsernameToken><w:Username>${login}</w:Username>
    <w:Password Type="${wsse}-username-token-profile-1.0#Password${kind}">${password}</w:Password>${more}</w:UsernameToken></w:Security>`);

/** Takes connections and says nothing. */
const silentServer = async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { server, connections: () => sockets.length, close };
};

describe('users of an LDAP directory', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let slapd: Slapd;
  let daemon: TestDaemon;

  before(async function () {
    await requireSuite(this, 'ldap');
    slapd = await Slapd.make();
    await slapd.start();
    const nowhere = 'ldap://127.0.0.1:1';
    daemon = await startDaemon({
      limits: { directories: { rememberMs: 1 }, calls: { loginFailures: 100 } },
      connectors: {
        staff: { plugin: 'ldap', directory: { role: 'user' }, config: config([nowhere, slapd.url()]) },
      },
    });
  });
  after(() => slapd?.discard());

  const post = async (path: string, body: string, authorization?: string): Promise<string> => {
    const headers = {
      'Content-Type': path === '/jsonrpc' ? 'application/json' : 'text/xml',
      ...(authorization && { Authorization: authorization }),
    };
    return (await fetch(`${daemon.url}${path}`, { method: 'POST', headers, body })).text();
  };
  const basic = (login: string, secret = secretOf(login)) =>
    `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`;
  const json = async (method: string, params: object, authorization?: string) =>
    JSON.parse(await post('/jsonrpc', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), authorization)) as {
      result: Record<string, unknown>;
      error: { message: string; data: { kind: string; hint?: string } };
    };
  const whoami = async (login: string, secret?: string) => {
    const { result, error } = await json('session.whoami', {}, basic(login, secret));
    return result ?? error.data.kind;
  };

  /** The same call on each wire, and what it says of the caller or of the refusal. */
  const wires: Record<string, (login: string, secret?: string) => Promise<string>> = {
    'XML-RPC with Basic': (login, secret) =>
      post('/RPC2', '<methodCall><methodName>session.whoami</methodName></methodCall>', basic(login, secret)),
    'SOAP with Basic': (login, secret) => post('/soap', envelope(''), basic(login, secret)),
    'SOAP with a UsernameToken': (login, secret = secretOf(login)) =>
      post('/soap', usernameToken(login, 'Text', secret)),
    'JSON-RPC with Basic': (login, secret) =>
      post('/jsonrpc', '{"jsonrpc":"2.0","id":1,"method":"session.whoami"}', basic(login, secret)),
  };
  for (const [wire, call] of Object.entries(wires)) {
    it(`call over ${wire}, and are refused with a wrong password`, async () => {
      expect(await call('ann'))
        .to.match(/\bann\b/)
        .and.match(/\bacme\b/);
      expect(await call('ann', 'wrong')).to.include('The user name or the password is wrong.');
    });
  }

  it('log in for a token, with Python', async () => {
    const script = `
import sys, xmlrpc.client
url, secret = sys.argv[1:]
token = xmlrpc.client.ServerProxy(url + "/RPC2").session.login("Ann", secret)["token"]
who = xmlrpc.client.ServerProxy(url.replace("//", "//token:" + token + "@") + "/RPC2").session.whoami()
print(who["user"], who["account"], who["role"], who["token"])`;
    const { stdout } = await execa('/usr/bin/python3', ['-c', script, daemon.url, secretOf('ann')]);
    expect(stdout).to.equal('ann acme user True');
  });

  it('cannot make digests of their passwords, and read why', async () => {
    const nonce = randomBytes(16);
    const created = new Date().toISOString();
    const digest = createHash('sha1').update(nonce).update(created).update(secretOf('ann')).digest('base64');
    const more = `<w:Nonce>${nonce.toString('base64')}</w:Nonce><u:Created xmlns:u="${wsse}-wssecurity-utility-1.0.xsd">${created}</u:Created>`;
    const reply = await post('/soap', usernameToken('ann', 'Digest', digest, more));
    expect(reply).to.include(
      'The digest is of no token of that user: make it of a token of session.login, not of the password',
    );
  });

  it('have the role of their highest group, and no higher one than the configuration allows', async () => {
    expect(await whoami('cat')).to.include({ user: 'cat', account: 'acme', role: 'user' });
    expect(await whoami('ben')).to.include({ user: 'ben', account: 'bobs', role: 'reader' });
  });

  it('are nobody without a group, without an account, or with two entries', async () => {
    for (const login of ['dan', 'eva', 'twin', 'nobody', '*', 'an*', 'ann)(uid=*'])
      expect(await whoami(login, secretOf(login)), login).to.equal('unauthenticated');
    expect(await whoami('ann', '')).to.equal('unauthenticated');
  });

  it('are known by any spelling that the directory takes for their own, and by no other', async () => {
    for (const login of ['zoé', 'ZOÉ', 'zoe\u0301']) {
      expect(await whoami(login, secretOf('zoé')), JSON.stringify(login)).to.include({ user: 'zoé', role: 'user' });
    }
    expect(await whoami('zoe', secretOf('zoé'))).to.equal('unauthenticated');
  });

  it('are not looked for with a setting under a name that none has', async () => {
    const misspelled = config([slapd.url()], { fitler: '(&(uid={login})(!(employeeType=former)))' });
    const report = await checkPlugin(misspelled, ['6.3']);
    expect(wrongIn(report).join()).to.include('fitler is no setting; there are servers, base,');
  });

  for (const [mistake, setting, words] of [
    ['a base that is not there', { base: `ou=peple,${base}` }, /ou=peple,.* cannot be read: noSuchObject/],
    ['a base that is no name', { base: 'people' }, /people is no name of an entry/],
    [
      'a group that is not there',
      { roles: { user: groupOf('operator') } },
      /cn=operator,.* cannot be read: noSuchObject/,
    ],
    ['a filter that is none', { filter: '(&(uid={login})' }, /filter is no filter of LDAP/],
    ['a wrong password', { bindPassword: 'wrong-secret' }, /refuses bindDn: invalidCredentials/],
    ['TLS where there is none', { servers: ['ldaps://'] }, /No server can be reached: .*ssl/i],
  ] as const) {
    it(`are not asked for with ${mistake}, which the probe names`, async () => {
      const servers = [slapd.url().replace(/^ldap:/u, 'servers' in setting ? 'ldaps:' : 'ldap:')];
      const report = await checkPlugin(config(servers, { ...setting, servers }), ['6.3']);
      expect(wrongIn(report).join()).to.match(words);
    });
  }

  it('are asked for where somebody answered before, and not first at a server that is silent', async () => {
    const silent = await silentServer();
    try {
      const { port } = silent.server.address() as AddressInfo;
      const servers = [`ldap://127.0.0.1:${port}`, slapd.url()];
      daemon.connectors = {
        staff: { plugin: 'ldap', directory: { role: 'user' }, config: config(servers, { timeoutSeconds: 1 }) },
      };
      await daemon.stop();
      await daemon.start();
      for (const login of ['ann', 'ben', 'cat']) expect(await whoami(login)).to.have.property('user', login);
      expect(silent.connections()).to.equal(1);
    } finally {
      silent.close();
    }
  });

  it('read that the directory is away when it is, on every wire, and get in when it is back', async () => {
    const { token } = (await json('session.login', { user: 'ann', password: secretOf('ann') })).result;
    await slapd.stop();
    for (const [wire, call] of Object.entries(wires)) {
      const reply = await call('ann');
      expect(reply, wire).to.include('The directory that knows users cannot be asked at the moment');
      expect(reply, wire).not.to.include(slapd.url());
    }
    expect((await json('session.whoami', {}, `Bearer ${token}`)).error.data.kind).to.equal('unavailable');
    await slapd.start();
    expect(await whoami('ann')).to.have.property('role', 'user');
    expect((await json('session.whoami', {}, `Bearer ${token}`)).result).to.include({ user: 'ann', token: true });
  });

  it('are asked for over TLS, by those whose certificate is known', async () => {
    const ca = await readFile(slapd.ca, 'utf8');
    const secure = { startTls: true };
    const url = slapd.url('localhost');
    daemon.connectors = {
      staff: { plugin: 'ldap', directory: { role: 'admin' }, config: config([url], { ...secure, ca }) },
    };
    await daemon.stop();
    await daemon.start();
    expect(await whoami('cat')).to.have.property('role', 'admin');
    const report = await checkPlugin(config([url], secure), ['6.3']);
    expect(wrongIn(report).join()).to.match(/^6\.3: .*(certificate|CERTIFICATE)/i);
  });

  it('leave their passwords in no log and no file', async () => {
    await daemon.stop();
    const state = join(daemon.directory, 'state');
    const files = (await readdir(state, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
    expect(texts.length).to.be.greaterThan(0);
    expect(daemon.log.some((line) => line.includes('A directory cannot be asked for users.'))).to.equal(true);
    for (const text of [...texts, ...daemon.log]) expect(text).not.to.include(secretOf('ann'));
  });

  it('are not asked for without TLS where that is wanted and the server has none', async () => {
    const plain = await Slapd.make({ tls: false });
    try {
      await plain.start();
      const report = await checkPlugin(config([plain.url()], { startTls: true }), ['6.3']);
      expect(wrongIn(report).join()).to.match(/^6\.3: .*(startTLS|TLS)/);
    } finally {
      await plain.discard();
    }
  });

  const checkPlugin = (of: object, only?: readonly string[]) =>
    checkCommand(['/usr/bin/python3', 'main.py'], {
      subject: { kind: 'program', command: ['/usr/bin/python3', 'main.py'], folder },
      config: of as Record<string, unknown>,
      secrets: [reader.bindPassword],
      login: { login: 'ann', secret: secretOf('ann') },
      ...(only && { only }),
    });

  it('come from a plugin that holds every clause', async function () {
    this.timeout(120_000);
    const report = await checkPlugin(config([slapd.url()]));
    expect(wrongIn(report)).to.deep.equal([]);
    const held = report.clauses.filter(({ status }) => status === 'passed').map(({ clause }) => clause);
    expect(held).to.include.members(['6.1', '6.3', '8.7', '18.1', '18.2', '18.3']);
  });

  it('are configured as the README shows, which has a row for each setting', async () => {
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const [, yaml = ''] = readme.match(/```yaml\n([^`]*)```/) ?? [];
    const shown = parse(yaml).connectors.staff;
    expect(shown.directory).to.deep.equal({ role: 'user' });
    const settings = await readFile(join(folder, 'settings.py'), 'utf8');
    const [, fields = ''] = /class Settings:\n([\s\S]*?)\n\n/.exec(settings) ?? [];
    const names = [...fields.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name!);
    expect(names).to.have.length(12).and.to.include.members(Object.keys(shown.config));
    for (const name of names) expect(readme).to.match(new RegExp(`^\\|[^|]*\`${name}\``, 'm'));
  });
});
