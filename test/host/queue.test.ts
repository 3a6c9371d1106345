import { expect } from 'chai';
import { createQueue, type Queued } from '../../daemon/host/link/queue.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, noopInstance, serialNoop, startHost, stopHosts } from './running-host.ts';

const recording = (maxWaiting = 100) => {
  const started: string[] = [];
  const queue = createQueue<Queued & { name: string }>(maxWaiting);
  const call = (name: string, lock?: string) => ({ name, lock, start: () => started.push(name) });
  return { queue, started, call };
};

describe('the queue before a plugin', () => {
  it('starts no more calls at once than the plugin takes', () => {
    const { queue, started, call } = recording();
    for (const name of ['a', 'b', 'c', 'd']) queue.add(call(name));
    expect(started).to.deep.equal(['a']);
    queue.setConcurrency(2);
    expect(started).to.deep.equal(['a', 'b']);
    queue.free();
    expect(started).to.deep.equal(['a', 'b', 'c']);
  });

  it('starts mutations of one resource one after the other, and lets others overtake', () => {
    const { queue, started, call } = recording();
    queue.setConcurrency(10);
    const first = call('first', 'vm-1');
    for (const next of [first, call('second', 'vm-1'), call('other', 'vm-2'), call('read')]) queue.add(next);
    expect(started).to.deep.equal(['first', 'other', 'read']);
    queue.unlock(first);
    queue.free();
    expect(started).to.deep.equal(['first', 'other', 'read', 'second']);
  });

  it('forgets a call that is no longer wanted, with its place in the row', () => {
    const { queue, started, call } = recording(2);
    const [running, first, second] = [call('running', 'vm-1'), call('first', 'vm-1'), call('second', 'vm-1')];
    for (const next of [running, first, second]) expect(queue.add(next)).to.equal(true);
    expect(queue.add(call('third', 'vm-1'))).to.equal(false);
    queue.remove(first);
    queue.unlock(running);
    queue.free();
    expect(started).to.deep.equal(['running', 'second']);
    expect(queue.add(call('read'))).to.equal(true);
  });

  it('starts nothing while it is paused', () => {
    const { queue, started, call } = recording();
    queue.pause();
    queue.add(call('a'));
    expect(started).to.deep.equal([]);
    queue.resume();
    expect(started).to.deep.equal(['a']);
  });
});

describe('the plugin host, with many calls', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('answers throttled when too many calls wait', async function () {
    const script = { 'compute.get': { delayMs: 50 } };
    const { backend } = await startHost(this, [serialNoop({ script })], { queued: 2 });
    const calls = [1, 2, 3].map(() => backend().call(compute.get, { vm: 'x' }));
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }));
    expect([fault.kind, fault.message]).to.deep.equal([
      'throttled',
      '2 calls are waiting for one already (limits.plugins.queued).',
    ]);
    expect(fault.data).to.deep.equal({ outcome: 'none', retryAfterMs: 1000 });
    expect(await Promise.all(calls)).to.have.length(3);
  });

  it('makes the mutations of one machine one at a time, and reads beside them', async function () {
    const order: string[] = [];
    const slow = { 'compute.start': { delayMs: 60 } };
    const { backend } = await startHost(this, [noopInstance({ script: slow })]);
    const done = (name: string) => () => order.push(name);
    await Promise.all([
      backend().call(compute.start, { vm: 'x' }).then(done('start x')),
      backend().call(compute.pause, { vm: 'x' }).then(done('pause x')),
      backend().call(compute.pause, { vm: 'y' }).then(done('pause y')),
      backend().call(compute.get, { vm: 'x' }).then(done('get x')),
    ]);
    expect(order.slice(0, 2)).to.have.members(['pause y', 'get x']);
    expect(order.slice(2)).to.deep.equal(['start x', 'pause x']);
  });

  it('writes no more than the pipe takes to a plugin that does not read', async function () {
    const stuck = `
      if (m.params.vm === 'stop') { process.stdin.pause(); setTimeout(() => process.stdin.resume(), 200); }
      reply(m, { result: { id: m.params.vm, state: 'running' } });`;
    const program = bareInstance(stuck, {}, 'concurrency: 1000');
    const { backend } = await startHost(this, [program], { queued: 100 });
    await backend().call(compute.get, { vm: 'stop' });
    const labels = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, name.repeat(4000)]));
    const answers = await Promise.allSettled(
      Array.from({ length: 1000 }, (_, n) => backend().call(compute.update, { vm: `vm-${n}`, labels })),
    );
    const kinds = answers.map((answer) => (answer.status === 'rejected' ? answer.reason.kind : 'done'));
    expect(new Set(kinds)).to.deep.equal(new Set(['done', 'throttled']));
  });
});
