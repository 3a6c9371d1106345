/** A plugin that connects to the daemon by itself, written with the kit of each language. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { faultOf, startHost, stopHosts } from '../host/running-host.ts';
import { requireSuite } from '../setup/packages.ts';
import { makeCertificate, signCertificate } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import type { Language } from './languages.ts';
import { endStaying, newMachine, stay, stayAs, tlsArgs } from './staying.ts';

const token = 'canary-91b2';
const isReady = ({ state }: { state: string }) => state === 'ready';

const tlsOf = ({ tls }: { tls?: { cert: string; key: string } }) => ({
  cert: readFileSync(tls!.cert),
  key: readFileSync(tls!.key),
});

/** The program of `test/sdk/ID` hides what TLS stands on. */
export const withoutTlsSuite = (language: Language, needs: RegExp) => {
  describe(`A plugin in ${language.name} without TLS`, () => {
    before(async function () {
      await requireSuite(this, language.suite);
    });
    afterEach(endStaying);

    it('says what to install', async () => {
      const files = tlsArgs({ cert: 'c', key: 'k' }, { cert: 'a' });
      const program = language.command(`test/sdk/${language.id}/without-tls.${language.end}`);
      for (const option of ['--listen', '--dial']) {
        const { ended, text } = stayAs(program, [option, 'tls://localhost:1', ...files]);
        expect(await ended).not.to.equal(0);
        expect(text()).to.match(needs).and.to.include(`${option} tls: needs`);
      }
    });
  });
};

