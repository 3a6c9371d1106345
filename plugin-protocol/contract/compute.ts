/** The interface `compute` v1: machines, the hosts that they run on and the images that they are made from. */
import { ConsoleOutput, NativeHost, NativeImage, NativeVm, VmStats } from '../resources.ts';
import { bool, counter, int, list, map, optional, record, string } from '../shape.ts';
import { mutation, read } from './call.ts';

const vm = string('The backend id of the machine.', { minLength: 1, maxLength: 1024 });
const after = optional(string('`next` of the page before; the first page when left out.', { maxLength: 1024 }));
const next = optional(string('Pass it as `after` to get the next page; left out on the last.', { maxLength: 1024 }));
const Done = record('Done', 'Nothing to say but that it is done.', {});

const NewDisk = record('NewDisk', 'An empty disk to make.', { sizeMiB: int('Its size in MiB.', { minimum: 1 }) });

export const compute = {
  list: read(
    'compute.list',
    'All machines of the backend, whoever made them.',
    { after },
    record('NativeVmPage', 'A page of machines.', { items: list(NativeVm, 'The machines.'), next }),
  ),
  get: read('compute.get', 'One machine. A machine that does not exist is a `not-found` fault.', { vm }, NativeVm),
  create: mutation(
    'compute.create',
    'Make a machine, stopped. With the same `ctx.key` again, answer the machine made before and make nothing.',
    {
      id: string('A UUID that the backend may use as its own id.', { maxLength: 36 }),
      name: string('The name that the user chose. Another machine may have it already.', {
        minLength: 1,
        maxLength: 256,
      }),
      vcpus: int('Virtual processors.', { minimum: 1, maximum: 4096 }),
      memoryMiB: int('Memory in MiB.', { minimum: 1 }),
      image: optional(
        string('Backend id of the disk image to boot from; the machine gets a copy of its own.', { maxLength: 1024 }),
      ),
      kernel: optional(string('Backend id of a kernel image to boot directly.', { maxLength: 1024 })),
      initrd: optional(string('Backend id of the initial RAM disk for `kernel`.', { maxLength: 1024 })),
      commandLine: optional(string('Kernel command line.', { maxLength: 4096 })),
      disks: list(NewDisk, 'Further empty disks.', { maxItems: 32 }),
      networks: list(string('A backend id.', { maxLength: 1024 }), 'Networks, one interface each.', { maxItems: 32 }),
      labels: map('Labels to keep with the machine if the backend can.'),
    },
    NativeVm,
    { repeatable: false },
  ),
  start: mutation(
    'compute.start',
    'Power on; done when the machine runs, or is paused when `paused` was asked for.',
    { vm, paused: optional(bool('Stop before the first instruction.')) },
    NativeVm,
    { repeatable: true },
  ),
  shutdown: mutation(
    'compute.shutdown',
    'Ask the guest to shut down (ACPI); done when it has. A guest may ignore it: the call then ends with its deadline.',
    { vm },
    NativeVm,
    { repeatable: true },
  ),
  powerOff: mutation('compute.powerOff', 'Cut the power; done when the machine is stopped.', { vm }, NativeVm, {
    repeatable: true,
  }),
  reboot: mutation(
    'compute.reboot',
    'Ask the guest to reboot (ACPI); done when the request is delivered.',
    { vm },
    NativeVm,
    {
      repeatable: false,
    },
  ),
  reset: mutation('compute.reset', 'Press the reset button.', { vm }, NativeVm, { repeatable: false }),
  pause: mutation('compute.pause', 'Stop the processors, keep the memory.', { vm }, NativeVm, { repeatable: true }),
  resume: mutation('compute.resume', 'Let a paused machine go on.', { vm }, NativeVm, { repeatable: true }),
  update: mutation(
    'compute.update',
    'Change a machine; what is left out stays as it is. A change that the state forbids is a `conflict` fault.',
    {
      vm,
      name: optional(string('A new name.', { minLength: 1, maxLength: 256 })),
      vcpus: optional(int('Virtual processors.', { minimum: 1, maximum: 4096 })),
      memoryMiB: optional(int('Memory in MiB.', { minimum: 1 })),
      labels: optional(map('All labels: they replace those before.')),
    },
    NativeVm,
    { repeatable: true },
  ),
  delete: mutation(
    'compute.delete',
    'Remove a stopped machine and the disks that `compute.create` made for it. One that is gone already is no fault.',
    { vm },
    Done,
    { repeatable: true },
  ),
  consoleOutput: read(
    'compute.consoleOutput',
    'What the machine wrote to its serial console since it was started.',
    {
      vm,
      offset: optional(counter('Where to begin; the last `maxBytes` when left out.')),
      maxBytes: int('At most so many bytes.', { minimum: 1, maximum: 1_048_576 }),
    },
    ConsoleOutput,
  ),
  stats: read('compute.stats', 'What a running machine has used.', { vm }, VmStats),
  hosts: read(
    'compute.hosts',
    'The hosts of the backend.',
    { after },
    record('NativeHostPage', 'A page of hosts.', { items: list(NativeHost, 'The hosts.'), next }),
  ),
  images: read(
    'compute.images',
    'The images that machines can be made from.',
    { after },
    record('NativeImagePage', 'A page of images.', { items: list(NativeImage, 'The images.'), next }),
  ),
};
