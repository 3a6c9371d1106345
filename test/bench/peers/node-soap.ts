/** The npm package `soap` as a server of one operation, from our own WSDL. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { listen } from 'soap';

const words = process.argv.slice(2) as [string, string, string, string, string, string, string];
const [port, path, wsdl, service, portName, operation, value] = words;

/** As the WSDL has it: a list is an element with items in it, and so is a map. */
const inItems = (of: unknown, field = ''): unknown => {
  if (Array.isArray(of)) return { item: of.map((item) => inItems(item)) };
  if (of === null || typeof of !== 'object') return of;
  const members = Object.entries(of);
  if (field === 'labels') return { item: members.map(([key, label]) => ({ key, value: label })) };
  return Object.fromEntries(members.map(([name, member]) => [name, inItems(member, name)]));
};

const answer = { return: inItems(JSON.parse(readFileSync(value, 'utf8'))) };
const server = createServer((_request, response) => response.writeHead(404).end());
const services = { [service]: { [portName]: { [operation]: () => answer } } };
listen(server, path, services, readFileSync(wsdl, 'utf8'), () => server.listen(Number(port), '127.0.0.1'));
