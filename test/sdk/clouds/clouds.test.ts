import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { requireSuite } from '../../setup/packages.ts';
import { systemPython } from '../../setup/python.ts';
import { root } from '../../support/annelid.ts';
import { daemonsOfSuite, type TestDaemon } from '../../support/daemon.ts';
import { exampleCommand, languages } from '../languages.ts';

/** Programs that each lead a machine through its life in every connector: its address, a prefix for names, the connectors. */
const clients: Record<string, readonly string[]> = {
  'xmlrpc-python': [systemPython, 'xmlrpc_client.py'],
  'xmlrpc-ruby': ['/usr/bin/ruby', 'xmlrpc_client.rb'],
  'soap-php': ['php', 'soap-client.php'],
  'soap-zeep': [systemPython, 'zeep_client.py'],
};

describe('One cloud in every language, all in one daemon', function () {
  this.timeout(120_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;

  before(async function () {
    for (const suite of [...languages.map((one) => one.suite), 'xmlrpc clients', 'soap clients'] as const) {
      await requireSuite(this, suite);
    }
    daemon = await startDaemon({
      connectors: (directory) =>
        Object.fromEntries(
          languages.map((language) => [
            language.id,
            { plugin: 'cloud', command: exampleCommand(language), config: { file: join(directory, language.id) } },
          ]),
        ),
    });
  });

  it('is driven by clients of XML-RPC and SOAP at the same time, which all see the same', async () => {
    const connectors = languages.map(({ id }) => id);
    const url = daemon.url.replace('//', `//${daemon.user}:${daemon.password}@`);
    const lives = Object.entries(clients).map(async ([name, [program = '', script = '']]) => {
      const args = [join(root, 'test/sdk/clouds', script), url, name, ...connectors];
      return [name, (await execa(program, args)).stdout.split('\n')] as const;
    });
    const each = <T>(value: T): T[] => connectors.map(() => value);
    for (const [name, life] of await Promise.all(lives)) {
      const everywhere = each('succeeded').join(' ');
      expect(life, name).to.deep.equal([
        everywhere,
        everywhere,
        ...connectors.map((connector) => `409 ${name}-${connector} is already running.`),
        ...each(`running 64 ${name}`),
        everywhere,
        ...each('stopped'),
        everywhere,
        String(connectors.length),
      ]);
    }
  });
});
