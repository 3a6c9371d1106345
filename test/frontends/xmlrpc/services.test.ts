/** Services of plugins below `/RPC2`, under the names that clients of theirs call. */
import { expect } from 'chai';
import { type PublishedService, serviceFrom } from '../../../daemon/catalogue/published.ts';
import type { ServiceProfile } from '../../../daemon/frontends/service-profile.ts';
import { xmlrpc } from '../../../daemon/frontends/xmlrpc/index.ts';
import { type FakeApi, fakeApi, fakeContext, request } from '../fake-api.ts';

const text = { type: 'string' };
const publishedWith = (...names: string[]): PublishedService =>
  serviceFrom(
    {
      service: 'hub',
      methods: names.map((name) => ({
        name,
        doc: `Does ${name}.`,
        params: { properties: { session: text, id: { type: 'integer' } }, required: ['session'] },
        result: { type: 'integer' },
        example: { params: { session: 's' }, result: 7 },
      })),
    },
    'office',
    'hub 1',
  );

const value = (of: string | number): string => `<value>${typeof of === 'number' ? `<int>${of}</int>` : of}</value>`;
const callOf = (method: string, ...params: (string | number)[]): string =>
  `<methodCall><methodName>${method}</methodName><params>${params.map((of) => `<param>${value(of)}</param>`).join('')}</params></methodCall>`;

interface Served {
  api: FakeApi;
  warnings: string[];
  services: Map<string, PublishedService>;
  post: (path: string, method: string, ...params: (string | number)[]) => Promise<string>;
}

const served = (profiles: Partial<ServiceProfile>[] = [], service = publishedWith('getUser', 'vm_info')): Served => {
  const api = fakeApi();
  const services = new Map([[service.name, service]]);
  const context = fakeContext(Object.assign(api, { services }) as never);
  const warnings: string[] = [];
  const log = { ...context.log, warn: (_: object, message: string) => void warnings.push(message) };
  const forms = profiles.map((profile) => ({ name: 'old', service: 'hub', ...profile }));
  const routes = xmlrpc.routes({ ...context, log, profiles: forms });
  return {
    api,
    warnings,
    services,
    post: async (path, method, ...params) => {
      const { body } = await request(routes, 'POST', path, { body: callOf(method, ...params) });
      return String(body).replace(/^<\?xml[^>]*>\n/, '');
    },
  };
};
const faultIn = (reply: string): [code: number, message: string] => [
  Number(/<int>(-?\d+)</.exec(reply)?.[1]),
  /<string>([^<]*)</.exec(reply)![1]!,
];
const namesIn = (reply: string): string[] => [...reply.matchAll(/<string>([^<]+)</g)].map(([, name]) => name!);

