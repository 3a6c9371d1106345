import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSqliteStore } from '../../../daemon/store/sqlite.ts';
import { cleanup, faultOf, settled, silentLog, startCore } from '../../support/core.ts';
import { ScriptedBackend, seeded } from '../../support/scripted-backend.ts';

const dayMs = 86_400_000;

describe('what is left of a connector that is not configured any more', () => {
  let file: string;
  let now: number;
  const at = (backend: ScriptedBackend, test: Mocha.Context) =>
    startCore(test, { backend, file, limits: { store: { connectorDays: 2 } }, now: () => now });
  const other = () => new ScriptedBackend('other');
  const lab = () => {
    const backend = seeded();
    backend.cursors = 'reported';
    backend.pulls = () => ({ events: [], next: 'c7' });
    return backend;
  };
  /** What the store has that names it. */
  const keys = async () => {
    const store = await openSqliteStore(file, silentLog);
    const { meta } = await store.load();
    await store.close();
    return [...meta.keys()].filter((key) => key.includes('lab')).sort();
  };
  const all = ['cursor:lab', 'state:lab:seen', 'version:lab'];

  beforeEach(async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    file = join(folder, 'store.db');
    now = Date.parse('2026-01-31T12:00:00Z');
    const { as, backend, core } = await at(lab(), this);
    await as('root')('vm.list', { refresh: true });
    await backend.records!.putState('lab', 'seen', { next: 5 }, undefined);
    await core.stop();
    expect(await keys()).to.deep.equal(all);
  });

  it('waits for it to come back, as often as that is, and is there as it was', async function () {
    for (let times = 0; times < 2; times += 1) {
      const away = await at(other(), this);
      expect((await away.as('root')<{ items: { state: string }[] }>('vm.list')).items[0]!.state).to.equal('unknown');
      now += dayMs;
      const { backend, as } = await at(lab(), this);
      expect(backend.records!.state('lab', 'seen')).to.deep.equal({ value: { next: 5 }, version: 1 });
      await as('root')('vm.list', { refresh: true });
      expect(await keys()).to.deep.equal(all);
      now += dayMs;
    }
  });

  it('is noted before the daemon ends, however soon that is', async function () {
    const { core } = await at(other(), this);
    await core.stop();
    expect(await keys()).to.include('gone:lab');
  });

  it('is dropped when that takes as long as store.connectorDays says', async function () {
    await settled(await at(other(), this));
    now += 2 * dayMs - 1;
    await settled(await at(other(), this));
    expect(await keys()).to.deep.equal([...all, 'gone:lab'].sort());
    now += 1;
    const away = await at(other(), this);
    await settled(away);
    expect(await keys()).to.deep.equal([]);
    expect((await away.as('root')<{ items: object[] }>('vm.list')).items).to.deep.equal([]);
    const { backend } = await at(lab(), this);
    expect(backend.records!.state('lab', 'seen')).to.deep.equal({ version: 0 });
  });

  it('is dropped when an operator says so, and not while the connector is there', async function () {
    const there = await at(lab(), this);
    expect((await faultOf(there.core.forgetConnector('lab'))).message).to.equal(
      'The connector lab is configured; take it out of the configuration and reload that first.',
    );
    const { as, core, backend } = await at(other(), this);
    const { next } = await as('root')<{ next: string }>('event.poll');
    await core.forgetConnector('lab');
    const { events } = await as('root')<{ events: { type: string }[] }>('event.poll', {
      after: next,
      types: ['vm.deleted'],
    });
    expect(events).to.have.length(2);
    expect(await keys()).to.deep.equal([]);
    expect(backend.records!.state('lab', 'seen')).to.deep.equal({ version: 0 });
    expect((await faultOf(core.forgetConnector('lab'))).message).to.equal('Nothing is kept of a connector lab.');
  });
});
