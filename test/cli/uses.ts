/** How a plugin that `annelid plugin new` has made is used through a daemon, by its kind. */
import { expect } from 'chai';
import type { Operation } from '../../daemon/catalogue/resources.ts';
import type { Kind } from '../../daemon/kit/kinds.ts';
import type { Fault } from '../../plugin-protocol/faults.ts';
import { type TestDaemon, until } from '../support/daemon.ts';

interface Use {
  /** Does with a connector, whose name is that of its plugin, what it is for. */
  use(daemon: TestDaemon, connector: string): Promise<void>;
}

/** The service of a plugin: `my-own` as `myOwn`. */
const serviceOf = (name: string) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/**
 * Makes and removes what a connector lists and a service of its plugin keeps: `wish` is what `create` takes beside a name,
 * `other` is not that, and `listed` what the catalogue then says.
 */
const keeps = (noun: string, { wish, other, listed }: Record<'wish' | 'other' | 'listed', object>): Use => ({
  async use(daemon, connector) {
    const service = serviceOf(connector);
    const name = `of ${connector}`;
    const create = (more: object) => daemon.call(`${service}.create`, { name, ...more });
    // Nobody asks for the list to be read again: the plugin says that something has happened.
    const untilThereAre = (count: number) =>
      until(async () => (await daemon.call<{ total: number }>(`${noun}.list`, { connector })).total === count);
    expect(await create(wish)).to.equal(name);
    await untilThereAre(1);
    expect(await create(wish)).to.equal(name);
    const refused: Fault = await create(other).then(
      () => expect.fail('It has made what is there already.'),
      (fault) => fault,
    );
    expect([refused.kind, refused.data.resource]).to.deep.equal(['exists', name]);
    const { items } = await daemon.call<{ items: object[] }>(`${noun}.list`, { connector, refresh: true });
    expect(items).to.have.length(1);
    expect(await daemon.call(`${noun}.get`, { [noun]: name })).to.deep.include({ name, connector, ...listed });
    expect(await daemon.call(`${service}.delete`, { [noun]: name })).to.equal(true);
    await untilThereAre(0);
    expect(await daemon.call(`${service}.delete`, { [noun]: name })).to.equal(false);
  },
});

export const uses: Record<Kind, Use> = {
  compute: {
    async use(daemon, connector) {
      const wish = { name: `of ${connector}`, connector, memoryMiB: 64, start: true, wait: 30 };
      expect(await daemon.call<Operation>('vm.create', wish)).to.include({ state: 'succeeded' });
    },
  },
  storage: keeps('volume', { wish: { sizeMiB: 1024 }, other: { sizeMiB: 2048 }, listed: { sizeMiB: 1024 } }),
  network: keeps('network', {
    wish: { cidrs: ['10.1.0.0/16', 'fd00::/64'] },
    other: { cidrs: ['10.2.0.0/16'] },
    listed: { state: 'up', cidrs: ['10.1.0.0/16', 'fd00::/64'] },
  }),
  service: {
    async use(daemon, connector) {
      const greeting = await daemon.call(`${serviceOf(connector)}.greet`, { name: 'Ann', times: 2 });
      expect(greeting).to.equal('Hello, Ann! Hello, Ann!');
    },
  },
};
