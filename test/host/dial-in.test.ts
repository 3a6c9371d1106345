/** Plugins that connect to the daemon by themselves: admitted by token and certificate, refused without a word of why. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import type { InstanceConfig } from '../../daemon/host/index.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { admissionLine, refusalLine } from '../../plugin-protocol/rpc/admission.ts';
import { samplesIn } from '../plugin-protocol/samples.ts';
import { makeCertificate, signCertificate } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { faultOf, noopInstance, pluginDirectories, startHost, stopHosts } from './running-host.ts';

const token = 'canary-6f1c0a7e';
const expecting = (more: object = {}) => noopInstance({}, { plugin: 'dial-in', token, ...more });
const isReady = ({ state }: { state: string }) => state === 'ready';

describe('A plugin that dials in', () => {
  let folder: string;
  const children: ChildProcess[] = [];

  const path = () => join(folder, 'plugins.sock');
  const door = () => ({ listen: { addresses: [`unix:${path()}`] } });
  const run = (program: string, ...args: string[]) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    return child;
  };
  const dialNoop = (address: string, ...more: string[]) =>
    run(
      process.execPath,
      join(pluginDirectories[0]!, 'noop/main.ts'),
      ...['--dial', address, '--connector', 'one', '--token-file', join(folder, 'token'), ...more],
    );
  /** All that is said to a socket until it is closed. */
  const said = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-dial-'));
    await writeFile(join(folder, 'token'), `${token}\n`);
  });
  afterEach(async function () {
    await stopHosts(this);
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });

  it('is waited for, admitted and called; it may go and come again', async function () {
    const { backend, statuses } = await startHost(this, [expecting()], {}, door());
    expect(backend().status()).to.include({ state: 'failing', message: 'The plugin has not connected.' });
    expect(statSync(path()).mode & 0o777).to.equal(0o600);
    const first = dialNoop(`unix:${path()}`);
    await statuses.when(isReady);
    expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
    first.kill('SIGKILL');
    const before = statuses.all.length;
    dialNoop(`unix:${path()}`);
    await statuses.when((status) => isReady(status) && statuses.all.indexOf(status) >= before);
    expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
  });

  it('is a few lines of Python with a socket, as PROTOCOL.md has it', async function () {
    const { backend, statuses } = await startHost(this, [expecting()], {}, door());
    const [program] = samplesIn('python dial-in');
    run('python3', '-c', program!, path(), 'one', join(folder, 'token'));
    await statuses.when(isReady);
    expect((await backend().call(compute.list, {})).items).to.deep.equal([{ id: 'vm-1', state: 'running' }]);
  });

  it('takes the place of its former connection that is silent, whose calls nobody knows the end of', async function () {
    const slow = { script: { 'compute.start': { delayMs: 60_000, log: 'begun' } } };
    const { backend, statuses, entries } = await startHost(
      this,
      [expecting({ config: slow })],
      { cancelMs: 200 },
      door(),
    );
    const former = dialNoop(`unix:${path()}`);
    await statuses.when(isReady);
    const call = faultOf(backend().call(compute.start, { vm: 'a' }, { key: 'k' }));
    await entries.when(({ message }) => message === 'begun');
    former.kill('SIGSTOP');
    const before = statuses.all.length;
    run('python3', '-c', samplesIn('python dial-in')[0]!, path(), 'one', join(folder, 'token'));
    const fault = await call;
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['unavailable', 'unknown']);
    expect(fault.message).to.include('another connection of the plugin took its place');
    await statuses.when((status) => isReady(status) && statuses.all.indexOf(status) >= before);
  });

  it('is not admitted while another one is connected for its connector and answers, and is once that has gone', async function () {
    const { backend, statuses, entries } = await startHost(this, [expecting()], { refusals: 1 }, door());
    const first = dialNoop(`unix:${path()}`);
    await statuses.when(isReady);
    const seen = statuses.all.length;
    for (let times = 0; times < 3; times += 1) {
      const second = connect(path());
      second.write(`${admissionLine({ connector: 'one', token })}\n`);
      expect(await said(second)).to.equal(`${refusalLine}\n`);
    }
    expect(entries.all.flatMap(({ facts }) => (facts.reason === undefined ? [] : [facts.reason]))).to.deep.equal(
      Array(3).fill('another plugin is connected for this connector, and answers'),
    );
    expect(statuses.all.length, 'the first is not disturbed').to.equal(seen);
    expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
    first.kill('SIGKILL');
    dialNoop(`unix:${path()}`);
    await statuses.when((status) => isReady(status) && statuses.all.indexOf(status) >= seen);
  });

  it('is not admitted while one that makes one call at a time is at a call, and may read nothing', async function () {
    const slow = { script: { 'compute.start': { delayMs: 60_000, log: 'begun' } } };
    const instance = expecting({ config: slow });
    const { backend, statuses, entries } = await startHost(this, [instance], { cancelMs: 100 }, door());
    const first = dialNoop(`unix:${path()}`, '--concurrency', '1');
    await statuses.when(isReady);
    const call = faultOf(backend().call(compute.start, { vm: 'a' }, { key: 'k' }));
    await entries.when(({ message }) => message === 'begun');
    first.kill('SIGSTOP');
    const second = connect(path());
    second.write(`${admissionLine({ connector: 'one', token })}\n`);
    expect(await said(second)).to.equal(`${refusalLine}\n`);
    expect(entries.all.map(({ facts }) => facts.reason)).to.include(
      'another plugin is connected for this connector, and is at a call',
    );
    first.kill('SIGKILL');
    expect((await call).message).to.include('closed the connection');
  });

  it('is told nothing that it could use when it is refused, and the token is in no log', async function () {
    const instances = [expecting(), noopInstance({}, { id: 'other' })];
    const { entries } = await startHost(this, instances, { refusals: 100, admitTimeoutMs: 500 }, door());
    const lines = [
      `${admissionLine({ connector: 'one', token: 'guessed' })}\n`,
      `${admissionLine({ connector: 'none', token })}\n`,
      // A connector whose plugin is a program.
      `${admissionLine({ connector: 'other', token: '' })}\n`,
      '{"jsonrpc":"2.0","method":"$/admit","params":{"connector":"one","token":7}}\n',
      '{"jsonrpc":"2.0","method":"$/admit"}\n',
      `${token}\n`,
      '\0\xff\n',
      'x'.repeat(20_000),
    ];
    for (const line of lines) {
      const stranger = connect(path());
      stranger.write(line);
      expect(await said(stranger), line.slice(0, 80)).to.equal(`${refusalLine}\n`);
    }
    const mute = connect(path());
    expect(await said(mute)).to.equal('');
    await entries.when(({ facts: { reason } }) => String(reason).startsWith('it said nothing'));
    const reasons = entries.all.flatMap(({ facts: { reason } }) => (typeof reason === 'string' ? [reason] : []));
    expect(reasons).to.deep.equal([
      'its token is wrong',
      'no such connector waits for a plugin',
      'no such connector waits for a plugin',
      ...Array(4).fill('its first line is no $/admit'),
      'its first line is longer than 8192 bytes',
      'it said nothing within 500 ms (limits.plugins.admitTimeoutMs)',
    ]);
    expect(JSON.stringify(entries.all)).not.to.include(token);
  });

  it('is admitted over a unix socket however often another one with an old token was refused', async function () {
    const instances = [expecting(), expecting({ id: 'two', token: 'of-two' })];
    const { statuses } = await startHost(this, instances, { refusals: 2 }, door());
    for (let times = 0; times < 5; times += 1) {
      const stale = connect(path());
      stale.write(`${admissionLine({ connector: 'two', token: 'old' })}\n`);
      expect(await said(stale)).to.equal(`${refusalLine}\n`);
    }
    dialNoop(`unix:${path()}`);
    await statuses.when(isReady);
  });

  it('is known as the configuration has it after each reload', async function () {
    const { host, backend, statuses } = await startHost(this, [noopInstance({}, { id: 'other' })], {}, door());
    const refused = async (shown: string) => {
      const stranger = connect(path());
      stranger.write(`${admissionLine({ connector: 'one', token: shown })}\n`);
      return (await said(stranger)) === `${refusalLine}\n`;
    };
    expect(await refused(token)).to.equal(true);
    const reload = (...of: InstanceConfig[]) => host.reload([noopInstance({}, { id: 'other' }), ...of]);
    await reload(expecting());
    dialNoop(`unix:${path()}`);
    await statuses.when(({ id, state }) => id === 'one' && state === 'ready');
    expect(await backend('one').call(compute.list, {})).to.deep.equal({ items: [] });
    // Of one connector alone: what else has changed is left as it was.
    const before = statuses.all.length;
    const changed = [expecting({ token: 'changed' }), noopInstance({}, { id: 'other' })];
    expect(await host.reload([...changed, expecting({ id: 'new' })], 'one')).to.deep.equal([
      { connector: 'one', did: 'awaited' },
    ]);
    expect(await refused(token), 'the token before').to.equal(true);
    await writeFile(join(folder, 'token'), 'changed');
    dialNoop(`unix:${path()}`);
    await statuses.when((status) => isReady(status) && statuses.all.indexOf(status) >= before);
    await reload();
    expect(await refused('changed'), 'of a connector that is gone').to.equal(true);
  });

  it('shows a certificate over TLS 1.3, of the right authority and for the name of the connector', async function () {
    this.timeout(30_000);
    const [ours, others] = [makeCertificate(folder, 'ca-'), makeCertificate(folder, 'other-')];
    const own = signCertificate(folder, 'daemon', ours);
    const plugin = signCertificate(folder, 'plugin', ours, 'one.example');
    const [neighbour, stranger] = [
      signCertificate(folder, 'neighbour', ours, 'two.example'),
      signCertificate(folder, 'stranger', others, 'one.example'),
    ];
    const port = await freePort();
    const address = `tls://localhost:${port}`;
    const { backend, statuses, entries } = await startHost(
      this,
      [expecting({ certificate: 'one.example' })],
      {},
      { listen: { addresses: [address], tls: { ...own, ca: ours.cert } } },
    );
    const withFiles = ({ cert, key }: { cert: string; key: string }) =>
      dialNoop(address, '--cert', cert, '--key', key, '--ca', ours.cert);
    withFiles(stranger);
    await entries.when(({ message }) => message === 'A plugin that connected was not admitted.');
    const refused = withFiles(neighbour);
    const [words] = (await once(refused.stderr!, 'data')) as [Buffer];
    expect(words.toString()).to.equal(`The host at ${address} does not admit this plugin; its log says why.\n`);
    const { facts } = await entries.when((entry) => entry.facts.connector === 'one');
    expect(facts.reason).to.equal('its certificate is not for one.example');
    const old = connectTls({ host: 'localhost', port, maxVersion: 'TLSv1.2', rejectUnauthorized: false });
    expect(await said(old)).to.equal('');
    expect(backend().state).to.equal('failing');
    withFiles(plugin);
    await statuses.when(isReady);
    expect(await backend().call(compute.list, {})).to.deep.equal({ items: [] });
  });
});
