/** Mistakes with what is reported and published, and with tasks: sections 10 to 15. */
import type { Json } from './cloud.ts';
import { Refusal } from './cloud.ts';
import { alter, type Fault, replace, rewrite } from './fault.ts';

const service = (plugin: { description: Json }) =>
  (plugin.description.publishes as { service: string; methods: Json[] }[])[0]!;

export const reportFaults: Record<string, Fault> = {
  'reports changes without the machine': {
    clause: '10.1',
    says: /vm\.changed comes without the machine/,
    isSilence: true,
    plant: (plugin) => {
      const notify = plugin.notify.bind(plugin);
      plugin.notify = (method, { vm: _, ...params }) => notify(method, params);
    },
  },
  'reports nothing': {
    clause: '10.1',
    says: /names the feature events, and reported nothing/,
    isWarning: true,
    isSilence: true,
    plant(plugin) {
      plugin.notify = () => {};
    },
  },
  'has levels of its own': {
    clause: '10.2',
    says: /A \$\/log is wrong: \/level must be one of/,
    plant: (plugin) => rewrite(plugin, (text) => text.replace('"level":"info"', '"level":"notice"')),
  },
  'ends at notifications that it does not know': {
    clause: '10.3',
    says: /ended with code 1 before it answered echo/,
    plant(plugin) {
      plugin.hear = () => process.exit(1);
    },
  },
  'logs for a call that has ended': {
    clause: '10.4',
    says: /names a request that is not under way/,
    plant(plugin) {
      const log = plugin.log.bind(plugin);
      plugin.log = (asked, message, more) => log(asked, message, { ...more, id: 1 });
    },
  },
  'takes local time for UTC': {
    clause: '10.5',
    says: /An event vm\.changed of what has just happened says that it was in the future/,
    plant(plugin) {
      const notify = plugin.notify.bind(plugin);
      const time = () => new Date(Date.now() + 7_200_000).toISOString();
      plugin.notify = (method, params) => notify(method, method === '$/event' ? { ...params, time: time() } : params);
    },
  },
  'takes seconds for milliseconds': {
    clause: '10.5',
    says: /An event vm\.changed of what has just happened says that it was at 1970-/,
    plant(plugin) {
      const event = plugin.event.bind(plugin);
      plugin.event = (asked, more) => event(asked, { ...more, time: new Date(Date.now() / 1000).toISOString() });
    },
  },

  'has an example that fails': {
    clause: '13.1',
    says: /The example of lamp\.on fails with 404/,
    plant: (plugin) =>
      replace(plugin, 'lamp.on', () => () => {
        throw new Refusal(404, 'not-found', 'There is no such room.');
      }),
  },
  'has an example that does not fit': {
    clause: '13.1',
    says: /in the example of lamp\.on do not fit its schema/,
    plant(plugin) {
      service(plugin).methods[0]!.example = { params: { room: 7 } };
    },
  },
  'publishes a method with a bad name': {
    clause: '13.2',
    says: /name must match/,
    plant(plugin) {
      service(plugin).methods[0]!.name = 'switch-on';
    },
  },
  'publishes a schema that nobody understands': {
    clause: '13.3',
    says: /A schema of lamp\.on is not understood/,
    plant(plugin) {
      service(plugin).methods[0]!.result = { type: 'array', items: { type: 'string' }, uniqueItems: true };
    },
  },
  'answers what its schema does not have': {
    clause: '13.5',
    says: /What lamp\.on answers is wrong/,
    plant: (plugin) => replace(plugin, 'lamp.on', () => () => 'yes'),
  },
  'publishes under a name that is taken': {
    clause: '13.6',
    says: /a service called vm, and that name is taken/,
    plant(plugin) {
      service(plugin).service = 'vm';
    },
  },

  'forgets events in a crash': {
    clause: '14.1',
    says: /After kill -9 .* are not known any more/,
    plant(plugin) {
      const keep = plugin.keep.bind(plugin);
      plugin.keep = ({ file, kept }) => keep({ file, kept: { ...kept, events: [] } });
    },
  },
  'answers more events than were asked for': {
    clause: '14.2',
    says: /events where 1 were asked for/,
    plant: (plugin) =>
      replace(
        plugin,
        'events.pull',
        (before) => (asked) => before({ ...asked, params: { ...asked.params, max: 1000 } }),
      ),
  },
  'stays where it is': {
    clause: '14.2',
    says: /a next that is where it was asked from/,
    plant: (plugin) =>
      alter(plugin, 'events.pull', (pulled, { params }) => ({ ...pulled, next: params.since ?? pulled.next })),
  },
  'knows every cursor': {
    clause: '14.3',
    says: /and no reset/,
    plant: (plugin) => alter(plugin, 'events.pull', ({ reset: _, ...pulled }) => pulled),
  },
  'begins with everything': {
    clause: '14.3',
    says: /without since answers events/,
    plant: (plugin) =>
      replace(
        plugin,
        'events.pull',
        (before) => (asked) =>
          asked.params.since === undefined ? { events: [{ type: 'resync', cursor: 'c0' }], next: 'c0' } : before(asked),
      ),
  },
  'tells before it has written': {
    clause: '14.4',
    says: /[0-9]+ events that had been told are not known/,
    plant(plugin) {
      const event = plugin.event.bind(plugin);
      plugin.event = (asked, what) => {
        event(asked, what);
        if (asked.method === 'compute.start') {
          plugin.notify('$/event', { instance: asked.ctx.instance, ...what, cursor: 'c999' });
        }
      };
    },
  },

  'answers with tasks unasked': {
    clause: '15.1',
    says: /compute\.start is answered with a task, and ctx\.accept has none/,
    plant: (plugin) => replace(plugin, 'compute.start', () => (asked) => plugin.begin(asked)),
  },
  'ends tasks without what the call answers': {
    clause: '15.2',
    says: /What the task of compute\.reboot answers in the end is wrong/,
    plant: (plugin) =>
      alter(plugin, 'task.get', (task) => (task.state === 'done' ? { state: 'done', result: 'rebooted' } : task)),
  },
  'forgets tasks in a crash': {
    clause: '15.3',
    says: /After kill -9 the task of compute\.reboot is not known/,
    plant(plugin) {
      const keep = plugin.keep.bind(plugin);
      plugin.keep = ({ file, kept }) => keep({ file, kept: { ...kept, tasks: {} } });
    },
  },
  'knows every task': {
    clause: '15.4',
    says: /task that is not known is answered with a result/,
    plant: (plugin) =>
      replace(plugin, 'task.get', (before) => (asked) => {
        try {
          return before(asked);
        } catch {
          return { state: 'running' };
        }
      }),
  },
  'begins another task for the same key': {
    clause: '15.4',
    says: /with the same key, is answered with another task/,
    plant(plugin) {
      const begin = plugin.begin.bind(plugin);
      plugin.begin = (asked) => {
        plugin.instanceOf(asked.ctx).kept.taskOf = {};
        return begin(asked);
      };
    },
  },
  'cannot cancel tasks': {
    clause: '15.5',
    says: /task\.cancel fails with -32601/,
    plant: (plugin) => void plugin.calls.delete('task.cancel'),
  },

  'asks for calls that have ended': {
    clause: '16.1',
    says: /names no call that is under way/,
    plant(plugin) {
      const ask = plugin.ask.bind(plugin);
      plugin.ask = (asked, method, params) => ask(asked, method, { ...params, call: 1 });
    },
  },
  'asks for a secret without its name': {
    clause: '16.1',
    says: /What it asks of host\.secret\.get is wrong: \/name is missing/,
    plant(plugin) {
      const ask = plugin.ask.bind(plugin);
      plugin.ask = (asked, method) => ask(asked, method, {});
    },
  },
  'asks for what the host does not have': {
    clause: '16.1',
    says: /host\.secrets\.get, which the host does not have\. Did it mean host\.secret\.get/,
    isWarning: true,
    plant(plugin) {
      const ask = plugin.ask.bind(plugin);
      plugin.ask = (asked, _method, params) => ask(asked, 'host.secrets.get', params);
    },
  },
  'logs a secret that it was given': {
    clause: '16.2',
    says: /that it has asked for stands on its standard error/,
    plant(plugin) {
      const ask = plugin.ask.bind(plugin);
      plugin.ask = async (asked, method, params) => {
        const result = await ask(asked, method, params);
        console.error(`Given: ${result.value}`);
        return result;
      };
    },
  },
  'needs something again and again': {
    clause: '16.6',
    says: /needs something for the 5th time/,
    plant: (plugin) => replace(plugin, 'compute.consoleOutput', () => () => ({ need: { state: ['console'] } })),
  },
  'answers what it needs beside a result': {
    clause: '16.6',
    says: /answers a need, and beside it data/,
    plant: (plugin) => alter(plugin, 'compute.consoleOutput', (result) => ({ data: '', ...result })),
  },

  'counts the characters of a blob, and not its bytes': {
    clause: '17.1',
    says: /The blob of compute\.consoleOutput has [0-9]+ bytes as it says, and goes on at/,
    plant(plugin) {
      alter(plugin, 'compute.consoleOutput', ({ blob, ...result }) => {
        if (blob === undefined) return result;
        const { id, bytes } = blob as { id: string; bytes: number };
        return { blob: { id, bytes: bytes - 2 } };
      });
    },
  },
  'answers a blob beside a result': {
    clause: '17.1',
    says: /compute\.consoleOutput answers a blob, and beside it data/,
    plant: (plugin) =>
      alter(plugin, 'compute.consoleOutput', (result) => ('blob' in result ? { ...result, data: '' } : result)),
  },
  'forgets a blob before it was read': {
    clause: '17.1',
    says: /The blob of compute\.consoleOutput is not there: blob\.read fails with 404/,
    plant: (plugin) =>
      replace(plugin, 'blob.read', () => () => {
        throw new Refusal(404, 'not-found', 'There is no such blob.');
      }),
  },
  'answers another result in parts': {
    clause: '17.1',
    says: /The blob of compute\.consoleOutput is no JSON text/,
    plant: (plugin) =>
      alter(plugin, 'blob.read', (part) => ({
        ...part,
        data: Buffer.alloc(Buffer.from(String(part.data), 'base64').length, '?').toString('base64'),
      })),
  },

  'has every blob': {
    clause: '17.2',
    says: /blob\.read of a blob that it never answered has a result/,
    plant: (plugin) => replace(plugin, 'blob.read', () => () => ({ data: '', end: true })),
  },
  'loses what was written in parts': {
    clause: '17.3',
    says: /With its parameters in parts, probe fails with 404/,
    plant: (plugin) => replace(plugin, 'blob.write', () => () => ({})),
  },
};
