import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { type RunningDaemon, startDaemon } from '../support/annelid.ts';
import { makeCertificate } from '../support/certificates.ts';

/** Has one machine, which is called as the password is. */
const plugin = `
let password;
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const reply = (rest) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...rest }) + '\\n');
  if (method === 'describe') return reply({ result: { proto: [1], name: 'door', version: '1', methods: ['compute.list'] } });
  if (method === 'configure') ({ password } = params.config);
  if (method === 'probe' && password === 'fourth') return reply({ error: { code: 401, message: 'The password is wrong.' } });
  reply({ result: method === 'compute.list' ? { items: [{ id: 'm1', name: 'vm-' + password, state: 'running' }] } : {} });
});`;

describe('a daemon that is reloaded', function () {
  this.timeout(60_000);
  let folder: string;
  let daemon: RunningDaemon;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-reload-'));
    await write('door.cjs', plugin);
    await write('secret', 'first\n');
    await configure(['one']);
    daemon = await startDaemon({ args: ['--config', join(folder, 'annelid.yaml'), '--watch'] });
  });
  after(async () => {
    await daemon?.discard();
    await rm(folder, { recursive: true });
  });

  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const program = JSON.stringify([process.execPath, 'door.cjs']);
  const configure = (connectors: readonly string[], more = '') =>
    write(
      'annelid.yaml',
      `connectors:\n${connectors
        .map(
          (name) =>
            `  ${name}:\n    plugin: ${name}\n    command: ${program.replace('door.cjs', join(folder, 'door.cjs'))}\n    config: { password: { secret: "file:secret" } }\n`,
        )
        .join('')}${more}`,
    );
  const names = async () => {
    const { out } = await daemon.run(['vm', 'list', '--refresh', '--json']);
    return (JSON.parse(out) as { items: { name: string }[] }).items.map(({ name }) => name);
  };

  it('hands over a secret that was changed, and keeps the process that has the old one when the new one is wrong', async () => {
    await daemon.run(['connector', 'get', 'one']);
    await write('secret', 'second\n');
    expect(await daemon.run(['plugin', 'reload', 'one'])).to.deep.include({ code: 0, out: 'one was replaced.\n' });
    expect(await names()).to.deep.equal(['vm-second']);
    await write('secret', 'fourth\n');
    const refused = await daemon.run(['plugin', 'reload', 'one']);
    expect(refused).to.deep.equal({
      code: 1,
      out: '',
      err: 'one: The new process of one is not ready, and the old one stays: The password is wrong.\n',
    });
    expect(await names()).to.deep.equal(['vm-second']);
    await write('secret', 'third\n');
    expect((await daemon.run(['plugin', 'reload'])).out).to.equal('one was replaced.\n');
    expect(await names()).to.deep.equal(['vm-third']);
  });

  it('starts and ends connectors by SIGHUP, and says what it did', async () => {
    await configure(['one', 'two']);
    process.kill(daemon.pid, 'SIGHUP');
    const states = async () => {
      const { out } = await daemon.run(['connector', 'list', '--json']);
      return (JSON.parse(out) as { items: { id: string; state: string }[] }).items.map(
        ({ id, state }) => `${id} ${state}`,
      );
    };
    let seen = await states();
    while (!seen.includes('two ready')) seen = await states();
    expect(seen).to.deep.equal(['one ready', 'two ready']);
    await configure(['two']);
    const { out } = await daemon.run(['plugin', 'reload']);
    expect(out).to.equal('two was replaced.\none was removed.\n');
    expect(await states()).to.deep.equal(['two ready']);
    const { out: vms } = await daemon.run(['vm', 'list', '--json']);
    const machines = (JSON.parse(vms) as { items: { connector: string; state: string }[] }).items;
    expect(machines.map(({ connector, state }) => `${connector} ${state}`).sort()).to.deep.equal([
      'one unknown',
      'two running',
    ]);
  });

  it('forgets a connector that is gone when an operator says so', async () => {
    const there = await daemon.run(['plugin', 'forget', 'two']);
    expect([there.code, there.err]).to.deep.equal([
      1,
      'conflict: The connector two is configured; take it out of the configuration and reload that first.\n',
    ]);
    expect(await daemon.run(['plugin', 'forget', 'one'])).to.deep.include({ code: 0, out: 'one was forgotten.\n' });
    const { out } = await daemon.run(['vm', 'list', '--json']);
    expect(
      (JSON.parse(out) as { items: { connector: string }[] }).items.map(({ connector }) => connector),
    ).to.deep.equal(['two']);
  });

  it('goes on as it was when the configuration is wrong, and names the place', async () => {
    await configure(['two'], 'lisen: {}\n');
    const { code, err } = await daemon.run(['plugin', 'reload']);
    expect(code).to.equal(1);
    expect(err).to.match(/^conflict: .*annelid\.yaml:6:1: lisen is not known here; did you mean listen\?\n$/);
    const none = await daemon.run(['plugin', 'reload', 'three']);
    await configure(['two']);
    const unknown = await daemon.run(['plugin', 'reload', 'three']);
    expect([none.code, unknown.err]).to.deep.equal([
      1,
      'not-found: The daemon has no connector three; to take up or end connectors, reload without a name.\n',
    ]);
    expect((await daemon.run(['plugin', 'reload', 'two'])).out).to.equal('two was replaced.\n');
  });

  it('takes up a program that changes by itself with --watch, and shows why when it cannot', async () => {
    const message = async () => {
      const { out } = await daemon.run(['connector', 'get', 'two', '--json']);
      return (JSON.parse(out) as { message?: string }).message;
    };
    await write('door.cjs', `${plugin} oh no`);
    let shown = await message();
    while (shown === undefined) shown = await message();
    expect(shown).to.match(/^The new process of two is not ready, and the old one stays: .*SyntaxError: /);
    expect(await names()).not.to.include('anew-third');
    await write('door.cjs', plugin.replaceAll('m1', 'm2').replace("'vm-'", "'anew-'"));
    while (shown !== undefined) shown = await message();
    expect(await names()).to.include('anew-third');
  });
});

