/** The plugin of the samples in PROTOCOL.md. */
import {
  type Calls,
  Fault,
  faultAsError,
  type NativeVm,
  type PluginEvent,
  type ServeOptions,
} from '../../sdk/typescript/plugin/index.ts';

export const demo = (): Calls => {
  const vms = new Map<string, NativeVm>([['vm-1', { id: 'vm-1', state: 'stopped' }]]);
  const get = (id: string): NativeVm => {
    const vm = vms.get(id);
    if (!vm) throw new Fault('not-found', `There is no machine ${id}.`, { resource: id });
    return vm;
  };
  return {
    'compute.get': ({ vm }) => get(vm),
    'compute.start': ({ vm: id }, { progress, event }) => {
      const vm = get(id);
      progress(40, 'Booting.');
      vm.state = 'running';
      event({ type: 'vm.changed', vm });
      return vm;
    },
    'compute.shutdown': (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    probe: () => ({}),
    find: (_, { key }) => ({ outcome: 'done', vm: { ...get('vm-1'), key: key ?? '' } }),
  };
};

export const demoOptions = {
  version: '0.1',
  methods: ['compute.get', 'compute.start', 'compute.shutdown'],
} as const;

/** The plugin of the samples about what not every plugin needs. */
export const cloud = (): Calls => {
  let asked = 0;
  const happened: PluginEvent[] = [
    { type: 'vm.changed', vm: { id: 'vm-1', state: 'running' }, cursor: 'e5.2' },
    { type: 'vm.changed', vm: { id: 'vm-1', state: 'stopped' }, cursor: 'e5.3', time: '2026-01-31T12:00:00.000Z' },
  ];
  return {
    'compute.start': () => ({ task: { id: 'job-8', pollMs: 500, ttlMs: 3_600_000 } }),
    'task.get': ({ task }) => {
      if (task === 'job-9') {
        const nothing = new Fault('cancelled', 'Nothing was begun.', { outcome: 'none' });
        return { state: 'cancelled', error: faultAsError(nothing) };
      }
      if (task !== 'job-8') throw new Fault('not-found', `There is no task ${task}.`);
      asked += 1;
      return asked === 1
        ? { state: 'running', percent: 40, message: 'Booting.' }
        : { state: 'done', result: { id: 'vm-1', state: 'running' } };
    },
    'task.cancel': () => ({}),
    'events.pull': ({ since, max }) => {
      if (!since?.startsWith('e5.')) return { events: [], next: 'e5.3', reset: true };
      const from = happened.findIndex(({ cursor }) => cursor === since) + 1;
      const events = since === 'e5.1' || from > 0 ? happened.slice(from, from + max) : [];
      return { events, next: events.at(-1)?.cursor ?? since };
    },
    find: () => ({ outcome: 'none' }),
  };
};

/** The plugin of the samples about what is asked of the daemon, and about what is too long for a line. */
export const desk = (): Calls => ({
  'compute.pause': async ({ vm: id }, { host }) => {
    await host.secret('token');
    return { id, state: 'paused' };
  },
  'compute.resume': async ({ vm: id }, { host }) => {
    const { value, version } = await host.state<{ times: number }>('resumed');
    await host.keep('resumed', { times: (value?.times ?? 0) + 1 }, { version });
    return { id, state: 'running' };
  },
  'compute.reboot': async ({ vm }, { host }) => {
    const unlock = await host.lock(vm, { leaseMs: 60_000, waitMs: 5000 });
    try {
      return { id: (await host.lookup({ vm })).nativeId, state: 'running' };
    } finally {
      await unlock();
    }
  },
  'compute.get': ({ vm: id }) => ({ id, state: 'running' }),
  'compute.reset': ({ vm: id }, { given }) =>
    given.secret === undefined ? { need: { secret: ['token'], state: ['resumed'] } } : { id, state: 'running' },
});

const find = (login: string) =>
  login.toLowerCase() === 'ann' ? { user: { login: 'ann', account: 'acme', role: 'user' as const } } : {};

/** The plugin of the samples about people. */
export const clerk: Calls = {
  'directory.authenticate': ({ login, secret }) => (secret === 's3cret' ? find(login) : {}),
  'directory.find': ({ login }) => find(login),
  'accounting.record': ({ entries }) => {
    if (entries[0]?.seconds !== 3600) throw new Error('It is another entry.');
    return {};
  },
};

export const cloudOptions: ServeOptions = { version: '2.0' };

/** The plugin of the samples about published methods. It says of itself what a plugin without a kit would write. */
export const meterOptions: ServeOptions = {
  version: '1.2',
  publishes: [
    {
      described: {
        service: 'meter',
        doc: 'Reads the meters.',
        methods: [
          {
            name: 'read',
            doc: 'Read a meter.',
            changes: false,
            params: {
              type: 'object',
              properties: {
                name: { type: 'string', maxLength: 20 },
                unit: { type: 'string', enum: ['V', 'A'], default: 'V' },
              },
              required: ['name'],
            },
            result: { type: 'number' },
          },
        ],
      },
      calls: new Map([['meter.read', () => 229.5]]),
    },
  ],
};
