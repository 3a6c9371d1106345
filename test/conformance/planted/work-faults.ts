/** Mistakes in what a plugin does with machines, which its users find late. */
import type { Json, Vm } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';

const itemsOf = ({ items }: Json) => items as Vm[];

export const workFaults: Readonly<Record<string, Fault>> = {
  'forgets labels': {
    clause: '7.3',
    says: /without the labels that it was asked for/,
    plant: (plugin) => alter(plugin, 'compute.create', (result) => ({ ...result, labels: {} })),
  },
  'lists a part of each machine': {
    clause: '7.3',
    says: /compute\.list has the machine without vcpus, memoryMiB/,
    plant: (plugin) =>
      alter(plugin, 'compute.list', (result) => ({
        items: itemsOf(result).map(({ id, name, state }) => ({ id, name, state })),
      })),
  },
  'lists in a circle': {
    clause: '7.3',
    says: /compute\.list answers the next b twice: its pages have no end|the next a twice/,
    plant: (plugin) =>
      alter(plugin, 'compute.list', (result, { params }) => ({ ...result, next: params.after === 'a' ? 'b' : 'a' })),
  },
  'still lists what it has deleted': {
    clause: '7.3',
    says: /compute\.list still has the machine/,
    plant(plugin) {
      const gone: Vm[] = [];
      replace(plugin, 'compute.delete', (before) => (asked) => {
        const { vms } = plugin.instanceOf(asked.ctx).kept;
        const vm = vms[String(asked.params.vm)];
        if (vm) gone.push(vm);
        return before(asked);
      });
      alter(plugin, 'compute.list', (result) => ({ items: [...itemsOf(result), ...gone] }));
    },
  },
  'cancels whatever is under way': {
    clause: '7.6',
    says: /cancelled by an id that is not its own/,
    plant(plugin) {
      plugin.hear = (method) => {
        if (method === '$/cancel') for (const asked of plugin.running.values()) asked.cancelled = true;
      };
    },
  },
  'keeps the beginning of a key': {
    clause: '9.3',
    says: /Of two keys of 256 characters that differ in the last one/,
    plant(plugin) {
      const madeFor = plugin.madeFor.bind(plugin);
      plugin.madeFor = (asked) => madeFor({ ...asked, ctx: { ...asked.ctx, key: String(asked.ctx.key).slice(0, 63) } });
      replace(
        plugin,
        'compute.create',
        (before) => (asked) => before({ ...asked, ctx: { ...asked.ctx, key: String(asked.ctx.key).slice(0, 63) } }),
      );
    },
  },
  'does not report that a machine is gone': {
    clause: '10.1',
    says: /reported nothing when the machine was removed/,
    isWarning: true,
    isSilence: true,
    plant(plugin) {
      const notify = plugin.notify.bind(plugin);
      plugin.notify = (method, params) => (params.type === 'vm.deleted' ? undefined : notify(method, params));
    },
  },
  'reports what has just been made, and no change of it': {
    clause: '10.1',
    says: /reported nothing when the machine was started/,
    isWarning: true,
    isSilence: true,
    plant(plugin) {
      const event = plugin.event.bind(plugin);
      plugin.event = (asked, what) => (asked.method === 'compute.start' ? undefined : event(asked, what));
    },
  },
  'has events without cursors': {
    clause: '14.2',
    says: /An event that events\.pull answers has no cursor/,
    plant: (plugin) =>
      alter(plugin, 'events.pull', ({ events, ...pulled }) => ({
        ...pulled,
        events: (events as Json[]).map(({ cursor: _, ...event }) => event),
      })),
  },
  'never ends a task': {
    clause: '15.2',
    says: /A task runs longer than an answer may take/,
    isSilence: true,
    plant: (plugin) => alter(plugin, 'task.get', () => ({ state: 'running' })),
  },
  'answers the first part again': {
    clause: '17.1',
    says: /is no JSON text/,
    plant: (plugin) =>
      replace(plugin, 'blob.read', (before) => (asked) => {
        const { offset, length } = asked.params as { offset: number; length: number };
        const part = before(asked) as { data: string; end: boolean };
        return offset === 0 ? part : { ...part, data: Buffer.alloc(length, '{').toString('base64') };
      }),
  },
  'joins what was written the wrong way round': {
    clause: '17.3',
    says: /With its parameters in parts, (probe|compute\.get) is not answered/,
    plant(plugin) {
      replace(plugin, 'blob.write', (before) => (asked) => {
        const { blob, offset, data } = asked.params as { blob: string; offset: number; data: string };
        return before({
          ...asked,
          params: {
            blob,
            offset,
            data: offset === 0 ? data : Buffer.from(data, 'base64').reverse().toString('base64'),
          },
        });
      });
    },
  },
};
