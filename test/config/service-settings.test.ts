import { expect } from 'chai';
import { settleServices } from '../../daemon/config/service-settings.ts';

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
