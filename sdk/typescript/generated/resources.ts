// Made from the contract and the catalogue by daemon/generate; change those, not this.
/** What plugins answer, as it is in JSON. */

/** A piece of what a machine wrote to its serial console. */
export interface ConsoleOutput {
  /** The bytes, as the machine wrote them. (base64) */
  data: string;
  /**
   * The offset of the first byte of `data` in all that was written since the machine was started. (64 bits, as a
   * decimal string)
   */
  start: string;
  /** The offset after the last byte of `data`: pass it as `offset` to read on. (64 bits, as a decimal string) */
  end: string;
}

/** Who that is. */
export interface DirectoryAnswer {
  /** Somebody whom a directory knows. */
  user?: DirectoryUser;
}

/** Somebody whom a directory knows. */
export interface DirectoryUser {
  /**
   * The name as the directory spells it: the same whatever spelling was given. (1 to 256 characters, as `^\P{Cc}+$`)
   */
  login: string;
  /** The account of the user. (1 to 256 characters, as `^\P{Cc}+$`) */
  account: string;
  /** What the user may do, unless the configuration of the connector allows less. */
  role: 'reader' | 'user' | 'admin';
}

/** A disk as a machine sees it. */
export interface Disk {
  /** The device name that the backend gives it, such as `vda`. (up to 64 characters) */
  device: string;
  /** Its size in MiB. (0 or more) */
  sizeMiB?: number;
  /** The backend id of the volume behind it. (up to 1024 characters) */
  volume?: string;
  /** Whether the machine can only read it. */
  readOnly?: boolean;
}

/** Nothing to say but that it is done. */
export type Done = Record<never, never>;

/** Why a call failed: `error` of an answer. */
export interface Error {
  /** One of JSON-RPC's own, or a number that reads like HTTP's. */
  code: number;
  /** What is wrong and with what, for users. (up to 4096 characters) */
  message: string;
  /** What else is to be said of it. */
  data?: ErrorData;
}

/** What else is to be said of it. */
export interface ErrorData {
  /** What it is; that of the code when left out. */
  kind?:
    | 'malformed'
    | 'unsupported-encoding'
    | 'invalid-request'
    | 'unknown-method'
    | 'invalid-params'
    | 'too-large'
    | 'unauthenticated'
    | 'forbidden'
    | 'not-found'
    | 'conflict'
    | 'exists'
    | 'busy'
    | 'throttled'
    | 'cancelled'
    | 'internal'
    | 'unsupported'
    | 'failed'
    | 'unavailable'
    | 'timeout'
    | 'quota';
  /** What had happened when the call failed. */
  outcome?: 'none' | 'unknown' | 'partial' | 'done';
  /** When to try again, in milliseconds. (0 or more) */
  retryAfterMs?: number;
  /** JSON Pointer into the parameters, such as `/disks/0/sizeMiB`. (up to 4096 characters) */
  field?: string;
  /** The resource meant, by its id. (up to 4096 characters) */
  resource?: string;
  /** The backend's own name for the failure. (up to 4096 characters) */
  provider?: string;
  /** What to do next. (up to 4096 characters) */
  hint?: string;
  /**
   * What it is in the contract of the service that was called. (JSON; `$time`, `$bytes` and `$counter` stand for what
   * it has no type for)
   */
  contract?: unknown;
}

/** What became of the mutation with the key of the context: the result of `find`. */
export interface Found {
  /** `done`: it was carried out; `none`: never begun; `unknown`: the plugin cannot tell. */
  outcome: 'done' | 'none' | 'unknown';
  /** A virtual machine as its backend knows it. */
  vm?: NativeVm;
}

/** A machine as the daemon has it. */
export interface LookedUp {
  /** The daemon's id. (up to 64 characters) */
  id: string;
  /** The backend id; empty as long as the machine is being made. (up to 1024 characters) */
  nativeId: string;
  /** Its name. (up to 256 characters) */
  name: string;
  /** The account that owns it. (up to 256 characters) */
  account: string;
  /** Its state as users see it, such as `running` or `deleted`. (up to 64 characters) */
  state: string;
  /** Its labels. (up to 64 members) */
  labels: Record<string, string>;
}

