/**
 * `node over-and-over.ts FILE BODY STATUS`: makes the request of FILE (JSON, with its body in BODY) again and again, each
 * once the one before is answered with STATUS, until SIGTERM; prints a line when it begins, and one for each answer. A process of its own, so that
 * it can stand back behind the load that is measured beside it.
 */
import { readFileSync } from 'node:fs';
import { type Request, send } from './load.ts';

const [file = '', body = '', status = ''] = process.argv.slice(2);
const request: Omit<Request, 'body'> = JSON.parse(readFileSync(file, 'utf8'));
// Encoded once: that would take from what is beside it.
const long = { ...request, body: readFileSync(body) };
let over = false;
process.once('SIGTERM', () => {
  over = true;
});
process.stdout.write('.\n');
while (!over) {
  const reply = await send(long);
  if (String(reply.status) !== status) throw new Error(`The long call was answered ${reply.status}.`);
  process.stdout.write('.\n');
}
process.exit(0);
