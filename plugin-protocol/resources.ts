/**
 * The resources that plugins and the daemon exchange. `id` is always the backend's own id; the daemon gives every
 * resource an id of its own and shows the backend's as `nativeId` (see daemon/catalogue/resources.ts, which is made
 * from the same fields).
 */
import {
  bool,
  bytes,
  counter,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  record,
  type Static,
  string,
  time,
} from './shape.ts';

/** States a backend can report. The daemon adds `pending`, `deleting` and `deleted`, which only it can know. */
export const nativeVmStates = [
  'stopped',
  'starting',
  'running',
  'pausing',
  'paused',
  'stopping',
  'suspended',
  'rebooting',
  'error',
  'unknown',
] as const;

export const Disk = record('Disk', 'A disk as a machine sees it.', {
  device: string('The device name that the backend gives it, such as `vda`.', { maxLength: 64 }),
  sizeMiB: optional(int('Its size in MiB.', { minimum: 0 })),
  volume: optional(string('The backend id of the volume behind it.', { maxLength: 1024 })),
  readOnly: optional(bool('Whether the machine can only read it.')),
});
export type Disk = Static<typeof Disk>;

export const Nic = record('Nic', 'A network interface of a machine.', {
  mac: optional(string('Its hardware address, as `52:54:00:12:34:56`.', { maxLength: 17 })),
  network: optional(string('The backend id of the network that it is connected to.', { maxLength: 1024 })),
  addresses: list(string('An IPv4 or IPv6 address.', { maxLength: 45 }), 'Addresses known on this interface.', {
    maxItems: 256,
  }),
});
export type Nic = Static<typeof Nic>;

/** What a machine consists of beside its identity and state. */
export const vmFields = {
  vcpus: optional(int('Virtual processors.', { minimum: 1, maximum: 4096 })),
  memoryMiB: optional(int('Memory in MiB.', { minimum: 1 })),
  disks: optional(list(Disk, 'Its disks.', { maxItems: 256 })),
  nics: optional(list(Nic, 'Its network interfaces.', { maxItems: 256 })),
  addresses: optional(
    list(string('An address.', { maxLength: 45 }), 'All addresses known for the machine.', { maxItems: 1024 }),
  ),
  labels: optional(map('Labels set by users.')),
  created: optional(time('When the machine was made.')),
};

export const NativeVm = record('NativeVm', 'A virtual machine as its backend knows it.', {
  id: string('The backend id.', { minLength: 1, maxLength: 1024 }),
  name: optional(string('Its name; the id stands in when there is none.', { maxLength: 256 })),
  state: oneOf(nativeVmStates, 'Its state.'),
  host: optional(string('The backend id of the host that it runs on.', { maxLength: 1024 })),
  image: optional(string('The backend id of the image that it was made from.', { maxLength: 1024 })),
  key: optional(string('The idempotency key that it was created with, when the backend keeps it.', { maxLength: 256 })),
  ...vmFields,
});
export type NativeVm = Static<typeof NativeVm>;

export const hostFields = {
  name: string('Its name.', { maxLength: 256 }),
  state: oneOf(['up', 'down', 'maintenance'], 'Whether machines can run there.'),
  vcpus: optional(int('Processor threads.', { minimum: 0 })),
  memoryMiB: optional(int('Memory in MiB.', { minimum: 0 })),
  freeMemoryMiB: optional(int('Memory not in use, in MiB.', { minimum: 0 })),
  hypervisor: optional(string('The hypervisor and its version, as `QEMU 7.2.19`.', { maxLength: 256 })),
};
export const imageFields = {
  name: string('Its name.', { maxLength: 256 }),
  format: oneOf(['qcow2', 'raw', 'iso', 'kernel', 'initrd', 'other'], 'What the image is.'),
  sizeMiB: optional(int('Its size in MiB, rounded up.', { minimum: 0 })),
};
export const networkFields = {
  name: string('Its name.', { maxLength: 256 }),
  state: oneOf(['up', 'down'], 'Whether it carries traffic.'),
  bridge: optional(string('The bridge device on the host.', { maxLength: 64 })),
  cidrs: list(string('A range, as `192.168.122.0/24`.', { maxLength: 64 }), 'Address ranges.', { maxItems: 256 }),
};
export const volumeFields = {
  name: string('Its name.', { maxLength: 256 }),
  sizeMiB: int('Its size in MiB, rounded up.', { minimum: 0 }),
  usedMiB: optional(int('What it takes on the backend, in MiB, rounded up.', { minimum: 0 })),
  format: optional(string('Its format, such as `qcow2`.', { maxLength: 64 })),
  pool: optional(string('The storage pool that holds it.', { maxLength: 256 })),
};

const nativeId = string('The backend id.', { minLength: 1, maxLength: 1024 });
export const NativeHost = record('NativeHost', 'A host as its backend knows it.', { id: nativeId, ...hostFields });
export const NativeImage = record('NativeImage', 'An image as its backend knows it.', { id: nativeId, ...imageFields });
export const NativeNetwork = record('NativeNetwork', 'A network as its backend knows it.', {
  id: nativeId,
  ...networkFields,
});
export const NativeVolume = record('NativeVolume', 'A volume as its backend knows it.', {
  id: nativeId,
  ...volumeFields,
});
export type NativeHost = Static<typeof NativeHost>;
export type NativeImage = Static<typeof NativeImage>;
export type NativeNetwork = Static<typeof NativeNetwork>;
export type NativeVolume = Static<typeof NativeVolume>;

export const VmStats = record(
  'VmStats',
  'What a machine has used since it was started. What a backend cannot tell is left out.',
  {
    time: time('When this was read.'),
    uptimeSeconds: optional(counter('Seconds since it was started.')),
    cpuSeconds: optional(number('Processor time used, in seconds.', { minimum: 0 })),
    memoryMiB: optional(int('Memory in use, in MiB.', { minimum: 0 })),
    diskReadBytes: optional(counter('Bytes read from its disks.')),
    diskWriteBytes: optional(counter('Bytes written to its disks.')),
    netReceivedBytes: optional(counter('Bytes received on its interfaces.')),
    netSentBytes: optional(counter('Bytes sent on its interfaces.')),
  },
);
export type VmStats = Static<typeof VmStats>;

export const ConsoleOutput = record('ConsoleOutput', 'A piece of what a machine wrote to its serial console.', {
  data: bytes('The bytes, as the machine wrote them.'),
  start: counter('The offset of the first byte of `data` in all that was written since the machine was started.'),
  end: counter('The offset after the last byte of `data`: pass it as `offset` to read on.'),
});
export type ConsoleOutput = Static<typeof ConsoleOutput>;
