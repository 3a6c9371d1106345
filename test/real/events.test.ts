/** The stream of events of a real daemon. */
import { expect } from 'chai';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';
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

  it('ends when the daemon stops, which waits for nobody who follows', async () => {
    const { events, status } = await follow(`${daemon.url}/events`, authorized());
    expect(status).to.equal(200);
    await events.next();
    const stopped = daemon.stop();
    for await (const _ of events);
    expect(await stopped).to.equal(0);
  });
});
