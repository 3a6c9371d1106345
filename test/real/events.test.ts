/** The stream of events of a real daemon. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { requireSuite } from '../setup/packages.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';
import { startProxy } from '../support/nginx.ts';
import { follow, type Received } from '../support/server-sent.ts';

describe('The stream of events of a daemon', () => {
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  const authorized = () => ({ Authorization: `Basic ${btoa(`${daemon.user}:${daemon.password}`)}` });
  /** Events until one that is like this; and the cursor to go on at. */
  const until = async (events: AsyncGenerator<Received>, is: (event: { type: string }) => boolean) => {
    const types: string[] = [];
    let last = '';
    for (;;) {
      const { value } = await events.next();
      const { id, data } = value as Received;
      last = id ?? last;
      if (data === undefined) continue;
      const event = JSON.parse(data) as { type: string };
      types.push(event.type);
      if (is(event)) return { types, last };
    }
  };

  before(async () => {
    daemon = await startDaemon({ connectors: { lab: { plugin: 'memory' } } });
    await daemon.call('vm.list', { refresh: true });
  });

  it('tells what happens as it happens, and after kill -9 goes on where the client was', async () => {
    const types = '?types=operation.finished,vm.state';
    const first = await follow(`${daemon.url}/events${types}`, authorized());
    await daemon.call('vm.start', { vm: 'web2', wait: 30 });
    const seen = await until(first.events, ({ type }) => type === 'operation.finished');
    expect(seen.types).to.include('vm.state').and.to.not.include('vm.changed');
    await daemon.call('vm.powerOff', { vm: 'web2', wait: 30 });
    await daemon.kill();
    await daemon.start();
    const again = await follow(`${daemon.url}/events${types}`, { ...authorized(), 'Last-Event-ID': seen.last });
    const rest = await until(again.events, ({ type }) => type === 'operation.finished');
    expect(rest.types.filter((type) => type === 'operation.finished')).to.have.length(1);
    first.close();
    again.close();
  });

  it('comes through nginx as it happens', async function () {
    await requireSuite(this, 'proxy');
    const proxy = await startProxy(daemon.url);
    try {
      const { events, close } = await follow(`${proxy.url}/events?types=operation.finished`, authorized());
      // Its cursor: it follows.
      await events.next();
      await daemon.call('vm.start', { vm: 'web2', wait: 30 });
      await until(events, ({ type }) => type === 'operation.finished');
      close();
      await daemon.call('vm.powerOff', { vm: 'web2', wait: 30 });
    } finally {
      await proxy.close();
    }
  });

  it('ends when who follows has logged out, before another event is told', async () => {
    const { user, password } = daemon;
    const { token } = await daemon.call<{ token: string }>('session.login', { user, password });
    const { events } = await follow(`${daemon.url}/events`, { Authorization: `Bearer ${token}` });
    await events.next();
    await daemon.call('session.logout', {}, token);
    await daemon.call('vm.start', { vm: 'web2', wait: 30 });
    const rest: Received[] = [];
    for await (const received of events) if (received.data !== undefined) rest.push(received);
    expect(rest.map(({ event }) => event)).to.deep.equal(['fault']);
    expect(JSON.parse(rest[0]!.data!)).to.include({ kind: 'unauthenticated' });
    await daemon.call('vm.powerOff', { vm: 'web2', wait: 30 });
  });

  it('is told whole and in order in a burst of thousands, beside many who never read', async function () {
    this.timeout(60_000);
    const { hostname, port } = new URL(daemon.url);
    const ask = `GET /events HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorized().Authorization}\r\n\r\n`;
    const deaf = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const socket = connect(Number(port), hostname).on('error', () => {});
        await once(socket, 'connect');
        socket.write(ask);
        return socket.pause();
      }),
    );
    const { next: after } = await daemon.call<{ next: string }>('event.poll');
    const { events, close } = await follow(`${daemon.url}/events?after=${after}`, authorized());
    const machines = 600;
    const making = (async () => {
      for (let made = 0; made < machines; made += 50) {
        const names = Array.from({ length: 50 }, (_, at) => `burst${made + at}`);
        await Promise.all(names.map((name) => daemon.call('vm.create', { name, memoryMiB: 64 })));
      }
    })();
    const told: string[] = [];
    for (let left = machines; left > 0; ) {
      const { data } = (await events.next()).value as Received;
      if (data === undefined) continue;
      const { cursor, type } = JSON.parse(data) as { cursor: string; type: string };
      told.push(cursor);
      if (type === 'operation.finished') left -= 1;
    }
    await making;
    const all = await daemon.call<{ events: { cursor: string }[] }>('event.poll', { after, limit: 10_000 });
    expect(told).to.deep.equal(all.events.slice(0, told.length).map(({ cursor }) => cursor));
    expect(told.length).to.be.at.least(2 * machines);
    close();
    for (const socket of deaf) socket.destroy();
  });

  it('ends when the daemon stops, which waits for nobody who follows', async () => {
    const { events, status } = await follow(`${daemon.url}/events`, authorized());
    expect(status).to.equal(200);
    await events.next();
    const stopped = daemon.stop();
    for await (const _ of events);
    expect(await stopped).to.equal(0);
  });
});
