import type { ClientRow } from '../clients/client.ts';
import { matrix } from '../clients/matrix.ts';
import { wayOf } from '../clients/table.ts';
import { requireSuite } from '../setup/packages.ts';
import { cloudsOfSuite, liveThrough } from '../support/client-life.ts';

/** One of each language, in the style that its users take first. */
const names = ["Python's xmlrpc.client", 'XMLRPC::Lite', "Ruby's xmlrpc", "PHP's SoapClient", "Python's zeep"];
const clients = matrix.filter(({ name, mode = 'document' }: ClientRow) => names.includes(name) && mode === 'document');

describe('Unmodified clients boot a real machine', function () {
  this.timeout(120_000);
  before(async function () {
    await requireSuite(this, 'libvirt');
    await requireSuite(this, 'xmlrpc clients');
    await requireSuite(this, 'soap clients');
  });
  const clouds = cloudsOfSuite();

  clients.forEach((row, at) => {
    const way = row.wire === 'soap' ? `, ${wayOf(row)},` : '';
    it(`${row.name}${way} takes it through its life, and virsh confirms each step`, () =>
      liveThrough(row, `client-${at}`, clouds()));
  });
});
