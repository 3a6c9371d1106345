import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ConnectorProof } from '../../../daemon/catalogue/proof.ts';
import type { Connector, Operation } from '../../../daemon/catalogue/resources.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { cleanup, faultOf, startCore } from '../../support/core.ts';
import { type ScriptedBackend, seeded } from '../../support/scripted-backend.ts';

const start = async (context: Mocha.Context, file = ':memory:', backend: ScriptedBackend = seeded()) => {
  const bench = await startCore(context, { backend, file, now: () => Date.parse('2026-01-31T12:00:00Z') });
  const proof = () => bench.as('root')<ConnectorProof>('connector.proof', { connector: 'lab' });
  const of = async (call: string) => (await proof()).calls.find((one) => one.call === call);
  return { ...bench, proof, of };
};
const failing = (backend: ScriptedBackend, call: string, fault: Fault) =>
  backend.scripts.set(call, () => {
    throw fault;
  });

describe('what a connector has proven', () => {
  it('is counted where calls leave the core: how often, when last, how long', async function () {
    const { as, of } = await start(this);
    await as('root')('vm.list', { refresh: true });
    const before = Number((await of('compute.get'))?.succeeded ?? 0);
    for (let at = 0; at < 5; at++) await as('root')('vm.get', { vm: 'web1', refresh: true });
    const { medianMs, ...get } = (await of('compute.get'))!;
    expect(get).to.deep.equal({
      call: 'compute.get',
      claimed: false,
      succeeded: String(before + 5),
      failed: '0',
      last: '2026-01-31T12:00:00.000Z',
    });
    expect(medianMs).to.be.a('number').and.at.least(0);
  });

  it('has the failures that are no answers, the latest first, and not without end', async function () {
    const { as, of, proof, backend } = await start(this);
    await as('root')('vm.list', { refresh: true });
    failing(backend, 'compute.stats', new Fault('not-found', 'Gone.'));
    await faultOf(as('root')('vm.stats', { vm: 'web1' }));
    expect([(await of('compute.stats'))!.failed, (await proof()).failures]).to.deep.equal(['1', []]);
    for (let at = 1; at <= 22; at++) {
      failing(backend, 'compute.stats', new Fault('failed', `${at} ${'x'.repeat(1000)}`));
      await faultOf(as('root')('vm.stats', { vm: 'web1' }));
    }
    const { failures } = await proof();
    expect(failures).to.have.length(20);
    expect(failures[0]).to.include({ call: 'compute.stats', kind: 'failed', time: '2026-01-31T12:00:00.000Z' });
    expect(failures.map(({ message }) => [message.slice(0, 3), message.length]).at(0)).to.deep.equal(['22 ', 500]);
  });

  it('tells what is claimed beside it: calls, features and services', async function () {
    const backend = seeded();
    const status = backend.status.bind(backend);
    backend.status = () => ({ ...status(), calls: ['compute.pause'], features: ['events'] });
    backend.publishes = [{ service: 'meter', methods: [{ name: 'read' }] }];
    const { proof, as } = await start(this, ':memory:', backend);
    const { features, services, calls } = await proof();
    expect([features, services]).to.deep.equal([['events'], ['meter']]);
    expect(calls.slice(0, 2)).to.deep.equal(
      ['compute.pause', 'meter.read'].map((call) => ({ call, claimed: true, succeeded: '0', failed: '0' })),
    );
    expect(await as('root')<Connector>('connector.get', { connector: 'lab' })).not.to.have.property('features');
  });

  it('is for administrators', async function () {
    const { as } = await start(this);
    expect((await faultOf(as('alice')('connector.proof', { connector: 'lab' }))).kind).to.equal('forbidden');
    expect((await faultOf(as('root')('connector.proof', { connector: 'x' }))).kind).to.equal('not-found');
  });

  it('outlives the daemon', async function () {
    const directory = await mkdtemp(join(tmpdir(), 'annelid-proof-'));
    cleanup(this, () => rm(directory, { recursive: true }));
    const file = join(directory, 'store.db');
    const first = await start(this, file);
    await first.as('root')('vm.list', { refresh: true });
    await first.as('root')<Operation>('vm.start', { vm: 'web1', wait: 5 });
    const { succeeded, medianMs } = (await first.of('compute.start'))!;
    await first.core.stop();
    await first.store.pending();
    const second = await start(this, file);
    expect(await second.of('compute.start')).to.deep.include({ succeeded, medianMs });
  });
});
