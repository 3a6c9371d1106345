/** The `soap` package from npm as a client, over real HTTP, from the WSDL as it is served. */
import { expect } from 'chai';
import { BasicAuthSecurity, createClientAsync } from 'soap';
import { methods } from '../../../daemon/catalogue/index.ts';
import { soap } from '../../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { createHttpServer, type HttpServer } from '../../../daemon/wire/http.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { type FakeApi, fakeApi, fakeContext } from '../fake-api.ts';

interface Answer {
  return: Record<string, unknown>;
}
type Call = (params: object) => Promise<[Answer]>;

describe('node-soap as a client', () => {
  let api: FakeApi;
  let server: HttpServer;
  let url: string;

  beforeEach(async () => {
    api = fakeApi();
    let publicUrl = '';
    const routes = soap.routes({ ...fakeContext(api), publicUrl: () => publicUrl });
    server = createHttpServer({ routes, limits: defaultLimits.http });
    const { host, port } = await server.listen('127.0.0.1', 0);
    publicUrl = `http://${host}:${port}`;
    url = `${publicUrl}/soap?wsdl`;
  });
  afterEach(() => server.close());

  const versions = [
    ['1.1', '', {}],
    ['1.2', '&soap=1.2', { forceSoap12Headers: true }],
  ] as const;
  for (const [version, query, options] of versions) {
    const client = async (): Promise<Record<string, Call>> => {
      const made = await createClientAsync(url + query, options);
      made.setSecurity(new BasicAuthSecurity('alice', 'pw'));
      return made as Record<string, Call>;
    };

    it(`finds every operation of SOAP ${version}`, async () => {
      const described = (await createClientAsync(url + query, options)).describe();
      const operations = Object.keys(described.AnnelidService.AnnelidPort);
      expect(operations).to.have.lengthOf(methods.size).and.include('vmConsoleOutput');
    });

    it(`calls with optional parameters, lists and maps over SOAP ${version}`, async () => {
      const { vmCreateAsync, vmListAsync } = await client();
      const [made] = await vmCreateAsync!({
        name: 'web1',
        disks: { item: [{ sizeMiB: 5 }, { sizeMiB: 7 }] },
        networks: { item: ['a'] },
        labels: { item: [{ key: 'tier', value: 'front & <back>' }] },
        wait: 1.5,
      });
      expect(made.return).to.include({ method: 'vm.create', progress: 0 });
      expect(api.calls[0]).to.deep.include({
        method: 'vm.create',
        params: {
          name: 'web1',
          vcpus: 1,
          memoryMiB: 512,
          disks: [{ sizeMiB: 5 }, { sizeMiB: 7 }],
          networks: ['a'],
          labels: { tier: 'front & <back>' },
          start: false,
          wait: 1.5,
        },
      });
      expect(api.calls[0]!.request.credentials).to.deep.equal({ kind: 'password', user: 'alice', password: 'pw' });
      const [listed] = await vmListAsync!({});
      expect(listed.return).to.deep.include({ total: 2, next: '1' });
      const [vm] = (listed.return.items as { item: Record<string, unknown>[] }).item;
      expect(vm).to.deep.include({ name: 'web1', vcpus: 2, labels: { item: [{ key: 'tier', value: 'front' }] } });
    });

    it(`sees the detail of a fault over SOAP ${version}`, async () => {
      api.does.set('vm.get', () => {
        throw new Fault('not-found', 'No machine web9.', { field: '/vm' });
      });
      const { vmGetAsync } = await client();
      const error = await vmGetAsync!({ vm: 'web9' }).then(
        () => undefined,
        (thrown: { root: { Envelope: { Body: { Fault: Record<string, { ApiFault: object }> } } } }) => thrown,
      );
      const fault = error!.root.Envelope.Body.Fault;
      const detail = (fault.detail ?? fault.Detail)!.ApiFault;
      expect(detail).to.include({ kind: 'not-found', code: '404', message: 'No machine web9.', field: '/vm' });
    });
  }
});
