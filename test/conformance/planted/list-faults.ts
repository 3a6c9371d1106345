/** Mistakes with lists, and with what published methods change in them. */
import type { Json } from './cloud.ts';
import { alter, type Fault, replace } from './fault.ts';
import { volumesIn } from './shelf.ts';

/** A method as it is published. */
interface Shown {
  params: { properties: Json };
  example: { params: Json };
}

const volume = { id: 'data0', name: 'data0', sizeMiB: 1 };

export const listFaults: Record<string, Fault> = {
  'writes nothing down that its own methods change': {
    clause: '3.6',
    says: /shelf\.put has made data1 of storage\.list in one process, and the next one, after kill -9, does not have it/,
    plant: (plugin) =>
      replace(plugin, 'shelf.put', () => ({ ctx }) => {
        volumesIn(plugin, ctx).data1 = { ...volume, id: 'data1' };
        return true;
      }),
  },
  'forgets that something was removed': {
    clause: '3.6',
    says: /shelf\.take has removed data1 of storage\.list in one process, and the next one, after kill -9, has it still/,
    plant: (plugin) =>
      replace(plugin, 'shelf.take', () => ({ ctx }) => {
        delete volumesIn(plugin, ctx).data1;
        return true;
      }),
  },
  'does not know of the volumes of another process': {
    clause: '3.12',
    says: /shelf\.put has made data1 of storage\.list in one process, and another, configured before, does not have it/,
    plant(plugin) {
      delete plugin.description.processes;
      // The one that is asked for in machines is planted, too (author-faults.ts).
      plugin.description.methods = ['storage.list'];
    },
  },
  'reports nothing of its volumes': {
    clause: '10.1',
    says: /names the feature events, and reported nothing when shelf\.put changed what it lists/,
    isWarning: true,
    plant: (plugin) =>
      replace(plugin, 'shelf.put', () => ({ ctx }) => {
        volumesIn(plugin, ctx).data1 = { ...volume, id: 'data1' };
        return true;
      }),
  },
  'has a volume twice': {
    clause: '7.3',
    says: /storage\.list has data0 twice/,
    plant: (plugin) => alter(plugin, 'storage.list', () => ({ items: [volume, volume] })),
  },
  'has pages of volumes that go in a circle': {
    clause: '7.3',
    says: /storage\.list answers the next b twice: its pages have no end/,
    plant: (plugin) =>
      alter(plugin, 'storage.list', (_, { params }) => ({ items: [], next: params.after === 'b' ? 'c' : 'b' })),
  },
  'lists one volume': {
    clause: '7.3',
    says: /Of [0-9]+ that were made one after the other, storage\.list lacks [0-9]+, such as data1/,
    isSilence: true,
    plant: (plugin) => alter(plugin, 'storage.list', ({ items }) => ({ items: (items as Json[]).slice(-1) })),
  },
  'lists the first page of its backend': {
    clause: '7.3',
    says: /storage\.list lacks [0-9]+, such as data111\./,
    isSilence: true,
    plant: (plugin) => alter(plugin, 'storage.list', ({ items }) => ({ items: (items as Json[]).slice(0, 10) })),
  },
  'removes all volumes at once': {
    clause: '7.3',
    says: /Once data1 was removed, of [0-9]+ others storage\.list lacks [0-9]+, such as data12\./,
    isSilence: true,
    plant: (plugin) =>
      replace(plugin, 'shelf.take', () => ({ ctx }) => {
        const volumes = volumesIn(plugin, ctx);
        for (const id of Object.keys(volumes)) delete volumes[id];
        return true;
      }),
  },
  'lists sizes in bytes': {
    clause: '7.3',
    says: /storage\.list has 1073741824 as sizeMiB of what was made with 1024/,
    plant: (plugin) =>
      alter(plugin, 'storage.list', ({ items }) => ({
        items: (items as Json[]).map((item) => ({ ...item, sizeMiB: Number(item.sizeMiB) * 2 ** 20 })),
      })),
  },
  'lists names in ASCII': {
    clause: '7.3',
    says: /storage\.list has data1 \?\? .* where data1 ü漢 .* was made/,
    plant: (plugin) =>
      alter(plugin, 'storage.list', ({ items }) => ({
        items: (items as Json[]).map((item) => ({ ...item, name: String(item.name).replaceAll(/[^ -~]/g, '?') })),
      })),
  },
  'lists networks without their ranges': {
    clause: '7.3',
    says: /network\.list has no cidrs of what was made with \["10\.1\.0\.0\/16"\]/,
    plant(plugin) {
      const [put] = (plugin.description.publishes as { methods: Shown[] }[]).at(-1)!.methods;
      put!.params.properties.cidrs = { type: 'array', items: { type: 'string' } };
      put!.example.params.cidrs = ['10.1.0.0/16'];
      (plugin.description.methods as string[]).push('network.list');
      const network = ({ id }: Json) => ({ id, name: id, state: 'up', cidrs: [] });
      plugin.calls.set('network.list', ({ ctx }) => ({ items: Object.values(volumesIn(plugin, ctx)).map(network) }));
      replace(plugin, 'storage.list', () => () => ({ items: [] }));
    },
  },
};
