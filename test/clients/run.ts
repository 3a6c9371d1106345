/** Takes one client through all calls of the matrix, and says of each what was wrong with it. */

import { paramsOf } from '../../daemon/catalogue/method.ts';
import type { Operation, Session } from '../../daemon/catalogue/resources.ts';
import { Fault, type FaultKind, type FaultRow, faults } from '../../plugin-protocol/faults.ts';
import type { TestDaemon } from '../support/daemon.ts';
import { type Answer, Client, type ClientRow, type Scenario, wsdlOf } from './client.ts';
import { kindMethods } from './kinds.ts';
import { hidden, withoutMilliseconds } from './notation.ts';
import { type Call, catalogueCalls, type Expected, kindCalls, passing, refusedCalls } from './plan.ts';

export interface Outcome {
  version: string;
  /** What was wrong with each call, by its id; undefined when nothing was. */
  calls: Map<string, string | undefined>;
}

/** The first difference, as a sentence; undefined when there is none. */
export const difference = (seen: unknown, expected: unknown, at = ''): string | undefined => {
  if (seen === hidden && at !== '') return undefined;
  const said = `${at || 'result'}: ${JSON.stringify(seen)} instead of ${JSON.stringify(expected)}`;
  if (typeof seen !== 'object' || typeof expected !== 'object' || seen === null || expected === null)
    return Object.is(seen, expected) ? undefined : said;
  if (Array.isArray(seen) !== Array.isArray(expected)) return said;
  for (const name of new Set([...Object.keys(seen), ...Object.keys(expected)])) {
    if (!Object.hasOwn(seen, name)) return `${at}/${name} is missing`;
    if (!Object.hasOwn(expected, name)) return `${at}/${name} is too much`;
    const found = difference(seen[name as never], expected[name as never], `${at}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
};

const without = (value: unknown, fields: readonly string[] = []): unknown =>
  fields.length === 0
    ? value
    : Object.fromEntries(Object.entries(value as object).filter(([name]) => !fields.includes(name)));

/** Over XML-RPC a fault is a number; over SOAP its detail has the kind and the number of the table. */
const faultAs = ({ wire, hides }: ClientRow, kind: FaultKind, message: string): unknown => {
  const { code, interop }: FaultRow = faults[kind];
  const whole = wire === 'xmlrpc' ? { code: String(interop ?? code), message } : { code: String(code), message, kind };
  return without(whole, hides);
};

/** Scalars that nobody declared, for a library that shows every scalar as text. */
const asText = (value: unknown): unknown => {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'number' ? String(value) : value;
};

/** What a wire has beyond the catalogue. */
const ownMethods = { xmlrpc: ['system.getCapabilities', 'system.multicall'], soap: [] };

const same = (value: unknown): unknown => value;

const judge = (row: ClientRow, { method }: Call, answer: Answer, expected: Expected): string | undefined => {
  if ('failed' in answer) return answer.failed;
  if ('fault' in expected) {
    const { kind, message } = expected.fault;
    return 'fault' in answer ? difference(answer.fault, faultAs(row, kind, message)) : 'is not a fault';
  }
  if ('fault' in answer) return `fault ${answer.fault.code}: ${answer.fault.message}`;
  let { result } = expected;
  if (method.name === 'system.listMethods') result = [...(result as string[]), ...ownMethods[row.wire]].sort();
  const seconds = row.wire === 'xmlrpc' ? !row.milliseconds : row.seconds && !kindMethods.has(method.name);
  if (seconds) result = withoutMilliseconds(method.result)(result as never);
  const seen = row.natives?.any === 'text' ? asText : same;
  if (method.result['x-kind'] === 'any') return difference(seen(answer.result), seen(result));
  const fields = passing[method.name];
  return difference(without(answer.result, fields), without(result, fields));
};

const logIn = async (daemon: TestDaemon): Promise<string> =>
  (await daemon.call<Session>('session.login', { user: daemon.user, password: daemon.password })).token;

/** What the daemon says over JSON-RPC of the same: of an operation what has become of it, of a question the answer. */
const truthOf = async (daemon: TestDaemon, { method, params }: Call, answer: Answer): Promise<Expected> => {
  const [asked, given] =
    method.result['x-name' as never] === 'Operation' && 'result' in answer
      ? ['operation.get', { operation: (answer.result as Operation).id }]
      : [method.name, params];
  try {
    // Each in a session of its own, because one of the methods ends it.
    return { result: await daemon.call(asked, given, await logIn(daemon)) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { fault: { kind: error.kind, message: error.message } };
  }
};

const withDefaults = <C extends Call>(call: C): C => {
  const defaults = paramsOf(call.method).filter(([, shape]) => shape.default !== undefined);
  return {
    ...call,
    params: { ...Object.fromEntries(defaults.map(([name, of]) => [name, of.default])), ...call.params },
  };
};

/** The client, with what it is to be run by. */
const clientFor = async (row: ClientRow, scenario: Scenario, calls: readonly Call[]): Promise<Client> => {
  if (row.build === undefined) return new Client(row, scenario);
  const wsdl = row.wire === 'soap' ? wsdlOf(row, scenario.url) : undefined;
  return new Client(row, scenario, await row.build(wsdl === undefined ? '' : await (await fetch(wsdl)).text(), calls));
};

/** `kinds` is where the methods of `kinds.ts` are served. */
export const runClient = async (row: ClientRow, daemon: TestDaemon, kinds: string): Promise<Outcome> => {
  const found = new Map<string, string | undefined>();
  const take = async <C extends Call>(
    url: string,
    planned: readonly C[],
    expected: (call: C, answer: Answer) => Expected | Promise<Expected>,
  ): Promise<string> => {
    const calls = row.unset === 'default' ? planned.map(withDefaults) : planned;
    // A token may stand for the password.
    const client = await clientFor(row, { url, user: daemon.user, password: await logIn(daemon) }, calls);
    try {
      await client.start();
      for (const call of calls) {
        const answer = await client.call(call.method, call.params);
        found.set(call.id, judge(row, call, answer, await expected(call, answer)));
      }
      const complaint = await client.end();
      if (complaint !== '') throw new Error(`${row.name}: ${complaint}`);
    } finally {
      client.kill();
    }
    return client.version;
  };
  const inCloud = [...refusedCalls(), ...(await catalogueCalls(daemon))];
  const version = await take(daemon.url, inCloud, (call, answer) => truthOf(daemon, call, answer));
  await take(kinds, kindCalls(), ({ expected }) => expected);
  return { version, calls: found };
};
