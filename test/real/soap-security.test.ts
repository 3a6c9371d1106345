/** WS-Security as an unmodified client speaks it. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { soap } from '../../daemon/frontends/soap/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { createHttpServer } from '../../daemon/wire/http.ts';
import { type FakeApi, fakeApi, fakeContext } from '../frontends/fake-api.ts';
import { requireSuite } from '../setup/packages.ts';

const program = join(import.meta.dirname, '../clients/python-zeep/security.py');

describe('WS-Security', function () {
  this.timeout(60_000);
  let api: FakeApi;
  let url: string;
  let close: () => Promise<void>;

  before(async function () {
    await requireSuite(this, 'soap clients');
    api = fakeApi();
    const context = { ...fakeContext(api), publicUrl: () => url };
    const server = createHttpServer({ routes: soap.routes(context), limits: defaultLimits.http, log: context.log });
    const { host, port } = await server.listen('127.0.0.1', 0);
    url = `http://${host}:${port}`;
    close = () => server.close();
  });
  after(() => close?.());
  beforeEach(() => {
    api.calls.length = 0;
  });

  for (const digest of [false, true]) {
    it(`takes a UsernameToken of zeep, as ${digest ? 'digest' : 'text'}`, async () => {
      const given = JSON.stringify({ digest, wsdl: `${url}/soap?wsdl` });
      const { stdout } = await execa('/usr/bin/python3', [program, given], { stdin: 'ignore' });
      expect(JSON.parse(stdout)).to.deep.equal({ version: 'annelid' });
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
});