export const diallingSuite = (language: Language): void => {
  describe(`A plugin in ${language.name} that dials in`, function () {
    this.timeout(30_000);
    let folder: string;
    let address: string;
    let listen: { addresses: string[]; tls?: { cert: string; key: string; ca: string } };
    let tls: string[];
    let ca: { cert: string; key: string };
    const hasSockets = language.id !== 'tcl';

    const expecting = () => ({ id: 'one', plugin: 'dial-in', token, config: { file: join(folder, 'cloud') } });
    const admission = () => ['--connector', 'one', '--token-file', join(folder, 'token')];
    const dial = (...more: string[]) => stay(language, ['--dial', address, ...admission(), ...tls, ...more]);
    const doorway = () => ({ listen });

    before(async function () {
      await requireSuite(this, language.suite);
    });
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'annelid-dialling-'));
      await writeFile(join(folder, 'token'), `${token}\n`);
      address = `unix:${join(folder, 'plugins.sock')}`;
      listen = { addresses: [address] };
      tls = [];
      if (!hasSockets) await overTls();
    });
    afterEach(async function () {
      await stopHosts(this);
      await endStaying();
      await rm(folder, { recursive: true, force: true });
    });
    const overTls = async () => {
      ca = makeCertificate(folder, 'ca-');
      const own = signCertificate(folder, 'daemon', ca);
      address = `tls://localhost:${await freePort()}`;
      listen = { addresses: [address], tls: { ...own, ca: ca.cert } };
      tls = tlsArgs(signCertificate(folder, 'plugin', ca, 'one'), ca);
    };

    it('is admitted and called, and comes back to a host that was away', async function () {
      const plugin = dial();
      await plugin.said.when((line) => line.startsWith(`The host at ${address} cannot be reached: `));
      const first = await startHost(this, [expecting()], {}, doorway());
      await first.statuses.when(isReady);
      const { event } = await (async () => {
        await first.backend().call(compute.create, newMachine, { key: 'k' });
        return first.events.when(({ event: { type } }) => type === 'vm.changed');
      })();
      expect(event.vm).to.include({ id: 'a', state: 'stopped' });
      await first.host.stop();
      const second = await startHost(this, [expecting()], {}, doorway());
      await second.statuses.when(isReady);
      expect((await second.backend().call(compute.list, {})).items).to.have.length(1);
      const words = plugin.said.all.filter((line) => line.startsWith('The host at '));
      expect(words.filter((line) => line === `The host at ${address} has admitted this plugin.`)).not.to.be.empty;
    });

    it('says in one line that it is refused, and not again at the next try', async function () {
      await writeFile(join(folder, 'token'), 'another');
      const { entries } = await startHost(this, [expecting()], {}, doorway());
      const plugin = dial();
      const refusals = () => entries.all.filter(({ facts }) => facts.reason === 'its token is wrong');
      await entries.when(() => refusals().length === 2);
      await plugin.said.when(() => true);
      expect(plugin.text()).to.equal(`The host at ${address} does not admit this plugin; its log says why.`);
      // The token is read at each try.
      await writeFile(join(folder, 'token'), token);
      await plugin.said.when((line) => line === `The host at ${address} has admitted this plugin.`);
      expect(JSON.stringify(entries.all)).not.to.include(token);
    });

    it('says that what is there closes the connection', async () => {
      if (!hasSockets) await overTls();
      const server = hasSockets
        ? createServer((socket) => socket.resume().end())
        : createTlsServer(tlsOf(listen), (socket) => socket.resume().end());
      await once(
        server.listen(hasSockets ? address.slice('unix:'.length) : Number(address.split(':').at(-1))),
        'listening',
      );
      const plugin = dial();
      await plugin.said.when((line) => line === `The host at ${address} has closed the connection without a word.`);
      await new Promise((resolve) => server.close(resolve));
    });

    it('ends with SIGTERM, connected or not', async function () {
      const wanted = language.id === 'tcl' ? null : 0;
      const { statuses } = await startHost(this, [expecting()], {}, doorway());
      const connected = dial();
      await statuses.when(isReady);
      connected.child.kill('SIGTERM');
      expect(await connected.ended).to.equal(wanted);
      await stopHosts(this);
      const alone = dial();
      await alone.said.when((line) => line.includes('cannot be reached'));
      alone.child.kill('SIGTERM');
      expect(await alone.ended).to.equal(wanted);
    });

    it('hears that a call is cancelled, takes long ones apart, and answers what is under way when SIGTERM ends it', async function () {
      await overTls();
      const { backend, statuses } = await startHost(this, [expecting()], {}, doorway());
      const lab = language.command(`test/sdk/${language.id}/lab.${language.end}`);
      const plugin = stayAs(lab, ['--dial', address, ...admission(), ...tls]);
      await statuses.when(isReady);
      /** Resolves with its fault; `act` is done once it is under way. */
      const begun = (key: string, act: () => void, signal?: AbortSignal) =>
        faultOf(backend().call(compute.shutdown, { vm: key }, { key, onProgress: act, ...(signal && { signal }) }));
      const wish = new AbortController();
      const cancelled = await begun('a', () => wish.abort(new Error('Enough.')), wish.signal);
      expect(cancelled.kind).to.equal('cancelled');
      // Both directions are busy at once.
      const outputs = Array.from({ length: 8 }, () =>
        backend().call(compute.consoleOutput, { vm: 'a', maxBytes: 300_000 }),
      );
      for (const output of outputs) expect((await output).end).to.equal('300000');
      const stopped = await begun('b', () => plugin.child.kill('SIGTERM'));
      const hearsSignals = language.id !== 'tcl';
      if (hearsSignals) expect([stopped.kind, stopped.message]).to.deep.equal(['cancelled', 'The plugin is stopping.']);
      else expect([stopped.kind, stopped.data.outcome]).to.deep.equal(['unavailable', 'unknown']);
      expect(await plugin.ended).to.equal(hearsSignals ? 0 : null);
    });

    it('says which argument is missing or wrong', async () => {
      const mistakes: [string[], string][] = [
        [['--dial', 'elsewhere'], `--dial takes ${hasSockets ? 'unix:PATH or ' : ''}tls://HOST:PORT, not elsewhere.`],
        [
          ['--dial', 'tls://localhost:65536', '--cert', 'c', '--key', 'k', '--ca', 'a'],
          'tls://HOST:PORT, not tls://localhost:65536.',
        ],
        [
          ['--dial', 'tls://localhost:1', '--connector', 'one', '--token-file', 'x'],
          '--dial tls: needs --cert, --key and --ca, each a PEM file.',
        ],
        [
          ['--dial', 'tls://localhost:1', '--cert', 'c', '--key', 'k', '--ca', 'a'],
          '--dial needs --connector, the name that the host knows it by, and --token-file.',
        ],
      ];
      for (const [args, words] of mistakes) {
        const plugin = stay(language, args);
        expect(await plugin.ended, words).not.to.equal(0);
        expect(plugin.text()).to.include(words);
        expect(plugin.text()).not.to.match(/^\s+at |Traceback|\.rb:\d+|\.pm line \d+|while executing/m);
      }
    });

    it('shows its certificate over TLS, and looks at that of the host', async function () {
      await overTls();
      const { backend, statuses, entries } = await startHost(this, [expecting()], {}, doorway());
      const [others, neighbour] = [makeCertificate(folder, 'other-'), signCertificate(folder, 'two', ca, 'two')];
      const careful = stay(language, ['--dial', address, ...admission(), ...tls.slice(0, 4), '--ca', others.cert]);
      const [why] = [await careful.said.when((line) => line.startsWith(`The host at ${address} cannot be reached: `))];
      expect(why).to.match(/certificate/i);
      const elsewhere = address.replace('localhost', '127.0.0.1');
      const misled = stay(language, ['--dial', elsewhere, ...admission(), ...tls]);
      expect(await misled.said.when((line) => line.includes('cannot be reached: '))).to.match(
        /127\.0\.0\.1|hostname|mismatch/i,
      );
      expect(entries.all.filter(({ facts }) => facts.connector === 'one')).to.be.empty;
      const stranger = stay(language, ['--dial', address, ...admission(), ...tlsArgs(neighbour, ca)]);
      await stranger.said.when(
        (line) => line === `The host at ${address} does not admit this plugin; its log says why.`,
      );
      await stay(language, [
        '--dial',
        address,
        ...admission(),
        ...tls.slice(0, 3),
        join(folder, 'none'),
        ...tls.slice(4),
      ]).said.when((line) => line.includes(join(folder, 'none')));
      const wrong = [...tlsArgs({ cert: tls[1]!, key: neighbour.key }, ca)];
      const mixed = stay(language, ['--dial', address, ...admission(), ...wrong]);
      expect(await mixed.said.when((line) => line.includes('cannot be reached: '))).to.match(/not the key|mismatch/);
      dial();
      await statuses.when(isReady);
      const notes = Array.from({ length: 60 }, (_, at) => [`note${at}`, 'x'.repeat(4000)]);
      const long = { ...newMachine, labels: Object.fromEntries(notes) };
      expect(await backend().call(compute.create, long, { key: 'k' })).to.include({ id: 'a' });
      expect((await backend().call(compute.list, {})).items[0]?.labels).to.deep.equal(long.labels);
    });
  });
};
