/** How a plugin that `annelid plugin new` has made is used through a daemon, by its kind. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { execa } from 'execa';
import type { Operation, Vm } from '../../daemon/catalogue/resources.ts';
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

/** The ids of the entries in the books of a plugin, as often as each is there. */
const idsIn = async (file: string): Promise<unknown[]> => {
  const content = await readFile(file);
  if (!content.toString('latin1').startsWith('SQLite')) {
    const lines = content.toString().split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line).id);
  }
  const db = new DatabaseSync(file, { timeout: 5000 });
  const rows = db.prepare('select id from entry').all();
  db.close();
  return rows.map(({ id }) => id);
};

export const password = 'Zoë opens "sesame" $HOME';

/** What stands in a README between fences, in a language. */
export const blocksOf = (readme: string, language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block!);

/** What a README says is to be done before a daemon has the plugin; where a password is asked for, that one is given. */
export const typed = (block: string, cwd: string) => execa('bash', ['-ec', block], { cwd, input: `${password}\n` });

/** What XML-RPC says of who calls. */
const whoami = async (daemon: TestDaemon, login: string, secret: string): Promise<string> => {
  const reply = await fetch(`${daemon.url}/RPC2`, {
    method: 'POST',
    headers: {
      'Content-Type': 'text/xml',
      Authorization: `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`,
    },
    body: '<methodCall><methodName>session.whoami</methodName></methodCall>',
  });
  return reply.text();
};

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
  accounting: {
    async use(daemon, connector) {
      const cloud = Object.keys(daemon.connectors).find((name) => name.endsWith('-compute'))!;
      const name = `billed by ${connector}`;
      await daemon.call('vm.create', { name, connector: cloud, start: true, wait: 30 });
      await daemon.call('vm.powerOff', { vm: name, wait: 30 });
      const { id: vm } = await daemon.call<Vm>('vm.get', { vm: name });
      const { items } = await daemon.call<{ items: { id: string }[] }>('usage.list', { vm });
      expect(items).to.have.length(1);
      const books = () => idsIn(join(daemon.connectors[connector]!.plugin, 'books.data'));
      await until(async () => (await books()).includes(items[0]!.id));
      const ids = await books();
      expect(new Set(ids).size).to.equal(ids.length);
    },
  },
  directory: {
    async use(daemon, connector) {
      const { plugin } = daemon.connectors[connector]!;
      // With somebody whom no other directory has.
      const readme = await readFile(join(plugin, 'README.md'), 'utf8');
      const [, add] = blocksOf(readme, 'sh');
      await typed(add!.replace('ann:', `${connector}:`), dirname(plugin));
      expect(await whoami(daemon, connector, password)).to.include(`<string>${connector}</string>`);
      expect(await whoami(daemon, connector, `${password} `)).to.include('The user name or the password is wrong.');
      expect(daemon.log.join('\n')).not.to.include('sesame');
    },
  },
};
