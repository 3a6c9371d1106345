/** A process for each call: plugins without a loop, as the host runs them. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { InstanceConfig } from '../../daemon/host/index.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { requireSuite } from '../setup/packages.ts';
import { faultOf, gone, isAlive, startHost, stopHosts } from './running-host.ts';

const script = fileURLToPath(new URL('fixtures/one-shot.pl', import.meta.url));
const begun = ({ message }: { message: string }) => message.startsWith('begun ');
const pidIn = ({ message }: { message: string }) => Number(message.split(' ')[1]);

describe('a plugin with a process for each call', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-one-shot-'));
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(async function () {
    await stopHosts(this);
  });

  const oneShot = (more: Partial<InstanceConfig> = {}): InstanceConfig => ({
    id: 'one',
    plugin: 'one-shot',
    command: ['perl', script, folder],
    oneShot: true,
    config: { password: 's3cret' },
    hidden: ['s3cret'],
    ...more,
  });
  const nameOf = async (backend: Awaited<ReturnType<typeof startHost>>['backend'], vm: string) =>
    (await backend().call(compute.get, { vm })).name;

  it('begins each with its configuration, and ends its input behind the call', async function () {
    const { backend, entries } = await startHost(this, [oneShot()]);
    expect(backend().state).to.equal('ready');
    const [one, other] = [await backend().call(compute.list, {}), await backend().call(compute.list, {})];
    expect(one.items[0]!.name).to.equal('configure compute.list');
    expect(one.items[0]!.id).not.to.equal(other.items[0]!.id);
    expect(await nameOf(backend, 'secret')).to.equal('6');
    const said = entries.all.filter(({ level }) => level !== 'info').map(({ message }) => message);
    expect(said).to.deep.equal([
      'The plugin has a process for each call, and reports no events between them; one with cursors is asked for them.',
    ]);
  });

  it('has as many at once as it may, the next one once one has ended, and refuses what waits beyond the limit', async function () {
    const { backend } = await startHost(this, [oneShot({ processes: 2 })], { queued: 2 });
    // Each ends once the other is there.
    const met = await Promise.all([nameOf(backend, 'meet-1'), nameOf(backend, 'meet-2')]);
    expect(new Set(met).size).to.equal(2);
    const held = ['hangs', 'hangs', 'a', 'b'].map(() => new AbortController());
    const calls = held.map(({ signal }) =>
      backend()
        .call(compute.get, { vm: 'hangs' }, { signal })
        .catch(() => {}),
    );
    const refused = await faultOf(backend().call(compute.get, { vm: 'c' }));
    expect(refused.kind).to.equal('throttled');
    expect(refused.message).to.include('limits.plugins.queued');
    for (const controller of held) controller.abort();
    await Promise.all(calls);
  });

  it('has one at a time where nothing says more', async function () {
    const { backend } = await startHost(this, [oneShot()]);
    const names = await Promise.all(Array.from({ length: 5 }, () => nameOf(backend, 'alone')));
    expect(new Set(names)).to.deep.equal(new Set(['alone']));
  });

  it('logs noise, and takes the answer that is glued to it', async function () {
    const { backend, entries } = await startHost(this, [oneShot()]);
    expect(await nameOf(backend, 'noise')).to.equal('noise');
    await entries.when(({ message, facts }) => message === 'stdout noise' && facts.text === 'glued');
  });

  it('makes a read that had no answer once more, and tells how its process ended', async function () {
    const { backend, entries } = await startHost(this, [oneShot()], { crashes: 2 });
    const fault = await faultOf(backend().call(compute.get, { vm: 'fails' }));
    expect([fault.kind, fault.message]).to.deep.equal(['unavailable', 'The plugin of one ended with code 1.']);
    const said = entries.all.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(said).to.deep.equal(Array(2).fill('The plugin ended with code 1 and has not answered compute.get.'));
    expect(entries.all.filter(({ message }) => message === 'It cannot be.').length).to.equal(2);
    // Others are called all the same; what is the matter is told until one is answered.
    const alarmed = backend().status();
    expect([alarmed.state, alarmed.isCrashing]).to.deep.equal(['ready', true]);
    expect(alarmed.message).to.equal(
      'Its last 2 calls or more had no answer (limits.plugins.crashes); the process of the last one ended with code 1: It cannot be.',
    );
    await nameOf(backend, 'a');
    await nameOf(backend, 'b');
    expect(backend().status().isCrashing).to.equal(false);
  });

  it('asks what became of a change whose process was killed', async function () {
    const { backend } = await startHost(this, [oneShot()]);
    const lines: string[] = [];
    const onLog = ({ message }: { message: string }) => lines.push(message);
    const fault = await faultOf(backend().call(compute.start, { vm: 'dies' }, { key: 'k', onLog }));
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['unavailable', 'unknown']);
    expect(fault.message).to.equal('The plugin of one was ended by SIGKILL.');
    expect(lines.length).to.equal(1);
    expect(await backend().find('k', 'compute.start', { vm: 'dies' })).to.deep.equal({ outcome: 'none' });
  });

  it('takes progress, and tells the process of a call that nobody wants any more to end, which may still answer', async function () {
    const { backend, entries } = await startHost(this, [oneShot()]);
    const progress: unknown[] = [];
    const onProgress = ({ percent }: { percent?: number }) => progress.push(percent);
    await backend().call(compute.start, { vm: 'a' }, { onProgress });
    expect(progress).to.deep.equal([50]);
    const before = await entries.when(begun);
    const controller = new AbortController();
    const call = faultOf(backend().call(compute.start, { vm: 'waits' }, { signal: controller.signal }));
    const second = await entries.when((entry) => begun(entry) && entry !== before);
    controller.abort();
    const { kind, message, data } = await call;
    expect([kind, message, data.outcome]).to.deep.equal(['cancelled', 'It was told to end.', 'none']);
    await gone(pidIn(second));
  });

  it('kills one that does not end when it is told to, and frees its place', async function () {
    const { backend, entries } = await startHost(this, [oneShot()], { cancelMs: 20 });
    const controller = new AbortController();
    const call = faultOf(backend().call(compute.start, { vm: 'hangs' }, { signal: controller.signal, key: 'h' }));
    const entry = await entries.when(begun);
    controller.abort();
    const { kind, data } = await call;
    expect([kind, data.outcome]).to.deep.equal(['cancelled', 'unknown']);
    await nameOf(backend, 'next');
    expect(isAlive(pidIn(entry))).to.equal(false);
    expect(backend().state).to.equal('ready');
  });

  it('ends the process of a call at its deadline', async function () {
    // There is a place for it, whatever has not quite ended yet.
    const { backend } = await startHost(this, [oneShot({ processes: 4 })], { cancelMs: 20 });
    const fault = await faultOf(backend().call(compute.start, { vm: 'hangs' }, { timeoutMs: 100 }));
    expect([fault.kind, fault.data.outcome]).to.deep.equal(['timeout', 'unknown']);
    expect(fault.message).to.equal('one did not answer compute.start within 100 ms.');
  });

  it('ends one that stays when it has answered, before the next is started', async function () {
    const { backend, entries } = await startHost(this, [oneShot()], { stopMs: 20 });
    expect(await nameOf(backend, 'stays')).to.equal('stays');
    expect(await nameOf(backend, 'next')).to.equal('next');
    expect(isAlive(pidIn(entries.all.find(({ message }) => message.startsWith('stays '))!))).to.equal(false);
  });

  it('answers what it needs in place of asking, which fails at once', async function () {
    const { backend } = await startHost(this, [oneShot({ secrets: { token: 't0ken' } })]);
    expect(await nameOf(backend, 'needs')).to.equal('5');
    expect((await faultOf(backend().call(compute.get, { vm: 'asks' }))).message).to.equal(
      'The plugin of one asks for host.secret.get, and has a process for each call, whose input has ended: it must answer need instead.',
    );
  });

  it('is not ready while it refuses its configuration', async function () {
    const { backend } = await startHost(this, [oneShot({ config: { password: 'wrong' } })]);
    const { state, message } = backend().status();
    expect([state, message]).to.deep.equal(['failing', 'The password is wrong.']);
  });

  it('runs what its file holds at each call; what it says of itself is taken up by a reload', async function () {
    const path = join(folder, 'changing.py');
    // The call alone comes to one that has no configure.
    const program = (version: string) => `
import sys, json
m = json.loads(sys.stdin.read())
answers = {'describe': {'proto': [1], 'name': 'changing', 'version': '${version}', 'methods': ['compute.list']},
           'compute.list': {'items': [{'id': '${version}', 'state': 'running'}]}}
r = {'result': answers[m['method']]} if m['method'] in answers else {'error': {'code': -32601, 'message': 'no'}}
print(json.dumps({'jsonrpc': '2.0', 'id': m['id'], **r}))
`;
    await writeFile(path, program('1'));
    const config = { id: 'one', plugin: path, oneShot: true, config: {} };
    const { host, backend } = await startHost(this, [config]);
    await writeFile(path, program('2'));
    expect((await backend().call(compute.list, {})).items[0]!.id).to.equal('2');
    expect(backend().status().version).to.equal('1');
    expect(await host.reload([config])).to.deep.equal([{ connector: 'one', did: 'replaced' }]);
    expect(backend().status().version).to.equal('2');
  });

  it('is not asked at a start what it is when it has said so and nothing of its program has changed', async function () {
    const [own, descriptions] = [join(folder, 'own'), join(folder, 'descriptions')];
    await mkdir(own);
    const [program, library] = [join(own, 'main.pl'), join(own, 'Library.pm')];
    await writeFile(program, await readFile(script, 'utf8'));
    await writeFile(library, '1;');
    const manifest = { name: 'one shot', version: '1', run: ['perl', 'main.pl', folder], oneShot: true };
    await writeFile(join(own, 'manifest.json'), JSON.stringify(manifest));
    const config = { id: 'one', plugin: own, config: {} };
    const isAsked = ({ message }: { message: string }) => message === 'described';
    const asked = async (work: (host: Awaited<ReturnType<typeof startHost>>['host']) => unknown = () => {}) => {
      const { host, backend, entries } = await startHost(this, [config], {}, { descriptions });
      expect(backend().status()).to.include({ state: 'ready', version: '1' });
      await work(host);
      await host.stop();
      return entries.all.filter(isAsked).length;
    };
    expect(await asked()).to.equal(1);
    expect(await asked()).to.equal(0);
    // One that is replaced says so anew.
    expect(await asked((host) => host.reload([config]))).to.equal(1);
    await writeFile(library, '2;');
    expect(await asked()).to.equal(1);
    await writeFile(join(descriptions, 'one.json'), '{"digest":');
    expect(await asked()).to.equal(1);
    await startHost(this, [oneShot({ id: 'other' })], {}, { descriptions });
    expect(await readdir(descriptions)).to.deep.equal(['other.json']);
  });

  it('leaves nothing when the host is stopped', async function () {
    const { host, backend, entries } = await startHost(this, [oneShot()], { stopMs: 20, drainMs: 20 });
    const call = faultOf(backend().call(compute.start, { vm: 'hangs' }));
    const entry = await entries.when(begun);
    await host.stop();
    await call;
    expect(isAlive(pidIn(entry))).to.equal(false);
  });
});

describe('The plugin in shell of docs/plugin-kit.md', () => {
  before(async function () {
    await requireSuite(this, 'plugins in shell');
  });
  afterEach(async function () {
    await stopHosts(this);
  });

  it('lists what stands beside it', async function () {
    const [, program = ''] = /```sh\n(ask=.*?)```/s.exec(await readFile('docs/plugin-kit.md', 'utf8')) ?? [];
    const folder = await mkdtemp(join(tmpdir(), 'annelid-shell-'));
    try {
      await mkdir(join(folder, 'machines/web 1'), { recursive: true });
      await writeFile(join(folder, 'files.sh'), program);
      const { backend } = await startHost(this, [
        { id: 'files', plugin: join(folder, 'files.sh'), oneShot: true, config: {} },
      ]);
      expect(await backend().call(compute.list, {})).to.deep.equal({ items: [{ id: 'web 1', state: 'running' }] });
      const { kind } = await faultOf(backend().call(compute.get, { vm: 'web 1' }));
      expect(kind).to.equal('unsupported');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
