import { expect } from 'chai';
import { ownPaths, settleServices } from '../../daemon/config/service-settings.ts';
import { docs } from '../../daemon/frontends/docs/index.ts';
import { events } from '../../daemon/frontends/events/index.ts';
import { jsonrpc } from '../../daemon/frontends/jsonrpc/index.ts';
import { monitor } from '../../daemon/frontends/monitor/index.ts';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { xmlrpc } from '../../daemon/frontends/xmlrpc/index.ts';
import { fakeApi, fakeContext } from '../frontends/fake-api.ts';

const settled = (given: unknown) => {
  const complaints: string[] = [];
  const services = settleServices(
    given,
    (pointer, complaint) => complaints.push(`${pointer} ${complaint}`),
    '/etc/annelid',
  );
  return { services, complaints };
};

describe('the settings of service profiles', () => {
  it('are found relative to the configuration, with their defaults', () => {
    const { services, complaints } = settled({
      orders: { wsdl: 'orders.wsdl', operations: { Place: 'place' }, strict: true },
      old: { service: 'clerk', operations: { Order: { method: 'place', parts: { items: 'line' } } } },
    });
    expect(complaints).to.deep.equal([]);
    expect(services).to.deep.equal([
      {
        name: 'orders',
        service: 'orders',
        wsdl: '/etc/annelid/orders.wsdl',
        strict: true,
        style: 'document',
        operations: { Place: { method: 'place', reply: 'return' } },
      },
      {
        name: 'old',
        service: 'clerk',
        strict: false,
        style: 'document',
        operations: { Order: { method: 'place', parts: { items: 'line' }, reply: 'return' } },
      },
    ]);
  });

  it('are none when there are none', () => {
    expect(settled(undefined)).to.deep.equal({ services: [], complaints: [] });
  });

  it('have paths that no other profile has, nor the daemon itself', () => {
    const odd = ['odd', '/', '/a?b', '/../a', '/a%20b'];
    const { complaints } = settled({
      common: { xmlrpcPaths: ['/xmlrpc/2/common', '/kojihub'], soapPaths: ['/services/Common'] },
      other: { xmlrpcPaths: ['/RPC2/common', '/healthz'], soapPaths: ['/kojihub', '/docs'] },
      ...Object.fromEntries(odd.map((path, index) => [`odd${index}`, { soapPaths: [path] }])),
    });
    const isOdd = (complaint: string) => complaint.startsWith('/services/odd');
    expect(complaints.filter(isOdd).map((each) => each.replace(/ .*, found/, ''))).to.deep.equal(
      odd.map((path, index) => `/services/odd${index}/soapPaths/0 "${path}"`),
    );
    expect(complaints.filter((each) => !isOdd(each))).to.deep.equal([
      '/services/other/xmlrpcPaths/0 is /RPC2/common, which the daemon serves itself',
      '/services/other/xmlrpcPaths/1 is /healthz, which the daemon serves itself',
      '/services/other/soapPaths/0 is /kojihub, which stands in services.common.xmlrpcPaths already',
      '/services/other/soapPaths/1 is /docs, which the daemon serves itself',
    ]);
  });

  it('know all paths of the daemon', () => {
    const frontends = [xmlrpc, soap, jsonrpc, events, docs, monitor];
    const routes = frontends.flatMap((frontend) => frontend.routes(fakeContext(fakeApi())));
    const below = [...new Set(routes.flatMap((route) => (route.below ? [route.path] : [])))];
    const exact = [...new Set(routes.map(({ path }) => path))].filter((path) => !below.includes(path));
    expect([...ownPaths.below].sort()).to.deep.equal(below.sort());
    expect([...ownPaths.exact].sort()).to.deep.equal(exact.sort());
  });

  it('have each mistake named by its place', () => {
    expect(settled([]).complaints).to.deep.equal(['/services must be a map of services by name']);
    const { complaints } = settled({
      '1st': {},
      a: { wsdl: 'a.wsdl', namespace: 'urn:a', wsdll: 'b' },
      b: { roles: ['urn:r'], style: 'odd', operations: { X: { method: 5 }, Y: { parts: [] } } },
      c: { operations: [] },
      d: { operations: { X: { parts: { 'a b': 'c' } }, 'd.name=': 'name' } },
    });
    expect(complaints).to.deep.equal([
      '/services/1st must be named with letters, digits, ".", "_" and "-", at most 63 of them',
      '/services/a/wsdll is not known here; did you mean wsdl?',
      '/services/a/namespace is what the wsdl says itself',
      '/services/b/style must be one of document, rpc, encoded, found "odd"',
      '/services/b/roles is for profiles with a wsdl',
      '/services/b/operations/X/method must be a string, found 5',
      '/services/b/operations/Y/parts must be a map of strings, found []',
      '/services/c/operations must be a map of operations by name',
      '/services/d/operations/X/parts/a b must be named with letters, digits, "_", "." and "-", a letter or "_" first',
      '/services/d/operations/d.name= must be named with letters, digits, "_", "." and "-", a letter or "_" first',
    ]);
  });
});
