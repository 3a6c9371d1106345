import { expect } from 'chai';
import type { UsageEntry } from '../../../plugin-protocol/contract/accounting.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { createWatch } from '../../host/running-host.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';
import { fileFor, hour, minute, noon, start } from '../clocked-core.ts';

describe('accounting plugins', () => {
  const bookkeeper = (id = 'lab') => {
    const backend = new ScriptedBackend(id);
    const told = createWatch<UsageEntry[]>();
    backend.scripts.set('accounting.record', ({ params }) => {
      told.add(params.entries as UsageEntry[]);
      return {};
    });
    return { backend, told };
  };
  const accounting = () => ['lab'];
  const runForAMinute = async ({ alice, clock }: Awaited<ReturnType<typeof start>>, name: string) => {
    await alice('vm.create', { name, start: true, wait: 5 });
    clock.now += minute;
    await alice('vm.powerOff', { vm: name, wait: 5 });
  };

  it('are told each entry once, in order, as it comes', async function () {
    const { backend, told } = bookkeeper();
    const bench = await start(this, { backend, accounting });
    for (const name of ['a', 'b', 'c']) {
      await runForAMinute(bench, name);
      await told.when((entries) => entries.some((entry) => entry.name === name));
    }
    expect(told.all.flat().map(({ name }) => name)).to.deep.equal(['a', 'b', 'c']);
    expect(told.all.flat()).to.deep.equal(await bench.entries());
  });

  it('that are not configured so are told nothing', async function () {
    const { backend, told } = bookkeeper();
    const bench = await start(this, { backend });
    await runForAMinute(bench, 'a');
    expect(told.all).to.deep.equal([]);
    expect(await bench.entries()).to.have.length(1);
  });

  it('that fail are told again, the same entries with the same ids, and then go on', async function () {
    const { backend, told } = bookkeeper();
    const record = backend.scripts.get('accounting.record')!;
    let failures = 2;
    backend.scripts.set('accounting.record', (sent) => {
      const answer = record(sent);
      failures -= 1;
      if (failures >= 0) throw new Fault('unavailable', 'The books are closed.');
      return answer;
    });
    const bench = await start(this, { backend, accounting, limits: { accounting: { retryMaxMs: 10 } } });
    await runForAMinute(bench, 'a');
    await told.when(() => told.all.length === 3);
    await runForAMinute(bench, 'b');
    await told.when((entries) => entries.some(({ name }) => name === 'b'));
    const ids = told.all.map((entries) => entries.map(({ id }) => id).join());
    expect(new Set(ids.slice(0, 3)).size).to.equal(1);
    expect(told.all.at(-1)!.map(({ name }) => name)).to.deep.equal(['b']);
  });

  it('go on where they were after a restart, and get what came while they were not told', async function () {
    const file = await fileFor(this);
    const first = bookkeeper();
    const before = await start(this, { file, backend: first.backend, accounting });
    await runForAMinute(before, 'a');
    await first.told.when((entries) => entries.some(({ name }) => name === 'a'));
    await before.core.stop();
    const away = await start(this, { file }, noon + hour);
    await runForAMinute(away, 'b');
    await away.core.stop();
    const { backend, told } = bookkeeper();
    const after = await start(this, { file, backend, accounting }, noon + 2 * hour);
    await told.when((entries) => entries.some(({ name }) => name === 'b'));
    await runForAMinute(after, 'c');
    await told.when((entries) => entries.some(({ name }) => name === 'c'));
    expect(told.all.flat().map(({ name }) => name)).to.deep.equal(['b', 'c']);
  });

  it('that come later are told from the beginning, in batches', async function () {
    const { backend, told } = bookkeeper();
    let connectors: string[] = [];
    const bench = await start(this, { backend, accounting: () => connectors, limits: { accounting: { batch: 2 } } });
    for (const name of ['a', 'b', 'c']) await runForAMinute(bench, name);
    connectors = ['lab'];
    backend.become('ready');
    await told.when((entries) => entries.some(({ name }) => name === 'c'));
    expect(told.all.map((entries) => entries.map(({ name }) => name).join())).to.deep.equal(['a,b', 'c']);
  });

  it('may refuse an entry for good, of which administrators are told by an event', async function () {
    const { backend, told } = bookkeeper();
    const record = backend.scripts.get('accounting.record')!;
    backend.scripts.set('accounting.record', (sent) => {
      record(sent);
      const [first] = sent.params.entries as UsageEntry[];
      return {
        refused: [
          { id: first!.id, message: 'There is no client acme.' },
          { id: 'another', message: 'No.' },
        ],
      };
    });
    const bench = await start(this, { backend, accounting });
    const { next: after } = await bench.as('root')<{ next: string }>('event.poll');
    await runForAMinute(bench, 'a');
    const poll = { after, wait: 5, types: ['usage.refused'] };
    const { events } = await bench.as('root')<{ events: { data: object }[] }>('event.poll', poll);
    expect(events.map(({ data }) => data)).to.deep.equal([
      {
        connector: 'lab',
        entry: told.all[0]![0]!.id,
        vm: told.all[0]![0]!.vm,
        account: 'acme',
        message: 'There is no client acme.',
      },
    ]);
    expect((await bench.alice<{ events: object[] }>('event.poll', { ...poll, wait: 0 })).events).to.deep.equal([]);
  });

  it('keep what they have not taken from being dropped', async function () {
    const file = await fileFor(this);
    const closed = bookkeeper();
    closed.backend.scripts.set('accounting.record', () => {
      throw new Fault('unavailable', 'The books are closed.');
    });
    const limits = { store: { usageDays: 1 } };
    const before = await start(this, { file, backend: closed.backend, accounting, limits });
    await runForAMinute(before, 'a');
    await before.core.stop();
    const { backend, told } = bookkeeper();
    await start(this, { file, backend, accounting, limits }, noon + 48 * hour);
    await told.when((entries) => entries.some(({ name }) => name === 'a'));
  });
});
