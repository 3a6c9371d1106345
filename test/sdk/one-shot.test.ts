/** The example of each language as a program for a pipe: lines go in, standard input ends, the answers come out. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { startHost, stopHosts } from '../host/running-host.ts';
import { requireSuite } from '../setup/packages.ts';
import { exampleCommand, languages } from './languages.ts';

const calls = [
  { jsonrpc: '2.0', id: 1, method: 'describe', params: {} },
  { jsonrpc: '2.0', id: 2, method: 'echo', params: { said: 'héllo' } },
];

for (const language of languages) {
  describe(`A plugin in ${language.name} whose standard input ends behind its calls`, function () {
    this.timeout(60_000);
    before(async function () {
      await requireSuite(this, language.suite);
    });

    it('answers each of them, and ends in order', async () => {
      const [program = '', ...words] = exampleCommand(language);
      const input = calls.map((call) => `${JSON.stringify(call)}\n`).join('');
      const { stdout, exitCode } = await execa(program, words, { input, reject: false });
      const answers = stdout
        .split('\n')
        .map((line) => JSON.parse(line) as { id: number; result: { name?: string } })
        .sort((a, b) => a.id - b.id);
      expect([exitCode, answers.map(({ id }) => id)]).to.deep.equal([0, [1, 2]]);
      expect(answers[0]!.result.name).to.equal('cloud');
      expect(answers[1]!.result).to.deep.equal({ said: 'héllo' });
    });

    it('has a process for each call in a host, and what one has changed the next one knows', async function () {
      const folder = await mkdtemp(join(tmpdir(), 'annelid-one-shot-'));
      try {
        const config = { file: join(folder, 'machines') };
        const { backend } = await startHost(
          this,
          [{ id: 'one', plugin: 'cloud', command: exampleCommand(language), oneShot: true, config }],
          { describeTimeoutMs: 30_000, awayMs: 30_000 },
        );
        const wanted = { id: 'x-1', name: 'web1', vcpus: 1, memoryMiB: 512, disks: [], networks: [], labels: {} };
        const { id } = await backend().call(compute.create, wanted, { key: 'k' });
        expect(await backend().call(compute.get, { vm: id })).to.include({ id, name: 'web1', state: 'stopped' });
        expect(await backend().find('k', 'compute.create', wanted)).to.deep.include({ outcome: 'done' });
      } finally {
        await stopHosts(this);
        await rm(folder, { recursive: true });
      }
    });
  });
}
