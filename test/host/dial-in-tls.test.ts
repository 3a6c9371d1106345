/** Plugins that connect over TLS and are not admitted: what went wrong is said where somebody looks, and harms nobody else. */
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { admissionLine, refusalLine } from '../../plugin-protocol/rpc/admission.ts';
import { expire, makeCertificate, signCertificate } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { faultOf, noopInstance, startHost, stopHosts } from './running-host.ts';

const token = 'of-the-test';
type Pair = { cert: string; key: string };

describe('A plugin that connects over TLS', function () {
  this.timeout(30_000);
  let folder: string;
  let ca: Pair;
  let port: number;
  const sockets: Socket[] = [];
  const at = (name: string) => join(folder, name);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-dial-tls-'));
    ca = makeCertificate(folder, 'ca-');
    const pairs: [string, Pair, string][] = [
      ['daemon', ca, 'localhost'],
      ['plugin', ca, 'one'],
      ['stranger', makeCertificate(folder, 'other-'), 'one'],
    ];
    for (const [name, by, host] of pairs) signCertificate(folder, name, by, host);
    expire(folder, 'plugin', ca);
  });
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(async function () {
    for (const socket of sockets.splice(0)) socket.destroy();
    await stopHosts(this);
  });

  const filesOf = (name: string): Pair => ({ cert: at(`${name}-cert.pem`), key: at(`${name}-key.pem`) });
  const start = (context: Mocha.Context, limits: object = {}, tls = filesOf('daemon')) => {
    const listen = { addresses: [`tls://localhost:${port}`], tls: { ...tls, ca: ca.cert } };
    return startHost(context, [noopInstance({}, { plugin: 'dial-in', token })], limits, { listen });
  };
  const shown = (name: string, more: ConnectionOptions = {}): ConnectionOptions => {
    const { cert, key } = filesOf(name);
    return { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(ca.cert), ...more };
  };
  const keep = <S extends Socket>(socket: S): S => {
    sockets.push(socket.on('error', () => {}));
    return socket;
  };
  const secure = (options: ConnectionOptions) => keep(connectTls({ host: 'localhost', port, ...options }));
  const plain = () => keep(connect(port, 'localhost'));
  const said = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  };

  it('is told that the log says why when its certificate is not good, and the log does', async function () {
    const { entries } = await start(this);
    const mistakes: [ConnectionOptions, string | RegExp][] = [
      [shown('stranger'), 'its certificate is signed by nobody whom plugins.tls.ca has'],
      [shown('expired'), 'its certificate, or that of who signed it, has expired'],
      [{ ca: readFileSync(ca.cert) }, 'it shows no certificate'],
    ];
    for (const [options, reason] of mistakes) {
      expect(await said(secure(options)), String(reason)).to.equal(`${refusalLine}\n`);
      await entries.when(({ facts }) => facts.reason === reason);
    }
  });

  it('that does not shake hands is named in the log with what it does instead', async function () {
    const { entries } = await start(this, { admitTimeoutMs: 300 });
    const mistakes: [() => Socket, string][] = [
      [() => secure(shown('plugin', { maxVersion: 'TLSv1.2' })), 'it does not speak TLS 1.3'],
      [() => plain(), 'it did not shake hands within 300 ms (limits.plugins.admitTimeoutMs)'],
    ];
    for (const text of ['GET / HTTP/1.1\r\n\r\n', `${admissionLine({ connector: 'one', token })}\n`]) {
      mistakes.push([
        () => {
          const socket = plain();
          socket.write(text);
          return socket;
        },
        'it does not speak TLS',
      ]);
    }
    for (const [open, reason] of mistakes) {
      const before = entries.all.length;
      expect(await said(open()), reason).not.to.include('jsonrpc');
      await entries.when((entry) => entries.all.indexOf(entry) >= before && entry.facts.reason === reason);
    }
  });

  it('is admitted beside hundreds that connect and say nothing', async function () {
    const { backend, entries, statuses } = await start(this, { strangers: 8, admitTimeoutMs: 20_000 });
    const mute = Array.from({ length: 200 }, () => plain());
    await Promise.all(mute.map((socket) => once(socket, 'connect')));
    const own = secure(shown('plugin'));
    own.write(`${admissionLine({ connector: 'one', token })}\n`);
    const [line] = (await once(own, 'data')) as [Buffer];
    expect(line.toString()).to.include('"describe"');
    expect(mute.filter(({ closed }) => closed).length).to.be.at.least(200 - 2 * 8);
    await entries.when(({ message }) => message.includes('limits.plugins.strangers'));
    own.destroy();
    await statuses.when(({ message }) => message?.includes('closed the connection') ?? false);
    expect((await faultOf(backend().call(compute.list, {}))).kind).to.equal('unavailable');
  });

  it('is shown a certificate that was renewed, once the configuration is taken up again', async function () {
    for (const what of ['cert', 'key']) copyFileSync(at(`daemon-${what}.pem`), at(`renewed-${what}.pem`));
    const { host, entries } = await start(this, {}, filesOf('renewed'));
    const serial = async () => {
      const socket = secure(shown('plugin'));
      await once(socket, 'secureConnect');
      return socket.getPeerX509Certificate()?.serialNumber;
    };
    const reload = () => host.reload([noopInstance({}, { plugin: 'dial-in', token })]);
    const before = await serial();
    signCertificate(folder, 'renewed', ca);
    await reload();
    const after = await serial();
    expect(after).not.to.equal(before);
    await writeFile(at('renewed-cert.pem'), 'half of it');
    await reload();
    const { facts } = await entries.when(({ message }) => message.includes('that was there before'));
    expect(facts.reason).to.equal(`plugins.tls.cert: ${at('renewed-cert.pem')} holds no certificate in PEM`);
    expect(await serial()).to.equal(after);
  });

  it('needs files that belong together, which the daemon says before it begins', async function () {
    const { cert } = filesOf('daemon');
    const { key } = filesOf('plugin');
    const message = await start(this, {}, { cert, key }).then(
      () => 'It began.',
      (error: Error) => error.message,
    );
    expect(message).to.equal(
      `Plugins cannot connect at tls://localhost:${port}: plugins.tls.key: ${key} is not the key of the certificate in ${cert}.`,
    );
  });
});
