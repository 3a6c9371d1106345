/** UserLand's validator1 suite: plugins in four languages publish it, and every XML-RPC client of the matrix calls it. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { matrix } from '../clients/matrix.ts';
import { validator1Part } from '../clients/table.ts';
import { casesFrom, testNames } from '../clients/validator1/cases.ts';
import { connectorsIn, inexpressibleBy, type Language, languages, runSuite } from '../clients/validator1/run.ts';
import { requireSuite } from '../setup/packages.ts';
import { root } from '../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';
import { randomFrom } from '../support/random.ts';

const rounds = 3;
const clients = matrix.filter(({ wire }) => wire === 'xmlrpc');

describe('validator1', function () {
  this.timeout(60_000);
  const startDaemon = daemonsOfSuite();
  const daemons = new Map<Language, TestDaemon>();
  const seed = Number(process.env.VALIDATOR1_SEED ?? randomInt(2 ** 31));
  const cases = Array.from({ length: rounds }, (_, round) => casesFrom(randomFrom(seed + round))).flat();
  const passed = new Map(clients.map(({ name }) => [name, [] as number[]]));

  before(async function () {
    await requireSuite(this, 'xmlrpc clients');
    process.stderr.write(`    VALIDATOR1_SEED=${seed}\n`);
    for (const language of languages) daemons.set(language, await startDaemon({ connectors: connectorsIn(language) }));
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

  for (const language of languages) {
    it(`in ${language} says what a struct lacks`, async () => {
      const [outcome] = await Promise.allSettled([
        daemons.get(language)!.call('validator1.easyStructTest', { struct: { moe: 1, larry: 2 } }),
      ]);
      expect(outcome).to.have.nested.property('reason.kind', 'invalid-params');
      expect(outcome).to.have.nested.property('reason.message', 'There must be a struct with a member curly.');
    });

    for (const row of clients) {
      it(`in ${language} answers ${row.name}`, async function () {
        await requireSuite(this, row.suite);
        const { url, user, password } = daemons.get(language)!;
        const outcome = await runSuite(row, { url, user, password }, cases);
        const wrong = [...outcome].filter(([, why]) => why !== undefined);
        passed.get(row.name)!.push(outcome.size - wrong.length);
        const cannot = inexpressibleBy(row);
        expect(wrong.filter(([test]) => !cannot.includes(test))).to.deep.equal([]);
        expect(wrong.map(([test]) => test)).to.deep.equal(cannot);
      });
    }
  }

  it('did what docs/clients.md says', async function () {
    for (const { suite } of clients) await requireSuite(this, suite);
    expect(readFileSync(join(root, 'docs/clients.md'), 'utf8')).to.contain(validator1Part(languages, passed));
  });
});
