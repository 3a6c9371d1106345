import { expect } from 'chai';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { textOf } from '../../support/post.ts';
import { fakeApi, fakeContext, request } from '../fake-api.ts';

const machines = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    id: `vm-${number}`,
    name: 'größer',
    account: 'admin',
    connector: 'lab',
    nativeId: 'a & b',
    state: 'running',
    labels: { tier: '<web>' },
    changed: '2026-01-31T12:00:00Z',
  }));

describe('long lists over SOAP', () => {
  for (const query of ['', 'style=rpc&use=literal', 'style=rpc']) {
    it(`are written like short ones, and the same again${query && `: ${query}`}`, async () => {
      const api = fakeApi();
      const routes = soap.routes(fakeContext(api));
      const list = async (count: number): Promise<string> => {
        api.does.set('vm.list', () => ({ items: machines(count), total: count }));
        const call =
          '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><vmList xmlns="urn:annelid:1"/></s:Body></s:Envelope>';
        const { status, body } = await request(routes, 'POST', '/soap', { query, body: call });
        expect(status).to.equal(200);
        return textOf(body);
      };
      const short = await list(1);
      const item = /<item[ >].*<\/item>(?=<\/items>)/.exec(short)![0];
      const expected = (count: number) =>
        short
          .replace(item, () => Array.from({ length: count }, (_, at) => item.replace('vm-0', `vm-${at}`)).join(''))
          .replace(/(<total[^>]*>)1</, `$1${count}<`)
          .replace('types:Vm[1]', `types:Vm[${count}]`);
      expect(await list(100)).to.equal(expected(100));
      expect(await list(100)).to.equal(expected(100));
      expect(await list(1)).to.equal(short);
    });
  }
});
