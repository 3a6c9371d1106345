/** The servers that we are held against. One that cannot be run is named with the reason. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, folder, freePort, hasProgram, processors } from './children.ts';
import { type Contender, type Say, serving } from './contest.ts';
import { probe, type Request } from './load.ts';

const peer = (file: string) => fileURLToPath(new URL(`peers/${file}`, import.meta.url));
const node = (file: string, ...words: string[]) => [process.execPath, peer(file), ...words];

/** A bare `node:http` server that answers what `ours` answers. */
export const bare = async (ours: Contender, processor = processors.server): Promise<Contender> => {
  const { body, type } = await probe(ours.request, ours.expected);
  const port = await freePort();
  const file = join(folder, `answer-${port}`);
  writeFileSync(file, body);
  const { pid } = await serving('bare node:http', port, node('bare.ts', String(port), type, file), processor);
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

const xmlrpcPeer = async (name: string, command: (port: string) => string[], ours: Contender, processor?: string) => {
  const port = await freePort();
  const { pid } = await serving(name, port, command(String(port)), processor);
  return { name, request: withoutCredentials(ours.request, port), expected: '<methodResponse>', pid };
};

/** Not pinned: it has a thread for each connection, and uses what processors there are. */
export const abyss = (ours: Contender): Promise<Contender> =>
  xmlrpcPeer('xmlrpc-c Abyss', (port) => [compileAbyss(), port], ours);

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

export const nodeSoap = async (ours: Contender): Promise<Contender> => {
  const wsdl = await (await fetch(`http://127.0.0.1:${ours.request.port}/soap?wsdl`)).text();
  const service = wsdl.match(/<(?:wsdl:)?service name="([^"]+)"/)?.[1];
  const portName = wsdl.match(/<(?:wsdl:)?port name="([^"]+)"/)?.[1];
  if (service === undefined || portName === undefined) throw new Error('our WSDL names no service or port');
  const port = await freePort();
  const file = join(folder, 'annelid.wsdl');
  writeFileSync(file, wsdl);
  const { pid } = await serving(
    'node soap',
    port,
    node('node-soap.ts', String(port), '/soap', file, service, portName),
  );
  return { name: 'node soap', request: withoutCredentials(ours.request, port), expected: 'sessionWhoamiResponse', pid };
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
