/** The servers that we are held against. One that cannot be run is named with the reason. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { compile, folder, hasProgram, processors } from './children.ts';
import { type Contender, type Say, serving } from './contest.ts';
import { probe, type Request } from './load.ts';

const peer = (file: string) => fileURLToPath(new URL(`peers/${file}`, import.meta.url));
const node = (file: string, ...words: string[]) => [process.execPath, peer(file), ...words];

/** A bare `node:http` server that answers what `ours` answers. */
export const bare = async (ours: Contender): Promise<Contender> => {
  const { body, type } = await probe(ours.request, ours.expected);
  const port = await freePort();
  const file = join(folder, `answer-${port}`);
  writeFileSync(file, body);
  const command = node('bare.ts', String(port), type, file);
  const { pid } = await serving('bare node:http', port, command, processors.server);
  return { name: 'bare node:http', request: { ...ours.request, port }, expected: ours.expected, pid };
};

const withoutCredentials = (request: Request, port: number, path = request.path): Request => ({
  ...request,
  port,
  path,
  headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'Authorization')),
});

let abyssProgram: string | undefined;
const compileAbyss = (): string => {
  if (abyssProgram !== undefined) return abyssProgram;
  for (const program of ['gcc', 'xmlrpc-c-config']) {
    if (!hasProgram(program)) throw new Error(`${program} is missing (Debian: gcc, libxmlrpc-core-c3-dev)`);
  }
  const flags = ['--cflags', '--libs'].flatMap((what) =>
    execFileSync('xmlrpc-c-config', ['abyss-server', what], { encoding: 'utf8' }).trim().split(/\s+/),
  );
  const program = join(folder, 'abyss');
  compile(peer('abyss.c'), program, flags.filter(Boolean));
  abyssProgram = program;
  return program;
};

const xmlrpcPeer = async (
  name: string,
  command: (port: string) => string[],
  ours: Contender,
  processor: string | undefined,
) => {
  const port = await freePort();
  const { pid } = await serving(name, port, command(String(port)), processor);
  return { name, request: withoutCredentials(ours.request, port), expected: '<methodResponse>', pid };
};

/** Not pinned: it has a thread for each connection, and uses what processors there are. */
export const abyss = (ours: Contender): Promise<Contender> =>
  xmlrpcPeer('xmlrpc-c Abyss', (port) => [compileAbyss(), port], ours, undefined);

export const python = (ours: Contender): Promise<Contender> => {
  if (!hasProgram('python3')) throw new Error('python3 is missing');
  return xmlrpcPeer(
    'Python xmlrpc.server',
    (port) => ['python3', peer('xmlrpc_server.py'), port],
    ours,
    processors.server,
  );
};

export const nodeXmlrpc = (ours: Contender): Promise<Contender> =>
  xmlrpcPeer('node xmlrpc', (port) => node('node-xmlrpc.js', port), ours, processors.server);

/** Whose answer to `ours` is the result of `method`, as `value`. */
export const nodeSoap = async (ours: Contender, operation: string, value: unknown): Promise<Contender> => {
  const wsdl = await (await fetch(`http://127.0.0.1:${ours.request.port}/soap?wsdl`)).text();
  const service = wsdl.match(/<(?:wsdl:)?service name="([^"]+)"/)?.[1];
  const portName = wsdl.match(/<(?:wsdl:)?port name="([^"]+)"/)?.[1];
  if (service === undefined || portName === undefined) throw new Error('our WSDL names no service or port');
  const port = await freePort();
  const files = { wsdl: join(folder, `wsdl-${port}`), value: join(folder, `value-${port}`) };
  writeFileSync(files.wsdl, wsdl);
  writeFileSync(files.value, JSON.stringify(value));
  const command = node('node-soap.ts', String(port), '/soap', files.wsdl, service, portName, operation, files.value);
  const { pid } = await serving('node soap', port, command, processors.server);
  return { ...ours, name: 'node soap', request: withoutCredentials(ours.request, port), pid };
};

let gsoapProgram: string | undefined;
const compileGsoap = (): string => {
  if (gsoapProgram !== undefined) return gsoapProgram;
  for (const program of ['gcc', 'soapcpp2']) {
    if (!hasProgram(program)) throw new Error(`${program} is missing (Debian: gcc, gsoap, libgsoap-dev)`);
  }
  execFileSync('soapcpp2', ['-S', '-c', '-L', '-x', '-w', '-d', folder, peer('gsoap.h')], { stdio: 'ignore' });
  const program = join(folder, 'gsoap');
  const generated = ['soapC.c', 'soapServer.c'].map((file) => join(folder, file));
  compile(peer('gsoap.c'), program, ['-w', '-I', folder, ...generated, '-lgsoap', '-lpthread']);
  gsoapProgram = program;
  return program;
};

/** Not pinned, for the same reason as Abyss. */
export const gsoap = async (ours: Contender): Promise<Contender> => {
  const port = await freePort();
  const { pid } = await serving('gSOAP', port, [compileGsoap(), String(port)], undefined);
  return { ...ours, name: 'gSOAP', request: withoutCredentials(ours.request, port), pid };
};

/** Those of the peers that can be run. */
export const available = async (makers: readonly (() => Promise<Contender>)[], say: Say): Promise<Contender[]> => {
  const found: Contender[] = [];
  for (const make of makers) {
    try {
      const contender = await make();
      await probe(contender.request, contender.expected);
      found.push(contender);
    } catch (error) {
      say(`not run: ${error instanceof Error ? error.message : error}`);
    }
  }
  return found;
};
