import { expect } from 'chai';
import type { CallOptions, TaskHandle } from '../../daemon/core/ports.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, faultOf, noopInstance, serialNoop, startHost, stopHosts } from './running-host.ts';

const kept = { id: 'job-1', pollMs: 10, since: new Date().toISOString() };
const running = { result: { state: 'running', percent: 30, message: 'Copying.' } };
const machine = { id: 'x', state: 'running' };
const done = { result: { state: 'done', result: machine } };

describe('the plugin host, with calls that go on as tasks', () => {
  afterEach(async function () {
    await stopHosts(this);
  });

  it('tells of the task where the caller bears with one, and asks after it until it is done', async function () {
    const script = {
      'compute.start': { result: { task: { id: 'job-1', pollMs: 10, ttlMs: 60_000 } } },
      'task.get': [running, running, done],
    };
    const { backend } = await startHost(this, [noopInstance({ script })]);
    const tasks: TaskHandle[] = [];
    const onTask: CallOptions['onTask'] = (task) => tasks.push(task);
    expect(await backend().call(compute.start, { vm: 'x' }, { key: 'k', onTask })).to.equal(undefined);
    expect(tasks).to.deep.equal([{ id: 'job-1', pollMs: 10, ttlMs: 60_000 }]);
    const said: unknown[] = [];
    const end = await backend().follow(kept, compute.start, { onProgress: (progress) => said.push(progress) });
    expect(end).to.deep.equal({ state: 'done', result: machine });
    expect(said).to.deep.equal(Array(2).fill({ percent: 30, message: 'Copying.' }));
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }, { key: 'k' }));
    expect(fault.message).to.contain('one answered compute.start with a wrong result: /id is missing');
  });

  it('refuses a task without an id', async function () {
    const script = { 'compute.start': { result: { task: {} } } };
    const { backend } = await startHost(this, [noopInstance({ script })]);
    const fault = await faultOf(backend().call(compute.start, { vm: 'x' }, { key: 'k', onTask: () => {} }));
    expect(fault.message).to.equal('one answered compute.start with a wrong result: /task/id is missing.');
  });

  it('answers how a task failed, was cancelled, or ended with what is no result', async function () {
    const error = { code: 507, message: 'The pool is full.', data: { kind: 'quota', outcome: 'partial' } };
    const script = {
      'task.get': [
        { result: { state: 'failed', error } },
        { result: { state: 'cancelled', message: 'An operator did it.' } },
        { result: { state: 'done', result: { id: 'x' } } },
      ],
    };
    const { backend } = await startHost(this, [noopInstance({ script })]);
    const faults = [];
    for (let at = 0; at < 3; at += 1) {
      const end = await backend().follow(kept, compute.start);
      if (end.state === 'failed') faults.push([end.fault.kind, end.fault.message, end.fault.data.outcome]);
    }
    expect(faults).to.deep.equal([
      ['quota', 'The pool is full.', 'partial'],
      ['cancelled', 'An operator did it.', 'unknown'],
      ['internal', 'The task of compute.start on one ended with a wrong result: /state is missing.', 'unknown'],
    ]);
  });

  it('says when the plugin does not know a task, or knows none', async function () {
    const { backend } = await startHost(this, [
      noopInstance(),
      bareInstance('reply(m, { error: { code: -32601, message: "no" } });', { id: 'bare' }),
    ]);
    expect(await backend('one').follow(kept, compute.start)).to.deep.equal({ state: 'forgotten' });
    expect(await backend('bare').follow(kept, compute.start)).to.deep.equal({ state: 'forgotten' });
  });

  it('says when the plugin has gone, and goes on with the same task when it is there again', async function () {
    const script = { 'task.get': { exit: 'kill' as const } };
    const { backend, statuses } = await startHost(this, [noopInstance({ script })]);
    expect(await backend().follow(kept, compute.start)).to.deep.equal({ state: 'away' });
    await statuses.when(({ state, restarts }) => state === 'ready' && restarts === 1);
  });

  it('asks again after a question that failed', async function () {
    const script = { 'task.get': [{ fault: { kind: 'unavailable', message: 'No route.' } }, done] };
    const { backend } = await startHost(this, [noopInstance({ script })]);
    expect(await backend().follow(kept, compute.start)).to.deep.equal({ state: 'done', result: machine });
  });

  it('asks the plugin to cancel the task, and waits for what becomes of it', async function () {
    const script = {
      'task.get': [running, { log: 'asked', ...running }, running, { result: { state: 'cancelled' } }],
      'task.cancel': { log: 'cancel' },
    };
    const { backend, entries } = await startHost(this, [serialNoop({ script })]);
    const abort = new AbortController();
    const end = backend().follow(kept, compute.start, { signal: abort.signal });
    await entries.when(({ message }) => message === 'asked');
    abort.abort();
    const told = await end;
    expect(told.state === 'failed' && told.fault.kind).to.equal('cancelled');
    expect(entries.all.filter(({ message }) => message === 'cancel')).to.have.length(1);
  });

  it('gives up a task that is not ended although it was cancelled', async function () {
    const script = { 'task.get': running };
    const { backend } = await startHost(this, [noopInstance({ script })], { changeTimeoutMs: 30 });
    const end = await backend().follow(kept, compute.start, { signal: AbortSignal.abort() });
    expect(end.state === 'failed' && [end.fault.kind, end.fault.message, end.fault.data.outcome]).to.deep.equal([
      'cancelled',
      'compute.start was cancelled, and one did not end its task.',
      'unknown',
    ]);
  });
});
