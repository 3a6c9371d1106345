import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Event } from '../../../daemon/catalogue/resources.ts';
import type { NativeEvent, PulledEvents } from '../../../daemon/core/ports.ts';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import { cleanup, silentLog, startCore } from '../../support/core.ts';
import { gate, seeded } from '../../support/scripted-backend.ts';

const web1 = (state: NativeVm['state'], cursor: string): NativeEvent => ({
  type: 'vm.changed',
  vm: { id: 'n1', name: 'web1', state },
  cursor,
});

type Call = <T = never>(method: string, params?: Record<string, unknown>) => Promise<T>;

/** The states that web1 is said to have gone through, once it has gone through so many. */
const statesOf = async (call: Call, count: number): Promise<string[]> => {
  const states: string[] = [];
  for (let after = '0'; states.length < count; ) {
    const { events, next } = await call<{ events: Event[]; next: string }>('event.poll', {
      after,
      wait: 30,
      types: ['vm.state'],
    });
    states.push(...events.map(({ data }) => data.state!));
    after = next;
  }
  return states;
};

/** A backend with cursors, whose history goes on where `since` is a number of events. */
const withHistory = (cursors: 'reported' | 'asked' = 'reported') => {
  const backend = seeded();
  const history: NativeEvent[] = [];
  const asked: (string | undefined)[] = [];
  backend.cursors = cursors;
  backend.pulls = (since) => {
    asked.push(since);
    if (since === undefined) return { events: [], next: String(history.length) };
    return { events: history.slice(Number(since)), next: String(history.length) };
  };
  /** Something happens; answers the event. */
  const happen = (state: NativeVm['state']) => {
    const event = web1(state, String(history.length + 1));
    history.push(event);
    backend.put(event.vm!);
    return event;
  };
  return { backend, asked, happen, lists: () => backend.sent.filter(({ call }) => call === 'compute.list').length };
};

describe('events with cursors', () => {
  it('go on where they were when the daemon comes back, and are told in their order', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    const file = join(folder, 'store.db');
    const { backend, asked, happen } = withHistory();
    const first = await startCore(this, { backend, file });
    await first.as('root')('vm.list', { refresh: true });
    backend.emit(happen('running'));
    expect(await statesOf(first.as('root'), 1)).to.deep.equal(['running']);
    await first.core.stop();
    for (const state of ['paused', 'running', 'stopped'] as const) happen(state);
    const { as } = await startCore(this, { backend, file });
    expect(await statesOf(as('root'), 4)).to.deep.equal(['running', 'paused', 'running', 'stopped']);
    expect(asked).to.deep.equal([undefined, '1', '4']);
  });

  it('spare the daemon reading the machines again, unless the history is gone', async function () {
    const { backend, happen, lists } = withHistory();
    const { as } = await startCore(this, { backend });
    await as('root')('vm.list', { refresh: true });
    const before = lists();
    backend.become('failing');
    happen('running');
    backend.become('ready');
    expect(await statesOf(as('root'), 1)).to.deep.equal(['running']);
    expect(lists()).to.equal(before);
    backend.become('failing');
    backend.put({ id: 'n1', name: 'web1', state: 'paused' });
    backend.pulls = () => ({ events: [], next: 'another', reset: true });
    backend.become('ready');
    expect(await statesOf(as('root'), 2)).to.deep.equal(['running', 'paused']);
    expect(lists()).to.equal(before + 1);
  });

  it('that are reported while the plugin is asked wait for the answer that has them, and are told once', async function () {
    const { backend, happen } = withHistory();
    const { as } = await startCore(this, { backend });
    await as('root')('vm.list', { refresh: true });
    const history = backend.pulls;
    const asked = gate();
    const answer = gate<PulledEvents>();
    backend.pulls = () => {
      asked.resolve();
      backend.pulls = history;
      return answer.promise;
    };
    backend.become('failing');
    const missed = happen('running');
    backend.become('ready');
    await asked.promise;
    // It comes when the answer has been made, and is told of before it is sent.
    const late = happen('stopped');
    backend.emit(late);
    answer.resolve({ events: [missed], next: missed.cursor! });
    await statesOf(as('root'), 2);
    backend.emit(late);
    backend.emit(happen('paused'));
    expect(await statesOf(as('root'), 3)).to.deep.equal(['running', 'stopped', 'paused']);
  });

  it('that lead nowhere are not asked for in a circle', async function () {
    const { backend } = withHistory();
    const warned = gate<string>();
    const log = { ...silentLog, warn: (facts: object) => warned.resolve((facts as { fault?: string }).fault ?? '') };
    backend.pulls = (since = '0') => ({ events: [web1('running', '0')], next: since });
    await startCore(this, { backend, log });
    expect(await warned.promise).to.equal('It answers events after 0, and goes on at 0.');
  });

  it('are asked for again and again where the plugin cannot report, also after a question that failed', async function () {
    const { backend, happen } = withHistory('asked');
    const { as } = await startCore(this, { backend, limits: { plugins: { eventPollMs: 5 } } });
    await as('root')('vm.list', { refresh: true });
    const history = backend.pulls;
    const failed = gate();
    backend.pulls = () => {
      backend.pulls = history;
      failed.resolve();
      throw new Error('A slip.');
    };
    await failed.promise;
    happen('running');
    happen('stopped');
    expect(await statesOf(as('root'), 2)).to.deep.equal(['running', 'stopped']);
  });
});
