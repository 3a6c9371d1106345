import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type Client, createClient, createLocalClient, Fault } from '../../../sdk/typescript/client/index.ts';
import { type RunningDaemon, startDaemon } from '../../support/annelid.ts';
import { clientDaemons } from '../client-daemons.ts';

/** What a call was refused with. */
const refusal = async (call: Promise<unknown>): Promise<Fault> => {
  try {
    await call;
  } catch (fault) {
    if (fault instanceof Fault) return fault;
    throw fault;
  }
  throw new Error('It was not refused.');
};

describe("TypeScript's client, at a real daemon", function () {
  this.timeout(60_000);
  let daemon: RunningDaemon;
  let api: Client;
  before(async () => {
    daemon = await startDaemon();
    api = createLocalClient(daemon.state);
  });
  after(() => daemon?.discard());

  it('reads page by page', async () => {
    const { items } = await api.vm.list();
    const names: string[] = [];
    for await (const vm of api.items(api.vm.list, { limit: 1 })) names.push(vm.name);
    expect(names.length).to.be.greaterThan(1);
    expect(names).to.deep.equal(items.map(({ name }) => name));
  });

  it('waits for operations, given as they were answered, promised or named', async () => {
    const made = await api.wait(api.vm.create({ name: 'ts', memoryMiB: 64, labels: { tier: 'front' } }));
    expect(made.state).to.equal('succeeded');
    expect((await api.wait(made.id)).method).to.equal('vm.create');
    expect((await api.vm.get({ vm: 'ts' })).labels).to.deep.equal({ tier: 'front' });
    expect((await api.wait(await api.vm.start({ vm: 'ts' }))).state).to.equal('succeeded');
    const { next } = await api.event.poll();
    await api.vm.powerOff({ vm: 'ts', wait: 30 });
    await api.vm.delete({ vm: 'ts', wait: 30 });
    const { events } = await api.event.poll({ after: next, types: ['vm.deleted'] });
    expect(events.map(({ resource }) => resource)).to.deep.equal([made.resource]);
  });

  it('throws faults by their kind, with their data', async () => {
    const busy = await refusal(api.vm.start({ vm: 'web1' }));
    expect([busy.kind, busy.code]).to.deep.equal(['conflict', 409]);
    expect((await refusal(api.vm.get({ vm: 'none' }))).message).to.equal('There is no vm none.');
    expect((await refusal(api.vm.create({ name: 'x', memoryMiB: 1 }))).data).to.deep.equal({ field: '/memoryMiB' });
    const other = createClient(daemon.url, { user: 'admin', password: 'wrong' });
    expect((await refusal(other.vm.list())).kind).to.equal('unauthenticated');
    expect((await refusal(api.call('vm.explode', { vm: 'web1' }))).kind).to.equal('unknown-method');
  });

  it('goes on with the token of a session', async () => {
    const session = createClient(`${daemon.url}/`);
    await session.login('admin', await daemon.password());
    expect((await session.session.whoami()).token).to.equal(true);
    session.close();
  });

  it('lets go of a call whose signal is aborted, and of a wait that takes too long', async () => {
    const abort = new AbortController();
    const { next } = await api.event.poll();
    const polled = api.event.poll({ after: next, wait: 60 }, { signal: abort.signal });
    const reason = new Error('No longer wanted.');
    abort.abort(reason);
    expect(await polled.catch((error: unknown) => error)).to.equal(reason);
    const made = await api.vm.create({ name: 'late', memoryMiB: 64 });
    await api.wait(made);
    const { kind, data } = await refusal(api.wait({ ...made, state: 'running' }, { timeoutMs: 0 }));
    expect([kind, data]).to.deep.equal(['timeout', { operation: made.id }]);
  });

  it('says of what is no daemon that it is none', async () => {
    expect(() => createClient('ftp://127.0.0.1')).to.throw(TypeError, 'it begins with http:// or https://');
    expect((await refusal(createClient('http://127.0.0.1:9').system.version())).kind).to.equal('unavailable');
    const page = createServer((_, response) => response.end('<html>'));
    const held = createServer(() => {});
    for (const server of [page, held]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const urlOf = (server: typeof page) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const elsewhere = await refusal(createClient(urlOf(page)).system.version());
    expect(elsewhere.message).to.match(/answered 200 OK, and no JSON-RPC\.$/);
    const silent = await refusal(createClient(urlOf(held), { timeoutMs: 50 }).system.version());
    expect([silent.kind, silent.message.split(' ').slice(1).join(' ')]).to.deep.equal([
      'timeout',
      'did not answer in time.',
    ]);
    for (const server of [page, held]) {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe("TypeScript's client over TLS", function () {
  this.timeout(60_000);
  const daemons = clientDaemons('typescript sdk');

  it('believes no certificate that it was not told to', async () => {
    const { url, cert } = await daemons.startWithTls();
    const api = createClient(url, { ca: await readFile(cert, 'utf8') });
    expect((await api.system.version()).name).to.equal('annelid');
    const { kind, message } = await refusal(createClient(url).system.version());
    expect(kind).to.equal('unavailable');
    expect(message).to.match(/cannot be reached: self[- ]signed certificate/);
  });
});
