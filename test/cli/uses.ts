/** How a plugin that `annelid plugin new` has made is used through a daemon, by its kind. */
import { expect } from 'chai';
import type { Operation } from '../../daemon/catalogue/resources.ts';
import type { Kind } from '../../daemon/kit/kinds.ts';
import type { TestDaemon } from '../support/daemon.ts';

interface Use {
  /** What its connector has beside `plugin`. */
  connector?: object;
  /** Does with a connector, whose name is that of its plugin, what it is for. */
  use(daemon: TestDaemon, connector: string): Promise<void>;
}

/** The service of a plugin: `my-own` as `myOwn`. */
const serviceOf = (name: string) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

export const uses: Record<Kind, Use> = {
  compute: {
    async use(daemon, connector) {
      const wish = { name: `of ${connector}`, connector, memoryMiB: 64, start: true, wait: 30 };
      expect(await daemon.call<Operation>('vm.create', wish)).to.include({ state: 'succeeded' });
    },
  },
  service: {
    async use(daemon, connector) {
      const greeting = await daemon.call(`${serviceOf(connector)}.greet`, { name: 'Ann', times: 2 });
      expect(greeting).to.equal('Hello, Ann! Hello, Ann!');
    },
  },
};
