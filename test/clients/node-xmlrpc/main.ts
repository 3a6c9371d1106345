/** The `xmlrpc` package from npm; see ../README.md. */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

type Tagged = [kind: string, value: never];

const require = createRequire(import.meta.url);
const xmlrpc = require('xmlrpc');
const { user, password: pass, endpoint: url } = JSON.parse(process.argv[2]!);
const client = xmlrpc.createClient({ url, basic_auth: { user, pass } });

const struct = (members: [string, Tagged][]) =>
  Object.fromEntries(members.map(([name, member]) => [name, native(member)]));
const natives: Record<string, (value: never) => unknown> = {
  bool: (value) => value === 'true',
  int: Number,
  number: Number,
  time: (value) => new Date(value),
  bytes: (value) => Buffer.from(value, 'base64'),
  any: (value: Tagged) => native(value),
  list: (items: Tagged[]) => items.map(native),
  record: struct,
  map: struct,
};
function native([kind, value]: Tagged): unknown {
  return natives[kind]?.(value) ?? value;
}

const shown = (value: unknown): unknown => {
  if (Buffer.isBuffer(value)) return ['bytes', value.toString('base64')];
  if (value instanceof Date) return ['time', value.toISOString()];
  if (Array.isArray(value)) return ['list', value.map(shown)];
  if (typeof value === 'object' && value !== null)
    return ['struct', Object.entries(value).map(([name, member]) => [name, shown(member)])];
  return [typeof value === 'boolean' ? 'bool' : typeof value, String(value)];
};

const answer = ({ method, args }: { method: string; args: Tagged[] }) =>
  new Promise<object>((resolve) => {
    const done = (error: (Error & { faultCode?: number; faultString: string }) | null, value: unknown) => {
      if (!error) resolve({ result: shown(value) });
      else if (error.faultCode === undefined) resolve({ failed: error.message });
      else resolve({ fault: { code: String(error.faultCode), message: error.faultString } });
    };
    client.methodCall(method, args.map(native), done);
  });

process.stdout.write(`${JSON.stringify({ version: require('xmlrpc/package.json').version })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
