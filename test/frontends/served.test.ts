/** The frontends that are no XML wire, as a real daemon serves them. */
import { expect } from 'chai';
import { methods } from '../../daemon/catalogue/index.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';

describe('A daemon', () => {
  const start = daemonsOfSuite();
  let daemon: TestDaemon;
  let authorization: string;
  before(async () => {
    daemon = await start({ connectors: { memory: { plugin: 'memory' } } });
    authorization = `Basic ${btoa(`${daemon.user}:${daemon.password}`)}`;
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(daemon.url + path, { headers });
  const call = async (method: string, params: unknown, credentials = authorization) => {
    const reply = await fetch(`${daemon.url}/jsonrpc`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(credentials && { Authorization: credentials }) },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return { status: reply.status, ...((await reply.json()) as { result?: never; error?: { data: object } }) };
  };

  it('answers JSON-RPC: it starts a machine, and says what is wrong with a call', async () => {
    // A connector is ready a moment before its machines have been read.
    await call('vm.list', { refresh: true });
    const { result, error } = await call('vm.start', ['web2', null, 30]);
    expect(error).to.equal(undefined);
    expect(result).to.include({ method: 'vm.start', state: 'succeeded' });
    expect((await call('vm.get', { vm: 'web2' })).result).to.include({ state: 'running' });
    const again = await call('vm.start', ['web2']);
    expect(again.status).to.equal(200);
    expect(again.error?.data).to.include({ kind: 'conflict' });
  });

  it('takes the token of session.login, and asks who is calling when there are no credentials', async () => {
    const { user, password } = daemon;
    const { result } = await call('session.login', { user, password }, '');
    const { token } = result as unknown as { token: string };
    expect((await call('session.whoami', {}, `Bearer ${token}`)).result).to.include({ user, token: true });
    expect(await call('session.whoami', {}, '')).to.include({ status: 401 });
  });

  it('describes what it serves with OpenRPC, under its own URL', async () => {
    const document = (await (await get('/openrpc.json')).json()) as { servers: object[]; methods: object[] };
    expect(document.servers).to.deep.equal([{ name: 'annelid', url: `${daemon.url}/jsonrpc` }]);
    expect(document.methods).to.have.length(methods.size);
  });

  it('is healthy, and counts its calls', async () => {
    const health = await get('/healthz');
    expect([health.status, await health.text()]).to.deep.equal([200, 'ok\n']);
    await call('vm.list', {});
    await call('no.such', {});
    const text = await (await get('/metrics')).text();
    expect(text).to.match(/^annelid_calls_total\{frontend="jsonrpc",method="vm\.list",fault=""\} \d+$/m);
    expect(text).to.match(/^annelid_refused_total\{frontend="jsonrpc",kind="unknown-method"\} 1$/m);
    expect(text).to.match(/^annelid_vms [1-9]\d*$/m);
    expect(text).to.match(/^annelid_connectors\{state="ready"\} 1$/m);
  });

  it('serves its reference, compressed for browsers, with its own URL in the examples', async () => {
    const page = await get('/', { 'Accept-Encoding': 'gzip' });
    expect(page.url).to.equal(`${daemon.url}/docs`);
    expect(await page.text()).to.include(`${daemon.url}/RPC2`);
    const types = await get('/docs/types', { 'Accept-Encoding': 'gzip' });
    expect(types.headers.get('content-encoding')).to.equal('gzip');
    expect(await types.text()).to.include('id="Operation"');
  });

  it('says the name of a method that is not there, but no more than the beginning of a long one', async () => {
    const name = 'n'.repeat(1000);
    const cut = `${'n'.repeat(61)}....`;
    const bodies = {
      '/RPC2': `<methodCall><methodName>${name}</methodName></methodCall>`,
      '/soap': `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><${name} xmlns="urn:x"/></Body></Envelope>`,
      '/jsonrpc': JSON.stringify({ jsonrpc: '2.0', id: 1, method: name }),
    };
    for (const [path, body] of Object.entries(bodies)) {
      const text = await (await fetch(daemon.url + path, { method: 'POST', body })).text();
      expect(text, path)
        .to.match(/There is no (method|operation) n/)
        .and.to.include(` ${cut}`);
      expect(text, path).not.to.include('n'.repeat(62));
    }
    const { error } = await call('system.methodHelp', { method: name.slice(0, 200) });
    expect(error).to.deep.include({ message: `There is no method ${cut}` });
  });
});
