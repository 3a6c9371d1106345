import { expect } from 'chai';
import { createDisturbance, randomFrom } from '../../../plugins/memory/disturbance.ts';
import { settingsFrom } from '../../../plugins/memory/settings.ts';
import { expectFault, faultOf } from './fails.ts';
import { Crash, join, wish } from './join.ts';

const machines = [{ id: 'm', name: 'web1' }];

describe('the fault rules of the memory cloud', () => {
  it('fails the calls and machines that a rule names, as often as it says, after those it spares', async () => {
    const cloud = await join({
      machines: [...machines, { id: 'n', name: 'db1' }],
      faults: [{ call: 'compute.get', vm: 'web*', kind: 'throttled', skip: 1, times: 2, retryAfterMs: 70 }],
    });
    const ends: unknown[] = [];
    for (const vm of ['n', 'm', 'm', 'n', 'm', 'm']) {
      const end = await cloud.call('compute.get', { vm }).catch((fault) => fault);
      ends.push(end.kind ?? end.name);
    }
    expect(ends).to.deep.equal(['db1', 'web1', 'throttled', 'db1', 'throttled', 'web1']);
  });

  it('says what it was told to say', async () => {
    const cloud = await join({ machines, faults: [{ kind: 'busy', message: 'Come back.', retryAfterMs: 70 }] });
    const fault = await faultOf(cloud.call('compute.start', { vm: 'm' }));
    expect({ kind: fault.kind, message: fault.message, ...fault.data }).to.deep.equal({
      kind: 'busy',
      message: 'Come back.',
      outcome: 'none',
      retryAfterMs: 70,
      resource: 'm',
    });
  });

  it('does nothing when it fails before the work, and all of it when it fails after', async () => {
    for (const after of [false, true]) {
      const cloud = await join({ machines: [], faults: [{ call: 'compute.create', after, times: 1 }] });
      const params = wish('a');
      await expectFault(
        cloud.call('compute.create', params, { key: 'op-1' }),
        'unavailable',
        'compute.create was told to fail with unavailable.',
        { outcome: after ? 'unknown' : 'none' },
      );
      const found = await cloud.find('compute.create', 'op-1');
      expect([found.outcome, found.vm?.key]).to.deep.equal(after ? ['done', 'op-1'] : ['none', undefined]);
      const made = await cloud.call('compute.create', params, { key: 'op-1' });
      expect((await cloud.call('compute.list', {})).items).to.deep.equal([made]);
    }
  });

  it('ends the plugin before or after the work', async () => {
    for (const after of [false, true]) {
      const cloud = await join({ machines, faults: [{ call: 'compute.start', crash: true, after }] });
      const end = await cloud.call('compute.start', { vm: 'm' }).catch((error) => error);
      expect(end).to.be.instanceOf(Crash);
      expect((await cloud.call('compute.get', { vm: 'm' })).state).to.equal(after ? 'running' : 'stopped');
    }
  });

  it('never answers a call that is told to hang, and answers others meanwhile', async () => {
    const cloud = await join({ machines, faults: [{ call: 'compute.stats', hang: true }] });
    const hanging = cloud.call('compute.stats', { vm: 'm' });
    const first = await Promise.race([hanging, cloud.call('compute.get', { vm: 'm' })]);
    expect(first).to.include({ id: 'm' });
  });

  it('strikes as often as its probability says, and the same calls for the same seed', () => {
    const { faults } = settingsFrom({ faults: [{ probability: 0.25 }] });
    const row = (seed: number) => {
      const disturbance = createDisturbance(faults, [], seed);
      return Array.from({ length: 4000 }, () => disturbance.strikes('compute.get') !== undefined);
    };
    expect(row(1)).to.deep.equal(row(1));
    expect(row(1)).not.to.deep.equal(row(2));
    expect(row(1).filter(Boolean).length).to.be.within(900, 1100);
  });

  it('takes a latency from the range of the first pattern that fits', () => {
    const { latency } = settingsFrom({ latencyMs: { 'compute.start': 200, 'compute.*': { min: 5, max: 9 } } });
    const disturbance = createDisturbance([], latency, 1);
    expect(disturbance.latencyMs('compute.start')).to.equal(200);
    expect(disturbance.latencyMs('network.list')).to.equal(0);
    const taken = Array.from({ length: 200 }, () => disturbance.latencyMs('compute.get'));
    expect(Math.min(...taken)).to.be.within(5, 5.5);
    expect(Math.max(...taken)).to.be.within(8.5, 9);
  });

  it('draws random numbers from 0 up to 1 evenly', () => {
    const random = randomFrom(7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw++) {
      const at = Math.floor(random() * 10);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    expect(counts).to.have.length(10);
    for (const count of counts) expect(count).to.be.within(900, 1100);
  });
});

describe('the configuration of the memory cloud', () => {
  for (const [config, field] of [
    [{ machines: [{ name: 'a', state: 'flying' }] }, '/config/machines/0/state'],
    [{ machines: [{ name: 'a' }, { name: 'a' }] }, '/config/machines/1'],
    [{ hosts: [{ name: 'h', memory: 1 }] }, '/config/hosts/0/memory'],
    [{ networks: [{ name: 'n', cidr: '10.0.0.300/24' }] }, '/config/networks'],
    [{ faults: [{ kind: 'sad' }] }, '/config/faults/0/kind'],
    [{ latencyMs: -1 }, '/config/latencyMs'],
    [{ latencyMs: { min: 5, max: 1 } }, '/config/latencyMs'],
    [{ latencyMs: { 'compute.get': 'slow' } }, '/config/latencyMs/compute.get'],
    [{ colour: 'blue' }, '/config/colour'],
    [{ file: '/dev/null/cloud.json' }, '/config/file'],
  ] as const) {
    it(`that is wrong is refused with the field that is: ${JSON.stringify(config)}`, async () => {
      const fault = await faultOf(join(config));
      expect([fault.kind, fault.data.field]).to.deep.equal(['invalid-params', field]);
    });
  }
});
