/** The plugin in a sandbox that shows what its manifest says that it needs, and nothing else. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Backend } from '../../../daemon/core/ports.ts';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import type { Manifest } from '../../../plugin-protocol/manifest.ts';
import { startHost, stopHosts } from '../../host/running-host.ts';
import { requireSuite } from '../../setup/packages.ts';
import { root } from '../../support/annelid.ts';
import { newMachine, RealCloud } from './real-cloud.ts';

const declared = (JSON.parse(readFileSync(join(root, 'plugins/libvirt/manifest.json'), 'utf8')) as Manifest).needs!;
const boxed = (config: object, more: object = {}) => ({
  id: 'kvm1',
  plugin: 'libvirt',
  sandbox: true,
  config,
  ...more,
});

describe('libvirt plugin: in a sandbox', function () {
  this.timeout(120_000);
  let cloud: RealCloud;

  before(async function () {
    await requireSuite(this, 'sandbox');
    cloud = await RealCloud.start(this);
  });
  afterEach(async function () {
    await stopHosts(this);
  });
  after(() => cloud?.stop());

  it("drives libvirt's own double of a hypervisor", async function () {
    const { backend } = await startHost(this, [boxed({ uri: 'test:///default' })]);
    expect(backend().status()).to.include({ state: 'ready' });
    const { items } = await backend().call(compute.list, {});
    expect(items.map(({ name, state }) => [name, state])).to.deep.equal([['test', 'running']]);
    expect(await backend().call(compute.pause, { vm: items[0]!.id }, { key: 'k' })).to.include({ state: 'paused' });
  });

  it('takes a machine of QEMU through its life with what the manifest names, at the places of this libvirtd', async function () {
    const { searchParams } = new URL(cloud.libvirt.uri);
    const places: Record<string, string> = {
      '/run/libvirt': dirname(searchParams.get('socket')!),
      '/var/lib/libvirt/images': cloud.pool,
      '/var/log/libvirt/qemu': cloud.consoleLogs,
      '/dev/kvm': '/dev/kvm',
    };
    expect(declared.fs!.map(({ path }) => path)).to.have.members(Object.keys(places));
    const fs = declared.fs!.map(({ path, ...rest }) => ({ ...rest, path: places[path]! }));
    // Images are where the configuration says, which an operator names beside.
    const needs = { ...declared, fs: [...fs, { path: cloud.files.directory }] };
    const { backend } = await startHost(this, [boxed(cloud.config(), { needs })]);
    expect(backend().status(), backend().status().message).to.include({ state: 'ready' });
    const { vm, output } = await lifeOf(backend());
    expect(Buffer.from(output, 'base64')).not.to.have.length(0);
    expect(Object.keys(await cloud.domains())).not.to.include(vm);
    expect(await cloud.volumes()).to.deep.equal([]);
  });

  /** Made with a disk, started until its console says something, ended and deleted. */
  const lifeOf = async (backend: Backend): Promise<{ vm: string; output: string }> => {
    const made = newMachine({ ...cloud.bootable(), disks: [{ sizeMiB: 8 }] });
    const { id: vm } = await backend.call(compute.create, made as never, { key: randomUUID() });
    expect(await backend.call(compute.start, { vm }, { key: randomUUID() })).to.include({ state: 'running' });
    let output = '';
    while (output === '') {
      ({ data: output } = await backend.call(compute.consoleOutput, { vm, offset: '0', maxBytes: 4096 }));
    }
    await backend.call(compute.powerOff, { vm }, { key: randomUUID() });
    await backend.call(compute.delete, { vm }, { key: randomUUID() });
    return { vm, output };
  };
});
