/** The npm package `soap` as a server, from our own WSDL. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { listen } from 'soap';

const [port, path, file, service, portName] = process.argv.slice(2) as [string, string, string, string, string];
const answer = { return: { user: 'admin', account: 'admin', role: 'admin', token: false } };
const server = createServer((_request, response) => response.writeHead(404).end());
const services = { [service]: { [portName]: { sessionWhoami: () => answer } } };
listen(server, path, services, readFileSync(file, 'utf8'), () => server.listen(Number(port), '127.0.0.1'));
