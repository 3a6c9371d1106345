import { expect } from 'chai';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import { faultOf, startCore } from '../../support/core.ts';
import { ScriptedBackend } from '../../support/scripted-backend.ts';
import { countTurns } from '../../support/slices.ts';

const many = 10_000;
const machine = (at: number, state: NativeVm['state'] = 'stopped'): NativeVm => ({
  id: `n${at}`,
  name: `web${at}`,
  state,
});
const last = many - 1;

/** A connector whose machines have been read; from then on it lists those that `list` answers. */
const inventoried = async (context: Mocha.Context, list: () => NativeVm[]) => {
  const backend = new ScriptedBackend();
  for (let at = 0; at < many; at++) backend.put(machine(at));
  const bench = await startCore(context, { backend });
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
  return { ...bench, read, stateOf, told, begin };
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
      [many, 'first'],
      [many, 'second'],
      [7, 'third'],
    ] as const) {
      list(count, name);
      const turns = countTurns();
      await read();
      if (count === many) expect(turns()).to.be.at.least(20);
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
