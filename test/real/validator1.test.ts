/** UserLand's validator1 suite: plugins in four languages publish it, and every XML-RPC client of the matrix calls it. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import { Client } from '../clients/client.ts';
import { matrix } from '../clients/matrix.ts';
import { type Told, told } from '../clients/notation.ts';
import { requireSuite } from '../setup/packages.ts';
import { root } from '../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';
import { randomFrom } from '../support/random.ts';
import { casesFrom, type Sample, testNames } from './validator1/cases.ts';

const languages = { TypeScript: 'ts', Python: 'py', Ruby: 'rb', Perl: 'pl' };
const rounds = 3;

/** What the arguments of the command are no use for; see `gaps.ts`. */
const inexpressible: Record<string, readonly string[]> = {
  "xmlrpc-c's `xmlrpc`": testNames.filter((test) => !['countTheEntities', 'simpleStructReturnTest'].includes(test)),
};

const tell = (sample: Sample): Told => {
  if ('items' in sample) return ['list', sample.items.map(tell)];
  if ('members' in sample)
    return ['map', Object.entries(sample.members).map(([name, member]): [string, Told] => [name, tell(member)])];
  return told(sample.shape)(sample.value as never);
};

const plain = (sample: Sample): unknown => {
  if ('items' in sample) return sample.items.map(plain);
  if (!('members' in sample)) return sample.value;
  return Object.fromEntries(Object.entries(sample.members).map(([name, member]) => [name, plain(member)]));
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

describe('validator1', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  const daemons = new Map<string, TestDaemon>();
  const seed = Number(process.env.VALIDATOR1_SEED ?? randomInt(2 ** 31));
  const cases = Array.from({ length: rounds }, (_, round) => casesFrom(randomFrom(seed + round))).flat();

  before(async function () {
    await requireSuite(this, 'xmlrpc clients');
    process.stderr.write(`    VALIDATOR1_SEED=${seed}\n`);
    for (const [language, end] of Object.entries(languages)) {
      const plugin = join(root, `examples/validator1/validator1.${end}`);
      daemons.set(language, await startDaemon({ connectors: { validator1: { plugin } } }));
    }
  });

  it('is described alike in each language', async () => {
    const described = async (daemon: TestDaemon) =>
      Promise.all(
        testNames.map(async (test) => {
          const method = `validator1.${test}`;
          return [
            await daemon.call('system.methodSignature', { method }),
            await daemon.call('system.methodHelp', { method }),
          ];
        }),
      );
    const [first, ...others] = await Promise.all([...daemons.values()].map(described));
    expect(first).to.have.lengthOf(8);
    for (const other of others) expect(other).to.deep.equal(first);
  });

  for (const language of Object.keys(languages)) {
    for (const row of matrix.filter(({ wire }) => wire === 'xmlrpc')) {
      it(`in ${language} answers ${row.name}`, async () => {
        const { url, user, password } = daemons.get(language)!;
        const client = new Client(row, { url, user, password }, await row.build?.('', []));
        try {
          await client.start();
          for (const { test, args, answer } of cases) {
            const shown = await client.exchange({ method: `validator1.${test}`, args: args.map(tell) });
            if (inexpressible[row.name]?.includes(test)) {
              expect(shown, test).to.have.property('failed');
              continue;
            }
            if (!('result' in shown)) throw new Error(`${test}: ${JSON.stringify(shown)}`);
            expect(seen(client, shown.result, answer), test).to.deep.equal(plain(answer));
          }
          expect(await client.end()).to.equal('');
        } finally {
          client.kill();
        }
      });
    }
  }
});
