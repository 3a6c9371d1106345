/**
 * The plugin of `planted/cloud.ts` for a cloud that all its processes and instances share, as those behind HTTP are: it asks
 * again and again what has happened there, and reports it in every instance. The arguments are the file that is the cloud, and
 * for how many milliseconds a machine is busy once a reboot was cancelled.
 */
import { readFileSync } from 'node:fs';
import { type Asked, type Json, Plugin, Refusal, run } from './planted/cloud.ts';
import { replace } from './planted/fault.ts';

const [, , file = '', busyMs = '0'] = process.argv;
const askedEveryMs = 20;

class Remote extends Plugin {
  told: number | undefined;

  override instanceOf(ctx: Json) {
    const instance = super.instanceOf(ctx);
    instance.kept = JSON.parse(readFileSync(file, 'utf8'));
    return instance;
  }
  override event({ ctx }: Asked, event: Json) {
    const instance = super.instanceOf(ctx);
    const cursor = `c${instance.kept.events.length + 1}`;
    instance.kept.events.push({ ...event, cursor });
    this.keep(instance);
  }
  override end() {
    this.tell();
    super.end();
  }
  tell() {
    if (this.instances.size === 0) return;
    const { events } = JSON.parse(readFileSync(file, 'utf8')) as { events: Json[] };
    for (const event of events.slice(this.told ?? events.length))
      for (const instance of this.instances.keys()) this.notify('$/event', { instance, ...event });
    this.told = events.length;
  }
}

const plugin = new Remote();
replace(plugin, 'configure', (before) => ({ params, ...asked }) => {
  const configured = before({ ...asked, params: { ...params, config: { ...(params.config as Json), file } } });
  const instance = plugin.instances.get(String(asked.ctx.instance))!;
  if (instance.kept.events.length === 0) plugin.keep(instance);
  plugin.tell();
  return configured;
});
// What is asked in pieces elsewhere is for other tests.
for (const method of ['compute.consoleOutput', 'lamp.on']) plugin.calls.delete(method);
plugin.description = {
  ...plugin.description,
  publishes: [],
  methods: (plugin.description.methods as string[]).slice(0, -1),
};
let busyUntil = 0;
plugin.calls.set('compute.reboot', async (asked) => {
  try {
    return await plugin.reboot(asked);
  } catch (error) {
    if (error instanceof Refusal && error.code === 499) busyUntil = Date.now() + Number(busyMs);
    throw error;
  }
});
replace(plugin, 'compute.delete', (before) => (asked) => {
  if (Date.now() < busyUntil) throw new Refusal(409, 'conflict', 'The machine is rebooting.');
  return before(asked);
});
setInterval(() => plugin.tell(), askedEveryMs).unref();
run(plugin);
