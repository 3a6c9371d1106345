import { expect } from 'chai';
import { docs } from '../../../daemon/frontends/docs/index.ts';
import type { Endless } from '../../../daemon/wire/endless.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const api = fakeApi();
const routes = docs.routes(fakeContext(api));
const login = { authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}` };
const get = async (path: string, headers: Record<string, string> = login, query = '') => {
  const reply = await request(routes, 'GET', path, { headers, query });
  return { ...reply, text: String(reply.body) };
};
const refusing = (method: string, fault: Fault) =>
  api.does.set(method, () => {
    throw fault;
  });

describe('The pages of plugins', () => {
  beforeEach(() => {
    api.does.clear();
    api.calls.length = 0;
  });

  it('show everybody that they are there, and ask for credentials when asked to', async () => {
    for (const path of ['/docs/plugins', '/docs/plugins/kvm1']) {
      const { status, text, headers } = await get(path, {});
      expect([status, headers['Cache-Control']]).to.deep.equal([200, 'no-store']);
      expect(text).to.include('href="/docs/plugins?login"').and.to.not.include('libvirt 0.1.0');
    }
    expect(await get('/docs/plugins', {}, 'login')).to.have.nested.property('headers.WWW-Authenticate');
    expect(api.calls).to.deep.equal([]);
  });

  it('show administrators what is claimed and proven', async () => {
    const { text } = await get('/docs/plugins');
    expect(text).to.include('<span class="state ready">ready</span>').and.to.include('<b>1 of 2 calls</b>');
    const one = (await get('/docs/plugins/kvm1')).text;
    expect(one).to.include('The hypervisor is not running.').and.to.include('<td class="number">42 ms</td>');
    expect(one).to.include('<tr class="unproven"><th scope="row"><code>compute.pause</code>');
    expect(api.calls.map(({ method }) => method)).to.deep.equal([
      ...['connector.list', 'connector.proof'],
      ...['connector.get', 'connector.proof'],
    ]);
    expect(api.calls.every(({ request: { credentials } }) => credentials.kind === 'password')).to.equal(true);
  });

  it('show others how their connectors are, and no more', async () => {
    refusing('connector.proof', new Fault('forbidden', 'No.'));
    const { status, text } = await get('/docs/plugins/kvm1');
    expect(status).to.equal(200);
    expect(text).to.include('is for administrators').and.to.include('libvirt 0.1.0').and.to.not.include('hypervisor');
  });

  it('say what is wrong with credentials, and that there is no such connector', async () => {
    refusing('connector.list', new Fault('unauthenticated', 'Wrong.'));
    expect(await get('/docs/plugins')).to.include({ status: 401 });
    refusing('connector.list', new Fault('throttled', 'Too many <guesses>.'));
    expect(await get('/docs/plugins')).to.include({ status: 503 });
    expect((await get('/docs/plugins')).text).to.include('Too many &lt;guesses&gt;.');
    refusing('connector.get', new Fault('not-found', 'There is none.'));
    for (const name of ['nope', '%E0%A4%A']) {
      expect(await get(`/docs/plugins/${name}`)).to.include({ status: 404 });
    }
  });

  describe('have a live part', () => {
    const wakes = new Set<() => void>();
    const onConnectors = (wake: () => void) => {
      wakes.add(wake);
      return () => void wakes.delete(wake);
    };
    const live = docs.routes({ ...fakeContext(api), onConnectors });
    const stream = async (last?: string, path = '/docs/plugins') => {
      const headers = { ...login, ...(last === undefined ? {} : { 'last-event-id': last }) };
      const reply = await request(live, 'GET', path, { headers, query: 'live' });
      const over = new AbortController();
      const pieces = (reply.body as Endless)(over.signal)[Symbol.asyncIterator]();
      return { ...reply, over, next: async () => (await pieces.next()).value as string | undefined };
    };

    it('which is sent at first, and each time that it reads otherwise', async () => {
      const { headers, next, over } = await stream();
      expect(headers['Content-Type']).to.equal('text/event-stream; charset=utf-8');
      expect(await next()).to.equal('retry: 2000\n\n');
      const first = await next();
      expect(first)
        .to.match(/^id: \S+\ndata: <section>/)
        .and.to.include('<span class="state ready">');
      expect([...(await get('/docs/plugins')).text.matchAll(/<section><h2><a/g)]).to.have.length(1);
      const known = api.methods.get('connector.list')!.example.result as { items: object[] };
      api.does.set('connector.list', () => ({ ...known, items: known.items.map((one) => ({ ...one, restarts: 7 })) }));
      for (const wake of wakes) wake();
      expect(await next())
        .to.include('restarts <b>7</b>')
        .and.to.not.include(first!.slice(4, 26));
      over.abort();
      expect(await next()).to.equal(undefined);
      expect(wakes.size).to.equal(0);
    });

    it('which a client that has it is not sent again', async () => {
      const before = await stream();
      await before.next();
      const id = /id: (\S+)/.exec((await before.next())!)![1]!;
      before.over.abort();
      await before.next();
      const again = await stream(id);
      await again.next();
      expect(await again.next()).to.equal(':\n\n');
      again.over.abort();
      await again.next();
    });

    it('which ends with a fault, when it may not be read any more', async () => {
      const { next } = await stream(undefined, '/docs/plugins/kvm1');
      await next();
      refusing('connector.get', new Fault('unauthenticated', 'The password is another one now.'));
      expect(await next()).to.equal(
        'event: fault\ndata: {"kind":"unauthenticated","message":"The password is another one now."}\n\n',
      );
      expect(await next()).to.equal(undefined);
      expect(wakes.size).to.equal(0);
    });

    it('which is refused as the page is', async () => {
      refusing('connector.list', new Fault('unauthenticated', 'Wrong.'));
      expect(await get('/docs/plugins', login, 'live')).to.include({ status: 401 });
      refusing('connector.get', new Fault('not-found', 'There is none.'));
      expect(await get('/docs/plugins/nope', login, 'live')).to.include({ status: 404 });
    });
  });

  it('escape what plugins say, and may ask for nothing but themselves', async () => {
    const known = api.methods.get('connector.get')!.example.result as object;
    api.does.set('connector.get', () => ({ ...known, id: 'a/b', message: '<script>alert(1)</script>' }));
    const { text, headers } = await get('/docs/plugins/a%2Fb');
    expect(text).to.include('&lt;script&gt;alert(1)');
    expect(headers['Content-Security-Policy']).to.include("connect-src 'self';").and.to.include("default-src 'none'");
  });
});
