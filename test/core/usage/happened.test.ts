import { expect } from 'chai';
import type { NativeEvent } from '../../../daemon/core/ports.ts';
import { settled } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';
import { fileFor, hour, minute, noon, start, time } from '../clocked-core.ts';

type Bench = Awaited<ReturnType<typeof start>>;

describe('events that say when they happened', () => {
  /** A machine that runs from noon on. */
  const running = async (context: Mocha.Context, more: Parameters<typeof start>[1] = {}) => {
    const bench = await start(context, more);
    await bench.alice('vm.create', { name: 'db1', vcpus: 1, start: true, wait: 5 });
    return { ...bench, native: [...bench.backend.vms.values()][0]! };
  };
  const spansOf = async ({ entries, store }: Pick<Bench, 'entries' | 'store'>) => {
    await settled({ store });
    return (await entries()).map(({ began, ended }) => `${began.slice(11, 16)}-${ended.slice(11, 16)}`);
  };

  it('end and begin the time of a machine then, and not when they are heard of', async function () {
    const bench = await running(this);
    const { backend, clock, native } = bench;
    clock.now += 50 * minute;
    const tell = (state: 'running' | 'stopped', minutes: number) =>
      backend.emit({ type: 'vm.changed', vm: backend.put({ ...native, state }), time: time(noon + minutes * minute) });
    tell('stopped', 10);
    tell('running', 20);
    tell('stopped', 30);
    expect(await spansOf(bench)).to.deep.equal(['12:00-12:10', '12:20-12:30']);
  });

  it('and are older than what has been entered, or than the machine is known, count nothing twice', async function () {
    const bench = await running(this);
    const { backend, clock, native } = bench;
    clock.now += 10 * minute;
    const tell = (state: 'running' | 'stopped', at: number) =>
      backend.emit({ type: 'vm.changed', vm: backend.put({ ...native, state }), time: time(at) });
    tell('stopped', noon + 5 * minute);
    tell('running', 0);
    tell('stopped', noon + 9 * minute);
    tell('running', noon + 24 * hour);
    clock.now += minute;
    tell('stopped', noon + 24 * hour);
    backend.emit({ type: 'vm.changed', vm: backend.put({ id: 'new', state: 'running' }), time: time(0) });
    clock.now += minute;
    backend.emit({ type: 'vm.deleted', id: 'new' });
    expect(await spansOf(bench)).to.deep.equal(['12:00-12:05', '12:05-12:09', '12:10-12:11']);
    expect(await bench.as('root')('usage.list'))
      .to.have.property('items')
      .with.length(4);
  });

  it('are not waited for by a reading once the daemon stops', async function () {
    const backend = new ScriptedBackend();
    backend.cursors = 'reported';
    backend.pulls = () => new Promise(() => {});
    const { core, alice, store } = await start(this, { backend, limits: { plugins: { firstReadMs: 1 } } });
    const listed = alice<{ items: object[] }>('vm.list', { refresh: true });
    await settled({ store });
    core.stop();
    expect((await listed).items).to.deep.equal([]);
  });

  it('are waited for where periods have ended while nobody could see: nothing is entered before', async function () {
    const file = await fileFor(this);
    const first = await running(this, { file });
    await first.core.stop();
    const backend = new ScriptedBackend();
    backend.cursors = 'reported';
    const stopped: NativeEvent = {
      type: 'vm.changed',
      vm: backend.put({ ...first.native, state: 'stopped' }),
      cursor: '2',
      time: time(noon + 30 * minute),
    };
    const asked = Promise.withResolvers<void>();
    backend.pulls = async (since) => {
      await asked.promise;
      return since === undefined ? { events: [stopped], next: '2' } : { events: [], next: '2' };
    };
    const later = await start(this, { file, backend }, noon + 40 * 24 * hour);
    expect(await spansOf(later)).to.deep.equal([]);
    const listed = later.alice('vm.list', { refresh: true });
    await settled(later);
    asked.resolve();
    await listed;
    expect(await spansOf(later)).to.deep.equal(['12:00-12:30']);
  });
});
