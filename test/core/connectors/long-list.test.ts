import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import { cleanup, faultOf, startCore } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';
import { countTurns } from '../../support/slices.ts';

const many = 10_000;
/** They are taken over in half the time. */
const images = 2 * many;
const machine = (at: number, state: NativeVm['state'] = 'stopped'): NativeVm => ({
  id: `n${at}`,
  name: `web${at}`,
  state,
});
const last = many - 1;

/** A connector whose machines have been read; from then on it lists those that `list` answers. */
const inventoried = async (context: Mocha.Context, list: () => NativeVm[], unknownAfterMs = 5000) => {
  const backend = new ScriptedBackend();
  for (let at = 0; at < many; at++) backend.put(machine(at));
  const bench = await startCore(context, { backend, limits: { plugins: { unknownAfterMs } } });
  await bench.as('root')('vm.list', { connector: 'lab', refresh: true, limit: 1 });
  backend.scripts.set('compute.list', () => ({ items: list() }));
  const read = () => bench.as('root')('vm.list', { connector: 'lab', refresh: true, limit: 1 });
  const stateOf = async (at: number) => (await bench.as('root')<{ state: string }>('vm.get', { vm: `web${at}` })).state;
  const told = async (after = 0, most = 10 * many) => (await bench.store.events(after, most)).length;
  /** Begin to read, and wait until a part of the machines has been taken over. */
  const begin = async () => {
    const before = await told();
    const reading = read();
    reading.catch(() => {});
    while ((await told(before, 1)) === 0) await bench.store.pending();
    return { reading };
  };
  /** Be away, and wait until a part of the machines is shown as unknown. */
  const away = async () => {
    const { next } = await bench.as('root')<{ next: string }>('event.poll');
    backend.become('failing');
    await bench.as('root')('event.poll', { after: next, wait: 60, types: ['vm.state'], limit: 1 });
  };
  const unknown = async () =>
    (await bench.as('root')<{ total: number }>('vm.list', { state: 'unknown', limit: 1 })).total;
  return { ...bench, read, stateOf, told, begin, away, unknown };
};

const running = () => Array.from({ length: many }, (_, at) => machine(at, 'running'));

describe('a list of many machines', () => {
  it('is taken over a few at a time, between which others have their turn', async function () {
    const { read, told } = await inventoried(this, running);
    const before = await told();
    const turns = countTurns();
    await read();
    expect(turns()).to.be.at.least(20);
    expect(await told()).to.equal(before + many);
  });

  it('is so of images, too: new ones, those that have changed, and those that are gone', async function () {
    const backend = new ScriptedBackend();
    const { as } = await startCore(this, { backend });
    const read = () => as('root')('vm.list', { connector: 'lab', refresh: true });
    const list = (count: number, name: string) => {
      const items = Array.from({ length: count }, (_, at) => ({ id: `i${at}`, name: `${name}${at}` }));
      backend.scripts.set('compute.images', () => ({ items }));
    };
    const shown = async () => {
      const { items, total } = await as('root')<{ items: { name: string }[]; total: number }>('image.list', {
        limit: 1,
      });
      return [total, items[0]?.name];
    };
    for (const [count, name] of [
      [images, 'first'],
      [images, 'second'],
      [7, 'third'],
    ] as const) {
      list(count, name);
      const turns = countTurns();
      await read();
      if (count === images) expect(turns()).to.be.at.least(20);
      else turns();
      expect(await shown()).to.deep.equal([count, `${name}0`]);
    }
  });

  it('is older than events that come meanwhile, also those that tell nothing new', async function () {
    const { read, stateOf, begin, backend } = await inventoried(this, running);
    const { reading } = await begin();
    expect(await stateOf(last)).to.equal('stopped');
    backend.emit({ type: 'vm.changed', vm: machine(last) });
    await reading;
    expect([await stateOf(last), await stateOf(last - 1)]).to.deep.equal(['stopped', 'running']);
    await read();
    expect(await stateOf(last)).to.equal('running');
  });

  it('does not bring back a machine that is deleted meanwhile', async function () {
    const { as, begin, backend } = await inventoried(this, () => [...running(), machine(many)]);
    const { reading } = await begin();
    backend.emit({ type: 'vm.deleted', id: `n${many}` });
    await reading;
    expect((await faultOf(as('root')('vm.get', { vm: `web${many}` }))).kind).to.equal('not-found');
  });

  it('is not taken over to its end when the connector has gone', async function () {
    const { stateOf, begin, backend } = await inventoried(this, running);
    const { reading } = await begin();
    backend.become('failing');
    expect((await faultOf(reading)).message).to.equal('The connector lab cannot be reached.');
    expect(await stateOf(last)).to.equal('stopped');
  });
});

describe('many machines of a connector that is away', () => {
  it('are shown as unknown a few at a time, until it is back, and are read again then', async function () {
    const { away, unknown, read, backend } = await inventoried(this, running, 1);
    await away();
    expect(await unknown()).to.be.within(1, many - 1);
    backend.become('ready');
    await read();
    expect(await unknown()).to.equal(0);
  });

  it('are unknown to the last, and the images gone, when it is not configured any more', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    cleanup(this, () => rm(folder, { recursive: true }));
    const file = join(folder, 'store.db');
    const backend = new ScriptedBackend();
    for (let at = 0; at < many; at++) backend.put(machine(at));
    const images = Array.from({ length: many }, (_, at) => ({ id: `i${at}`, name: `image${at}` }));
    backend.scripts.set('compute.images', () => ({ items: images }));
    const first = await startCore(this, { backend, file });
    await first.as('root')('vm.list', { refresh: true, limit: 1 });
    const before = (await first.store.events(0, 10 * many)).length;
    const { as, store } = await startCore(this, { backend: new ScriptedBackend('other'), file });
    const total = async (method: string, params: object) =>
      (await as('root')<{ total: number }>(method, { ...params, limit: 1 })).total;
    const seen = () => Promise.all([total('vm.list', { state: 'unknown' }), total('image.list', {})]);
    let [unknown, left] = await seen();
    while (unknown < many || left > 0) {
      await turn();
      [unknown, left] = await seen();
    }
    const told = (await store.events(0, 10 * many)).slice(before).filter(({ type }) => type === 'vm.state');
    expect([await total('vm.list', {}), left, told.length]).to.deep.equal([many, 0, many]);
    // What is written at once has one time.
    expect(new Set(told.map(({ time }) => time)).size).to.be.at.least(10);
  });
});