describe('a reload by hand', function () {
  this.timeout(60_000);
  let folder: string;
  let daemon: RunningDaemon;
  const publishing = (service: string) =>
    plugin.replace(
      "methods: ['compute.list']",
      `methods: [], publishes: [{ service: '${service}', methods: [{ name: 'ask', permission: 'public' }] }]`,
    );
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-by-hand-'));
    await writeFile(join(folder, 'desk.cjs'), publishing('desk'));
    await writeFile(join(folder, 'token'), '0123456789abcdef');
    await writeFile(
      join(folder, 'annelid.yaml'),
      `plugins: { listen: ["unix:${join(folder, 'door.sock')}"] }
connectors:
  desk: { plugin: desk, command: ["${process.execPath}", "${join(folder, 'desk.cjs')}"] }
  far: { plugin: dial-in, token: "file:token" }
`,
    );
    daemon = await startDaemon({ args: ['--config', join(folder, 'annelid.yaml')] });
  });
  after(async () => {
    await daemon?.discard();
    await rm(folder, { recursive: true });
  });

  it('says of a plugin that connects by itself that it is waited for', async () => {
    expect(await daemon.run(['plugin', 'reload', 'far'])).to.deep.include({
      code: 0,
      out: 'far is waited for: its plugin connects by itself, with what is configured now.\n',
    });
  });

  it('fails where the services of the new version cannot be offered, and says why', async () => {
    expect(await daemon.run(['plugin', 'reload', 'desk'])).to.deep.include({ code: 0, out: 'desk was replaced.\n' });
    await writeFile(join(folder, 'desk.cjs'), publishing('vm'));
    expect(await daemon.run(['plugin', 'reload', 'desk'])).to.deep.include({
      code: 1,
      out: 'desk was replaced.\n',
      err: 'desk: desk publishes the service vm, which cannot be offered: its name is taken by the catalogue or the protocol.\n',
    });
  });
});

describe('a daemon with a certificate that is renewed', function () {
  this.timeout(60_000);
  let folder: string;
  let daemon: RunningDaemon;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-renewed-'));
    makeCertificate(folder);
    await writeFile(join(folder, 'annelid.yaml'), 'tls: { cert: cert.pem, key: key.pem }');
    daemon = await startDaemon({ args: ['--config', join(folder, 'annelid.yaml')] });
  });
  after(async () => {
    await daemon?.discard();
    await rm(folder, { recursive: true });
  });

  const shown = async (): Promise<string> => {
    const socket = connect({ port: Number(new URL(daemon.url).port), host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerX509Certificate()!;
    socket.destroy();
    return fingerprint256;
  };
  const inFile = async () => new X509Certificate(await readFile(join(folder, 'cert.pem'))).fingerprint256;

  it('shows it once it is reloaded, and the one before where the files are no pair', async () => {
    const first = await shown();
    expect(first).to.equal(await inFile());
    makeCertificate(folder);
    expect(await daemon.run(['plugin', 'reload'])).to.deep.include({ code: 0, err: '' });
    const second = await shown();
    expect(second)
      .to.equal(await inFile())
      .and.not.to.equal(first);
    await writeFile(join(folder, 'key.pem'), 'none');
    expect(await daemon.run(['plugin', 'reload'])).to.deep.include({ code: 0, err: '' });
    expect(await shown()).to.equal(second);
    expect(daemon.log()).to.contain('Clients are shown the certificate that was there before.');
    expect(daemon.log()).to.contain('key.pem holds no private key without a passphrase');
  });

  it('tells commands that do not trust it what to name', async () => {
    const untrusted = await daemon.run(['system', 'health']);
    expect([untrusted.code, untrusted.err]).to.deep.equal([
      1,
      `The certificate that ${daemon.url} shows is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Name the host that it is for with --url or ANNELID_URL, and the file of who signed it with NODE_EXTRA_CA_CERTS.\n`,
    ]);
    const named = {
      ANNELID_URL: daemon.url.replace('127.0.0.1', 'localhost'),
      NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
    };
    expect((await daemon.run(['system', 'health'], { env: named })).code).to.equal(0);
  });
});
