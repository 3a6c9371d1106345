/** Public suites for SOAP servers, against a daemon that serves their contracts from a plugin with echoes. */
import { readdirSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { ContractError, contractFromFile } from '../../../daemon/frontends/soap/contract/index.ts';
import { defaultLimits } from '../../../daemon/limits.ts';
import { hurry } from '../../setup/jars.ts';
import { requireSuite } from '../../setup/packages.ts';
import { sourceFolder } from '../../setup/sources.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';
import { axisDifferences, runAxisTests } from './axis/tests.ts';
import { documented, type SuiteCount } from './counts.ts';
import { type Difference, phpDifferences, soap12Differences } from './differences.ts';
import { echoServices } from './echoes.ts';
import { codeOf, difference } from './judge.ts';
import { type PhpTest, phpTestsIn } from './phpt.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const php = join(sourceFolder('php8.2'), 'ext/soap/tests');
const axis = sourceFolder('axis');
const java = '/usr/share/java';
const axisJars =
  /^(?:axis|axis-jaxrpc|axis-saaj|wsdl4j|jaxrpc|saaj|commons-logging|commons-discovery|javax\.activation|javax\.mail|junit)\.jar$/;
/** What the programs of Axis are run with. */
const axisClasspath = async (): Promise<string> => {
  const jars = (await readdir(java)).filter((name) => axisJars.test(name)).map((name) => join(java, name));
  return [axis, ...jars].join(':');
};

/** The groups of the SOAPBuilders rounds, and what each is about. */
const groups: Record<string, string> = {
  'Round2/Base': 'Round 2, base: types, structs and arrays, rpc/encoded',
  'Round2/GroupB': 'Round 2, group B: nested structs and arrays of two dimensions',
  'Round3/GroupD': 'Round 3, group D: document/literal, imports, attributes',
  'Round3/GroupE': 'Round 3, group E: linked lists',
  'Round3/GroupF': 'Round 3, group F: headers and extensions',
  'Round4/GroupH': 'Round 4, group H: faults with typed details',
  'Round4/GroupI': 'Round 4, group I: types of XML Schema, headers',
};
const soap12Type = 'application/soap+xml';
const soap12Headers = ['requiredHeader', 'echoResolvedRef', 'responseResolvedRef', 'validateCountryCodeFault'];

/** The contracts of all suites, by name, as files. */
const contracts = (): Record<string, string> => {
  const folders = [
    ...Object.keys(groups).map((group) => `${php}/interop/${group}`),
    `${php}/soap12`,
    `${axis}/samples/echo`,
    ...['basetype', 'complextype'].map((folder) => `${axis}/test/wsdl/interop5/${folder}`),
  ];
  const files = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  const known = files.filter((file) => file.endsWith('.wsdl') && basename(file, '.wsdl') in echoServices);
  return Object.fromEntries(known.map((file) => [basename(file, '.wsdl'), file]));
};

describe('Public suites for SOAP', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  const counts: SuiteCount[] = [];

  before(async function () {
    await requireSuite(this, 'soap suites');
    const services = Object.entries(contracts()).map(([name, wsdl]) => {
      const more =
        name === 'soap12-test'
          ? { headers: soap12Headers, roles: ['http://example.org/ts-tests/C'], strict: true }
          : {};
      return [name, { service: name.replaceAll('-', '_'), wsdl, ...more }];
    });
    daemon = await startDaemon({
      connectors: { echoes: { plugin: join(here, 'main.ts') } },
      services: Object.fromEntries(services) as Record<string, object>,
    });
  });

  const post = async (contract: string, body: string, otherwise: string): Promise<string> => {
    const type = body.includes('http://www.w3.org/2003/05/soap-envelope')
      ? soap12Type
      : body.includes('http://schemas.xmlsoap.org/soap/envelope/')
        ? 'text/xml'
        : otherwise;
    const headers = { 'Content-Type': `${type}; charset=utf-8` };
    return (await fetch(`${daemon.url}/soap/${contract}`, { method: 'POST', headers, body })).text();
  };

  /** Runs tests; what differs must be what is known to differ. `type` is for requests that are of no version of SOAP. */
  const run = async (
    suite: string,
    tests: readonly PhpTest[],
    known: Record<string, Difference>,
    type: string,
  ): Promise<void> => {
    const usable = tests.filter(({ request, reply }) => request !== undefined && reply !== undefined);
    const differing: Record<string, string> = {};
    for (const { name, contract, request, reply } of usable) {
      const got = await post(contract, request!, type);
      const found = difference(reply!, got);
      if (found === undefined) continue;
      differing[name] = found;
      if (name in known) expect(codeOf(got), name).to.equal(known[name]!.code);
    }
    const unexpected = Object.entries(differing).filter(([name]) => !(name in known));
    expect(unexpected.map(([name, found]) => `${name}: ${found}`).join('\n')).to.equal('');
    const stale = usable.filter(({ name }) => name in known && !(name in differing)).map(({ name }) => name);
    expect(stale, 'known differences that are none any more').to.deep.equal([]);
    const argued = usable.flatMap(({ name }) => (name in differing ? [`${name}: ${known[name]!.reason}`] : []));
    counts.push({ suite, tests: usable.length, same: usable.length - argued.length, argued });
  };

  for (const [group, about] of Object.entries(groups)) {
    it(`SOAPBuilders, as PHP has them: ${about}`, () =>
      run(`SOAPBuilders, ${about}`, phpTestsIn(join(php, 'interop', group)), phpDifferences, 'text/xml'));
  }

  it('SOAPBuilders: a WSDL with an extension that must be understood is refused', () => {
    const file = join(php, 'interop/Round3/GroupF/round3_groupF_extreq.wsdl');
    expect(() => contractFromFile(file, defaultLimits.xml)).to.throw(
      ContractError,
      /extreq\.wsdl:45: <ext:binding> is an extension that must be understood, of http:\/\/soapinterop\.org\/ext, and is not\.$/,
    );
  });

  it('the test collection of the W3C for SOAP 1.2', () =>
    run('The test collection of the W3C for SOAP 1.2', phpTestsIn(join(php, 'soap12')), soap12Differences, soap12Type));

  it("Axis' TestClient", async () => {
    const classpath = await axisClasspath();
    const parts: [suite: string, flags: string[], first: string, tests: number][] = [
      ['round 2, base', ['-A'], 'echoString', 14],
      ['maps', ['-A'], 'echoMap', 2],
      ['round 2, group B', ['-b'], 'echoStructAsSimpleTypes', 5],
      ['types of XML Schema', ['-A'], 'echoToken', 10],
    ];
    const lines = new Map<string, string[]>();
    for (const flag of ['-A', '-b']) {
      const args = [
        ...hurry,
        '-cp',
        classpath,
        'samples.echo.TestClient',
        flag,
        '-l',
        `${daemon.url}/soap/InteropTest`,
      ];
      const { stdout } = await execa('java', args, { stdin: 'ignore', timeout: 50_000 });
      lines.set(flag, stdout.split('\n'));
    }
    for (const [suite, [flag], first, tests] of parts) {
      const all = lines.get(flag!)!;
      const from = all.findIndex((line) => line.startsWith(`${first} `));
      const seen = all.slice(from, from + tests);
      expect(
        seen.filter((line) => !/^echo\w+\s+OK$/.test(line)),
        suite,
      ).to.deep.equal([]);
      counts.push({ suite: `Axis 1.4's TestClient, ${suite}`, tests, same: seen.length, argued: [] });
    }
  });

  it("Axis' tests of rounds 3 to 5, with clients that it makes of the WSDLs", async function () {
    // It makes and compiles fourteen clients.
    this.timeout(180_000);
    const directory = join(daemon.directory, 'axis');
    await mkdir(directory);
    const outcomes = await runAxisTests(
      { url: daemon.url, directory },
      { source: axis, classpath: await axisClasspath() },
    );
    const wrong = outcomes.filter((one) => one.wrong !== '');
    const unexpected = wrong.filter(({ name }) => !(name in axisDifferences));
    expect(unexpected.map((one) => `${one.name}: ${one.wrong}`)).to.deep.equal([]);
    expect(Object.keys(axisDifferences), 'known differences').to.have.members(wrong.map(({ name }) => name));
    for (const suite of new Set(outcomes.map((one) => one.suite))) {
      const tests = outcomes.filter((one) => one.suite === suite);
      const argued = wrong.filter((one) => one.suite === suite).map(({ name }) => `${name}: ${axisDifferences[name]}`);
      counts.push({
        ...{ suite: `Axis 1.4's tests, ${suite}`, tests: tests.length, same: tests.length - argued.length },
        argued,
      });
    }
  });

  it('the table of the documentation says how many there are, and which differ', async () => {
    expect(await documented(counts), 'made anew by the tests with UPDATE_DOCS=1 in the environment').to.equal(true);
  });
});
