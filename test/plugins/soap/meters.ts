/** The npm package `soap` as a server, with a WSDL that includes a schema beside it. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { listen } from 'soap';

const textOf = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');

const server = createServer((request, response) => {
  if (request.url === '/meters.xsd') response.end(textOf('meters.xsd'));
  else response.writeHead(404).end();
});
const read = ({ meter, since }: { meter: string | string[]; since?: unknown }) => ({
  reading: [meter].flat().map((name) => ({
    attributes: { meter: name },
    value: '12345678901234567890.10',
    note: since === undefined ? 'ever' : 'since a day',
  })),
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const wsdl = textOf('meters.wsdl').replace('ADDRESS', `http://127.0.0.1:${port}/meters`);
  const uri = join(import.meta.dirname, 'meters.wsdl');
  listen(server, {
    path: '/meters',
    services: { Meters: { Meters: { Read: read } } },
    xml: wsdl,
    uri,
    callback: () => console.log(`port ${port}`),
  });
});
