import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { daemonsOfSuite, type TestDaemon, until } from '../support/daemon.ts';

const here = fileURLToPath(new URL('desk', import.meta.url));
const secret = 'a-secret-that-nobody-prints';
const many = 40;

const killPlugin = async (daemon: TestDaemon) => {
  for (const { pid, command } of await daemon.offspring()) {
    if (command.includes('counter.ts')) process.kill(pid, 'SIGKILL');
  }
};
const killDaemon = async (daemon: TestDaemon) => {
  await daemon.kill();
  await daemon.start();
};

describe('what the daemon keeps for a plugin', function () {
  this.timeout(120_000);
  const startDaemon = daemonsOfSuite();
  let daemon: TestDaemon;
  const isThere = () =>
    daemon.call('counter.digest').then(
      () => true,
      () => false,
    );

  before(async () => {
    daemon = await startDaemon({
      connectors: { desk: { plugin: join(here, 'counter.ts'), secrets: { token: 'file:token' } } },
      files: { token: join(here, 'token') },
      limits: { plugins: { restartMinMs: 10 } },
    });
    await until(isThere);
  });

  it('is a secret, and stands in no log', async () => {
    const digest = createHash('sha256').update(secret).digest('hex');
    expect(await daemon.call('counter.digest')).to.equal(digest);
    expect(daemon.log.join('\n')).to.not.include(secret);
  });

  it('is what was answered last, whichever side is killed with many calls under way', async () => {
    const answered: number[] = [];
    for (const kill of [killDaemon, killPlugin, killDaemon]) {
      const highest = Math.max(0, ...answered);
      const calls = Array.from({ length: many }, () =>
        daemon.call<number>('counter.next').then(
          (number) => answered.push(number),
          () => {},
        ),
      );
      // In the middle of them: some are answered, some never will be.
      await Promise.any(calls);
      await kill(daemon);
      await Promise.all(calls);
      await until(isThere);
      const next = await daemon.call<number>('counter.next');
      expect(next).to.be.greaterThan(Math.max(highest, ...answered));
      answered.push(next);
    }
    expect(new Set(answered).size, 'numbers that were given once').to.equal(answered.length);
  });
});
