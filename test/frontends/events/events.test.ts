import { expect } from 'chai';
import { exampleEvent } from '../../../daemon/catalogue/examples.ts';
import { events } from '../../../daemon/frontends/events/index.ts';
import type { Endless } from '../../../daemon/wire/endless.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const api = fakeApi();
const routes = events.routes(fakeContext(api));
const get = (query = '', headers: Record<string, string> = {}) =>
  request(routes, 'GET', '/events', { query, headers: { authorization: 'Bearer annelid_x', ...headers } });
/** The first pieces of a stream, until there are so many or it ends. */
const pieces = async (body: unknown, count: number): Promise<string[]> => {
  const found: string[] = [];
  for await (const piece of (body as Endless)(new AbortController().signal)) {
    found.push(piece);
    if (found.length === count) break;
  }
  return found;
};
const asked = () => api.calls.filter(({ method }) => method === 'event.poll').map(({ params }) => params);

describe('The stream of events', () => {
  beforeEach(() => {
    api.does.clear();
    api.calls.length = 0;
  });

  it('begins now, and asks for more where it left off', async () => {
    const pages = [
      { events: [], next: '7', reset: false },
      { events: [{ ...exampleEvent, cursor: '9' }], next: '12', reset: false },
      { events: [], next: '12', reset: false },
    ];
    api.does.set('event.poll', () => pages.shift());
    const { status, headers, body } = await get();
    expect([status, headers['Content-Type'], headers['Cache-Control']]).to.deep.equal([
      ...[200, 'text/event-stream; charset=utf-8', 'no-store'],
    ]);
    const data = JSON.stringify({ ...exampleEvent, cursor: '9' });
    expect(await pieces(body, 3)).to.deep.equal([
      'retry: 2000\n\nid: 7\n\n',
      `id: 9\ndata: ${data}\n\nid: 12\n\n`,
      'id: 12\n\n',
    ]);
    expect(asked()).to.deep.equal([
      { wait: 0, limit: 100 },
      { after: '7', wait: 15, limit: 100 },
      { after: '12', wait: 15, limit: 100 },
    ]);
  });

  it('goes on where the client was, which a browser says in a header, with the types that are wanted', async () => {
    await get('after=3&types=vm.created,vm.deleted');
    await get('after=3', { 'last-event-id': '5' });
    expect(asked()).to.deep.equal([
      { after: '3', types: ['vm.created', 'vm.deleted'], wait: 0, limit: 100 },
      { after: '5', wait: 0, limit: 100 },
    ]);
  });

  it('says that events are not kept any more', async () => {
    api.does.set('event.poll', () => ({ events: [], next: '70', reset: true }));
    expect(await pieces((await get('after=1')).body, 1)).to.deep.equal([
      'retry: 2000\n\nevent: reset\ndata: {}\n\nid: 70\n\n',
    ]);
  });

  it('is refused as a call is: with the status of the fault, and its message', async () => {
    const replies = [
      [new Fault('unauthenticated', 'No.'), 401],
      [new Fault('forbidden', 'No.'), 403],
      [new Fault('throttled', 'No.', { retryAfterMs: 1500 }), 429],
    ] as const;
    for (const [fault, status] of replies) {
      api.does.set('event.poll', () => {
        throw fault;
      });
      const reply = await get();
      expect(reply).to.include({ status, body: 'No.\n' });
      expect('WWW-Authenticate' in reply.headers).to.equal(status === 401);
      expect(reply.headers['Retry-After']).to.equal(status === 429 ? '2' : undefined);
    }
    api.does.clear();
    expect(await get('after=soon')).to.include({ status: 400 });
    expect(await get('', { 'last-event-id': 'soon' })).to.include({
      status: 400,
      body: 'The header Last-Event-ID is no id of an event here; without it the stream begins now.\n',
    });
  });

  it('takes of the share of the account of who asks', async () => {
    api.does.set('session.whoami', () => ({ user: 'eve', account: 'acme', role: 'reader', token: false }));
    expect(await get()).to.include({ status: 200, account: 'acme' });
  });

  it('ends with the fault when the caller may not read any more', async () => {
    const { body } = await get();
    api.does.set('event.poll', () => {
      throw new Fault('unauthenticated', 'The token\nis over.');
    });
    expect((await pieces(body, 5)).slice(1)).to.deep.equal([
      'event: fault\ndata: {"kind":"unauthenticated","message":"The token\\nis over."}\n\n',
    ]);
  });
});
