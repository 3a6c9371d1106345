/** Virtual machines. */
import { ConsoleOutput, VmStats } from '../../plugin-protocol/resources.ts';
import { bool, counter, int, list, map, oneOf, optional, record, ref, string } from '../../plugin-protocol/shape.ts';
import { exampleOperation, exampleVm, id } from './examples.ts';
import { change, method } from './method.ts';
import { page, Vm, vmStates } from './resources.ts';

const vm = ref('vm', 'The machine: its id, or its name where that is unique.');

const vmName = {
  minLength: 1,
  maxLength: 128,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._ -]*$',
  patternWords: 'begin with a letter or digit and hold nothing but letters, digits, ".", "_", "-" and spaces',
};

/** The limit of a page when the caller names none: all that a list may hold. */
export const pageParams = {
  limit: optional(int('At most so many in one page.', { minimum: 1, maximum: 100_000, default: 100_000 })),
  after: optional(string('`next` of the page before.', { maxLength: 1024 }), { emptyIsUnset: true }),
};
export const refreshParam = {
  refresh: optional(bool('Read from the backends first instead of answering from the inventory.', { default: false })),
};

export const NewDisk = record('NewDisk', 'An empty disk to make.', {
  sizeMiB: int('Its size in MiB.', { minimum: 1, maximum: 67_108_864 }),
});