/** A host as its backend knows it. */
export interface NativeHost {
  /** The backend id. (1 to 1024 characters) */
  id: string;
  /** Its name. (up to 256 characters) */
  name: string;
  /** Whether machines can run there. */
  state: 'up' | 'down' | 'maintenance';
  /** Processor threads. (0 or more) */
  vcpus?: number;
  /** Memory in MiB. (0 or more) */
  memoryMiB?: number;
  /** Memory not in use, in MiB. (0 or more) */
  freeMemoryMiB?: number;
  /** The hypervisor and its version, as `QEMU 7.2.19`. (up to 256 characters) */
  hypervisor?: string;
}

/** A page of hosts. */
export interface NativeHostPage {
  /** The hosts. (up to 100000 items) */
  items: NativeHost[];
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** An image as its backend knows it. */
export interface NativeImage {
  /** The backend id. (1 to 1024 characters) */
  id: string;
  /** Its name. (up to 256 characters) */
  name: string;
  /** What the image is. */
  format: 'qcow2' | 'raw' | 'iso' | 'kernel' | 'initrd' | 'other';
  /** Its size in MiB, rounded up. (0 or more) */
  sizeMiB?: number;
}

/** A page of images. */
export interface NativeImagePage {
  /** The images. (up to 100000 items) */
  items: NativeImage[];
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** A network as its backend knows it. */
export interface NativeNetwork {
  /** The backend id. (1 to 1024 characters) */
  id: string;
  /** Its name. (up to 256 characters) */
  name: string;
  /** Whether it carries traffic. */
  state: 'up' | 'down';
  /** The bridge device on the host. (up to 64 characters) */
  bridge?: string;
  /** Address ranges. (up to 256 items) */
  cidrs: string[];
}

/** A page of networks. */
export interface NativeNetworkPage {
  /** The networks. (up to 100000 items) */
  items: NativeNetwork[];
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** A virtual machine as its backend knows it. */
export interface NativeVm {
  /** The backend id. (1 to 1024 characters) */
  id: string;
  /** Its name; the id stands in when there is none. (up to 256 characters) */
  name?: string;
  /** Its state. */
  state:
    | 'stopped'
    | 'starting'
    | 'running'
    | 'pausing'
    | 'paused'
    | 'stopping'
    | 'suspended'
    | 'rebooting'
    | 'error'
    | 'unknown';
  /** The backend id of the host that it runs on. (up to 1024 characters) */
  host?: string;
  /** The backend id of the image that it was made from. (up to 1024 characters) */
  image?: string;
  /** The idempotency key that it was created with, when the backend keeps it. (up to 256 characters) */
  key?: string;
  /** Virtual processors. (1 to 4096) */
  vcpus?: number;
  /** Memory in MiB. (1 or more) */
  memoryMiB?: number;
  /** Its disks. (up to 256 items) */
  disks?: Disk[];
  /** Its network interfaces. (up to 256 items) */
  nics?: Nic[];
  /** All addresses known for the machine. (up to 1024 items) */
  addresses?: string[];
  /** Labels set by users. (up to 64 members) */
  labels?: Record<string, string>;
  /** When the machine was made. (RFC 3339, UTC) */
  created?: string;
}

/** A page of machines. */
export interface NativeVmPage {
  /** The machines. (up to 100000 items) */
  items: NativeVm[];
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** A volume as its backend knows it. */
export interface NativeVolume {
  /** The backend id. (1 to 1024 characters) */
  id: string;
  /** Its name. (up to 256 characters) */
  name: string;
  /** Its size in MiB, rounded up. (0 or more) */
  sizeMiB: number;
  /** What it takes on the backend, in MiB, rounded up. (0 or more) */
  usedMiB?: number;
  /** Its format, such as `qcow2`. (up to 64 characters) */
  format?: string;
  /** The storage pool that holds it. (up to 256 characters) */
  pool?: string;
}

/** A page of volumes. */
export interface NativeVolumePage {
  /** The volumes. (up to 100000 items) */
  items: NativeVolume[];
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** What a call needs before anything is done: it is made again with it. */
export interface Need {
  /** Secrets of the connector. (up to 64 items) */
  secret?: string[];
  /** Keys of what the daemon keeps for the connector. (up to 64 items) */
  state?: string[];
}

/** An empty disk to make. */
export interface NewDisk {
  /** Its size in MiB. (1 or more) */
  sizeMiB: number;
}

/** A network interface of a machine. */
export interface Nic {
  /** Its hardware address, as `52:54:00:12:34:56`. (up to 17 characters) */
  mac?: string;
  /** The backend id of the network that it is connected to. (up to 1024 characters) */
  network?: string;
  /** Addresses known on this interface. (up to 256 items) */
  addresses: string[];
}

/** Nothing to say but that it is done. */
export type Nothing = Record<never, never>;

/** What happened after a cursor: the result of `events.pull`. */
export interface Pulled {
  /** In their order. (up to 1000 items) */
  events: PulledEvent[];
  /** Where to go on. (1 to 1024 characters) */
  next: string;
  /** What happened between is not known any more: everything must be read again. */
  reset?: boolean;
}

/** What happened in the backend. */
export interface PulledEvent {
  /** `vm.changed` with the machine as it is now, `vm.deleted` with its id, or `resync`: read everything again. */
  type: 'vm.changed' | 'vm.deleted' | 'resync';
  /** A virtual machine as its backend knows it. */
  vm?: NativeVm;
  /** The backend id of a deleted machine. (up to 1024 characters) */
  id?: string;
  /** The place after it in the order of events. (1 to 1024 characters) */
  cursor?: string;
  /** When it happened in the backend; when the host hears of it, when left out. (RFC 3339, UTC) */
  time?: string;
}

/** That it is written. */
export interface Recorded {
  /** Those that are not, and do not come again. (up to 1000 items) */
  refused?: RefusedEntry[];
}

/** An entry that cannot be recorded, now and later. */
export interface RefusedEntry {
  /** Its id. (up to 36 characters) */
  id: string;
  /** Why not, for operators. (up to 4096 characters) */
  message: string;
}

/** A call that goes on after it was answered. */
export interface TaskHandle {
  /** Its name, which outlives the process. (1 to 1024 characters) */
  id: string;
  /** Milliseconds between two questions after it. (1 or more) */
  pollMs?: number;
  /** Milliseconds for which it is remembered once it has ended. (1 or more) */
  ttlMs?: number;
}

/** How a task goes: the result of `task.get`. */
export interface TaskState {
  /** Whether it has ended, and how. */
  state: 'running' | 'done' | 'failed' | 'cancelled';
  /** How far it has come, from 0 to 100. (0 to 100) */
  percent?: number;
  /** What is being done, or why it was cancelled. (up to 4096 characters) */
  message?: string;
  /** A virtual machine as its backend knows it. */
  result?: NativeVm;
  /** Why a call failed: `error` of an answer. */
  error?: Error;
}

/** That a machine ran, or was paused, from one moment to another. */
export interface UsageEntry {
  /** Its id, a UUID: the same however often it is told. (up to 36 characters) */
  id: string;
  /** The daemon's id of the machine. (up to 64 characters) */
  vm: string;
  /** The name of the machine. (up to 256 characters) */
  name: string;
  /** The account that owned it. (up to 256 characters) */
  account: string;
  /** The connector that it was on. (up to 256 characters) */
  connector: string;
  /** Its virtual processors. (0 or more) */
  vcpus?: number;
  /** Its memory in MiB. (0 or more) */
  memoryMiB?: number;
  /** When it began. (RFC 3339, UTC) */
  began: string;
  /** When it ended: the machine was stopped, removed or resized then, or a period was over. (RFC 3339, UTC) */
  ended: string;
  /** How long that is, in seconds. (0 or more) */
  seconds: number;
}

/** What a machine has used since it was started. What a backend cannot tell is left out. */
export interface VmStats {
  /** When this was read. (RFC 3339, UTC) */
  time: string;
  /** Seconds since it was started. (64 bits, as a decimal string) */
  uptimeSeconds?: string;
  /** Processor time used, in seconds. (0 or more) */
  cpuSeconds?: number;
  /** Memory in use, in MiB. (0 or more) */
  memoryMiB?: number;
  /** Bytes read from its disks. (64 bits, as a decimal string) */
  diskReadBytes?: string;
  /** Bytes written to its disks. (64 bits, as a decimal string) */
  diskWriteBytes?: string;
  /** Bytes received on its interfaces. (64 bits, as a decimal string) */
  netReceivedBytes?: string;
  /** Bytes sent on its interfaces. (64 bits, as a decimal string) */
  netSentBytes?: string;
}
