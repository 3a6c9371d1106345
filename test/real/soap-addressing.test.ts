/** WS-Addressing as unmodified clients speak it: what they must understand of replies is there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { createHttpServer } from '../../daemon/wire/http.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { fakeApi, fakeContext } from '../frontends/fake-api.ts';
import { hurry, jarsOf } from '../setup/jars.ts';
import { cxf, requireSuite } from '../setup/packages.ts';

const clients = join(import.meta.dirname, '../clients');
const versions = [
  { soap: '1.1', envelope: 'http://schemas.xmlsoap.org/soap/envelope/', query: 'wsdl' },
  { soap: '1.2', envelope: 'http://www.w3.org/2003/05/soap-envelope', query: 'wsdl&soap=1.2' },
];

describe('WS-Addressing', function () {
  this.timeout(60_000);
  let url: string;
  let close: () => Promise<void>;

  before(async () => {
    const api = fakeApi();
    api.does.set('vm.get', () => {
      throw new Fault('not-found', 'No machine nope.');
    });
    const context = { ...fakeContext(api), publicUrl: () => url };
    const server = createHttpServer({ routes: soap.routes(context), limits: defaultLimits.http, log: context.log });
    const { host, port } = await server.listen('127.0.0.1', 0);
    url = `http://${host}:${port}`;
    close = () => server.close();
  });
  after(() => close());

  for (const { soap: version, envelope, query } of versions) {
    it(`of zeep over SOAP ${version}, all of whose headers have to be understood`, async function () {
      await requireSuite(this, 'soap clients');
      const given = JSON.stringify({ envelope, wsdl: `${url}/soap?${query}` });
      const program = join(clients, 'python-zeep/addressing.py');
      const { stdout } = await execa('/usr/bin/python3', [program, given], { stdin: 'ignore' });
      expect(stdout.split('\n').map((line) => JSON.parse(line))).to.deep.equal([
        { answer: 'annelid', action: 'urn:annelid:1:Annelid:systemVersionResponse', own: true },
        { answer: 'No machine nope.', action: 'urn:annelid:1:Annelid:vmGetFault:ApiException', own: true },
      ]);
    });

    it(`of CXF over SOAP ${version}, all of whose headers have to be understood`, async function () {
      await requireSuite(this, 'fetched soap clients');
      const program = join(clients, 'jaxws/addressing.java');
      const classpath = (await jarsOf(cxf)).join(':');
      const given = ['urn:annelid:1', `${url}/soap?${query}`];
      const options = [...hurry, '-cp', classpath, program, ...given];
      const { stdout } = await execa('java', options, { stdin: 'ignore' });
      expect(stdout.split('\n')).to.deep.equal(['annelid', 'No machine nope.']);
    });
  }

  it('of .NET with WSHttpBinding', async function () {
    await requireSuite(this, 'soap clients of .NET');
    const directory = await mkdtemp(join(tmpdir(), 'annelid-addressing-'));
    try {
      const program = join(directory, 'addressing.exe');
      const libraries = ['System.ServiceModel', 'System.Runtime.Serialization'].map((name) => `-r:${name}`);
      await execa('mcs', [`-out:${program}`, ...libraries, join(clients, 'dotnet/addressing.cs')], { stdin: 'ignore' });
      const { stdout } = await execa('mono', [program, 'urn:annelid:1', `${url}/soap`], { stdin: 'ignore' });
      expect(stdout.split('\n')).to.deep.equal([
        'urn:annelid:1:Annelid:systemVersionResponse True annelid',
        'urn:annelid:1:Annelid:vmGetFault:ApiException True No machine nope.',
      ]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
