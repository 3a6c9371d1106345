/** Clients that end their side of the connection once they have sent a call, as `nc -N` does, and then read. */
import { once } from 'node:events';
import { expect } from 'chai';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import type { HttpRequest, Route } from '../../daemon/wire/route.ts';
import { passwords, startCore } from '../support/core.ts';
import { gate, seeded } from '../support/scripted-backend.ts';
import { closeServers, everything, startServer } from '../wire/raw-http.ts';
import { fakeContext } from './fake-api.ts';

const call = (method: string, ...params: string[]): string => {
  const values = params.map((param) => `<param><value>${param}</value></param>`).join('');
  const body = `<methodCall><methodName>${method}</methodName><params>${values}</params></methodCall>`;
  const credentials = Buffer.from(`root:${passwords.root}`).toString('base64');
  return `POST /RPC2 HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ${credentials}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

/** XML-RPC over a backend that the test controls. */
const serve = async (context: Mocha.Context) => {
  const backend = seeded();
  backend.publishes = [
    {
      service: 'meter',
      doc: 'Reads meters.',
      methods: [
        { name: 'read', doc: 'Read it.', changes: false, result: { type: 'number' } },
        { name: 'reset', doc: 'Set it to zero.', result: { type: 'number' } },
      ],
    },
  ];
  const { core, as } = await startCore(context, { backend });
  await as('root')('vm.list', { refresh: true });
  let seen: (request: HttpRequest) => void = () => undefined;
  const routes = xmlrpc.routes(fakeContext(core)).map(
    (route): Route => ({
      ...route,
      POST: (request) => {
        seen(request);
        return route.POST!(request);
      },
    }),
  );
  const { open } = await startServer({}, routes);
  /** Sends a call and ends the side of the client; resolves when the server knows that, with the reply to come. */
  const ask = async (text: string): Promise<{ reply: Promise<string> }> => {
    const arrived = new Promise<HttpRequest>((resolve) => {
      seen = resolve;
    });
    const socket = await open();
    const reply = everything(socket).finally(() => socket.destroy());
    socket.write(text);
    const { ended } = await arrived;
    socket.end();
    await once(ended, 'abort');
    return { reply };
  };
  return { backend, as, ask };
};

const named = (members: Record<string, string>): string =>
  `<struct>${Object.entries(members)
    .map(([name, value]) => `<member><name>${name}</name><value>${value}</value></member>`)
    .join('')}</struct>`;

describe('a client that ends its side after a call', () => {
  afterEach(closeServers);

  for (const [method, plugin, answered, ...params] of [
    ['meter.read', 'meter.read', '<double>7.5</double>'],
    ['meter.reset', 'meter.reset', '<double>7.5</double>'],
    ['vm.stats', 'compute.stats', '<name>cpuSeconds</name><value><double>12.5</double>', 'web2'],
    ['vm.get', 'compute.get', '<string>web2</string>', named({ vm: 'web2', refresh: '<boolean>1</boolean>' })],
  ] as const) {
    it(`is answered what a plugin answers later: ${method}`, async function () {
      const { backend, ask } = await serve(this);
      const held = gate();
      const answer = {
        'compute.stats': { time: '2026-01-31T12:00:00.000Z', cpuSeconds: 12.5 },
        'compute.get': backend.vms.get('n2'),
      }[plugin as string];
      backend.scripts.set(plugin, () => held.promise.then(() => answer ?? 7.5));
      const { reply } = await ask(call(method, ...params));
      const [sent] = backend.sent.filter((one) => one.call === plugin);
      expect(sent!.options.signal?.aborted ?? false).to.equal(false);
      held.resolve();
      expect(await reply)
        .to.include(answered)
        .and.include('\r\nConnection: close\r\n');
    });
  }

  it('is answered at once what there is when it waits for an operation, which goes on', async function () {
    const { backend, as, ask } = await serve(this);
    const held = gate();
    backend.scripts.set('compute.start', (sent) => held.promise.then(() => backend.effect(sent)));
    const { reply } = await ask(call('vm.start', named({ vm: 'web1', wait: '<int>60</int>' })));
    expect(await reply).to.match(/<name>state<\/name><value><string>(queued|running)</);
    held.resolve();
    const { items } = await as('root')<{ items: { id: string }[] }>('operation.list');
    const ended = await as('root')<object>('operation.wait', { operation: items[0]!.id, wait: 5 });
    expect(ended).to.include({ state: 'succeeded' });
  });

  it('is answered at once when it waits for an event', async function () {
    const { ask } = await serve(this);
    const { reply } = await ask(call('event.poll', named({ wait: '<int>60</int>' })));
    expect(await reply).to.include('<name>events</name><value><array><data></data></array>');
  });
});
