import { randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ConsoleOutput, NativeVm, VmStats } from '../../../plugin-protocol/resources.ts';
import { bootMarker, type Guest, guest } from '../../real/guest.ts';
import { type PrivateLibvirt, startLibvirt } from '../../real/libvirtd.ts';
import { requireSuite } from '../../setup/packages.ts';
import { type Plugin, refusal, startPlugin } from './plugin.ts';

/** uuid and name of each domain, as virsh lists them. */
const parseList = (listed: string): Record<string, string> =>
  Object.fromEntries(
    listed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.trim().split(/\s+/)),
  );

describe('libvirt plugin with a real libvirtd and a real guest', function () {
  this.timeout(120_000);
  let libvirt: PrivateLibvirt;
  let files: Guest;
  let plugin: Plugin;
  let pool: string;
  let consoleLogs: string;
  let config: object;

  const started = async () => {
    const fresh = startPlugin();
    await fresh.call('configure', { config });
    return fresh;
  };

  before(async function () {
    await requireSuite(this, 'libvirt');
    files = await guest();
    libvirt = await startLibvirt();
    pool = join(libvirt.directory, 'pool');
    consoleLogs = join(libvirt.directory, 'console');
    await mkdir(pool);
    config = {
      uri: libvirt.uri,
      imageDirectories: [files.directory],
      storagePool: pool,
      consoleDirectory: consoleLogs,
      // Hardware virtualization is seldom there where tests run.
      domainType: 'qemu',
    };
    plugin = await started();
  });
  after(async () => {
    await plugin?.close();
    await libvirt?.stop();
  });

  const newMachine = (more: object = {}) => ({
    id: randomUUID(),
    name: 'web1',
    vcpus: 1,
    memoryMiB: 128,
    disks: [],
    networks: [],
    labels: {},
    ...more,
  });
  const bootable = () => ({ kernel: files.kernel, initrd: files.initrd, commandLine: files.commandLine });
  const create = (params: { id: string }, key: string = randomUUID()) =>
    plugin.call<NativeVm>('compute.create', params, { key });
  const domains = async () => parseList(await libvirt.virsh('list', '--all', '--uuid', '--name'));
  const volumes = async () => (await readdir(pool)).sort();

  /** All console output since the machine was started, once it shows `boots` different boots. */
  const outputOf = async (vm: string, boots: number): Promise<string> => {
    const watcher = watch(consoleLogs);
    let text = '';
    let offset = '0';
    const readOn = async () => {
      for (;;) {
        const piece = await plugin.call<ConsoleOutput>('compute.consoleOutput', { vm, offset, maxBytes: 4096 });
        expect(piece.start).to.equal(offset);
        if (piece.data === '') return bootsIn(text).length >= boots;
        text += Buffer.from(piece.data, 'base64').toString('latin1');
        offset = piece.end;
      }
    };
    for (;;) {
      // Listened for before it is read: what comes in between is not missed.
      const changed = new Promise((resolve) => watcher.once('change', resolve));
      if (await readOn()) break;
      await changed;
    }
    watcher.close();
    return text;
  };
  const bootsIn = (text: string) => [...text.matchAll(bootMarker)].map(([, boot]) => boot as string);
  const bootsSeen = async (vm: string, boots: number) => bootsIn(await outputOf(vm, boots));

  it('takes a machine through its whole life, and virsh sees each step', async () => {
    const made = await create(
      newMachine({ ...bootable(), labels: { tier: 'web\u0007' }, disks: [{ sizeMiB: 8 }] }),
      'life',
    );
    const vm = made.id;
    expect(made).to.include({ name: 'web1', state: 'stopped', vcpus: 1, memoryMiB: 128, key: 'life' });
    expect(made.labels).to.deep.equal({ tier: 'web\u0007' });
    expect(made.disks).to.have.length(1);
    expect(made.disks?.[0]).to.include({ device: 'vda', sizeMiB: 8 });
    expect(await libvirt.virsh('domstate', vm)).to.equal('shut off');

    expect(await plugin.call('compute.start', { vm, paused: true })).to.include({ state: 'paused' });
    expect(await libvirt.virsh('domstate', vm)).to.equal('paused');
    expect(await plugin.call('compute.resume', { vm })).to.include({ state: 'running' });
    expect(await libvirt.virsh('domstate', vm)).to.equal('running');
    const [first] = await bootsSeen(vm, 1);

    expect(await plugin.call('compute.pause', { vm })).to.include({ state: 'paused' });
    expect(await libvirt.virsh('domstate', vm)).to.equal('paused');
    const still = await refusal(plugin.call('compute.shutdown', { vm }));
    expect(still.data).to.include({ kind: 'conflict', outcome: 'none', resource: vm });
    await plugin.call('compute.resume', { vm });

    const stats = await plugin.call<VmStats>('compute.stats', { vm });
    expect(stats.cpuSeconds).to.be.greaterThan(0);
    expect(stats).to.include.keys('uptimeSeconds', 'diskReadBytes', 'memoryMiB');

    await plugin.call('compute.reboot', { vm });
    const [, second] = await bootsSeen(vm, 2);
    expect(second).to.not.equal(first);
    expect(await libvirt.virsh('domstate', vm)).to.equal('running');

    const running = await refusal(plugin.call('compute.update', { vm, memoryMiB: 160 }));
    expect(running.data).to.include({ kind: 'conflict', field: '/memoryMiB' });
    expect((await refusal(plugin.call('compute.delete', { vm }))).data).to.include({ kind: 'conflict' });

    expect(await plugin.call('compute.shutdown', { vm })).to.include({ state: 'stopped' });
    expect(await libvirt.virsh('domstate', vm, '--reason')).to.equal('shut off (shutdown)');
    expect(await plugin.call('compute.update', { vm, vcpus: 2, memoryMiB: 160, name: 'a/b', labels: {} })).to.include({
      vcpus: 2,
      memoryMiB: 160,
      name: 'a/b',
    });
    expect(await libvirt.virsh('dominfo', vm))
      .to.match(/CPU\(s\):\s+2\n/)
      .and.match(/Max memory:\s+163840 KiB/);

    await plugin.call('compute.start', { vm });
    expect(await bootsSeen(vm, 1)).to.not.include(second);
    await plugin.call('compute.reset', { vm });
    expect(await bootsSeen(vm, 2)).to.have.length(2);
    expect(await plugin.call('compute.powerOff', { vm })).to.include({ state: 'stopped' });
    expect(await libvirt.virsh('domstate', vm, '--reason')).to.equal('shut off (destroyed)');

    expect(await volumes()).to.have.length(1);
    await plugin.call('compute.delete', { vm });
    expect(await libvirt.virsh('list', '--all', '--uuid')).to.not.include(vm);
    expect(await volumes()).to.deep.equal([]);
    expect(await readdir(consoleLogs)).to.deep.equal([]);
    await plugin.call('compute.delete', { vm });
  });

  it('reads the whole console output across rotated logs, and from 0 again after the next start', async () => {
    const lines = 5000;
    const commandLine = `${files.commandLine} annelid.lines=${lines}`;
    const { id: vm } = await create(newMachine({ ...bootable(), commandLine }));
    await plugin.call('compute.start', { vm });
    const text = await outputOf(vm, 1);
    const numbers = text.match(/^\d+(?=\r?$)/gm) ?? [];
    expect(numbers).to.deep.equal(Array.from({ length: lines }, (_, n) => String(n + 1)));
    expect((await readdir(consoleLogs)).length).to.be.greaterThan(1);
    const tail = await plugin.call<ConsoleOutput>('compute.consoleOutput', { vm, maxBytes: 100 });
    expect(Buffer.from(tail.data, 'base64')).to.have.length(100);
    await plugin.call('compute.powerOff', { vm });
    await plugin.call('compute.start', { vm, paused: true });
    const fresh = await plugin.call<ConsoleOutput>('compute.consoleOutput', { vm, offset: '0', maxBytes: 100 });
    expect(fresh).to.deep.equal({ data: '', start: '0', end: '0' });
    await plugin.call('compute.powerOff', { vm });
    await plugin.call('compute.delete', { vm });
    expect(await readdir(consoleLogs)).to.deep.equal([]);
  });

  it('ends a shutdown that the guest ignores with its deadline, and one that is cancelled at once', async () => {
    // Without a kernel the firmware finds nothing to boot, and nobody hears the power button.
    const { id: vm } = await create(newMachine());
    await plugin.call('compute.start', { vm });
    const late = await refusal(plugin.call('compute.shutdown', { vm }, { timeoutMs: 500 }));
    expect(late.data).to.include({ kind: 'timeout', outcome: 'unknown', resource: vm });
    const abort = new AbortController();
    const cancelled = refusal(plugin.call('compute.shutdown', { vm }, { signal: abort.signal }));
    abort.abort();
    expect((await cancelled).data).to.include({ kind: 'cancelled' });
    await plugin.call('compute.powerOff', { vm });
    await plugin.call('compute.delete', { vm });
  });

  it('answers a create with the same key with the same machine, and another of that name with a suffix', async () => {
    const params = newMachine({ name: 'twin', disks: [{ sizeMiB: 1 }] });
    const made = await create(params, 'twice');
    expect(await create(params, 'twice')).to.deep.equal(made);
    expect(await create({ ...params, id: randomUUID() }, 'twice')).to.deep.equal(made);
    const other = await create(newMachine({ name: 'twin' }));
    expect(other.name).to.equal('twin');
    expect(Object.values(await domains()).sort()).to.deep.equal(['twin', `twin-${other.id.slice(0, 8)}`]);
    expect(await volumes()).to.have.length(1);
    for (const { id } of [made, other]) await plugin.call('compute.delete', { vm: id });
  });

  it('makes a disk of its own from an image, and refuses what lies outside the image directories', async () => {
    const made = await create(newMachine({ image: files.disk }));
    expect(made.image).to.equal(files.disk);
    expect(made.disks?.[0]).to.include({ device: 'vda', sizeMiB: 16 });
    const [name] = await volumes();
    expect(await libvirt.virsh('vol-dumpxml', join(pool, String(name)))).to.include(
      `<path>${join(files.directory, files.disk)}</path>`,
    );
    await plugin.call('compute.delete', { vm: made.id });
    expect(await readdir(files.directory)).to.include(files.disk);
    for (const image of ['/etc/hostname', '../../../package.json', `${files.directory}/../../.gitignore`]) {
      const refused = await refusal(create(newMachine({ image })));
      expect(refused.data).to.include({ kind: 'not-found', field: '/image', outcome: 'none' });
    }
    expect((await refusal(create(newMachine({ image: files.kernel })))).data).to.include({ kind: 'invalid-params' });
    expect(await volumes()).to.deep.equal([]);
  });

  it('leaves nothing of a create that fails half-way', async () => {
    const refused = await refusal(create(newMachine({ vcpus: 4000, disks: [{ sizeMiB: 1 }] })));
    expect(refused.data).to.include({ outcome: 'none' });
    expect(await volumes()).to.deep.equal([]);
    expect((await refusal(create(newMachine({ networks: ['nowhere'] })))).data).to.include({
      kind: 'not-found',
      field: '/networks/0',
    });
  });

  it('adopts a machine that virsh made, tells its changes, and leaves its disk when it is deleted', async () => {
    const disk = join(libvirt.directory, 'foreign.qcow2');
    await copyFile(join(files.directory, files.disk), disk);
    plugin.forget();
    const vm = randomUUID();
    const xml = join(libvirt.directory, 'foreign.xml');
    const text = await readFile(join(import.meta.dirname, 'foreign.xml'), 'utf8');
    await writeFile(xml, text.replace('UUID', vm).replace('DISK', disk));
    await libvirt.virsh('define', xml);
    await plugin.event(({ vm: changed }) => changed?.id === vm && changed.state === 'stopped');
    await libvirt.virsh('start', vm);
    const event = await plugin.event(({ vm: changed }) => changed?.id === vm && changed.state === 'running');
    expect(event.vm).to.include({ name: 'foreign', memoryMiB: 64 });
    expect((await plugin.call<{ items: NativeVm[] }>('compute.list')).items).to.deep.include(event.vm);
    expect((await refusal(plugin.call('compute.consoleOutput', { vm, maxBytes: 1 }))).data).to.include({
      kind: 'unsupported',
    });
    await plugin.call('compute.update', { vm, labels: { ours: 'now' } });
    expect(await plugin.call('compute.get', { vm })).to.deep.include({ labels: { ours: 'now' }, name: 'foreign' });
    await libvirt.virsh('destroy', vm);
    plugin.forget();
    await plugin.call('compute.delete', { vm });
    await plugin.event(({ type, id }) => type === 'vm.deleted' && id === vm);
    expect(await readdir(libvirt.directory)).to.include('foreign.qcow2');
  });

  it('makes each machine exactly once when it is killed in the middle of twenty creates', async () => {
    const wanted = Array.from({ length: 20 }, (_, n) =>
      newMachine({ name: `many${n}`, disks: [{ sizeMiB: 1 }, { sizeMiB: 1 }] }),
    );
    const first = wanted.map((params) => create(params, `key-${params.id}`).catch(() => undefined));
    await Promise.any(first.map(async (made) => (await made) ?? Promise.reject(new Error('killed'))));
    await plugin.kill();
    await Promise.all(first);
    plugin = await started();
    // Those at the end are never tried again: asking for them must leave nothing of them behind.
    const given = wanted.splice(15);
    for (const params of given) {
      const found = await plugin.call<{ outcome: string; vm?: NativeVm }>(
        'find',
        { call: 'compute.create', params },
        { key: `key-${params.id}` },
      );
      if (found.outcome === 'done') wanted.push(params);
    }
    const made = await Promise.all(wanted.map((params) => create(params, `key-${params.id}`)));
    expect(made.map(({ id }) => id)).to.deep.equal(wanted.map(({ id }) => id));
    expect(Object.keys(await domains()).sort()).to.deep.equal(wanted.map(({ id }) => id).sort());
    expect(await volumes()).to.deep.equal(
      wanted.flatMap(({ id }) => [0, 1].map((n) => `annelid-${id}-${n}.qcow2`)).sort(),
    );
    await Promise.all(wanted.map(({ id: vm }) => plugin.call('compute.delete', { vm })));
    expect(await volumes()).to.deep.equal([]);
  });

  it('knows its machines again, says that libvirtd is away, and comes back with it', async () => {
    const { id: vm } = await create(newMachine({ ...bootable(), labels: { keep: 'me' } }), 'kept');
    await plugin.call('compute.start', { vm });
    const before = await plugin.call('compute.get', { vm });
    plugin.forget();
    const asked = Promise.withResolvers<unknown>();
    const waiting = refusal(plugin.call('compute.shutdown', { vm }, { onProgress: asked.resolve }));
    await asked.promise;
    await libvirt.stopDaemon();
    const lost = await waiting;
    expect(lost.data).to.include({ kind: 'unavailable', outcome: 'unknown' });
    const away = await refusal(plugin.call('compute.get', { vm }));
    expect(away.code).to.equal(503);
    expect(away.data).to.include({ kind: 'unavailable', outcome: 'none' });
    expect((await refusal(plugin.call('probe'))).data).to.include({ kind: 'unavailable' });
    await libvirt.startDaemon();
    await plugin.event(({ type }) => type === 'resync');
    await plugin.call('probe');
    expect(await plugin.call('compute.get', { vm })).to.deep.equal(before);
    plugin.forget();
    await libvirt.virsh('suspend', vm);
    await plugin.event(({ vm: changed }) => changed?.id === vm && changed.state === 'paused');

    await plugin.close();
    plugin = await started();
    const found = await plugin.call<{ outcome: string; vm: NativeVm }>(
      'find',
      { call: 'compute.create', params: {} },
      { key: 'kept' },
    );
    expect(found).to.deep.include({ outcome: 'done' });
    expect(found.vm).to.deep.include({ id: vm, state: 'paused', labels: { keep: 'me' } });
    await plugin.call('compute.powerOff', { vm });
    await plugin.call('compute.delete', { vm });
  });
});
