/** What a server tells of its methods: `system.listMethods`, `methodSignature` and `methodHelp`. */
import { faults } from '../../plugin-protocol/faults.ts';
import { refuseTooMany } from '../../sdk/typescript/bridge/names.ts';
import { Fault } from '../../sdk/typescript/plugin/index.ts';
import { type Client, ServerFault } from './client.ts';

/** What is known of a method. A signature is the type of the result, and then those of the parameters. */
export interface Introspected {
  name: string;
  help: string;
  signatures: string[][];
}

/** Calls under way at once: many such servers take one at a time. */
const together = 4;

const isText = (value: unknown): value is string => typeof value === 'string';

/** That a server lacks a method is no failure, whatever it says then; that it cannot be reached is one. */
const orRefusal = async (answer: Promise<unknown>): Promise<unknown> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Fault && !faults[error.kind].retry) return error;
    throw error;
  }
};

const signaturesFrom = (answer: unknown): string[][] => {
  if (!Array.isArray(answer)) return [];
  // Some answer one signature, which is not in a list.
  const all = answer.every(isText) ? [answer] : answer;
  return all.filter((one): one is string[] => Array.isArray(one) && one.length > 0 && one.every(isText));
};

/** The names of all methods, or why the server does not tell. Throws `Fault` when it cannot be reached. */
export const listMethods = async (client: Client): Promise<string[] | Fault> => {
  const names = await orRefusal(client.ask('system.listMethods', []));
  if (names instanceof Fault) return names;
  return Array.isArray(names) ? names.filter(isText) : new ServerFault('failed', 'It answers no list.');
};

/** Servers in Python tell a docstring as it stands in the source: all lines but the first are indented. */
const withoutMargin = (help: string): string => {
  const [first = '', ...others] = help.trim().split(/\r?\n/);
  const margins = others.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)![0].length);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return [first, ...others.map((line) => line.slice(margin).trimEnd())].join('\n');
};

/** What the server tells of these methods, all within `timeoutMs`. */
export const introspect = async (
  client: Client,
  names: readonly string[],
  timeoutMs: number,
): Promise<Introspected[]> => {
  refuseTooMany(names);
  const found: Introspected[] = [];
  const end = Date.now() + timeoutMs;
  const left = () => ({ timeoutMs: Math.max(1, end - Date.now()) });
  let next = 0;
  const work = async () => {
    for (let at = next++; at < names.length; at = next++) {
      const name = names[at]!;
      const help = await orRefusal(client.ask('system.methodHelp', [name], left()));
      const signatures = signaturesFrom(await orRefusal(client.ask('system.methodSignature', [name], left())));
      found[at] = { name, help: isText(help) ? withoutMargin(help.slice(0, 65_536)) : '', signatures };
    }
  };
  await Promise.all(Array.from({ length: together }, work));
  return found;
};
