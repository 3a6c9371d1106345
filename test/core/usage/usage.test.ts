import { expect } from 'chai';
import type { UsageEntry } from '../../../plugin-protocol/contract/accounting.ts';
import { faultOf, settled } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';
import { fileFor, hour, minute, noon, type Page, start, time } from '../clocked-core.ts';

const spans = (entries: readonly UsageEntry[]) =>
  entries.map(({ began, ended, vcpus }) => [began.slice(11, 16), ended.slice(11, 16), vcpus]);

describe('what machines have used', () => {
  it('is entered when they stop, from when they ran on', async function () {
    const { alice, clock, entries } = await start(this);
    const { resource } = await alice<{ resource: string }>('vm.create', {
      name: 'db1',
      vcpus: 2,
      memoryMiB: 512,
      wait: 5,
    });
    clock.now += minute;
    await alice('vm.start', { vm: 'db1', wait: 5 });
    clock.now += 10 * minute;
    expect(await entries()).to.deep.equal([]);
    await alice('vm.powerOff', { vm: 'db1', wait: 5 });
    clock.now += minute;
    const [{ id, ...entry }] = (await entries()) as [UsageEntry];
    expect(id).to.match(/^[0-9a-f-]{36}$/);
    expect(entry).to.deep.equal({
      vm: resource,
      name: 'db1',
      account: 'acme',
      connector: 'lab',
      vcpus: 2,
      memoryMiB: 512,
      began: time(noon + minute),
      ended: time(noon + 11 * minute),
      seconds: 600,
    });
  });

  it('is in an entry of its own for each size, and counts while a machine is paused', async function () {
    const { alice, clock, entries, backend } = await start(this);
    await alice('vm.create', { name: 'db1', vcpus: 1, start: true, wait: 5 });
    clock.now += minute;
    await alice('vm.pause', { vm: 'db1', wait: 5 });
    clock.now += minute;
    await alice('vm.resume', { vm: 'db1', wait: 5 });
    clock.now += minute;
    await alice('vm.update', { vm: 'db1', vcpus: 4, wait: 5 });
    clock.now += minute;
    // Behind our back.
    const [native] = [...backend.vms.values()];
    backend.emit({ type: 'vm.changed', vm: backend.put({ ...native!, state: 'stopped' }) });
    await alice('vm.get', { vm: 'db1' });
    expect(spans(await entries())).to.deep.equal([
      ['12:00', '12:03', 1],
      ['12:03', '12:04', 4],
    ]);
  });

  it('ends with what a reading shows, also when the clock was set back before', async function () {
    const { alice, clock, backend } = await start(this);
    for (const name of ['db1', 'db2']) await alice('vm.create', { name, start: true, wait: 5 });
    const [first, second] = [...backend.vms.values()];
    clock.now -= hour;
    backend.put({ ...first!, state: 'stopped' });
    backend.vms.delete(second!.id);
    const { items } = await alice<{ items: { name: string; state: string }[] }>('vm.list', { refresh: true });
    expect(items.map(({ name, state }) => `${name} ${state}`)).to.deep.equal(['db1 stopped']);
  });

  it('is cut at the ends of periods, also of those in which the daemon was away', async function () {
    const file = await fileFor(this);
    const first = await start(this, { file });
    await first.alice('vm.create', { name: 'db1', vcpus: 1, start: true, wait: 5 });
    const [native] = [...first.backend.vms.values()];
    await first.core.stop();
    const backend = new ScriptedBackend();
    backend.put(native!);
    const { alice, entries, clock, store } = await start(this, { file, backend }, noon + 2.5 * hour);
    await alice('vm.list', { refresh: true });
    await settled({ store });
    expect(spans(await entries())).to.deep.equal([
      ['12:00', '13:00', 1],
      ['13:00', '14:00', 1],
    ]);
    clock.now += hour;
    await alice('vm.powerOff', { vm: 'db1', wait: 5 });
    expect(spans(await entries()).slice(2)).to.deep.equal([
      ['14:00', '15:00', 1],
      ['15:00', '15:30', 1],
    ]);
  });

  it('goes on while a connector cannot be reached', async function () {
    const { alice, clock, entries, backend } = await start(this, { limits: { plugins: { unknownAfterMs: 1 } } });
    await alice('vm.create', { name: 'db1', vcpus: 1, start: true, wait: 5 });
    const { next } = await alice<{ next: string }>('event.poll');
    clock.now += minute;
    backend.become('failing');
    await alice('event.poll', { after: next, wait: 5, types: ['vm.state'] });
    clock.now += minute;
    backend.become('ready');
    await alice('vm.list', { refresh: true });
    clock.now += minute;
    await alice('vm.powerOff', { vm: 'db1', wait: 5 });
    expect(spans(await entries())).to.deep.equal([['12:00', '12:03', 1]]);
  });

  it('ends when a connector is taken out of the configuration for good, and counts on when it comes back', async function () {
    const file = await fileFor(this);
    const first = await start(this, { file });
    await first.alice('vm.create', { name: 'db1', vcpus: 1, start: true, wait: 5 });
    const [native] = [...first.backend.vms.values()];
    await first.core.stop();
    const none = new ScriptedBackend('other');
    const away = await start(this, { file, backend: none }, noon + 0.5 * hour);
    await away.core.stop();
    const later = await start(this, { file, backend: none }, noon + 2 * hour);
    expect(await later.entries()).to.deep.equal([]);
    await later.core.stop();
    const backend = new ScriptedBackend();
    backend.put(native!);
    const back = await start(this, { file, backend }, noon + 2.5 * hour);
    await back.alice('vm.list', { refresh: true });
    await settled(back);
    expect(spans(await back.entries())).to.deep.equal([
      ['12:00', '13:00', 1],
      ['13:00', '14:00', 1],
    ]);
    await back.core.stop();
    const gone = await start(this, { file, backend: none }, noon + 3 * hour);
    expect(await gone.entries()).to.have.length(2);
    gone.clock.now += hour;
    await gone.core.forgetConnector('lab');
    expect(spans(await gone.entries()).slice(2)).to.deep.equal([['14:00', '15:00', 1]]);
  });

  it('begins with the first start for machines that run already', async function () {
    const file = await fileFor(this);
    const backend = new ScriptedBackend();
    backend.put({ id: 'n1', name: 'old', state: 'running', vcpus: 1 });
    const { as, clock } = await start(this, { file, backend });
    await as('root')('vm.list', { refresh: true });
    clock.now += minute;
    await as('root')('vm.powerOff', { vm: 'old', wait: 5 });
    expect(spans((await as('root')<Page>('usage.list')).items)).to.deep.equal([['12:00', '12:01', 1]]);
  });

  it('is seen by the account that used it and by administrators, page by page and by time', async function () {
    const { as, alice, clock, backend } = await start(this);
    for (const user of ['alice', 'bob'] as const) await as(user)('vm.create', { name: user, start: true, wait: 5 });
    clock.now += 3 * hour;
    for (const user of ['alice', 'bob'] as const) await as(user)('vm.powerOff', { vm: user, wait: 5 });
    const list = async (user: 'root' | 'alice' | 'bob', params: Record<string, unknown> = {}) =>
      (await as(user)<Page>('usage.list', params)).items.map(
        ({ account, began }) => `${account} ${began.slice(11, 13)}`,
      );
    expect(await list('bob', { account: '' })).to.deep.equal(['bobs 12', 'bobs 13', 'bobs 14']);
    expect(await list('alice', { account: 'bobs' })).to.deep.equal([]);
    expect(await list('root', { account: 'bobs' })).to.have.length(3);
    expect(await list('root')).to.have.length(6);
    expect(await list('root', { vm: [...backend.vms.values()][0]!.id.slice(2) })).to.have.length(3);
    const at = (hours: number) => time(noon + hours * hour);
    expect(await list('bob', { since: at(0), before: at(2) })).to.deep.equal(['bobs 12']);
    expect(await list('bob', { since: at(2) })).to.deep.equal(['bobs 13', 'bobs 14']);
    const seen: string[] = [];
    // What is empty is left out.
    let after: string | undefined = '';
    do {
      const page: Page = await as('root')<Page>('usage.list', { account: '', vm: '', limit: 4, after });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(new Set(seen).size).to.equal(6);
    const fault = await faultOf(alice('usage.list', { after: 'nonsense' }));
    expect([fault.kind, fault.data.field]).to.deep.equal(['invalid-params', '/after']);
  });
});
