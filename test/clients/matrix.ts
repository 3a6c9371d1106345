/** The clients of the matrix: one row for each library and way of using it. */

import { join } from 'node:path';
import { execa } from 'execa';
import type { SuiteName } from '../setup/packages.ts';
import { sourceFolder } from '../setup/sources.ts';
import { apache, apache2, axis, axis2, axmlrpc, cxf, dotnet, gsoap, jaxws, kolo, libsoup, xmlrpcC } from './built.ts';
import type { ClientRow } from './client.ts';

export interface MatrixRow extends ClientRow {
  /** What must be installed. */
  suite: SuiteName;
  /**
   * Where the set-up installs nothing for it: what ends with 0 when what it needs is there. Its row is run where it is, and
   * nowhere missed.
   */
  unpackaged?: readonly string[];
}

const python = '/usr/bin/python3';
const node = process.execPath;

const ixr = join(sourceFolder('wordpress'), 'wp-includes');

/** The suite is that of the wire, unless it says another. */
type WireRow = Omit<MatrixRow, 'wire' | 'suite'> & Partial<Pick<MatrixRow, 'suite'>>;

const fetched: SuiteName = 'fetched xmlrpc clients';
const xmlrpc: WireRow[] = [
  { name: "Python's xmlrpc.client", run: [python, 'python-xmlrpc/main.py'] },
  { name: "Python's aioxmlrpc", run: [python, 'python-aioxmlrpc/main.py'] },
  { name: 'Twisted', run: [python, 'python-twisted/main.py'] },
  {
    name: 'XMLRPC::Lite',
    run: ['perl', 'perl-xmlrpc-lite/main.pl'],
    natives: { bool: 'digit', int: 'string', number: 'string', time: 'string', bytes: 'characters', any: 'text' },
  },
  { name: 'RPC::XML::Client', run: ['perl', 'perl-rpc-xml/main.pl'] },
  {
    name: 'Frontier::Client',
    run: ['perl', 'perl-frontier/main.pl'],
    natives: { int: 'string', number: 'string', any: 'text' },
  },
  { name: "Ruby's xmlrpc", run: ['ruby', 'ruby-xmlrpc/main.rb'] },
  { name: "PHP's xmlrpc", run: ['php', 'php-xmlrpc/main.php'], natives: { empty: true } },
  { name: "xmlrpc-c's `xmlrpc`", run: [python, 'xmlrpc-c/main.py'], natives: { time: 'hidden' }, unset: 'nil' },
  { name: "xmlrpc-c's library", run: [], build: xmlrpcC },
  { name: "GNOME's libsoup", run: [], build: libsoup },
  {
    name: 'XML::RPC::Fast',
    run: ['perl', 'perl-xml-rpc-fast/main.pl'],
    natives: { int: 'string', number: 'string', bytes: 'characters', any: 'text' },
  },
  {
    name: 'IXR of WordPress',
    run: ['php', 'php-ixr/main.php', ixr],
    natives: { bytes: 'octets', empty: true },
    trims: true,
    suite: fetched,
  },
  { name: 'aXMLRPC', run: [], build: axmlrpc, suite: fetched },
  { name: "Apache's XML-RPC client", run: [], build: apache('plain'), suite: fetched },
  {
    name: "Apache's XML-RPC client with extensions",
    run: [],
    build: apache('extended'),
    natives: { counter: 'int' },
    milliseconds: true,
    suite: fetched,
  },
  { name: "Apache's XML-RPC client, 2", run: [], build: apache2, suite: fetched },
  {
    name: "Go's kolo/xmlrpc",
    run: [],
    build: kolo,
    natives: { bytes: 'base64', empty: true },
    unset: 'nil',
    suite: 'xmlrpc clients of Go',
  },
  { name: "node's `xmlrpc`", run: [node, 'node-xmlrpc/main.ts'], natives: { int: 'number' } },
];

const literal = { list: 'item', map: 'item' } as const;
const php: ClientRow['natives'] = { counter: 'int', time: 'string', bytes: 'octets' };
const lite: ClientRow['natives'] = {
  ...{ bool: 'digit', int: 'string', number: 'string', time: 'string', bytes: 'characters', any: 'text', empty: true },
};
const curl: ClientRow['natives'] = {
  ...literal,
  ...{ bool: 'word', int: 'string', number: 'string', time: 'string', bytes: 'base64', empty: true },
};

