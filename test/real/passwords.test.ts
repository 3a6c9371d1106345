/** Passwords beyond ASCII, which every library writes in the character set that it likes. */
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../setup/packages.ts';
import { runAnnelid } from '../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';

const password = 'Köln: 100 % é';

/** Each prints whom the daemon takes it for. */
const clients: Record<string, (url: string) => readonly [program: string, ...args: string[]]> = {
  'xmlrpc.client, in UTF-8': (url) => [
    '/usr/bin/python3',
    '-c',
    `import sys, urllib.parse, xmlrpc.client
address = sys.argv[1].replace("//", f"//zoe:{urllib.parse.quote(sys.argv[2])}@") + "/RPC2"
print(xmlrpc.client.ServerProxy(address).session.whoami()["user"])`,
    url,
    password,
  ],
  'zeep, in latin-1': (url) => [
    '/usr/bin/python3',
    '-c',
    `import sys, requests, zeep
session = requests.Session()
session.auth = ("zoe", sys.argv[2])
print(zeep.Client(sys.argv[1] + "/soap?wsdl", transport=zeep.Transport(session=session)).service.sessionWhoami().user)`,
    url,
    password,
  ],
};

describe('A password beyond ASCII', function () {
  this.timeout(30_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  before(async function () {
    for (const suite of ['xmlrpc clients', 'soap clients'] as const) await requireSuite(this, suite);
    daemon = await startDaemon();
    const state = join(daemon.directory, 'state');
    const added = await runAnnelid(['user', 'add', 'zoe', '--state', state], { input: `${password}\n` });
    expect(added.code, added.err).to.equal(0);
  });

  for (const [name, command] of Object.entries(clients)) {
    it(`is taken from ${name}`, async () => {
      const [program, ...args] = command(daemon.url);
      expect((await execa(program, args, { stdin: 'ignore' })).stdout).to.equal('zoe');
    });
  }
});
