/** The `soap` package from npm, from the WSDL; see ../README.md. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BasicAuthSecurity, createClientAsync } from 'soap';

type Tagged = [kind: string, value: never];

const { wsdl, soap, user, password } = JSON.parse(process.argv[2]!);
const client = await createClientAsync(wsdl, { forceSoap12Headers: soap === '1.2' });
client.setSecurity(new BasicAuthSecurity(user, password));

const natives: Record<string, (value: never) => unknown> = {
  bool: (value) => value === 'true',
  int: Number,
  number: Number,
  any: ([kind, value]: Tagged) =>
    Array.isArray(value)
      ? native([kind, value])
      : { attributes: { 'xsi:type': `xsd:${types[kind] ?? kind}` }, $value: value },
  list: (items: Tagged[]) => ({ item: items.map(native) }),
  record: (members: [string, Tagged][]) => Object.fromEntries(members.map(([name, member]) => [name, native(member)])),
  map: (members: [string, Tagged][]) => ({
    item: members.map(([key, member]) => ({ key, value: native(member) })),
  }),
};
const types: Record<string, string> = { bool: 'boolean', number: 'double' };
// Times it would send empty, were they dates; a long is text, because a number would lose digits; bytes it leaves to its users, both ways.
function native([kind, value]: Tagged): unknown {
  return natives[kind]?.(value) ?? value;
}

interface Undeclared {
  attributes: Record<string, string>;
  $value: string;
  item?: unknown;
}
const kinds: Record<string, string> = { boolean: 'bool', double: 'number' };
const undeclared = ({ attributes, $value, item }: Undeclared): unknown => {
  const type = attributes['xsi:type']!.replace(/^.*:/, '');
  return item === undefined ? [kinds[type] ?? type, $value] : shown(item);
};

const shown = (value: unknown): unknown => {
  if (value === null || value === undefined) return ['nil', ''];
  if (value instanceof Date) return ['time', value.toISOString()];
  if (Array.isArray(value)) return ['list', value.map(shown)];
  if (typeof value === 'object' && 'attributes' in value) return undeclared(value as Undeclared);
  if (typeof value === 'object')
    return ['struct', Object.entries(value).map(([name, member]) => [name, shown(member)])];
  return [typeof value === 'boolean' ? 'bool' : typeof value, String(value)];
};

interface ClientFault {
  root?: { Envelope: { Body: { Fault: Record<string, never> } } };
}

const faultFrom = (fault: Record<string, never>): object => {
  const { ApiFault } = fault.detail ?? fault.Detail!;
  const { code, kind } = ApiFault as { code: unknown; kind: string };
  const message = fault.faultstring ?? (fault.Reason as { Text: { $value: string } } | undefined)?.Text.$value;
  return { code: String(code), kind, message };
};

const answer = async ({ method, args }: { method: string; args: [string, Tagged][] }): Promise<object> => {
  const given = args.filter(([, [kind]]) => kind !== 'nil').map(([name, value]) => [name, native(value)]);
  try {
    const [result] = await client[`${method}Async`](Object.fromEntries(given));
    return { result: shown(result.return) };
  } catch (error) {
    const fault = (error as ClientFault).root?.Envelope.Body.Fault;
    return fault ? { fault: faultFrom(fault) } : { failed: String(error) };
  }
};

const { version } = JSON.parse(
  readFileSync(new URL('../../../node_modules/soap/package.json', import.meta.url), 'utf8'),
);
process.stdout.write(`${JSON.stringify({ version })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
