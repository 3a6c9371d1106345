import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { Description } from '../../../plugin-protocol/contract/base.ts';
import type { NativeHost, NativeNetwork, NativeVm, NativeVolume } from '../../../plugin-protocol/resources.ts';
import { requireSuite } from '../../setup/packages.ts';
import { cloudCalls } from '../cloud-calls.ts';
import { type Plugin, refusal, startPlugin } from './plugin.ts';

/** The machine that libvirt's own test driver comes with. */
const given = '6695eb01-f6a4-8304-79aa-97f2502e193f';
const main = join(import.meta.dirname, '../../../plugins/libvirt/main.py');

describe("libvirt plugin with libvirt's test driver", () => {
  let plugin: Plugin;
  let directory: string;

  before(async function () {
    await requireSuite(this, 'libvirt');
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'annelid-test-'));
    plugin = startPlugin();
    const config = { uri: 'test:///default', storagePool: 'default-pool', consoleDirectory: directory };
    await plugin.call('configure', { config });
  });
  afterEach(async () => {
    await plugin?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const newMachine = (more: object = {}) => ({
    id: randomUUID(),
    name: 'web1',
    vcpus: 1,
    memoryMiB: 64,
    disks: [],
    networks: [],
    labels: {},
    ...more,
  });
  const create = (params: object) => plugin.call<NativeVm>('compute.create', params, { key: randomUUID() });
  const items = async <T>(call: string) => (await plugin.call<{ items: T[] }>(call)).items;

  it('describes every call of a cloud, in an answer and with --describe', async () => {
    const description = await plugin.call<Description>('describe');
    expect([...description.methods].sort()).to.deep.equal([...cloudCalls].sort());
    expect(description).to.include({ name: 'libvirt', idempotency: 'key' });
    const { stdout } = await execa('/usr/bin/python3', [main, '--describe']);
    // It publishes nothing, its lines have the usual limits, and of its interfaces there is one version.
    const needless = ['limits', 'publishes', 'interfaces', 'processes'];
    const expected = Object.keys(Description.properties).filter((name) => !needless.includes(name));
    expect(JSON.parse(stdout)).to.include.keys(expected);
    // The daemon would log what it does not know, at each start.
    expect(Object.keys(Description.properties)).to.include.members(Object.keys(JSON.parse(stdout)));
  });

  it('answers echo, and -32601 for what it does not know', async () => {
    expect(await plugin.call('echo', { say: 'ä' })).to.deep.include({ say: 'ä' });
    expect((await refusal(plugin.call('compute.fly'))).code).to.equal(-32601);
  });

  it('ends when its standard input does, once the calls under way are answered', async () => {
    const calls = Array.from({ length: 50 }, () => items<NativeVm>('compute.list'));
    const closed = plugin.close();
    for (const machines of await Promise.all(calls)) expect(machines).to.have.length(1);
    await closed;
    expect(await plugin.ended).to.deep.equal({ exitCode: 0, stderr: '' });
  });

  it('reports hosts, networks, volumes and machines that it did not make', async () => {
    const [machine] = await items<NativeVm>('compute.list');
    expect(machine).to.include({ id: given, name: 'test', state: 'running' });
    expect(await plugin.call('compute.get', { vm: given })).to.deep.equal(machine);
    const [host] = await items<NativeHost>('compute.hosts');
    expect(host).to.deep.include({ state: 'up', vcpus: 16, memoryMiB: 3072 });
    expect(await items<NativeNetwork>('network.list')).to.deep.equal([
      {
        id: 'dd8fe884-6c02-601e-7551-cca97df1c5df',
        name: 'default',
        state: 'up',
        bridge: 'virbr0',
        cidrs: ['192.168.122.0/24'],
      },
    ]);
    const { id } = await create(newMachine({ disks: [{ sizeMiB: 3 }], networks: ['default'] }));
    const [volume] = await items<NativeVolume>('storage.list');
    expect(volume).to.include({ name: `annelid-${id}-0.qcow2`, pool: 'default-pool', sizeMiB: 3, format: 'qcow2' });
  });

  it('lists machines in pages, in the order of their ids', async () => {
    await Promise.all(Array.from({ length: 501 }, (_, n) => create(newMachine({ name: `m${n}` }))));
    const first = await plugin.call<{ items: NativeVm[]; next: string }>('compute.list');
    expect(first.items).to.have.length(500);
    const second = await plugin.call<{ items: NativeVm[] }>('compute.list', { after: first.next });
    expect(second).to.have.all.keys('items');
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(new Set(ids).size).to.equal(502);
    expect(ids).to.deep.equal([...ids].sort());
  }).timeout(30_000);

  it('sends an event for each change of a machine, and for its end', async () => {
    const { id } = await create(newMachine());
    for (const [call, state] of [
      ['start', 'running'],
      ['pause', 'paused'],
      ['resume', 'running'],
      ['shutdown', 'stopped'],
    ] as const) {
      plugin.forget();
      expect(await plugin.call(`compute.${call}`, { vm: id })).to.include({ state });
      const event = await plugin.event(({ vm }) => vm?.id === id && vm.state === state);
      expect(event).to.include({ type: 'vm.changed', instance: 'test' });
    }
    await plugin.call('compute.delete', { vm: id });
    await plugin.event(({ type, id: gone }) => type === 'vm.deleted' && gone === id);
  });

  it('does what is done already without complaint, as a call that is sent again after a crash', async () => {
    for (const call of ['start', 'pause', 'pause', 'resume', 'resume', 'powerOff', 'powerOff', 'shutdown', 'start']) {
      await plugin.call(`compute.${call}`, { vm: given });
    }
    expect(await plugin.call('find', { call: 'compute.start', params: { vm: given } }, { key: 'k' })).to.deep.include({
      outcome: 'done',
    });
    expect(await plugin.call('find', { call: 'compute.reboot', params: { vm: given } }, { key: 'k' })).to.deep.include({
      outcome: 'unknown',
    });
    expect(await plugin.call('find', { call: 'compute.create', params: {} }, { key: 'k' })).to.deep.equal({
      outcome: 'none',
    });
  });

  it('names machine and state when the state forbids a call', async () => {
    await plugin.call('compute.powerOff', { vm: given });
    for (const call of ['pause', 'resume', 'reboot', 'reset', 'stats']) {
      const refused = await refusal(plugin.call(`compute.${call}`, { vm: given }));
      expect(refused.data, call).to.include({ kind: 'conflict', outcome: 'none', resource: given });
      expect(refused.message, call).to.match(/^test is (stopped and cannot be|not running)/);
    }
  });

  it('answers not-found for machines that are not there, whatever the id looks like', async () => {
    for (const vm of [randomUUID(), 'nope', '../..', '']) {
      const refused = await refusal(plugin.call('compute.get', { vm }));
      expect(refused.code).to.equal(404);
      expect(refused.data).to.include({ kind: 'not-found', outcome: 'none', resource: vm });
    }
    expect(await plugin.call('compute.delete', { vm: randomUUID() })).to.deep.equal({});
  });

  it('takes any name, and shows it as the user chose it', async () => {
    const names = ['a/b', '.hidden', 'zwei Wörter & <mehr>', 'line\nfeed', 'ü'.repeat(256), 'same', 'same'];
    for (const name of names) {
      const made = await create(newMachine({ name }));
      expect(made.name).to.equal(name);
      expect((await plugin.call<NativeVm>('compute.get', { vm: made.id })).name).to.equal(name);
    }
    await plugin.call('compute.update', { vm: given, name: 'renamed', labels: { __proto__x: '\u0000', 'a b': 'c' } });
    const renamed = await plugin.call<NativeVm>('compute.get', { vm: given });
    expect(renamed).to.deep.include({ name: 'renamed', labels: { __proto__x: '\u0000', 'a b': 'c' } });
  });

  it('refuses parameters that cannot be, naming the field', async () => {
    const cases: [object, string, string][] = [
      [{ id: 'no-uuid' }, 'invalid-params', '/id'],
      [{ id: given }, 'exists', '/id'],
      [{ initrd: 'x' }, 'not-found', '/initrd'],
      [{ commandLine: 'x' }, 'invalid-params', '/kernel'],
      [{ networks: ['default', 'nowhere'] }, 'not-found', '/networks/1'],
    ];
    for (const [more, kind, field] of cases) {
      expect((await refusal(create(newMachine(more)))).data, field).to.include({ kind, field, outcome: 'none' });
    }
  });

  it('refuses a configuration that is wrong, naming the field', async () => {
    const cases: [unknown, string][] = [
      [{ uri: 5 }, '/config/uri'],
      [{ url: 'test:///default' }, '/config/url'],
      [{ imageDirectories: ['/nowhere'] }, '/config/imageDirectories/0'],
      [{ imageDirectories: ['relative'] }, '/config/imageDirectories/0'],
      [{ domainType: 'xen' }, '/config/domainType'],
      [{ machine: { graphics: 'spice' } }, '/config/machine/graphics'],
      [{ consoleDirectory: '/proc/nowhere' }, '/config/consoleDirectory'],
    ];
    for (const [config, field] of cases) {
      const refused = await refusal(plugin.call('configure', { config }));
      expect(refused.data, field).to.include({ kind: 'invalid-params', field });
      expect(refused.message).to.include(field);
    }
    expect(await items<NativeVm>('compute.list')).to.have.length(1);
  });

  it('is configured also while libvirt is away, and says so until it is there', async () => {
    const config = { uri: `qemu+unix:///system?socket=${directory}/none`, consoleDirectory: directory };
    await plugin.call('configure', { config });
    const refused = await refusal(plugin.call('probe'));
    expect(refused.data).to.include({ kind: 'unavailable', outcome: 'none' });
    expect(refused.data.hint).to.include('virsh -c');
    await plugin.call('configure', { config: { uri: 'test:///default', consoleDirectory: directory } });
    await plugin.call('probe');
  });

  it('serves several instances, one of which may be away', async () => {
    const config = { uri: `qemu+unix:///system?socket=${directory}/none`, consoleDirectory: directory };
    await plugin.call('configure', { config }, { instance: 'away' });
    expect((await refusal(plugin.call('compute.list', {}, { instance: 'away' }))).code).to.equal(503);
    expect((await refusal(plugin.call('compute.list', {}, { instance: 'other' }))).data).to.include({
      kind: 'internal',
      outcome: 'none',
    });
    expect(await items<NativeVm>('compute.list')).to.have.length(1);
  });
});
