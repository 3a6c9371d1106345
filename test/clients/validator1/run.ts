/** Takes one client through the validator1 suite at one daemon, and says of each test what was wrong. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../support/annelid.ts';
import { type Connectors, TestDaemon } from '../../support/daemon.ts';
import { randomFrom } from '../../support/random.ts';
import { Client, type ClientRow, type Scenario } from '../client.ts';
import { matrix } from '../matrix.ts';
import { type Told, told } from '../notation.ts';
import { difference } from '../run.ts';
import { type Case, casesFrom, type Sample, testNames } from './cases.ts';

/** By the ends of their names, the plugins that publish it. */
const plugins = { TypeScript: 'ts', Python: 'py', Ruby: 'rb', Perl: 'pl' };
export type Language = keyof typeof plugins;
export const languages = Object.keys(plugins) as Language[];

export const connectorsIn = (language: Language): Connectors => ({
  validator1: { plugin: join(root, `examples/validator1/validator1.${plugins[language]}`) },
});

/** What was wrong with each test; undefined when nothing was. */
export type SuiteOutcome = ReadonlyMap<string, string | undefined>;

/** The tests that a client cannot say, as the calls of the matrix that it cannot say; see `../gaps.ts`. */
export const inexpressibleBy = ({ name }: ClientRow): readonly string[] =>
  name === "xmlrpc-c's `xmlrpc`"
    ? testNames.filter((test) => !['countTheEntities', 'simpleStructReturnTest'].includes(test))
    : [];

const tell = (sample: Sample): Told => {
  if ('items' in sample) return ['list', sample.items.map(tell)];
  if ('members' in sample)
    return ['map', Object.entries(sample.members).map(([name, member]): [string, Told] => [name, tell(member)])];
  return told(sample.shape)(sample.value as never);
};

/** What a client is to see of it. */
const plain = (sample: Sample, row: ClientRow): unknown => {
  if ('items' in sample) return sample.items.map((item) => plain(item, row));
  if (!('members' in sample)) return row.trims && typeof sample.value === 'string' ? sample.value.trim() : sample.value;
  return Object.fromEntries(Object.entries(sample.members).map(([name, member]) => [name, plain(member, row)]));
};

/** What was shown, each scalar read as the type that was sent: another type is another value. */
const seen = (client: Client, [tag, content]: Told, like: Sample | undefined): unknown => {
  if (tag === 'list' && like && 'items' in like)
    return (content as readonly Told[]).map((item, at) => seen(client, item, like.items[at]));
  if (tag === 'struct' && like && 'members' in like)
    return Object.fromEntries(
      (content as readonly [string, Told][]).map(([name, member]) => [name, seen(client, member, like.members[name])]),
    );
  if (!like || !('shape' in like)) return { tag, content };
  return client.read(like.shape, [tag, content]);
};

const wrongIn = async (client: Client, { test, args, answer }: Case): Promise<string | undefined> => {
  const shown = await client.exchange({ method: `validator1.${test}`, args: args.map(tell) });
  if (!('result' in shown)) return JSON.stringify(shown);
  try {
    return difference(seen(client, shown.result, answer), plain(answer, client.row));
  } catch (error) {
    return (error as Error).message;
  }
};

export const runSuite = async (row: ClientRow, scenario: Scenario, cases: readonly Case[]): Promise<SuiteOutcome> => {
  const found = new Map<string, string | undefined>();
  const client = new Client(row, scenario, await row.build?.('', []));
  try {
    await client.start();
    for (const one of cases) found.set(one.test, found.get(one.test) ?? (await wrongIn(client, one)));
    const complaint = await client.end();
    if (complaint !== '') throw new Error(`${row.name}: ${complaint}`);
  } finally {
    client.kill();
  }
  return found;
};

/** How many tests each XML-RPC client passes, language by language, with a daemon of its own for each. */
export const validator1Passed = async (): Promise<ReadonlyMap<string, readonly number[]>> => {
  const clients = matrix.filter(({ wire }) => wire === 'xmlrpc');
  const passed = new Map(clients.map(({ name }) => [name, [] as number[]]));
  const cases = casesFrom(randomFrom(1));
  for (const language of languages) {
    const directory = await mkdtemp(join(tmpdir(), 'annelid-validator1-'));
    const daemon = new TestDaemon(directory, { connectors: connectorsIn(language) });
    try {
      await daemon.start();
      const { url, user, password } = daemon;
      for (const row of clients) {
        const outcome = await runSuite(row, { url, user, password }, cases);
        passed.get(row.name)!.push([...outcome.values()].filter((wrong) => wrong === undefined).length);
      }
    } finally {
      await daemon.discard();
    }
  }
  return passed;
};
