/** Real clients that keep their credentials until they are asked for them. */
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../setup/packages.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';

const lwp = join(import.meta.dirname, '../clients/perl-rpc-xml/credentials.pl');
const body = '<methodCall><methodName>session.whoami</methodName></methodCall>';

type Ask = (url: string, user: string, password: string) => Promise<string>;
/** Each says who it is taken for, or the fault that it gets. */
const clients: Record<string, Ask> = {
  'RPC::XML::Client': async (...args) => (await execa('perl', [lwp, ...args])).stdout,
  'curl --anyauth': async (url, user, password) => {
    const args = ['-s', '--anyauth', '-u', `${user}:${password}`, '-H', 'Content-Type: text/xml', '-d', body, url];
    const { stdout } = await execa('curl', args);
    return /<name>(?:user|faultString)<\/name><value><string>(.*?)<\/string>/.exec(stdout)?.[1] ?? stdout;
  },
};

describe('Clients that send their credentials only when they are asked', function () {
  this.timeout(30_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  before(async function () {
    await requireSuite(this, 'xmlrpc clients');
    daemon = await startDaemon();
  });

  for (const [name, ask] of Object.entries(clients)) {
    it(`${name} is asked at /RPC2?auth=challenge, and gets a fault elsewhere`, async () => {
      const { url, user, password } = daemon;
      expect(await ask(`${url}/RPC2?auth=challenge`, user, password)).to.equal(user);
      expect(await ask(`${url}/RPC2`, user, password)).to.equal('session.whoami needs credentials.');
    });
  }
});
