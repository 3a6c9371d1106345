/** A bare `node:http` server that reads each request to its end and answers the same bytes. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, type, file] = process.argv.slice(2) as [string, string, string];
const body = readFileSync(file);
const headers = { 'Content-Type': type, 'Content-Length': String(body.length) };

createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    if (Buffer.concat(pieces).length === 0) response.writeHead(400).end();
    else response.writeHead(200, headers).end(body);
  });
}).listen(Number(port), '127.0.0.1');
