import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Event, Vm } from '../../daemon/catalogue/resources.ts';
import { requireSuite } from '../setup/packages.ts';
import { cloudsOfSuite } from '../support/client-life.ts';
import type { TestDaemon } from '../support/daemon.ts';

const domain = (name: string, uuid: string) => `
<domain type="qemu">
  <name>${name}</name>
  <uuid>${uuid}</uuid>
  <memory unit="MiB">32</memory>
  <vcpu>1</vcpu>
  <os><type>hvm</type></os>
</domain>`;

/** Reads the events from now on, one after the other. */
const followEvents = async (daemon: TestDaemon) => {
  interface Page {
    events: Event[];
    next: string;
  }
  let { next } = await daemon.call<Page>('event.poll');
  const waiting: Event[] = [];
  return {
    /** The next event that is the one meant; those before it are dropped. */
    async until(isIt: (event: Event) => boolean): Promise<Event> {
      for (;;) {
        for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) if (isIt(event)) return event;
        const page = await daemon.call<Page>('event.poll', { after: next, wait: 30 });
        next = page.next;
        waiting.push(...page.events);
      }
    },
  };
};

describe('A machine made behind the back of the daemon', function () {
  this.timeout(60_000);
  before(async function () {
    await requireSuite(this, 'libvirt');
  });
  const clouds = cloudsOfSuite();

  it('appears when virsh starts it, and its changes of state arrive through event.poll', async () => {
    const { daemon, libvirt } = clouds();
    const uuid = randomUUID();
    const file = join(libvirt.directory, 'behind.xml');
    await writeFile(file, domain('behind', uuid));
    const events = await followEvents(daemon);

    await libvirt.virsh('create', '--file', file);
    const { resource } = await events.until(({ type }) => type === 'vm.created');
    const read = () => daemon.call<Vm>('vm.get', { vm: resource });
    expect(await read()).to.include({
      name: 'behind',
      nativeId: uuid,
      account: 'admin',
      connector: 'kvm',
      memoryMiB: 32,
    });
    const { items } = await daemon.call<{ items: Vm[] }>('vm.list', { name: 'behind' });
    expect(items.map(({ id }) => id)).to.deep.equal([resource]);

    const reaches = async (state: string) => {
      const event = await events.until(({ type, resource: whose }) => type === 'vm.state' && whose === resource);
      expect(event.data).to.include({ state });
      expect(event.operation, 'an operation of ours').to.equal(undefined);
      expect((await read()).state).to.equal(state);
    };
    if ((await read()).state !== 'running') await reaches('running');
    await libvirt.virsh('suspend', 'behind');
    await reaches('paused');
    await libvirt.virsh('resume', 'behind');
    await reaches('running');

    // It was never defined: without power there is nothing left of it.
    await libvirt.virsh('destroy', 'behind');
    await events.until(({ type, resource: whose }) => type === 'vm.deleted' && whose === resource);
    expect((await read()).state).to.equal('deleted');
  });

  it('can be taken over: what virsh has defined is started and powered off through the daemon', async () => {
    const { daemon, libvirt } = clouds();
    const uuid = randomUUID();
    const file = join(libvirt.directory, 'adopted.xml');
    await writeFile(file, domain('adopted', uuid));
    const events = await followEvents(daemon);
    await libvirt.virsh('define', file);
    const { resource } = await events.until(({ type }) => type === 'vm.created');

    await daemon.call('vm.start', { vm: resource, wait: 30 });
    expect(await libvirt.virsh('domstate', uuid)).to.equal('running');
    await daemon.call('vm.powerOff', { vm: 'adopted', wait: 30 });
    expect(await libvirt.virsh('domstate', uuid)).to.equal('shut off');
    await daemon.call('vm.delete', { vm: 'adopted', wait: 30 });
    expect((await libvirt.virsh('list', '--all', '--uuid')).split('\n')).not.to.include(uuid);
  });
});
