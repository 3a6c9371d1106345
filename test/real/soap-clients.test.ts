import { expect } from 'chai';
import { lowerCamel } from '../../daemon/catalogue/method.ts';
import { requireSuite } from '../setup/packages.ts';
import { type ClientProgram, cloudsOfSuite, liveThrough, type Wire } from '../support/client-life.ts';

const clients: Record<string, ClientProgram> = {
  "PHP's SoapClient": {
    run: 'php',
    file: 'php-soapclient/main.php',
    types: { time: 'string', bytes: 'string' },
  },
  "Python's zeep": {
    run: '/usr/bin/python3',
    file: 'python-zeep/main.py',
    types: { time: 'datetime', bytes: 'bytes' },
  },
};

/** The WSDL of each version, and how its faults say that the caller is to blame. */
const versions = {
  '1.1': { query: 'wsdl', sender: /^(\w+:)?Client$/ },
  '1.2': { query: 'wsdl&soap=1.2', sender: /^(\w+:)?Sender$/ },
};

const wireOf = (soap: keyof typeof versions): Wire => ({
  scenario: ({ url }) => ({ soap, endpoint: `${url}/soap`, wsdl: `${url}/soap?${versions[soap].query}` }),
  methods: ({ methods }, published) => expect(methods).to.have.members(published.map(lowerCamel)),
  conflict: ({ faultcode, message, kind, code, resource }, { id, name }) => {
    expect(faultcode).to.match(versions[soap].sender);
    expect(message).to.contain(name).and.to.contain('running');
    expect({ kind, code, resource }).to.deep.equal({ kind: 'conflict', code: 409, resource: id });
  },
});

describe('Unmodified SOAP clients boot a real machine from the served WSDL', function () {
  this.timeout(120_000);
  before(async function () {
    await requireSuite(this, 'libvirt');
    await requireSuite(this, 'soap clients');
  });
  const clouds = cloudsOfSuite();

  for (const [name, program] of Object.entries(clients)) {
    for (const soap of ['1.1', '1.2'] as const) {
      it(`${name} takes it through its life over SOAP ${soap}, and virsh confirms each step`, () =>
        liveThrough(
          `${program.file.replace(/\W.*/, '')}-soap-${soap.replace('.', '')}`,
          program,
          clouds(),
          wireOf(soap),
        ));
    }
  }
});
