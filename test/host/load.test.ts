import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { compute } from '../../plugin-protocol/contract/index.ts';
import type { Fault } from '../../plugin-protocol/faults.ts';
import { bareInstance, startHost, stopHosts } from './running-host.ts';

describe('the plugin host, when a plugin is killed and replaced under load', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annelid-load-'));
  });
  afterEach(async function () {
    await stopHosts(this);
    await rm(folder, { recursive: true });
  });

  it('fails no read, makes each mutation once, and tells of which it is not known', async function () {
    this.timeout(60_000);
    const effects = join(folder, 'effects');
    const instance = bareInstance(
      `if (m.method === 'compute.start') require('fs').appendFileSync(${JSON.stringify(effects)}, m.params.ctx.key + '\\n');
       reply(m, { result: { id: m.params.vm, name: String(process.pid), state: 'running' } });`,
      {},
      'concurrency: 64',
    );
    const { host, backend } = await startHost(this, [instance]);
    let pid = 0;
    const failed: string[] = [];
    const done: string[] = [];
    const unknown: string[] = [];
    const read = (vm: string) =>
      backend()
        .call(compute.get, { vm })
        .then(({ name }) => {
          pid = Number(name);
        })
        .catch(({ message }: Fault) => failed.push(message));
    const change = (vm: string, key: string) =>
      backend()
        .call(compute.start, { vm }, { key })
        .then(() => done.push(key))
        .catch(({ data, message }: Fault) =>
          (data.outcome === 'unknown' ? unknown : failed).push(data.outcome === 'unknown' ? key : message),
        );
    const calls: Promise<unknown>[] = [];
    // 500 a second by the clock: five for each ten milliseconds that have gone by.
    const began = performance.now();
    for (let n = 0; n < 400; n += 1) {
      for (let m = 0; m < 4; m += 1) calls.push(read(`vm-${(4 * n + m) % 100}`));
      calls.push(change(`vm-${n % 100}`, `k${n}`));
      await pause(Math.max(0, began + 10 * (n + 1) - performance.now()));
      if (n === 100 || n === 300) process.kill(pid, 'SIGKILL');
      if (n === 200) calls.push(host.reload([instance]));
    }
    await Promise.all(calls);
    expect(failed).to.deep.equal([]);
    const made = (await readFile(effects, 'utf8')).trim().split('\n');
    expect(new Set(made).size).to.equal(made.length);
    expect(done.length + unknown.length).to.equal(400);
    expect(made).to.include.members(done);
    expect(backend().status().restarts).to.equal(2);
  });
});