const soap: WireRow[] = [
  ...(['document', 'rpc', 'encoded', 'none'] as const).flatMap((mode) =>
    ([undefined, '1.2'] as const).map((version) => ({
      name: "PHP's SoapClient",
      run: ['php', 'php-soapclient/main.php'],
      mode,
      ...(version && { soap: version }),
      natives: mode === 'document' || mode === 'rpc' ? { ...php, ...literal } : { ...php, empty: true as const },
    })),
  ),
  { name: 'SOAP::Lite', run: ['perl', 'perl-soap-lite/main.pl'], mode: 'none', natives: lite },
  { name: 'SOAP::Lite without names', run: ['perl', 'perl-soap-lite/main.pl', 'unnamed'], mode: 'none', natives: lite },
  { name: 'SOAP::Lite with service()', run: ['perl', 'perl-soap-lite/main.pl'], mode: 'encoded', natives: lite },
  ...([undefined, '1.2'] as const).map((version) => ({
    name: "Python's zeep",
    run: [python, 'python-zeep/main.py'],
    ...(version && { soap: version }),
    natives: { ...literal, counter: 'int' as const, empty: true as const, unwrapped: true as const },
  })),
  ...(['document', 'rpc', 'encoded'] as const).map((mode) => ({
    name: "Python's suds",
    run: [python, 'python-suds/main.py'],
    mode,
    natives: {
      ...(mode === 'encoded' ? ({ map: 'item' } as const) : literal),
      ...({ counter: 'int', bytes: 'base64', empty: true } as const),
    },
  })),
  {
    name: 'PySimpleSOAP',
    run: [python, '-W', 'ignore', 'python-pysimplesoap/main.py'],
    natives: { ...literal, counter: 'int', bytes: 'base64', empty: true },
  },
  ...([undefined, '1.2'] as const).map((version) => ({
    name: "node's `soap`",
    run: [node, 'node-soap/main.ts'],
    ...(version && { soap: version }),
    natives: {
      ...literal,
      int: 'number' as const,
      counter: 'number' as const,
      bytes: 'base64' as const,
      single: true as const,
      empty: true as const,
    },
  })),
  ...([undefined, '1.2'] as const).map((version) => ({
    name: 'Savon',
    run: ['ruby', 'ruby-savon/main.rb'],
    ...(version && { soap: version }),
    natives: { ...curl, bool: 'bool' as const, time: 'time' as const, single: true as const },
    unpackaged: ['ruby', '-e', 'require "savon"'],
  })),
  ...(['document', 'encoded'] as const).map((mode) => ({
    name: 'soap4r',
    // It warns of its own code.
    run: ['ruby', '-W0', 'ruby-soap4r/main.rb'],
    mode,
    natives:
      mode === 'document' ? { ...curl, single: true as const } : { counter: 'int' as const, empty: true as const },
  })),
  ...(['document', 'encoded'] as const).map((mode) => ({
    name: 'gSOAP',
    run: [],
    build: gsoap,
    seconds: true as const,
    ...(mode === 'encoded' && { unset: 'default' as const }),
    mode,
    natives: { counter: 'int' as const, map: 'item' as const, ...(mode === 'document' && { list: 'item' as const }) },
  })),
  ...(['document', 'encoded'] as const).map((mode) => ({
    name: 'Axis 1.4',
    run: [],
    build: axis,
    mode,
    ...(mode === 'document' && { unset: 'default' as const }),
    natives: { counter: 'int' as const, ...(mode === 'document' && { map: 'pairs' as const }) },
  })),
  ...([['document'], ['document', '1.2'], ['rpc']] as const).map(([mode, version]) => ({
    name: 'JAX-WS',
    run: [],
    build: jaxws,
    mode,
    ...(version && { soap: version }),
    ...(mode === 'rpc' && { unset: 'default' as const }),
    natives: { ...literal, counter: 'int' as const },
  })),
  ...([undefined, '1.2'] as const).map((version) => ({
    name: 'CXF',
    run: [],
    build: cxf,
    ...(version && { soap: version }),
    natives: { ...literal, counter: 'int' as const },
    suite: 'fetched soap clients' as const,
  })),
  {
    name: 'Axis2',
    run: [],
    build: axis2,
    natives: { ...literal, counter: 'int', empty: true },
    suite: 'fetched soap clients',
  },
  ...([['document'], ['document', '1.2'], ['rpc'], ['encoded']] as const).map(([mode, version]) => ({
    name: ".NET's wsdl (Mono)",
    run: [],
    build: dotnet,
    mode,
    ...(version && { soap: version }),
    ...(mode !== 'document' && { unset: 'default' as const }),
    natives: { counter: 'int' as const, map: mode === 'encoded' ? ('item' as const) : ('pairs' as const) },
    suite: 'soap clients of .NET' as const,
  })),
  { name: 'tclws', run: ['tclsh', 'tcl-tclws/main.tcl'], natives: curl, hides: ['code', 'kind'] },
  { name: 'curl', run: [python, 'curl/main.py'], natives: curl },
];

export const matrix: readonly MatrixRow[] = [
  ...xmlrpc.map((row): MatrixRow => ({ suite: 'xmlrpc clients', ...row, wire: 'xmlrpc' })),
  ...soap.map((row): MatrixRow => ({ suite: 'soap clients', ...row, wire: 'soap' })),
];

/** Whether what the set-up does not install is there. */
export const isThere = async ({ unpackaged }: MatrixRow): Promise<boolean> => {
  if (unpackaged === undefined) return true;
  const [program, ...args] = unpackaged;
  return !(await execa(program!, args, { reject: false, stdin: 'ignore' })).failed;
};
