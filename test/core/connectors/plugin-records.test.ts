import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Vm } from '../../../daemon/catalogue/resources.ts';
import { cleanup, faultOf, startCore } from '../../support/core.ts';
import { seeded } from '../../support/scripted-backend.ts';

describe('what the daemon keeps for plugins, and tells them', () => {
  it('outlives the daemon, each value with its version', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    const file = join(folder, 'store.db');
    const { backend } = await startCore(this, { backend: seeded(), file });
    const records = backend.records!;
    const first = await records.putState('lab', 'a:b', { next: 5 }, 0);
    const second = await records.putState('lab', 'a:b', { next: 6 }, first);
    await records.putState('lab', 'gone', 'x', undefined);
    expect(await records.putState('lab', 'gone', undefined, undefined)).to.equal(0);
    const fault = await faultOf(records.putState('lab', 'a:b', { next: 7 }, first));
    expect([fault.kind, fault.message]).to.deep.equal(['conflict', `a:b has version ${second}, and not ${first}.`]);

    const again = (await startCore(this, { backend: seeded(), file })).backend.records!;
    expect(again.state('lab', 'a:b')).to.deep.equal({ value: { next: 6 }, version: second });
    expect(again.state('lab', 'gone')).to.deep.equal({ version: 0 });
    expect(again.state('other', 'a:b')).to.deep.equal({ version: 0 });
  });

  it('never gives a version twice to a key that was removed between, also when the daemon was restarted', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    const file = join(folder, 'store.db');
    const { backend } = await startCore(this, { backend: seeded(), file });
    const records = backend.records!;
    const seen = new Set<number>();
    for (let at = 0; at < 5; at += 1) {
      seen.add(await records.putState('lab', 'k', at, undefined));
      await records.putState('lab', 'k', undefined, undefined);
    }
    const again = (await startCore(this, { backend: seeded(), file })).backend.records!;
    seen.add(await again.putState('lab', 'k', 'x', undefined));
    expect(seen.size).to.equal(6);
  });

  it('are machines of their own connector, by either id', async function () {
    const { as, backend } = await startCore(this, { backend: seeded() });
    await as('root')('vm.list', { refresh: true });
    const { id } = await as('root')<Vm>('vm.get', { vm: 'web1' });
    const seen = { id, nativeId: 'n1', name: 'web1', account: 'admin', state: 'stopped', labels: {} };
    expect(backend.records!.lookup('lab', { vm: 'n1' })).to.deep.equal(seen);
    expect(backend.records!.lookup('lab', { id })).to.deep.equal(seen);
    expect(backend.records!.lookup('other', { id })).to.equal(undefined);
    expect(backend.records!.lookup('lab', {})).to.equal(undefined);
  });
});
