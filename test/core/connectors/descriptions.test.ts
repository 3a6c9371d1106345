import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { BackendStatus } from '../../../daemon/core/ports.ts';
import { cleanup, settled, startCore } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';

/** Says what it is once it is ready. */
class Described extends ScriptedBackend {
  said: Partial<BackendStatus> = { plugin: 'kvm', version: '1', calls: ['compute.list'], features: ['events'] };
  override status(): BackendStatus {
    const { plugin: _, ...status } = super.status();
    return { plugin: './kvm.py', ...status, ...(status.state === 'ready' ? this.said : {}) };
  }
}

describe('what a plugin says of itself', () => {
  let file: string;
  beforeEach(async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    file = join(folder, 'store.db');
    const backend = new Described('lab');
    backend.publishes = [{ service: 'meter', methods: [{ name: 'read' }] }];
    await settled(await startCore(this, { backend, file }));
  });
  const startAnew = async (test: Mocha.Context, backend = new Described('lab')) => {
    backend.become('starting');
    const { as } = await startCore(test, { backend, file });
    return { backend, get: () => as('root')<Record<string, unknown>>('connector.get', { connector: 'lab' }), as };
  };

  it('is known at once when the daemon is started again, with what it published', async function () {
    const { get, as } = await startAnew(this);
    expect(await get()).to.include({ state: 'starting', plugin: 'kvm', version: '1' });
    expect((await get()).calls).to.deep.equal(['compute.list']);
    const proof = await as('root')<Record<string, unknown>>('connector.proof', { connector: 'lab' });
    expect([proof.features, proof.services]).to.deep.equal([['events'], ['meter']]);
    expect(proof.calls).to.deep.include({
      ...{ call: 'meter.read', claimed: true, succeeded: '0', failed: '0' },
    });
  });

  it('is what it says anew once it is ready, and in each state after that', async function () {
    const { backend, get } = await startAnew(this);
    backend.become('failing');
    expect(await get()).to.include({ state: 'failing', version: '1' });
    backend.said = { plugin: 'kvm', version: '2', calls: [], features: [] };
    backend.become('ready');
    expect(await get()).to.include({ state: 'ready', version: '2' });
    expect((await get()).calls).to.deep.equal([]);
  });
});