describe('A service of a plugin over XML-RPC', () => {
  it('has its methods without its own name at an endpoint of its own, with switches too', async () => {
    const { api, post } = served();
    for (const path of ['/RPC2/hub', '/RPC2/hub/', '/RPC2/hub/nil=nil']) {
      expect(await post(path, 'getUser', 's', 3)).to.contain('<int>7</int>');
    }
    expect(api.calls.map(({ method, params }) => [method, params])).to.deep.equal(
      Array(3).fill(['hub.getUser', { session: 's', id: 3 }]),
    );
  });

  it('has the names there that its profile lists, of several parts as those of OpenNebula', async () => {
    const { api, post } = served([{ operations: { 'one.vm.info': { method: 'vm_info' }, getUser: {} } }]);
    expect(await post('/RPC2/old', 'one.vm.info', 'oneadmin:secret', 3)).to.contain('<int>7</int>');
    expect(api.calls[0]?.params).to.deep.equal({ session: 'oneadmin:secret', id: 3 });
    expect(faultIn(await post('/RPC2/old', 'one.vm.info'))).to.deep.equal([
      -32602,
      'one.vm.info: session is missing; it must be string.',
    ]);
    expect(faultIn(await post('/RPC2/old', 'vm_info', 's'))).to.deep.equal([-32601, 'There is no method vm_info.']);
    expect(faultIn(await post('/RPC2/old', 'vm.list'))).to.deep.equal([-32601, 'There is no method vm.list.']);
  });

  it('is warned of in the log, once, where its profile lists what it has not', async () => {
    const { warnings, post } = served([{ operations: { 'one.vm.info': { method: 'vmInfo' }, getUser: {} } }]);
    for (const name of ['one.vm.info', 'one.vm.info']) {
      expect(faultIn(await post('/RPC2/old', name, 's'))).to.deep.equal([-32601, 'There is no method one.vm.info.']);
    }
    expect(await post('/RPC2/old', 'getUser', 's')).to.contain('<int>7</int>');
    expect(warnings).to.deep.equal(['one.vm.info cannot be called at /RPC2/old: hub has no method vmInfo.']);
  });

  it('keeps the names that its profile does not list beside a WSDL', async () => {
    const { post } = served([{ wsdl: 'hub.wsdl', operations: { GetUser: { method: 'getUser' } } }]);
    for (const name of ['GetUser', 'getUser', 'vm_info']) {
      expect(await post('/RPC2/old', name, 's')).to.contain('<int>7</int>');
    }
  });

  it('is described by introspection under these names', async () => {
    const { api, post } = served([{ operations: { 'one.vm.info': { method: 'vm_info' } } }]);
    const names = namesIn(await post('/RPC2/old', 'system.listMethods'));
    expect(names).to.include.members(['one.vm.info', 'system.multicall', 'system.methodHelp']);
    expect(names.filter((name) => !name.startsWith('system.'))).to.deep.equal(['one.vm.info']);
    await post('/RPC2/old', 'system.methodHelp', 'one.vm.info');
    await post('/RPC2/old', 'system.methodSignature', 'one.vm.info');
    expect(api.calls.slice(1).map(({ params }) => params)).to.deep.equal(Array(2).fill({ method: 'hub.vm_info' }));
  });

  it('is all that introspection knows there: what cannot be called is no method, also one of the daemon', async () => {
    const { api, post } = served([{ operations: { 'one.vm.info': { method: 'vm_info' } } }]);
    for (const name of ['vm.list', 'hub.vm_info', 'vm_info', 'nothing']) {
      for (const question of ['system.methodHelp', 'system.methodSignature']) {
        expect(faultIn(await post('/RPC2/old', question, name))).to.deep.equal([-32601, `There is no method ${name}.`]);
      }
    }
    expect(api.calls).to.deep.equal([]);
    expect(await post('/RPC2/old', 'system.methodHelp', 'system.multicall')).to.contain('Make several calls');
  });

  it('is at the paths of its profile too, as old clients have them, and switches stand behind them', async () => {
    const path = '/xmlrpc/2/common';
    const { api, post } = served([{ xmlrpcPaths: [path, '/kojihub'], operations: { login: { method: 'getUser' } } }]);
    for (const at of [path, '/kojihub', '/RPC2/old'])
      expect(await post(at, 'login', 's', 3)).to.contain('<int>7</int>');
    expect(api.calls.map(({ method }) => method)).to.deep.equal(Array(3).fill('hub.getUser'));
    expect(faultIn(await post(path, 'vm.list'))).to.deep.equal([-32601, 'There is no method vm.list.']);
    expect(namesIn(await post(path, 'system.listMethods')))
      .to.include('login')
      .and.not.include('vm.list');
  });

  it('is called by its names within system.multicall', async () => {
    const { api, post } = served();
    const one = (name: string) =>
      `<value><struct><member><name>methodName</name><value>${name}</value></member><member><name>params</name><value><array><data><value>s</value></data></array></value></member></struct></value>`;
    const calls = `<array><data>${one('getUser')}${one('vm.list')}</data></array>`;
    const reply = await post('/RPC2/hub', 'system.multicall', calls);
    expect(reply).to.contain('<int>7</int>').and.contain('There is no method vm.list.');
    expect(api.calls.map(({ method }) => method)).to.deep.equal(['hub.getUser']);
  });

  it('has what the plugin publishes now, and is gone with it', async () => {
    const { services, post } = served([{}]);
    expect(await post('/RPC2/old', 'getUser', 's')).to.contain('<int>7</int>');
    services.set('hub', publishedWith('getAccount'));
    expect(faultIn(await post('/RPC2/old', 'getUser', 's'))).to.deep.equal([-32601, 'There is no method getUser.']);
    expect(await post('/RPC2/old', 'getAccount', 's')).to.contain('<int>7</int>');
    services.clear();
    expect(faultIn(await post('/RPC2/old', 'getAccount', 's'))).to.deep.equal([
      503,
      'The service old is not there: no plugin publishes hub now.',
    ]);
  });

  it('is named in a fault where there is none: nothing of the daemon is there, also once a plugin has left', async () => {
    const { api, services, post } = served([{}]);
    const none = (path: string, known: string) => [
      -32601,
      `There is no service at ${path}. ${known} The methods of the daemon are at /RPC2.`,
    ];
    const both = 'There are /RPC2/hub, /RPC2/old.';
    for (const path of ['/RPC2/elsewhere', '/RPC2/Hub', '/RPC2/nil=nil/hub', '/RPC2/hub/more']) {
      for (const method of ['getUser', 'vm.list', 'system.listMethods', 'system.multicall']) {
        expect(faultIn(await post(path, method))).to.deep.equal(none(path, both));
      }
    }
    expect(faultIn(await post('/RPC2/elsewhere/nil=nil', 'vm.list'))).to.deep.equal(none('/RPC2/elsewhere', both));
    services.clear();
    expect(faultIn(await post('/RPC2/hub', 'vm.list'))).to.deep.equal(
      none('/RPC2/hub', 'No plugin publishes one at the moment.'),
    );
    expect(api.calls).to.deep.equal([]);
  });

  it('leaves all methods where no service is meant', async () => {
    const { post } = served();
    for (const path of ['/RPC2', '/RPC2/', '/RPC2/nil=nil', '/RPC2/nil=nil/']) {
      expect(faultIn(await post(path, 'getUser', 's'))).to.deep.equal([-32601, 'There is no method getUser.']);
      expect(namesIn(await post(path, 'system.listMethods'))).to.include('vm.list');
    }
  });
});
