import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Connector, Operation, Vm } from '../../daemon/catalogue/resources.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { requireSuite } from '../setup/packages.ts';
import { libvirtConnector } from '../support/client-life.ts';
import { type Connectors, daemonsOfSuite, type TestDaemon, until } from '../support/daemon.ts';
import { descendantsOf, type ProcessInfo, processes } from '../support/processes.ts';
import { guest } from './guest.ts';
import { type PrivateLibvirt, startLibvirt } from './libvirtd.ts';

/** A machine as the backend itself shows it, without the daemon. */
interface Seen {
  id: string;
  name: string;
}

interface Cloud {
  /** Changes with each daemon, so that no two share a cloud. */
  connectors: (directory: string) => Connectors;
  machine: object;
  seen: (directory: string) => Promise<Seen[]>;
  /** What machines have made for them beside themselves: the ids of those machines, one for each such thing. */
  disks: (directory: string) => Promise<string[]>;
}

const many = 20;

/**
 * When to kill: once so many calls are answered, which answer when the operation has begun, or has ended. The daemon is
 * killed so many times: after the first in the middle of taking up what the one before it has left.
 */
const moments = [
  { answers: 1, wait: 60, kills: 1, when: 'when the first machine is made' },
  { answers: 7, wait: 0, kills: 1, when: 'when seven are promised' },
  { answers: many, wait: 0, kills: 3, when: 'when all are promised' },
];

interface Interrupted {
  /** By key; those are missing whose answer was lost. */
  operations: Map<string, Operation>;
  /** When the blow fell. */
  at: string;
}

/** Twenty calls at once; `strike` is made when so many of them are answered. */
const createMany = async (
  { call }: Pick<TestDaemon, 'call'>,
  keys: string[],
  params: object,
  answers: number,
  strike: () => unknown,
): Promise<Interrupted> => {
  const operations = new Map<string, Operation>();
  let at = '';
  let struck: unknown;
  await Promise.all(
    keys.map(async (key) => {
      try {
        operations.set(key, await call<Operation>('vm.create', { name: key, key, ...params }));
        if (operations.size === answers) {
          at = new Date().toISOString();
          struck = strike();
        }
      } catch (error) {
        // A fault is an answer, and here a wrong one.
        if (error instanceof Fault) throw error;
      }
    }),
  );
  await struck;
  return { operations, at };
};

const isPlugin = ({ environment }: ProcessInfo) => environment.includes('ANNELID_PLUGIN=1');

/** Everything that must be true of the machines with these names, whatever was killed meanwhile. */
const expectAllOnce = async (cloud: Cloud, daemon: TestDaemon, keys: string[], { operations, at }: Interrupted) => {
  expect([...operations.keys()]).to.have.members(keys);
  const ended = await Promise.all(
    [...operations.values()].map(({ id }) => daemon.call<Operation>('operation.wait', { operation: id, wait: 60 })),
  );
  expect(ended.map(({ state, fault }) => fault?.message ?? state)).to.deep.equal(keys.map(() => 'succeeded'));
  expect(new Set(ended.map(({ id }) => id)).size).to.equal(keys.length);
  expect(
    ended.filter(({ finished }) => finished! > at),
    'operations that were interrupted',
  ).not.to.have.length(0);

  const { items } = await daemon.call<{ items: Vm[] }>('vm.list', {
    name: `${keys[0]!.split('-')[0]}-`,
    refresh: true,
  });
  expect(items.map(({ name }) => name)).to.have.members(keys);
  expect(items.map(({ id }) => id)).to.have.members(ended.map(({ resource }) => resource));
  expect(new Set(items.map(({ state }) => state))).to.deep.equal(new Set(['stopped']));

  const seen = await cloud.seen(daemon.directory);
  const { items: all } = await daemon.call<{ items: Vm[] }>('vm.list');
  expect(seen).to.have.deep.members(all.map(({ nativeId, name }) => ({ id: nativeId, name })));
  expect(await cloud.disks(daemon.directory)).to.have.members(seen.map(({ id }) => id));

  const unfinished = ['queued', 'running'].map((state) => daemon.call<{ total: number }>('operation.list', { state }));
  expect((await Promise.all(unfinished)).map(({ total }) => total)).to.deep.equal([0, 0]);
};

/** Nothing that a daemon before this one has started runs any more, and one plugin process is left. */
const expectNoOrphans = async (daemon: TestDaemon) => {
  await until(async () => {
    const own = new Set(descendantsOf(await processes(), daemon.pid).map(({ pid }) => pid));
    return (await daemon.offspring()).every(({ pid }) => own.has(pid));
  });
  expect((await daemon.offspring()).filter(isPlugin)).to.have.length(1);
};

