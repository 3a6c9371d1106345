import { expect } from 'chai';
import { requireSuite } from '../setup/packages.ts';
import { type ClientProgram, cloudsOfSuite, liveThrough, type Wire } from '../support/client-life.ts';

const clients: Record<string, ClientProgram> = {
  "Python's xmlrpc.client": {
    run: '/usr/bin/python3',
    file: 'python-xmlrpc/main.py',
    types: { time: 'datetime', bytes: 'bytes' },
  },
  "Perl's XMLRPC::Lite": {
    run: 'perl',
    file: 'perl-xmlrpc-lite/main.pl',
    types: { time: 'SCALAR', bytes: 'SCALAR' },
  },
  "Ruby's xmlrpc": {
    run: 'ruby',
    file: 'ruby-xmlrpc/main.rb',
    types: { time: 'XMLRPC::DateTime', bytes: 'String' },
  },
};

const wire: Wire = {
  scenario: ({ url }) => ({ endpoint: `${url}/RPC2` }),
  methods: ({ methods, help, signature }, published) => {
    expect(methods).to.have.members([...published, 'system.getCapabilities', 'system.multicall']);
    expect(help).to.equal('Power on a stopped machine.');
    expect(signature).to.deep.equal([
      ['struct', 'string'],
      ['struct', 'string', 'double'],
    ]);
  },
  conflict: ({ code, message }, { name }) => {
    expect(code).to.equal(409);
    expect(message).to.contain(name).and.to.contain('running');
  },
};

describe('Unmodified XML-RPC clients boot a real machine', function () {
  this.timeout(120_000);
  before(async function () {
    await requireSuite(this, 'libvirt');
    await requireSuite(this, 'xmlrpc clients');
  });
  const clouds = cloudsOfSuite();

  for (const [name, program] of Object.entries(clients)) {
    it(`${name} takes it through its life, and virsh confirms each step`, () =>
      liveThrough(program.file.replace(/\W.*/, '-xmlrpc'), program, clouds(), wire));
  }
});