export const vmMethods = {
  list: method('vm.list', {
    since: '0.1.0',
    doc: 'List machines. Filters that are given must all match; machines that are deleted are listed only when `state` asks for them.',
    params: {
      state: optional(oneOf(vmStates, 'Only machines in this state.')),
      connector: optional(ref('connector', 'Only machines of this connector.')),
      host: optional(ref('host', 'Only machines on this host.')),
      account: optional(ref('account', 'Only machines of this account.')),
      name: optional(string('Only machines whose name contains this text, in any case.', { maxLength: 256 })),
      labels: optional(map('Only machines that have all these labels with these values.')),
      sort: optional(
        oneOf(['created', 'name', 'state', 'vcpus', 'memoryMiB'], 'What to sort by.', { default: 'created' }),
      ),
      descending: optional(bool('Whether the last comes first.', { default: false })),
      ...pageParams,
      ...refreshParam,
    },
    result: page('VmPage', Vm, 'machines'),
    returns: 'The machines that the caller may see.',
    faults: ['unavailable'],
    permission: 'read',
    calls: 'compute.list',
    example: { params: { state: 'running', limit: 1 }, result: { items: [exampleVm], total: 2, next: '1' } },
  }),
  get: method('vm.get', {
    since: '0.1.0',
    doc: 'Read one machine.',
    params: { vm, ...refreshParam },
    result: Vm,
    returns: 'The machine.',
    faults: ['not-found', 'unavailable'],
    permission: 'read',
    calls: 'compute.get',
    example: { params: { vm: 'web1' }, result: exampleVm },
  }),
  create: change('vm.create', {
    since: '0.1.0',
    doc: 'Make a machine from a disk image, or from a kernel and an initial RAM disk, or with empty disks. It is stopped unless `start` is given. The machine is in the inventory, `pending`, as soon as the call is answered; its id is the `resource` of the operation.',
    params: {
      name: string('Its name.', vmName),
      connector: optional(ref('connector', 'Where to make it; may be left out when there is only one connector.')),
      vcpus: optional(int('Virtual processors.', { minimum: 1, maximum: 1024, default: 1 })),
      memoryMiB: optional(int('Memory in MiB.', { minimum: 16, maximum: 16_777_216, default: 512 })),
      image: optional(ref('image', 'The disk image to boot from; the machine gets a copy of its own.')),
      kernel: optional(ref('image', 'A kernel image to boot directly.')),
      initrd: optional(ref('image', 'The initial RAM disk for `kernel`.')),
      commandLine: optional(string('The kernel command line.', { maxLength: 4096 })),
      disks: optional(list(NewDisk, 'Further empty disks.', { maxItems: 32, default: [] })),
      networks: optional(
        list(ref('network', 'A network.'), 'Networks to connect it to, one interface each.', {
          maxItems: 32,
          default: [],
        }),
      ),
      labels: optional(map('Labels.', { default: {} })),
      start: optional(bool('Start it once it is made.', { default: false })),
      account: optional(ref('account', 'The owner; only administrators may name another account than their own.')),
      key: optional(
        string(
          'A word of your choice: the same call with the same key again answers the same operation and makes nothing.',
          { minLength: 1, maxLength: 128 },
        ),
      ),
    },
    returns: 'The operation that makes the machine.',
    faults: ['not-found', 'conflict', 'exists', 'unsupported', 'quota'],
    calls: 'compute.create',
    example: {
      params: { name: 'web1', vcpus: 2, memoryMiB: 1024, image: 'debian-12' },
      result: { ...exampleOperation, method: 'vm.create' },
    },
  }),
  start: change('vm.start', {
    since: '0.1.0',
    doc: 'Power on a stopped machine.',
    params: { vm, paused: optional(bool('Stop before the first instruction.', { default: false })) },
    returns: 'Done once the backend reports the machine running or paused.',
    faults: ['not-found', 'conflict', 'unsupported'],
    calls: 'compute.start',
    example: { params: { vm: 'web1' }, result: exampleOperation },
  }),
  shutdown: change('vm.shutdown', {
    since: '0.1.0',
    doc: 'Ask the guest to shut down. A guest may ignore that; `vm.powerOff` always works, also while this is under way.',
    params: { vm },
    returns: 'Done once the machine is stopped.',
    faults: ['not-found', 'conflict', 'unsupported'],
    calls: 'compute.shutdown',
    example: { params: { vm: 'web1' }, result: { ...exampleOperation, method: 'vm.shutdown' } },
  }),
  powerOff: change('vm.powerOff', {
    since: '0.1.0',
    doc: 'Cut the power. A start, shutdown or reboot of this machine that is under way is cancelled.',
    params: { vm },
    returns: 'Done once the machine is stopped.',
    faults: ['not-found', 'conflict', 'unsupported'],
    calls: 'compute.powerOff',
    example: { params: { vm: 'web1' }, result: { ...exampleOperation, method: 'vm.powerOff' } },
  }),
  reboot: change('vm.reboot', {
    since: '0.1.0',
    doc: 'Ask the guest to reboot.',
    params: { vm },
    returns: 'Done once the request is delivered.',
    faults: ['not-found', 'conflict', 'unsupported'],
    calls: 'compute.reboot',
    example: { params: { vm: 'web1' }, result: { ...exampleOperation, method: 'vm.reboot' } },
  }),
  reset: change('vm.reset', {
    since: '0.1.0',
    doc: 'Press the reset button: the machine starts anew at once, without asking the guest.',
    params: { vm },
    returns: 'Done once the machine runs again.',
    faults: ['not-found', 'conflict', 'unsupported'],
    calls: 'compute.reset',
    example: { params: { vm: 'web1' }, result: { ...exampleOperation, method: 'vm.reset' } },
  }),
  pause: change('vm.pause', {
    since: '0.1.0',
    doc: 'Stop the processors of a running machine; its memory is kept.',
    params: { vm },
    returns: 'Done once the machine is paused.',
    faults: ['not-found', 'conflict', 'unsupported'],
    calls: 'compute.pause',
    example: { params: { vm: 'web1' }, result: { ...exampleOperation, method: 'vm.pause' } },
  }),
  resume: change('vm.resume', {
    since: '0.1.0',
    doc: 'Let a paused machine go on.',
    params: { vm },
    returns: 'Done once the machine runs.',
    faults: ['not-found', 'conflict', 'unsupported'],
    calls: 'compute.resume',
    example: { params: { vm: 'web1' }, result: { ...exampleOperation, method: 'vm.resume' } },
  }),
  update: change('vm.update', {
    since: '0.1.0',
    doc: 'Change a machine; what is left out stays as it is. Most backends change the name, processors and memory of stopped machines only.',
    params: {
      vm,
      name: optional(string('A new name.', vmName)),
      labels: optional(map('All labels: they replace those before.')),
      vcpus: optional(int('Virtual processors.', { minimum: 1, maximum: 1024 })),
      memoryMiB: optional(int('Memory in MiB.', { minimum: 16, maximum: 16_777_216 })),
    },
    returns: 'Done once the backend has changed it.',
    faults: ['not-found', 'conflict', 'exists', 'unsupported'],
    calls: 'compute.update',
    example: { params: { vm: 'web1', memoryMiB: 2048 }, result: { ...exampleOperation, method: 'vm.update' } },
  }),
  delete: change('vm.delete', {
    since: '0.1.0',
    doc: 'Remove a stopped machine and the disks that were made for it. Its record stays readable as `deleted` for a while.',
    params: { vm },
    returns: 'Done once the machine is gone.',
    faults: ['not-found', 'conflict', 'unsupported'],
    calls: 'compute.delete',
    example: { params: { vm: 'web1' }, result: { ...exampleOperation, method: 'vm.delete' } },
  }),
  consoleOutput: method('vm.consoleOutput', {
    since: '0.1.0',
    doc: 'What the machine wrote to its serial console since it was started.',
    params: {
      vm,
      offset: optional(counter('Where to begin; the end of the output when left out.')),
      maxBytes: optional(int('At most so many bytes.', { minimum: 1, maximum: 1_048_576, default: 65_536 })),
    },
    result: ConsoleOutput,
    returns: 'The piece of output, and the offset to read on from.',
    faults: ['not-found', 'unsupported', 'unavailable', 'timeout'],
    permission: 'read',
    calls: 'compute.consoleOutput',
    example: { params: { vm: 'web1', maxBytes: 64 }, result: { data: 'bG9naW46IA==', start: '1024', end: '1031' } },
  }),
  stats: method('vm.stats', {
    since: '0.1.0',
    doc: 'What a running machine has used since it was started.',
    params: { vm },
    result: VmStats,
    returns: 'The figures; what the backend cannot tell is left out.',
    faults: ['not-found', 'conflict', 'unsupported', 'unavailable', 'timeout'],
    permission: 'read',
    calls: 'compute.stats',
    example: {
      params: { vm: id.vm },
      result: { time: '2026-01-31T12:00:00.000Z', uptimeSeconds: '3600', cpuSeconds: 12.5, memoryMiB: 311 },
    },
  }),
};
