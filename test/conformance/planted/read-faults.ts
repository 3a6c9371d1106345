/** Mistakes that show in what is read back, and not in what a change answers. */
import type { Vm } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';

export const readFaults: Readonly<Record<string, Fault>> = {
  'answers a state that it does not write down': {
    clause: '7.3',
    says: /Once compute\.start is done, compute\.get has the machine with the state stopped in place of running/,
    isSilence: true,
    plant(plugin) {
      plugin.become = (asked, state) => plugin.changed(asked, { ...plugin.vmOf(asked), state });
    },
  },
  'reads a machine once': {
    clause: '7.3',
    says: /Once compute\.start is done, compute\.get has the machine with the state stopped/,
    isSilence: true,
    plant(plugin) {
      const known = new Map<unknown, unknown>();
      replace(plugin, 'compute.get', (before) => (asked) => {
        const { vm } = asked.params;
        if (!known.has(vm)) known.set(vm, { ...(before(asked) as Vm) });
        return known.get(vm);
      });
    },
  },
  'lists one machine': {
    clause: '7.3',
    says: /Of two machines that were made, compute\.list does not have the machine/,
    isSilence: true,
    plant: (plugin) => alter(plugin, 'compute.list', ({ items }) => ({ items: (items as Vm[]).slice(-1) })),
  },
  'lists the first page of machines': {
    clause: '7.3',
    says: /Of [0-9]+ machines that were made one after the other, compute\.list lacks [0-9]+/,
    plant: (plugin) => alter(plugin, 'compute.list', ({ items }) => ({ items: (items as Vm[]).slice(0, 20) })),
  },
  'takes names for formats': {
    clause: '7.3',
    says: /compute\.create makes a machine called .* \$d \[e\] {2}where .* \$d \[e\] %s was asked for/,
    plant: (plugin) =>
      replace(plugin, 'compute.create', (before) => (asked) => {
        const name = String(asked.params.name).replaceAll('%s', '');
        return before({ ...asked, params: { ...asked.params, name } });
      }),
  },
  'removes all machines at once': {
    clause: '7.3',
    says: /Of two machines, one of which was removed, compute\.get of the machine fails with 404/,
    isSilence: true,
    plant: (plugin) =>
      replace(plugin, 'compute.delete', (before) => (asked) => {
        for (const vm of Object.keys(plugin.instanceOf(asked.ctx).kept.vms)) before({ ...asked, params: { vm } });
        return {};
      }),
  },
  'starts all machines at once': {
    clause: '7.3',
    says: /Of two machines, one of which was started, compute\.get has the machine with the state running in place of stopped/,
    isSilence: true,
    plant: (plugin) =>
      alter(plugin, 'compute.start', (vm, asked) => {
        const { vms } = plugin.instanceOf(asked.ctx).kept;
        for (const other of Object.values(vms)) if (other.id !== vm.id) other.state = 'running';
        return vm;
      }),
  },
  'writes names in ASCII': {
    clause: '7.3',
    says: /compute\.create makes a machine called .* Z\?rich \?\? a b .* where .* Zürich 漢字 "a" 'b' .* was asked for/,
    plant: (plugin) =>
      replace(plugin, 'compute.create', (before) => (asked) => {
        const name = String(asked.params.name)
          .replaceAll(/['"]/g, '')
          .replaceAll(/[^ -~]/g, '?');
        return before({ ...asked, params: { ...asked.params, name } });
      }),
  },
  'reads machines without their labels': {
    clause: '7.3',
    says: /compute\.get has the machine with no label annelid-check with the value/,
    isSilence: true,
    plant: (plugin) => alter(plugin, 'compute.get', (result) => ({ ...result, labels: {} })),
  },
  'writes no state of a machine down': {
    clause: '7.3',
    says: /After kill -9, of two machines, compute\.get has the machine with the state stopped in place of running/,
    isSilence: true,
    plant(plugin) {
      const keep = plugin.keep.bind(plugin);
      plugin.keep = ({ file, kept }) => {
        const vms = Object.entries(kept.vms).map(([id, vm]) => [id, { ...vm, state: 'stopped' }]);
        keep({ file, kept: { ...kept, vms: Object.fromEntries(vms) } });
      };
    },
  },
  'puts ids into its queries': {
    clause: '8.2',
    says: /compute\.get of a machine with the id ' or '1'='1, which is not there, is answered with/,
    plant: (plugin) =>
      replace(plugin, 'compute.get', (before) => (asked) => {
        const all = Object.values(plugin.instanceOf(asked.ctx).kept.vms);
        return String(asked.params.vm).includes("' or ") && all.length > 0 ? all[0] : before(asked);
      }),
  },
  'starts what should be paused': {
    clause: '7.3',
    says: /compute\.start with paused: true answers a machine that is running/,
    plant: (plugin) =>
      replace(
        plugin,
        'compute.start',
        (before) => (asked) => before({ ...asked, params: { ...asked.params, paused: false } }),
      ),
  },
  'does not report that a machine is powered off': {
    clause: '10.1',
    says: /reported nothing when the machine was powered off/,
    isWarning: true,
    isSilence: true,
    plant(plugin) {
      const event = plugin.event.bind(plugin);
      plugin.event = (asked, what) => (asked.method === 'compute.powerOff' ? undefined : event(asked, what));
    },
  },
  'has memory in bytes': {
    clause: '7.3',
    says: /answers a machine with 67108864 as memoryMiB, where 64 was asked for/,
    plant: (plugin) =>
      replace(
        plugin,
        'compute.create',
        (before) => (asked) =>
          before({ ...asked, params: { ...asked.params, memoryMiB: Number(asked.params.memoryMiB) * 2 ** 20 } }),
      ),
  },
  'says local time': {
    clause: '10.5',
    says: /An event vm\.changed of what has just happened says that it was in the future/,
    plant(plugin) {
      const event = plugin.event.bind(plugin);
      // As "datetime.now().isoformat() + 'Z'" does.
      const local = () => {
        const now = new Date();
        return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
      };
      plugin.event = (asked, what) => event(asked, { ...what, time: local() });
    },
  },
  'makes machines of one processor': {
    clause: '7.3',
    says: /answers a machine with 1 as vcpus, where 2 was asked for/,
    isWarning: true,
    plant: (plugin) =>
      replace(
        plugin,
        'compute.create',
        (before) => (asked) => before({ ...asked, params: { ...asked.params, vcpus: 1 } }),
      ),
  },
  'lists no machine that is paused': {
    clause: '7.3',
    says: /Once compute\.start with paused: true is done, compute\.list does not have the machine/,
    isSilence: true,
    plant: (plugin) =>
      alter(plugin, 'compute.list', ({ items }) => ({
        items: (items as Vm[]).filter(({ state }) => state !== 'paused'),
      })),
  },
  'fails with what it tells its standard error alone': {
    clause: '7.3',
    says: /compute\.create fails with 500: compute\.create failed\. The last line on its standard error: KeyError: 'image'/,
    plant: (plugin) =>
      replace(plugin, 'compute.create', () => () => {
        console.error("KeyError: 'image'");
        throw new Error('image');
      }),
  },
};
