/** The example of a method, as a call on each wire that can be pasted as it is. */
import type { Shape } from '../../../plugin-protocol/shape.ts';
import { type Method, soapOperation, soapService } from '../../catalogue/index.ts';
import { commandLineOf } from '../../cli/names.ts';
import { positions } from './given.ts';
import { literalWriter, syntaxes } from './literals.ts';
import { soapRequest, xmlrpcRequest } from './xml-examples.ts';

export interface Example {
  /** What the reader looks for: `Python`. */
  title: string;
  /** The word that Markdown puts at the head of code: `python`. */
  language: string;
  code: string;
}

/** Where each wire is, below the URL of the daemon. */
export const wires = [
  { name: 'XML-RPC', path: '/RPC2', doc: 'Also at `/` and `/xmlrpc`; with introspection and `system.multicall`.' },
  { name: 'SOAP', path: '/soap', doc: 'SOAP 1.1 and 1.2: document/literal wrapped, rpc/encoded and rpc/literal.' },
  { name: 'WSDL', path: '/soap?wsdl', doc: 'What generators of SOAP clients read.' },
  { name: 'JSON-RPC', path: '/jsonrpc', doc: 'JSON-RPC 2.0: single calls, notifications and batches.' },
  { name: 'OpenRPC', path: '/openrpc.json', doc: 'What generators of JSON-RPC clients read.' },
  {
    name: 'Events',
    path: '/events',
    doc: 'Server-sent events, for browsers and `curl -N`: what `event.poll` answers, as it happens. `?types=vm.created,vm.deleted` are the types that are wanted; `after`, or `Last-Event-ID`, is where to go on.',
  },
  { name: 'Health', path: '/healthz', doc: '200 while the daemon can be used, else 503.' },
  { name: 'Metrics', path: '/metrics', doc: 'For Prometheus.' },
] as const;

const shellQuoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const withUser = (url: string) => url.replace('://', '://USER:PASSWORD@');
const argumentsIn = (method: Method, syntax: keyof typeof syntaxes): string[] => {
  const write = literalWriter(syntaxes[syntax]);
  const values = positions(method);
  return values === undefined
    ? [write(method.params as Shape)(method.example.params)]
    : values.map(([shape, value]) => write(shape)(value));
};
const withComma = (args: string[]) => args.map((text) => `, ${text}`).join('');

const heredoc = (curl: string, xml: string) => `${curl} --data-binary @- <<'XML'\n${xml}\nXML`;

export const examplesOf = (method: Method, url: string): Example[] => {
  const open = method.permission === 'public';
  const rpc = `${url}/RPC2`;
  const rpcWithUser = open ? rpc : withUser(rpc);
  const curl = open ? 'curl' : 'curl -u USER:PASSWORD';
  const operation = soapOperation(method);
  const { path: soapPath } = soapService(method.service);
  const phpParams = literalWriter(syntaxes.php)(method.params as Shape)(method.example.params);
  return [
    {
      title: 'Python',
      language: 'python',
      code: `import xmlrpc.client\n\napi = xmlrpc.client.ServerProxy("${rpcWithUser}")\nprint(api.${method.name}(${argumentsIn(method, 'python').join(', ')}))`,
    },
    {
      title: 'Perl',
      language: 'perl',
      code: `use XMLRPC::Lite;\nuse Data::Dumper;\n\nmy $api = XMLRPC::Lite->proxy('${rpcWithUser}');\nprint Dumper $api->call('${method.name}'${withComma(argumentsIn(method, 'perl'))})->result;`,
    },
    {
      title: 'PHP (SOAP)',
      language: 'php',
      code: `$api = new SoapClient('${url}${soapPath}?wsdl'${open ? '' : ", ['login' => 'USER', 'password' => 'PASSWORD']"});\nprint_r($api->${operation}(${phpParams === '[]' ? '' : phpParams}));`,
    },
    {
      title: 'Ruby',
      language: 'ruby',
      code: `require 'xmlrpc/client'\n\napi = XMLRPC::Client.new2('${rpcWithUser}')\np api.call('${method.name}'${withComma(argumentsIn(method, 'ruby'))})`,
    },
    {
      title: 'XML-RPC (curl)',
      language: 'sh',
      code: heredoc(`${curl} -H 'Content-Type: text/xml' ${rpc}`, xmlrpcRequest(method)),
    },
    {
      title: 'SOAP (curl)',
      language: 'sh',
      code: heredoc(`${curl} -H 'Content-Type: text/xml' ${url}${soapPath}`, soapRequest(method)),
    },
    {
      title: 'JSON-RPC (curl)',
      language: 'sh',
      code: `${curl} -H 'Content-Type: application/json' ${url}/jsonrpc -d ${shellQuoted(
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: method.name, params: method.example.params }),
      )}`,
    },
    { title: 'Command line', language: 'sh', code: commandLineOf(method, method.example.params) },
  ];
};
