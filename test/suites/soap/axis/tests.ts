/**
 * Axis' tests of the SOAPBuilders rounds 3 to 5, in the folder `test/wsdl` of its source: for each, WSDL2Java makes a client
 * of the contract that is served, and the test calls it. Of round 3, those of compound1 and doclit with parameters do not
 * compile with what the WSDL2Java of that version makes, and that of the lists needs a WSDL that Axis made itself.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { hurry } from '../../../setup/jars.ts';

export interface AxisTest {
  /** As the documentation calls it. */
  suite: string;
  /** The class of the test. */
  test: string;
  contract: string;
  /** Whether arrays have classes of their own. */
  wraps?: true;
  /** Packages for namespaces, below that of the test. */
  packages: Record<string, string>;
}

const site = 'http://soapinterop.org';
const structs = 'Round 3, group D';
const faults = 'Round 4, group H';
const faultTypes = { [`${site}/wsdl`]: '', [`${site}/types`]: '' };
const documentFaults = { ...faultTypes, [`${site}/types/part`]: '', [`${site}/types/requestresponse`]: '' };

const axisTests: readonly AxisTest[] = [
  {
    suite: structs,
    test: 'interop3.compound2.Compound2TestCase',
    contract: 'round3_groupD_compound2',
    packages: { [`${site}/`]: '', [`${site}/person`]: '.xsd', [`${site}/employee`]: '.xsd' },
  },
  {
    suite: structs,
    test: 'interop3.docLit.DocLitTestCase',
    contract: 'round3_groupD_doclit',
    wraps: true,
    packages: { [`${site}/WSDLInteropTestDocLit`]: '', [`${site}/xsd`]: '.xsd' },
  },
  {
    suite: structs,
    test: 'interop3.emptysa.EmptySATestCase',
    contract: 'round3_groupD_emptysa',
    packages: { 'http://soapinterop/': '', [`${site}/`]: '' },
  },
  {
    suite: structs,
    test: 'interop3.import1.Import1TestCase',
    contract: 'round3_groupD_import1',
    packages: { [`${site}/`]: '', [`${site}/definitions/`]: '.definitions' },
  },
  {
    suite: structs,
    test: 'interop3.import2.Import2TestCase',
    contract: 'round3_groupD_import2',
    packages: { [`${site}/main/`]: '', [`${site}/definitions/`]: '.definitions', [`${site}/xsd`]: '.xsd' },
  },
  {
    suite: structs,
    test: 'interop3.import3.Import3TestCase',
    contract: 'round3_groupD_import3',
    packages: {
      [`${site}/main2/`]: '',
      [`${site}/definitions/`]: '.definitions',
      [`${site}/xsd`]: '.xsd',
      [`${site}/xsd2`]: '.xsd2',
    },
  },
  {
    suite: structs,
    test: 'interop3.rpcEnc.RpcEncTestCase',
    contract: 'round3_groupD_rpcenc',
    packages: { [`${site}/WSDLInteropTestRpcEnc`]: '', [`${site}/xsd`]: '.xsd' },
  },
  {
    suite: faults,
    test: 'interop4.groupH.simpleRPCenc.SimpleRpcEncServiceTestCase',
    contract: 'round4_groupH_simple_rpcenc',
    packages: faultTypes,
  },
  {
    suite: faults,
    test: 'interop4.groupH.complexRPCenc.ComplexRpcEncServiceTestCase',
    contract: 'round4_groupH_complex_rpcenc',
    packages: faultTypes,
  },
  {
    suite: faults,
    test: 'interop4.groupH.simpleDocLit.SimpleDocLitServiceTestCase',
    contract: 'round4_groupH_simple_doclit',
    wraps: true,
    packages: documentFaults,
  },
  {
    suite: faults,
    test: 'interop4.groupH.complexDocLit.ComplexDocLitServiceTestCase',
    contract: 'round4_groupH_complex_doclit',
    packages: documentFaults,
  },
  {
    suite: 'Round 4, group I',
    test: 'interop4.groupi.Round4XSDTestTestCase',
    contract: 'round4_groupI_xsd',
    wraps: true,
    packages: { [`${site}/`]: '', [`${site}/xsd`]: '.xsd', [site]: '' },
  },
  {
    suite: 'Round 5, types of XML Schema',
    test: 'interop5.basetype.BaseTypesInteropTestsTestCase',
    contract: 'Round5BaseTypes',
    packages: { 'services.wsdl': '', [`${site}/xsd`]: '.xsd' },
  },
  {
    suite: 'Round 5, types that are derived',
    test: 'interop5.complextype.ComplexTypeExtensionsServiceTestCase',
    contract: 'group5_5',
    packages: { [`${site}/round5/type-ext`]: '', [`${site}/round5/type-ext/types`]: '.types' },
  },
];

/** What differs by no fault of ours, by class and test. */
export const axisDifferences: Record<string, string> = {
  'SimpleRpcEncServiceTestCase#test6SimpleRpcEncPortEchoMultipleFaults3':
    'the two faults have the same part in the detail, and only the names of Java classes, which Axis sends to itself, tell them apart',
  'SimpleDocLitServiceTestCase#test1SimpleDocLitPortEchoEmptyFault':
    "Axis takes an empty element in the detail for no fault of the contract, unless the name of a Java class is with it; the reply is the one that PHP's corpus shows",
  'BaseTypesInteropTestsTestCase#test12InteropTestsPortEchoNotation':
    'Axis writes a NOTATION as a bean with fields, which is no value of that type',
};

export interface AxisOutcome {
  suite: string;
  /** The class and the name of the test. */
  name: string;
  /** Empty when nothing was. */
  wrong: string;
}

/** Runs all of them at a daemon, in a directory of their own. */
export const runAxisTests = async (
  { url, directory }: { url: string; directory: string },
  { source, classpath }: { source: string; classpath: string },
): Promise<AxisOutcome[]> => {
  const words = axisTests.flatMap(({ test, contract, wraps, packages }) => {
    const name = `test.wsdl.${test}`;
    const own = name.replace(/\.\w+$/, '');
    return [
      name,
      join(source, `${name.replaceAll('.', '/')}.java`),
      `${url}/soap/${contract}`,
      wraps ? 'wrap' : 'plain',
      Object.entries(packages)
        .map(([namespace, below]) => `${namespace}=${own}${below}`)
        .join(),
    ];
  });
  const main = join(import.meta.dirname, 'main.java');
  const { stdout } = await execa('java', [...hurry, '-cp', classpath, main, directory, ...words], { stdin: 'ignore' });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', wrong = ''] = line.split('\t');
      return { suite: axisTests.find(({ test }) => test.endsWith(`.${name.split('#')[0]}`))!.suite, name, wrong };
    });
};
