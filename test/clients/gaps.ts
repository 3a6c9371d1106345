/**
 * What clients cannot do, by the calls of the matrix that fail because of it. Each line is judged by every run: calls that
 * fail and are in no line fail the test, and so does a line of which a call has begun to work.
 */
import type { ClientRow, SoapMode } from './client.ts';

export interface Gap {
  /** The name of the client in the matrix. */
  client: string;
  /** The styles meant; all when left out. */
  modes?: readonly SoapMode[];
  /** Their ids in the plan. */
  calls: readonly string[];
  reason: string;
}

const carriageReturns = {
  calls: ['string: carriage returns'],
  reason: 'It writes carriage returns as they are, which every XML parser reads as line feeds.',
};
const literalAny = {
  calls: ['any: a number', 'any: a fraction', 'any: truth', 'any: list', 'any: map'],
  modes: ['document', 'rpc'] as const,
};

export const gaps: readonly Gap[] = [
  { client: "Python's xmlrpc.client", ...carriageReturns },
  { client: "Python's aioxmlrpc", ...carriageReturns },
  { client: 'Twisted', ...carriageReturns },
  { client: 'Frontier::Client', ...carriageReturns },
  { client: "Ruby's xmlrpc", ...carriageReturns },
  { client: "PHP's xmlrpc", ...carriageReturns },
  {
    client: "PHP's xmlrpc",
    calls: ['number: 17 digits', 'number: tiny'],
    reason: 'It writes six digits behind the point.',
  },
  {
    client: "PHP's xmlrpc",
    calls: ['map: odd names'],
    reason: 'A name of digits is a number in an array of PHP, and the extension counts on from there.',
  },
  { client: "xmlrpc-c's `xmlrpc`", ...carriageReturns },
  {
    client: "xmlrpc-c's `xmlrpc`",
    calls: ['number: 17 digits', 'number: tiny'],
    reason: 'It prints six digits behind the point.',
  },
  {
    client: "xmlrpc-c's `xmlrpc`",
    calls: ['string: astral'],
    reason: 'It refuses text beyond U+FFFF, also its own; replies come without it at `/RPC2?text=bmp`.',
  },
  {
    client: "xmlrpc-c's `xmlrpc`",
    calls: [
      ...['time: noon', 'time: leap day', 'time: before 1970', 'time: milliseconds', 'any: list', 'any: map'],
      ...['list: two', 'list: one', 'list: none', 'record: full', 'record: only what must be'],
      ...['map: some', 'map: none', 'map: odd names', 'usage.list'],
    ],
    reason: 'Its arguments can be no times, arrays or structs.',
  },
  {
    client: "xmlrpc-c's library",
    calls: ['string: carriage returns'],
    reason: 'It makes line feeds of carriage returns.',
  },
  {
    client: "xmlrpc-c's library",
    calls: ['number: 17 digits', 'number: tiny'],
    reason: 'It reads most fractions wrong in the last digit.',
  },
  {
    client: "xmlrpc-c's library",
    calls: ['string: astral'],
    reason: 'It refuses text beyond U+FFFF, also its own; replies come without it at `/RPC2?text=bmp`.',
  },
  {
    client: 'XML::RPC::Fast',
    calls: ['bytes: none'],
    reason: 'It cannot read an empty `<base64>`.',
  },
  {
    client: 'IXR of WordPress',
    calls: ['number: 17 digits'],
    reason: 'It writes as many digits as the setting `precision` of PHP says, which is 14.',
  },
  { client: 'IXR of WordPress', calls: ['string: white space'], reason: 'It trims text.' },
  { client: 'IXR of WordPress', ...carriageReturns },
  { client: 'aXMLRPC', ...carriageReturns },
  { client: "Apache's XML-RPC client", ...carriageReturns },
  { client: "Apache's XML-RPC client with extensions", ...carriageReturns },
  {
    client: "Go's kolo/xmlrpc",
    calls: ['map: odd names'],
    reason: 'It cannot read a member whose name is empty.',
  },
  {
    client: "node's `xmlrpc`",
    calls: ['map: odd names'],
    reason: 'It loses a member called `__proto__`.',
  },
  {
    client: "PHP's SoapClient",
    modes: ['encoded', 'none'],
    calls: ['map: odd names'],
    reason: 'It writes names of maps unescaped, and leaves out those that are then no XML.',
  },
  {
    client: "PHP's SoapClient",
    ...literalAny,
    reason: 'It says the type of a value in encoded messages only.',
  },
  {
    client: 'SOAP::Lite with service()',
    calls: [
      ...['list: two', 'list: one', 'list: none', 'record: full', 'record: only what must be'],
      ...['map: some', 'map: none', 'map: odd names'],
    ],
    reason: 'It sends nil for whatever is no scalar.',
  },
  {
    client: "Python's zeep",
    calls: ['record: only what must be'],
    reason: 'It shows a list that is nil as one without items.',
  },
  {
    client: "Python's suds",
    calls: ['string: markup'],
    reason: 'It takes text that has `&amp;` in it for escaped already.',
  },
  { client: "Python's suds", ...carriageReturns },
  {
    client: "Python's suds",
    modes: ['document', 'rpc'],
    calls: ['any: a number', 'any: a fraction', 'any: truth'],
    reason: 'It says no type where the WSDL declares none, so that the value is text.',
  },
  {
    client: "Python's suds",
    modes: ['document', 'rpc'],
    calls: ['any: list', 'any: map'],
    reason: 'It writes the prefix of a namespace that it does not declare.',
  },
  {
    client: "Python's suds",
    modes: ['encoded'],
    calls: ['any: map'],
    reason: 'It says of maps no type.',
  },
  {
    client: 'PySimpleSOAP',
    calls: ['system.methodHelp', 'system.methodSignature'],
    reason: 'It has a parameter called method itself.',
  },
  {
    client: 'PySimpleSOAP',
    calls: ['connector.proof', 'list: none', 'record: only what must be'],
    reason: 'It cannot read a list without items.',
  },
  { client: 'PySimpleSOAP', calls: ['number: 17 digits'], reason: 'It does not write all digits.' },
  { client: 'PySimpleSOAP', ...carriageReturns },
  {
    client: 'PySimpleSOAP',
    calls: ['any: text', 'any: a number', 'any: a fraction', 'any: truth', 'any: list', 'any: map'],
    reason: 'It has nothing for what the WSDL does not declare.',
  },
  {
    client: "node's `soap`",
    calls: ['counter: beyond a double', 'counter: lowest', 'counter: highest', 'record: full'],
    reason: 'It makes numbers of longs.',
  },
  {
    client: "node's `soap`",
    calls: ['any: a number', 'any: a fraction', 'any: truth', 'any: map'],
    reason: 'It leaves out the type of a value that the WSDL declares none for.',
  },
  { client: "node's `soap`", calls: ['string: white space'], reason: 'It trims text.' },
  { client: 'Savon', ...carriageReturns },
  {
    client: 'Savon',
    calls: ['any: a number', 'any: a fraction', 'any: list', 'any: map'],
    reason: 'It says no type where the WSDL declares none.',
  },
  { client: 'soap4r', calls: ['number: 17 digits'], reason: 'It writes ten digits.' },
  {
    client: 'soap4r',
    calls: ['time: milliseconds'],
    reason: 'It multiplies fractions of a second by those of a day.',
  },
  { client: 'soap4r', modes: ['document'], calls: ['bool: false'], reason: 'It leaves out what is false.' },
  {
    client: 'soap4r',
    modes: ['document'],
    calls: ['any: text', 'any: a number', 'any: a fraction', 'any: truth', 'any: list', 'any: map'],
    reason: 'It has nothing for what the WSDL does not declare.',
  },
  {
    client: 'soap4r',
    modes: ['document'],
    calls: ['record: only what must be'],
    reason: 'It sends records that are not set as empty ones.',
  },
  {
    client: 'soap4r',
    modes: ['encoded'],
    calls: ['any: map', 'record: full', 'map: some', 'map: none', 'map: odd names'],
    reason: 'It reads Apache maps that are declared, and can neither write them nor read others.',
  },
  {
    client: 'gSOAP',
    calls: ['time: milliseconds'],
    reason: 'Its times are whole seconds, unless the generator is told otherwise.',
  },
  {
    client: 'gSOAP',
    calls: ['record: only what must be'],
    reason: 'It shows bytes that are nil as none.',
  },
  {
    client: 'gSOAP',
    modes: ['document'],
    calls: ['any: a number', 'any: a fraction', 'any: truth', 'any: list', 'any: map'],
    reason: 'It has nothing but text for what the WSDL does not declare.',
  },
  {
    client: 'gSOAP',
    modes: ['encoded'],
    calls: ['any: text', 'any: a number', 'any: a fraction', 'any: truth', 'any: list', 'any: map'],
    reason: 'It has nothing but text for what the WSDL does not declare, and shows it as XML.',
  },
  {
    client: 'gSOAP',
    modes: ['encoded'],
    calls: ['system.methodSignature'],
    reason: 'It cannot read an array of arrays.',
  },
  {
    client: 'gSOAP',
    modes: ['encoded'],
    calls: ['vm.update'],
    reason: 'It cannot leave out a number, and there is none that stands for no change.',
  },
  {
    client: 'Axis 1.4',
    modes: ['document'],
    calls: ['vm.update', 'vm.consoleOutput'],
    reason: 'It cannot leave out a number, and these have no default.',
  },
  {
    client: 'Axis 1.4',
    modes: ['document'],
    calls: ['any: list', 'any: map'],
    reason: 'It has arrays and maps of the SOAP encoding only.',
  },
  { client: 'Axis 1.4', ...carriageReturns },
  {
    client: 'JAX-WS',
    modes: ['rpc'],
    calls: [
      'vm.list: out of bounds',
      'vm.list',
      'vm.create',
      'vm.update',
      'vm.consoleOutput',
      'host.list',
      'image.list',
      'network.list',
      'volume.list',
      'connector.list',
      'operation.list',
      'event.poll',
      'usage.list',
    ],
    reason: 'It leaves out no part of rpc/literal, and sends none without a value.',
  },
  {
    client: 'Axis2',
    calls: ['any: list', 'any: map'],
    reason: 'It makes no class of a type that nothing in the WSDL refers to.',
  },
  { client: ".NET's wsdl (Mono)", ...carriageReturns },
  {
    client: ".NET's wsdl (Mono)",
    modes: ['document', 'rpc'],
    calls: ['any: list', 'any: map'],
    reason: 'It makes no class of a type that nothing in the WSDL refers to.',
  },
  {
    client: ".NET's wsdl (Mono)",
    modes: ['rpc', 'encoded'],
    calls: ['vm.update', 'vm.consoleOutput', 'usage.list'],
    reason: 'It cannot leave out a number or a time, and these have no default.',
  },
  {
    client: ".NET's wsdl (Mono)",
    modes: ['encoded'],
    calls: ['system.methodSignature'],
    reason: 'It cannot read an array of arrays.',
  },
  {
    client: ".NET's wsdl (Mono)",
    modes: ['encoded'],
    calls: [
      ...['vm.list', 'vm.get', 'operation.explain', 'event.poll', 'any: map', 'record: full'],
      ...['map: some', 'map: none', 'map: odd names'],
    ],
    reason: 'It takes the items of an Apache map for one array, both ways.',
  },
  { client: 'tclws', calls: ['string: astral'], reason: 'It refuses text beyond U+FFFF.' },
  { client: 'tclws', ...carriageReturns },
  {
    client: 'tclws',
    calls: ['any: a number', 'any: a fraction', 'any: truth', 'any: list', 'any: map'],
    reason: 'Its values have no types but those that the WSDL declares.',
  },
];

export const gapsOf = ({ name, mode = 'document' }: ClientRow): Gap[] =>
  gaps.filter((gap) => gap.client === name && (gap.modes?.includes(mode) ?? true));
