/** A libvirtd with a directory for disks and one for console logs, a guest to boot, and the plugin attached to them. */
import { randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ConsoleOutput, NativeVm } from '../../../plugin-protocol/resources.ts';
import { bootMarker, type Guest, guest } from '../../real/guest.ts';
import { type PrivateLibvirt, startLibvirt } from '../../real/libvirtd.ts';
import { requireSuite } from '../../setup/packages.ts';
import { type Plugin, startPlugin } from './plugin.ts';

/** What a create is told of a machine; `more` replaces it. */
export const newMachine = (more: object = {}) => ({
  id: randomUUID(),
  name: 'web1',
  vcpus: 1,
  memoryMiB: 128,
  disks: [],
  networks: [],
  labels: {},
  ...more,
});

const bootsIn = (text: string) => [...text.matchAll(bootMarker)].map(([, boot]) => boot as string);

export class RealCloud {
  readonly libvirt: PrivateLibvirt;
  readonly files: Guest;
  readonly pool: string;
  readonly consoleLogs: string;
  plugin: Plugin;

  private constructor(libvirt: PrivateLibvirt, files: Guest) {
    this.libvirt = libvirt;
    this.files = files;
    this.pool = join(libvirt.directory, 'pool');
    this.consoleLogs = join(libvirt.directory, 'console');
    this.plugin = startPlugin();
  }

  /** To be called in `before`: skips the suite where libvirt is not installed. */
  static async start(test: Mocha.Context): Promise<RealCloud> {
    await requireSuite(test, 'libvirt');
    const files = await guest();
    const cloud = new RealCloud(await startLibvirt(), files);
    await mkdir(cloud.pool);
    await cloud.#configure(cloud.plugin);
    return cloud;
  }

  async stop(): Promise<void> {
    await this.plugin.close();
    await this.libvirt.stop();
  }

  /** A new process of the plugin, attached like the first. */
  async configured(): Promise<Plugin> {
    const plugin = startPlugin();
    await this.#configure(plugin);
    return plugin;
  }

  #configure(plugin: Plugin) {
    return plugin.call('configure', { config: this.config() });
  }

  config() {
    return {
      uri: this.libvirt.uri,
      imageDirectories: [this.files.directory],
      storagePool: this.pool,
      consoleDirectory: this.consoleLogs,
      // Hardware virtualization is seldom there where tests run.
      domainType: 'qemu',
    };
  }

  bootable() {
    return { kernel: this.files.kernel, initrd: this.files.initrd, commandLine: this.files.commandLine };
  }

  create(params: { id: string }, key: string = randomUUID()) {
    return this.plugin.call<NativeVm>('compute.create', params, { key });
  }

  /** The name of each domain by its uuid, as virsh lists them. */
  async domains(): Promise<Record<string, string>> {
    const lines = (await this.libvirt.virsh('list', '--all', '--uuid', '--name')).split('\n');
    return Object.fromEntries(lines.filter((line) => line !== '').map((line) => line.trim().split(/\s+/)));
  }

  /** Defines, with virsh, a machine that is not ours, and answers its id. */
  async defineForeign(disk: string): Promise<string> {
    const id = randomUUID();
    const xml = join(this.libvirt.directory, 'foreign.xml');
    const text = await readFile(join(import.meta.dirname, 'foreign.xml'), 'utf8');
    await writeFile(xml, text.replace('UUID', id).replace('DISK', disk));
    await this.libvirt.virsh('define', xml);
    return id;
  }

  async volumes(): Promise<string[]> {
    return (await readdir(this.pool)).sort();
  }

  /** All console output since the machine was started, once it shows `boots` different boots. */
  async outputOf(vm: string, boots: number): Promise<string> {
    const watcher = watch(this.consoleLogs);
    let text = '';
    let offset = '0';
    const readOn = async () => {
      for (;;) {
        const piece = await this.plugin.call<ConsoleOutput>('compute.consoleOutput', { vm, offset, maxBytes: 4096 });
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
  }

  /** What is unique for each boot, once there were so many. */
  async bootsSeen(vm: string, boots: number): Promise<string[]> {
    return bootsIn(await this.outputOf(vm, boots));
  }
}
