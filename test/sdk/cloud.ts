/**
 * The connector that is among the examples of every SDK, a cloud in a file, in a real daemon and over XML-RPC. Its configuration
 * is the `file`; it serves list, get, create, start, powerOff, delete and find, and sends events.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { faultOf, startHost, stopHosts } from '../host/running-host.ts';
import { requireSuite, type SuiteName } from '../setup/packages.ts';
import { systemPython } from '../setup/python.ts';
import { daemonsOfSuite, type TestDaemon } from '../support/daemon.ts';
import { processes } from '../support/processes.ts';

const life = `
import sys, xmlrpc.client
api = xmlrpc.client.ServerProxy(sys.argv[1])
cursor = api.event.poll()["next"]
wish = {"name": "web1", "connector": "cloud", "memoryMiB": 64, "labels": {"tier": "front"}, "start": True}
print(api.vm.create({**wish, "wait": 30})["state"])
vm = api.vm.get("web1")
print(vm["state"], vm["memoryMiB"], vm["labels"])
for call in (api.vm.powerOff, api.vm.powerOff, api.vm.start, api.vm.powerOff, api.vm.delete):
    try:
        print(call({"vm": "web1", "wait": 30})["state"])
    except xmlrpc.client.Fault as fault:
        print(fault.faultString)
print(*[item["name"] for item in api.vm.list({"connector": "cloud", "refresh": True})["items"]])
seen = api.event.poll({"after": cursor, "wait": 30})["events"]
print(*[event["data"]["state"] for event in seen if event["type"] == "vm.state" and event["data"]["state"] in ("running", "stopped")])
`;

export interface Cloud {
  language: string;
  suite: SuiteName;
  /** How the example is run. */
  command: readonly string[];
  /** The same with the oldest version of the language, when this machine has it. */
  oldest?: () => Promise<readonly string[] | undefined>;
}

export const cloudSuite = ({ language, suite, command, oldest = async () => undefined }: Cloud): void => {
  describe(`The example in ${language}, a cloud in a file`, function () {
    this.timeout(60_000);
    const startDaemon = daemonsOfSuite();
    let daemon: TestDaemon;

    before(async function () {
      await requireSuite(this, suite);
      const old = await oldest();
      daemon = await startDaemon({
        connectors: (directory) => ({
          cloud: { plugin: 'cloud', command: [...command], config: { file: join(directory, 'cloud') } },
          ...(old && { old: { plugin: 'cloud', command: [...old], config: { file: join(directory, 'old') } } }),
        }),
        limits: { plugins: { restartMinMs: 10 } },
      });
    });

    it('serves the life of a machine', async () => {
      const address = daemon.url.replace('//', `//${daemon.user}:${daemon.password}@`);
      const { stdout } = await execa(systemPython, ['-c', life, `${address}/RPC2`]);
      expect(stdout.split('\n')).to.deep.equal([
        'succeeded',
        "running 64 {'tier': 'front'}",
        'succeeded',
        'web1 is already stopped.',
        'succeeded',
        'succeeded',
        'succeeded',
        '',
        'running stopped running stopped',
      ]);
    });

    it('keeps its machines when it is killed', async () => {
      const wish = { connector: 'cloud', memoryMiB: 64, wait: 30 };
      await daemon.call('vm.create', { ...wish, name: 'kept' });
      // As `env` leaves it, which is not there any more.
      const words = command.filter((word) => word !== 'env' && !/^[A-Z]+=/.test(word)).join(' ');
      const own = (await processes()).find(({ command }) => command === words);
      let { next: after } = await daemon.call<{ next: string }>('event.poll');
      process.kill(own!.pid, 'SIGKILL');
      for (let state = ''; state !== 'ready'; ) {
        ({ next: after } = await daemon.call<{ next: string }>('event.poll', {
          after,
          wait: 30,
          types: ['connector.state'],
        }));
        ({ state } = await daemon.call<{ state: string }>('connector.get', { connector: 'cloud' }));
      }
      expect(await daemon.call('vm.create', { ...wish, name: 'after' })).to.include({ state: 'succeeded' });
      const { items } = await daemon.call<{ items: { name: string }[] }>('vm.list', {
        connector: 'cloud',
        refresh: true,
      });
      expect(items.map(({ name }) => name)).to.have.members(['kept', 'after']);
    });
  });

  describe(`The example in ${language}, asked by a host`, function () {
    this.timeout(30_000);
    before(async function () {
      await requireSuite(this, suite);
    });
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'annelid-cloud-'));
    });
    afterEach(async function () {
      await stopHosts(this);
      await rm(folder, { recursive: true, force: true });
    });

    it('makes one machine for one key, and finds it by that', async function () {
      const { backend } = await startHost(this, [
        { id: 'one', plugin: 'cloud', command, config: { file: join(folder, 'cloud') } },
      ]);
      const wish = { id: 'a', name: 'web1', vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: {} };
      expect(await backend().find('k', 'compute.create', wish)).to.deep.equal({ outcome: 'none' });
      const made = await backend().call(compute.create, wish, { key: 'k' });
      expect(made).to.include({ id: 'a', state: 'stopped', key: 'k' });
      expect(await backend().call(compute.create, { ...wish, id: 'b' }, { key: 'k' })).to.deep.equal(made);
      expect((await backend().call(compute.list, {})).items).to.deep.equal([made]);
      expect(await backend().find('k', 'compute.create', wish)).to.deep.equal({ outcome: 'done', vm: made });
    });

    it('refuses what the state of a machine forbids, and what is not there', async function () {
      const { backend } = await startHost(this, [
        { id: 'one', plugin: 'cloud', command, config: { file: join(folder, 'cloud') } },
      ]);
      const absent = await faultOf(backend().call(compute.start, { vm: 'a' }, { key: 'k' }));
      expect([absent.kind, absent.message]).to.deep.equal(['not-found', 'There is no machine a.']);
      const wish = { id: 'a', name: 'web1', vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: {} };
      await backend().call(compute.create, wish, { key: 'k' });
      await backend().call(compute.start, { vm: 'a' }, { key: 'k2' });
      const paused = await faultOf(backend().call(compute.start, { vm: 'a', paused: true }, { key: 'k3' }));
      expect([paused.kind, paused.message]).to.deep.equal(['conflict', 'web1 is running.']);
      await backend().call(compute.delete, { vm: 'a' }, { key: 'k4' });
      await backend().call(compute.delete, { vm: 'a' }, { key: 'k5' });
    });
  });
};
