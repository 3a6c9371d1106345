import { expect } from 'chai';
import type { ChangeName } from '../../../plugins/memory/changes.ts';
import { expectFault } from './fails.ts';
import { join } from './join.ts';

const states = ['stopped', 'running', 'paused', 'suspended', 'error'] as const;
type State = (typeof states)[number];

/** Where each call leads from each state; `conflict` where it cannot be made. */
const expected: Record<ChangeName | 'compute.delete', Record<State, State | 'gone' | 'conflict'>> = {
  'compute.start': {
    stopped: 'running',
    running: 'conflict',
    paused: 'conflict',
    suspended: 'running',
    error: 'conflict',
  },
  'compute.shutdown': {
    stopped: 'conflict',
    running: 'stopped',
    paused: 'conflict',
    suspended: 'conflict',
    error: 'conflict',
  },
  'compute.powerOff': {
    stopped: 'conflict',
    running: 'stopped',
    paused: 'stopped',
    suspended: 'stopped',
    error: 'stopped',
  },
  'compute.reboot': {
    stopped: 'conflict',
    running: 'running',
    paused: 'conflict',
    suspended: 'conflict',
    error: 'conflict',
  },
  'compute.reset': {
    stopped: 'conflict',
    running: 'running',
    paused: 'running',
    suspended: 'conflict',
    error: 'conflict',
  },
  'compute.pause': {
    stopped: 'conflict',
    running: 'paused',
    paused: 'conflict',
    suspended: 'conflict',
    error: 'conflict',
  },
  'compute.resume': {
    stopped: 'conflict',
    running: 'conflict',
    paused: 'running',
    suspended: 'conflict',
    error: 'conflict',
  },
  'compute.delete': { stopped: 'gone', running: 'conflict', paused: 'conflict', suspended: 'gone', error: 'gone' },
};

describe('the states of a machine in the memory cloud', () => {
  for (const [call, row] of Object.entries(expected) as [ChangeName, (typeof expected)[ChangeName]][]) {
    for (const state of states) {
      const end = row[state];
      it(`${call} of a machine that is ${state} ends ${end === 'conflict' ? 'with a conflict that names it' : end}`, async () => {
        const cloud = await join({ machines: [{ id: 'm', name: 'web1', state }] });
        const made = cloud.call(call as 'compute.pause', { vm: 'm' });
        if (end === 'conflict') {
          await made.then(
            () => expect.fail('no fault'),
            (fault) => {
              expect(fault.kind).to.equal('conflict');
              expect(fault.data).to.deep.equal({ resource: 'm', outcome: 'none' });
              expect(fault.message).to.match(new RegExp(`^web1 is (already )?${state}; ${call} needs it [a-z, ]+\\.$`));
            },
          );
          return;
        }
        await made;
        const { items } = await cloud.call('compute.list', {});
        expect(items[0]?.state ?? 'gone').to.equal(end);
      });
    }
  }

  it('starts a machine paused, before its first instruction', async () => {
    const cloud = await join({ machines: [{ id: 'm', name: 'web1' }] });
    expect((await cloud.call('compute.start', { vm: 'm', paused: true })).state).to.equal('paused');
    cloud.clock.now += 60_000;
    expect((await cloud.call('compute.stats', { vm: 'm' })).cpuSeconds).to.equal(0);
    expect((await cloud.call('compute.resume', { vm: 'm' })).state).to.equal('running');
  });

  it('shows a slow change by its state of transition, progress and events', async () => {
    const cloud = await join({ machines: [{ id: 'm', name: 'web1' }], latencyMs: { 'compute.start': 100 } });
    const started = cloud.call('compute.start', { vm: 'm' });
    expect((await cloud.call('compute.get', { vm: 'm' })).state).to.equal('starting');
    await expectFault(
      cloud.call('compute.pause', { vm: 'm' }),
      'conflict',
      'web1 is starting; compute.pause needs it running.',
    );
    expect((await started).state).to.equal('running');
    expect(cloud.events.map(({ vm }) => vm?.state)).to.deep.equal(['starting', 'running']);
    expect(cloud.progress.map(({ percent }) => percent)).to.deep.equal([10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(cloud.progress[0]?.message).to.equal('web1 is starting');
  });

  it('puts a machine back when a change is cancelled', async () => {
    const cloud = await join({ machines: [{ id: 'm', name: 'web1' }], latencyMs: 60_000 });
    const abort = new AbortController();
    const started = cloud.call('compute.start', { vm: 'm' }, { key: 'op-1', signal: abort.signal });
    abort.abort(new Error('enough'));
    await started.then(
      () => expect.fail('no fault'),
      (error) => expect(error.message).to.equal('enough'),
    );
    expect(cloud.events.map(({ vm }) => vm?.state)).to.deep.equal(['starting', 'stopped']);
    expect(await cloud.find('compute.start', 'op-1')).to.deep.equal({ outcome: 'none' });
  });

  it('lets powerOff overtake a start that is under way, which then fails as cancelled', async () => {
    const cloud = await join({
      machines: [{ id: 'm', name: 'web1', state: 'running' }],
      latencyMs: { 'compute.shutdown': 60_000 },
    });
    const slow = cloud.call('compute.shutdown', { vm: 'm' });
    expect((await cloud.call('compute.powerOff', { vm: 'm' })).state).to.equal('stopped');
    await expectFault(slow, 'cancelled', 'web1 was no longer stopping after compute.powerOff.');
    expect((await cloud.call('compute.get', { vm: 'm' })).state).to.equal('stopped');
  });

  it('carries a call with the same key out once, however often and however close together it is made', async () => {
    const cloud = await join({ machines: [{ id: 'm', name: 'web1', state: 'running' }], latencyMs: 5 });
    const reboot = () => cloud.call('compute.reboot', { vm: 'm' }, { key: 'op-1' });
    const [first, second] = await Promise.all([reboot(), reboot()]);
    expect(second).to.deep.equal(first);
    await reboot();
    expect(cloud.events.map(({ vm }) => vm?.state)).to.deep.equal(['rebooting', 'running']);
  });
});
