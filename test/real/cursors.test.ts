import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Event } from '../../daemon/catalogue/resources.ts';
import { daemonsOfSuite, type TestDaemon, until } from '../support/daemon.ts';

const plugin = fileURLToPath(new URL('cursors/journal.py', import.meta.url));

const killPlugin = async (daemon: TestDaemon) => {
  for (const { pid, command } of await daemon.offspring()) {
    if (command.includes('journal.py')) process.kill(pid, 'SIGKILL');
  }
};
const killDaemon = async (daemon: TestDaemon) => {
  await daemon.kill();
  await daemon.start();
};

describe('kill -9 while things happen in a cloud that keeps cursors', function () {
  this.timeout(120_000);
  const startDaemon = daemonsOfSuite();

  it('loses no event and tells none twice, whichever side is killed', async () => {
    const happened = ['stopped'];
    const daemon = await startDaemon({
      connectors: (directory) => ({ cloud: { plugin, config: { journal: join(directory, 'journal') } } }),
      limits: { plugins: { eventPollMs: 20, restartMinMs: 10 } },
      files: { journal: fileURLToPath(new URL('cursors/first-state', import.meta.url)) },
    });
    const journal = join(daemon.directory, 'journal');
    const happen = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        happened.push(happened.at(-1) === 'stopped' ? 'running' : 'stopped');
        await appendFile(journal, `${happened.at(-1)}\n`);
      }
    };
    const told = async () => {
      const states: string[] = [];
      for (let after = '0'; ; ) {
        const types = ['vm.created', 'vm.state'];
        const page = await daemon.call<{ events: Event[]; next: string }>('event.poll', { after, types });
        states.push(...page.events.map(({ data }) => data.state!));
        if (page.events.length === 0) return states;
        after = page.next;
      }
    };
    await until(async () => (await told()).length === happened.length);

    for (const kill of [killPlugin, killDaemon, killPlugin, killDaemon, killDaemon]) {
      await happen(3);
      const killed = kill(daemon);
      await happen(2);
      await killed;
      await happen(1);
    }
    await until(async () => (await told()).length >= happened.length);
    expect(await told()).to.deep.equal(happened);

    // A history that ends before the cursor is another one: everything is read again.
    await writeFile(journal, 'paused\n');
    await until(async () => (await told()).at(-1) === 'paused');
  });
});