const numbered = (prefix: string) => Array.from({ length: many }, (_, at) => `${prefix}-${at + 1}`);

const killsAnywhere = (cloud: Cloud, startDaemon: ReturnType<typeof daemonsOfSuite>) => {
  for (const [at, { answers, wait, kills, when }] of moments.entries()) {
    describe(`killed ${when}`, () => {
      let daemon: TestDaemon;
      const call: TestDaemon['call'] = (method, params) => daemon.call(method, params);
      before(async () => {
        daemon = await startDaemon({ connectors: cloud.connectors });
      });

      it('the daemon comes back to twenty machines, each there once, and leaves no process behind', async () => {
        const keys = numbered(`d${at}`);
        const params = { ...cloud.machine, wait };
        const interrupted = await createMany({ call }, keys, params, answers, () => daemon.kill());
        const { operations } = interrupted;
        await daemon.start();
        for (let killed = 1; killed < kills; killed++) {
          await daemon.kill();
          await daemon.start();
        }
        for (const key of keys.filter((name) => !operations.has(name))) {
          operations.set(key, await daemon.call<Operation>('vm.create', { name: key, key, ...params }));
        }
        await expectAllOnce(cloud, daemon, keys, interrupted);
        await expectNoOrphans(daemon);
      });

      it('the plugin comes back to twenty more, and every call is answered', async () => {
        const keys = numbered(`p${at}`);
        const [plugin] = (await daemon.offspring()).filter(isPlugin);
        const params = { ...cloud.machine, wait };
        const interrupted = await createMany({ call }, keys, params, answers, () =>
          process.kill(plugin!.pid, 'SIGKILL'),
        );
        await until(async () => {
          const { items } = await daemon.call<{ items: Connector[] }>('connector.list');
          return items.every(({ state, restarts }) => state === 'ready' && restarts === 1);
        });
        await expectAllOnce(cloud, daemon, keys, interrupted);
        await expectNoOrphans(daemon);
      });

      it('nothing is left when the daemon is told to stop', async () => {
        expect(await daemon.stop()).to.equal(0);
        expect(await daemon.offspring()).to.deep.equal([]);
      });
    });
  }
};

describe('kill -9 in the middle of twenty creates', function () {
  this.timeout(120_000);

  describe('with real machines of libvirt', () => {
    const startDaemon = daemonsOfSuite();
    let libvirt: PrivateLibvirt;
    let connectors: Connectors;
    before(async function () {
      await requireSuite(this, 'libvirt');
      this.timeout(300_000);
      libvirt = await startLibvirt();
      connectors = libvirtConnector(libvirt, await guest());
    });
    after(() => libvirt?.stop());

    const lines = (text: string) => text.split('\n').filter((line) => line !== '');
    killsAnywhere(
      {
        connectors: () => connectors,
        machine: { memoryMiB: 64, disks: [{ sizeMiB: 1 }] },
        seen: async () =>
          lines(await libvirt.virsh('list', '--all', '--uuid', '--name')).map((line) => {
            const [id, name] = line.trim().split(/\s+/);
            return { id: id!, name: name! };
          }),
        disks: async () => {
          const pools = lines(await libvirt.virsh('pool-list', '--name')).map((name) => name.trim());
          const volumes = await Promise.all(pools.map((pool) => libvirt.virsh('vol-list', pool)));
          return volumes.flatMap(lines).map((line) => /annelid-(.{36})-/.exec(line)?.[1] ?? line);
        },
      },
      startDaemon,
    );
  });

  for (const [how, tasks] of [
    ['', []],
    [', whose creates go on as tasks', ['compute.create']],
  ] as const)
    describe(`with the cloud in memory, kept in a file${how}`, () => {
      interface File {
        machines: Seen[];
      }
      const file = (directory: string) => join(directory, 'cloud.json');
      killsAnywhere(
        {
          connectors: (directory) => ({
            memory: {
              plugin: 'memory',
              config: {
                file: file(directory),
                machines: [],
                tasks,
                latencyMs: { 'compute.create': { min: 1, max: 100 } },
              },
            },
          }),
          machine: { memoryMiB: 64, image: 'debian-12' },
          seen: async (directory) =>
            (JSON.parse(await readFile(file(directory), 'utf8')) as File).machines.map(({ id, name }) => ({
              id,
              name,
            })),
          // The disk of a machine is a part of it.
          disks: async (directory) =>
            (JSON.parse(await readFile(file(directory), 'utf8')) as File).machines.map(({ id }) => id),
        },
        daemonsOfSuite(),
      );
    });
});
