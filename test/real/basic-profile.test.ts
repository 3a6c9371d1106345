/**
 * Our WSDLs as CXF's validator judges them: by the schemas of WSDL 1.1, of its bindings for SOAP and of XML Schema, by what
 * refers to what, and by the WS-I Basic Profile, which has no rpc/encoded.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { hurry, jarsOf } from '../setup/jars.ts';
import { cxf, requireSuite } from '../setup/packages.ts';
import { daemonsOfSuite, type TestDaemon, until } from '../support/daemon.ts';

const styles = ['wsdl', 'wsdl&soap=1.2', 'wsdl&style=rpc&use=literal', 'wsdl&style=rpc&use=literal&soap=1.2'];

describe("CXF's validator of WSDLs", function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  let folder: string;

  before(async function () {
    await requireSuite(this, 'fetched soap clients');
    folder = await mkdtemp(join(tmpdir(), 'annelid-wsdl-'));
    daemon = await startDaemon({
      connectors: { building: { plugin: join(import.meta.dirname, 'published/meter.ts') } },
      services: { old: { service: 'meter', namespace: 'urn:old', style: 'rpc' } },
    });
    await until(async () => (await fetch(`${daemon.url}/soap/old?wsdl`)).ok);
  });
  after(() => folder && rm(folder, { recursive: true }));

  const wsdlOf = async (service: string, query: string): Promise<string> =>
    (await fetch(`${daemon.url}/soap${service}?${query}`)).text();

  /** What it says of a WSDL. */
  const judge = async (wsdl: string): Promise<string> => {
    const file = join(folder, 'judged.wsdl');
    await writeFile(file, wsdl);
    const program = 'org.apache.cxf.tools.validator.WSDLValidator';
    const options = [...hurry, '-cp', (await jarsOf(cxf)).join(':'), program, '-verbose', file];
    const { all = '' } = await execa('java', options, { stdin: 'ignore', reject: false, all: true });
    return all;
  };

  for (const [what, service, queries] of [
    ['the catalogue', '', styles],
    ['what plugins publish', '/meter', styles.slice(0, 1)],
    ['a service profile', '/old', ['wsdl']],
  ] as const) {
    it(`takes that of ${what}`, async () => {
      for (const query of queries) {
        expect(await judge(await wsdlOf(service, query)), query).to.contain('Passed Validation : Valid WSDL');
      }
    });
  }

  it('finds what is wrong with one', async () => {
    const wsdl = await wsdlOf('/meter', 'wsdl');
    const wrong = {
      'R2204, a part with a type in document/literal': wsdl.replace(
        /(<wsdl:part name="parameters") element=/g,
        '$1 type=',
      ),
      'an element that WSDL does not have': wsdl.replaceAll('wsdl:portType', 'wsdl:portKind'),
      'a message that there is not': wsdl.replace('<wsdl:message name="', '<wsdl:message name="un'),
    };
    for (const [what, text] of Object.entries(wrong)) {
      expect(text, what).to.not.equal(wsdl);
      expect(await judge(text), what).to.not.contain('Passed Validation');
    }
  });
});
