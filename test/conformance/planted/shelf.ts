/** Volumes, and a service that puts them on a shelf and takes them away. */
import type { Json, Plugin } from './cloud.ts';

const shelf = {
  service: 'shelf',
  methods: ['put', 'take'].map((name) => ({
    name,
    params: {
      type: 'object',
      properties: { volume: { type: 'string', maxLength: 20 }, sizeMiB: { type: 'integer', default: 1 } },
      required: ['volume'],
    },
    result: { type: 'boolean' },
    example: { params: { volume: 'data1', sizeMiB: 1024 }, result: true },
  })),
};

/** The volumes of an instance, which are kept with its machines. */
export const volumesIn = (plugin: Plugin, ctx: Json): Record<string, Json> => {
  const kept = plugin.instanceOf(ctx).kept as { volumes?: Record<string, Json> };
  kept.volumes ??= {};
  return kept.volumes;
};

export const addShelf = (plugin: Plugin): void => {
  (plugin.description.methods as string[]).push('storage.list');
  (plugin.description.publishes as Json[]).push(shelf);
  plugin.calls.set('storage.list', ({ ctx }) => ({ items: Object.values(volumesIn(plugin, ctx)) }));
  plugin.calls.set('shelf.put', (asked) => {
    const id = String(asked.params.volume);
    volumesIn(plugin, asked.ctx)[id] = { id, name: id, sizeMiB: asked.params.sizeMiB };
    plugin.event(asked, { type: 'resync' });
    return true;
  });
  plugin.calls.set('shelf.take', (asked) => {
    const isThere = delete volumesIn(plugin, asked.ctx)[String(asked.params.volume)];
    plugin.event(asked, { type: 'resync' });
    return isThere;
  });
};
