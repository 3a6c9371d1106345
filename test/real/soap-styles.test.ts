/** Unmodified clients of rpc, encoded and literal, with a WSDL and without, and of WS-Security, against the frontend over HTTP. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { createHttpServer } from '../../daemon/wire/http.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { type FakeApi, fakeApi, fakeContext } from '../frontends/fake-api.ts';
import { requireSuite } from '../setup/packages.ts';

const programs = fileURLToPath(new URL('../clients/soap-styles/', import.meta.url));
const java = '/usr/share/java';
/** Debian puts each jar there under its bare name, too. */
const axisJars =
  /^(?:axis|axis-jaxrpc|axis-saaj|wsdl4j|jaxrpc|saaj|commons-logging|commons-discovery|javax\.activation|javax\.mail)\.jar$/;

type Mode = 'none' | 'encoded' | 'rpc';
const queries: Record<Mode, string> = { none: '', encoded: 'wsdl&style=rpc', rpc: 'wsdl&style=rpc&use=literal' };

const seen = {
  version: 'annelid',
  machine: 'web1',
  label: 'front',
  disk: 10240,
  created: 'vm.create',
  events: 1,
  text: 'login: ',
  fault: 'not-found',
};

describe('SOAP clients that need more than document/literal', function () {
  this.timeout(120_000);
  let api: FakeApi;
  let url: string;
  let directory: string;
  let close: () => Promise<void>;

  before(async function () {
    await requireSuite(this, 'soap styles');
    directory = await mkdtemp(join(tmpdir(), 'annelid-soap-'));
    api = fakeApi();
    const context = { ...fakeContext(api), publicUrl: () => url };
    const server = createHttpServer({ routes: soap.routes(context), limits: defaultLimits.http, log: context.log });
    const { host, port } = await server.listen('127.0.0.1', 0);
    url = `http://${host}:${port}`;
    close = () => server.close();
  });
  after(async () => {
    await close?.();
    if (directory !== undefined) await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    api.calls.length = 0;
    const { example } = api.methods.get('vm.get')!;
    api.does.set('vm.get', ({ vm }) => {
      if (vm === 'web9') throw new Fault('not-found', 'No machine web9.');
      return example.result;
    });
  });

  const run = async (program: string, args: string[], cwd = directory): Promise<unknown> => {
    const { stdout } = await execa(program, args, { cwd, stdin: 'ignore', timeout: 100_000 });
    return JSON.parse(stdout.split('\n').at(-1)!);
  };
  const scenario = (mode: Mode, version = '1.1') =>
    JSON.stringify({
      mode,
      soap: version,
      endpoint: `${url}/soap`,
      wsdl: `${url}/soap?${queries[mode]}${version === '1.2' ? '&soap=1.2' : ''}`,
    });
  const paramsOf = (method: string) => api.calls.find((call) => call.method === method)?.params;
  const expectCalls = () => {
    expect(paramsOf('vm.create')).to.deep.include({
      name: 'n',
      vcpus: 1,
      disks: [{ sizeMiB: 5 }, { sizeMiB: 5 }],
      networks: ['x', 'y'],
      labels: { a: 'b' },
      start: false,
    });
    expect(paramsOf('event.poll')).to.deep.include({ after: '9007199254740993', types: ['vm.created'] });
  };

  for (const version of ['1.1', '1.2']) {
    for (const mode of ['none', 'encoded', 'rpc'] as const) {
      it(`PHP's SoapClient, SOAP ${version}, WSDL: ${queries[mode] || 'none'}`, async () => {
        expect(await run('php', [join(programs, 'php.php'), scenario(mode, version)])).to.deep.equal(seen);
        expectCalls();
      });
    }
  }

  for (const mode of ['none', 'encoded'] as const) {
    it(`SOAP::Lite, WSDL: ${queries[mode] || 'none'}`, async () => {
      expect(await run('perl', [join(programs, 'soap-lite.pl'), scenario(mode)])).to.deep.equal(seen);
      if (mode === 'none') expectCalls();
      else
        expect([paramsOf('vm.create')?.name, paramsOf('event.poll')?.after]).to.deep.equal(['n', '9007199254740993']);
    });
  }

  for (const mode of ['encoded', 'rpc'] as const) {
    it(`suds, WSDL: ${queries[mode]}`, async () => {
      expect(await run('/usr/bin/python3', [join(programs, 'suds_client.py'), scenario(mode)])).to.deep.equal(seen);
      expectCalls();
    });
  }

  for (const digest of [false, true]) {
    it(`zeep, with a UsernameToken as ${digest ? 'digest' : 'text'}`, async () => {
      const given = JSON.stringify({ digest, wsdl: `${url}/soap?wsdl` });
      const output = await run('/usr/bin/python3', [join(programs, 'zeep_security.py'), given]);
      expect(output).to.deep.equal({ version: 'annelid' });
      const { credentials } = api.calls[0]!.request;
      if (credentials.kind !== 'digest') {
        expect(credentials).to.deep.equal({ kind: 'token', token: 'annelid_secret' });
        expect(digest).to.equal(false);
        return;
      }
      const { user, nonce, created } = credentials;
      const hashed = createHash('sha1').update(Buffer.from(nonce, 'base64')).update(`${created}annelid_secret`);
      expect([user, credentials.digest]).to.deep.equal(['alice', hashed.digest('base64')]);
    });
  }

  it(`gSOAP, generated from the WSDL: ${queries.encoded}`, async () => {
    const made = join(directory, 'gsoap');
    await mkdir(made);
    const wsdl = await (await fetch(`${url}/soap?${queries.encoded}`)).text();
    await writeFile(join(made, 'annelid.wsdl'), wsdl);
    const options = { cwd: made };
    await execa('wsdl2h', ['-c', '-o', 'annelid.h', 'annelid.wsdl'], options);
    await execa('soapcpp2', ['-c', '-C', '-L', '-x', 'annelid.h'], options);
    const sources = [join(programs, 'gsoap-client.c'), 'soapC.c', 'soapClient.c'];
    await execa('gcc', ['-w', '-I', made, ...sources, '-lgsoap', '-o', 'client'], options);
    expect(await run(join(made, 'client'), [`${url}/soap?style=rpc`])).to.deep.equal(seen);
    expectCalls();
  });

  it(`Axis 1.4, generated from the WSDL: ${queries.encoded}`, async () => {
    const jars = (await readdir(java)).filter((name) => axisJars.test(name)).map((name) => join(java, name));
    const made = join(directory, 'axis');
    await mkdir(made);
    const classpath = ['-cp', [made, ...jars].join(':')];
    const wsdl = `${url}/soap?${queries.encoded}`;
    await execa('java', [...classpath, 'org.apache.axis.wsdl.WSDL2Java', '-p', 'annelid', '-o', made, wsdl]);
    const sources = (await readdir(join(made, 'annelid'))).map((name) => join(made, 'annelid', name));
    await execa('javac', ['-nowarn', ...classpath, '-d', made, join(programs, 'axis-client.java'), ...sources]);
    expect(await run('java', [...classpath, 'AxisClient', `${url}/soap?style=rpc`])).to.deep.equal(seen);
    expectCalls();
  });
});
