// Made from the contract and the catalogue by daemon/generate; change those, not this.
/** What the daemon answers, as it is in JSON. */

/** A configured backend: one instance of a plugin. */
export interface Connector {
  /** Its name in the configuration. (up to 256 characters) */
  id: string;
  /** The plugin that drives it. (up to 256 characters) */
  plugin: string;
  /** The version that the plugin reports. (up to 64 characters) */
  version?: string;
  /** Whether it can be used. */
  state: 'starting' | 'ready' | 'failing' | 'stopped';
  /** Why it is in that state. (up to 65536 characters) */
  message?: string;
  /** The plugin calls that it serves. (up to 100000 items) */
  calls: string[];
  /** How often the plugin was restarted since the daemon started. (0 or more) */
  restarts: number;
  /** When its state last changed. (RFC 3339, UTC) */
  changed: string;
}

/** A failure of a connector. */
export interface ConnectorFailure {
  /** When. (RFC 3339, UTC) */
  time: string;
  /** The call that failed. (up to 256 characters) */
  call: string;
  /** The kind of fault. */
  kind:
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
  /** What the plugin said. (up to 4096 characters) */
  message: string;
}

/** A page of connectors. */
export interface ConnectorPage {
  /** The connectors. (up to 1000000 items) */
  items: Connector[];
  /** How many there are in all pages. (0 or more) */
  total: number;
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

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

/** Something that happened. */
export interface Event {
  /** Its place in the log. (64 bits, as a decimal string) */
  cursor: string;
  /** When it happened. (RFC 3339, UTC) */
  time: string;
  /**
   * What happened: `vm.created`, `vm.state`, `vm.changed`, `vm.deleted`, `operation.finished`, `connector.state`,
   * `usage.refused`. (up to 64 characters)
   */
  type: string;
  /** The kind of the resource. (up to 64 characters) */
  resourceKind: string;
  /** The id of the resource. (up to 256 characters) */
  resource: string;
  /** The account of the resource. */
  account?: string;
  /** The operation that caused it; left out when it happened on the backend. */
  operation?: string;
  /** Details, such as `state` and `previous`. (up to 64 members) */
  data: Record<string, string>;
}

/** Some events. */
export interface EventPage {
  /** The events, the oldest first. (up to 100000 items) */
  events: Event[];
  /** Pass it as `after` to read on. (64 bits, as a decimal string) */
  next: string;
  /** Whether events after the cursor are not kept any more: read the lists again. */
  reset: boolean;
}

/** Why something failed. */
export interface FaultInfo {
  /** The kind of fault; the reference lists them. */
  kind:
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
  /** The number of the kind. */
  code: number;
  /** What went wrong, for people. (up to 65536 characters) */
  message: string;
  /** JSON Pointer to the parameter that was wrong. (up to 1024 characters) */
  field?: string;
  /** What had happened on the backend when it failed. */
  outcome?: 'none' | 'unknown' | 'partial' | 'done';
  /** The id of the resource meant. (up to 1024 characters) */
  resource?: string;
  /** The operation that failed. */
  operation?: string;
  /** When to try again, in milliseconds. (0 or more) */
  retryAfterMs?: number;
  /** What to do next. (up to 4096 characters) */
  hint?: string;
}

/** How the daemon is. */
export interface Health {
  /** `degraded`: a connector cannot be used. `failing`: the store cannot be written. */
  status: 'ok' | 'degraded' | 'failing';
  /** Seconds since the daemon was started. (64 bits, as a decimal string) */
  uptimeSeconds: string;
  /** What is wrong; empty when nothing is. (up to 4096 characters) */
  message: string;
}

/** A machine that runs virtual machines. */
export interface Host {
  /** Its id, a UUID. (up to 36 characters) */
  id: string;
  /** The connector that it lives on. */
  connector: string;
  /** Its id on the backend. (up to 1024 characters) */
  nativeId: string;
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
  /** When it last changed. (RFC 3339, UTC) */
  changed: string;
}

/** A page of hosts. */
export interface HostPage {
  /** The hosts. (up to 1000000 items) */
  items: Host[];
  /** How many there are in all pages. (0 or more) */
  total: number;
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** Who is calling. */
export interface Identity {
  /** The user. */
  user: string;
  /** The account of the user. */
  account: string;
  /** The role of the user. */
  role: 'reader' | 'user' | 'admin';
  /** Whether a token was used, and not a password. */
  token: boolean;
}

/** Something that machines are made from. */
export interface Image {
  /** Its id, a UUID. (up to 36 characters) */
  id: string;
  /** The connector that it lives on. */
  connector: string;
  /** Its id on the backend. (up to 1024 characters) */
  nativeId: string;
  /** Its name. (up to 256 characters) */
  name: string;
  /** What the image is. */
  format: 'qcow2' | 'raw' | 'iso' | 'kernel' | 'initrd' | 'other';
  /** Its size in MiB, rounded up. (0 or more) */
  sizeMiB?: number;
  /** When it last changed. (RFC 3339, UTC) */
  changed: string;
}

/** A page of images. */
export interface ImagePage {
  /** The images. (up to 1000000 items) */
  items: Image[];
  /** How many there are in all pages. (0 or more) */
  total: number;
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** The end of a token. */
export interface LoggedOut {
  /** Whose token it was. (up to 4096 characters) */
  user: string;
}

/** A network that machines can be connected to. */
export interface Network {
  /** Its id, a UUID. (up to 36 characters) */
  id: string;
  /** The connector that it lives on. */
  connector: string;
  /** Its id on the backend. (up to 1024 characters) */
  nativeId: string;
  /** Its name. (up to 256 characters) */
  name: string;
  /** Whether it carries traffic. */
  state: 'up' | 'down';
  /** The bridge device on the host. (up to 64 characters) */
  bridge?: string;
  /** Address ranges. (up to 256 items) */
  cidrs: string[];
  /** When it last changed. (RFC 3339, UTC) */
  changed: string;
}

/** A page of networks. */
export interface NetworkPage {
  /** The networks. (up to 1000000 items) */
  items: Network[];
  /** How many there are in all pages. (0 or more) */
  total: number;
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** An empty disk to make. */
export interface NewDisk {
  /** Its size in MiB. (1 to 67108864) */
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

/** A change under way, or one that has ended. */
export interface Operation {
  /** Its id, a UUID. (up to 36 characters) */
  id: string;
  /** The method that asked for it. (up to 256 characters) */
  method: string;
  /** The account of the resource. */
  account: string;
  /** Who asked for it. */
  user: string;
  /** The kind of the resource that it changes, such as `vm`. (up to 64 characters) */
  resourceKind: string;
  /** The id of the resource that it changes. (up to 256 characters) */
  resource: string;
  /** Its state; `succeeded`, `failed` and `cancelled` are final. */
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  /** How far it is, in percent. (0 to 100) */
  progress: number;
  /** What it is doing, in the words of the plugin. (up to 4096 characters) */
  message?: string;
  /** Why something failed. */
  fault?: FaultInfo;
  /** When it was asked for. (RFC 3339, UTC) */
  created: string;
  /** When it was first sent to the backend. (RFC 3339, UTC) */
  started?: string;
  /** When it ended. (RFC 3339, UTC) */
  finished?: string;
}

/** A page of operations. */
export interface OperationPage {
  /** The operations. (up to 1000000 items) */
  items: Operation[];
  /** How many there are in all pages. (0 or more) */
  total: number;
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** What a connector claims, and what of it is proven. */
export interface Proof {
  /** The connector. */
  connector: string;
  /** Since when has been counted. (RFC 3339, UTC) */
  since: string;
  /** The features of the plugin protocol that the plugin has. (up to 100000 items) */
  features: string[];
  /** The services that it publishes. (up to 100000 items) */
  services: string[];
  /** All calls that it claims, and all that were made. (up to 100000 items) */
  calls: ProvenCall[];
  /**
   * The latest failures, the last one first; not those that are an answer, such as `not-found`. (up to 100000 items)
   */
  failures: ConnectorFailure[];
}

/** A call of a plugin: what is claimed of it, and what is proven. */
export interface ProvenCall {
  /** The call, such as `compute.start`, or a method that the plugin publishes. (up to 256 characters) */
  call: string;
  /** Whether the plugin says at the moment that it has it. */
  claimed: boolean;
  /** How often it succeeded. (64 bits, as a decimal string) */
  succeeded: string;
  /** How often it failed. (64 bits, as a decimal string) */
  failed: string;
  /** When it was last answered; left out when it never was. (RFC 3339, UTC) */
  last?: string;
  /** The median of how many milliseconds the latest took that succeeded. (0 or more) */
  medianMs?: number;
}

/** A login. */
export interface Session {
  /**
   * The token: send it as HTTP bearer token, as Basic password, or as first XML-RPC parameter. (up to 256 characters)
   */
  token: string;
  /** Who logged in. */
  user: string;
  /** The account of the user. */
  account: string;
  /** The role of the user. */
  role: 'reader' | 'user' | 'admin';
  /** When the token ends, unless it is used before. (RFC 3339, UTC) */
  expires: string;
}

/** What happened to an operation, from every side. */
export interface Story {
  /** A change under way, or one that has ended. */
  operation: Operation;
  /** What happened, in order. (up to 1000000 items) */
  entries: StoryEntry[];
  /** What to do next. (up to 4096 characters) */
  advice: string;
}

/** One thing that happened to an operation. */
export interface StoryEntry {
  /** When it happened. (RFC 3339, UTC) */
  time: string;
  /** Whose doing it was. */
  source: 'caller' | 'daemon' | 'plugin';
  /**
   * What it was. `resumed`: the daemon had been started again; `found`: what the plugin said became of a call that
   * nobody knew the outcome of; `left-out`: lines that were too many to be kept.
   */
  what:
    | 'asked'
    | 'stored'
    | 'resumed'
    | 'waiting'
    | 'sent'
    | 'answered'
    | 'failed'
    | 'found'
    | 'retry'
    | 'progress'
    | 'log'
    | 'event'
    | 'cancel'
    | 'left-out'
    | 'ended';
  /** What happened, as a sentence, or in the words of the plugin. (up to 65536 characters) */
  message: string;
  /** The call to the plugin that it belongs to. (up to 256 characters) */
  call?: string;
  /** Milliseconds from when the call was sent. (0 or more) */
  durationMs?: number;
  /**
   * Details, such as `attempt`, `kind` and `outcome`; for administrators also `key`, `provider` and `remote`. (up to 64
   * members)
   */
  data: Record<string, string>;
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

/** A page of entries. */
export interface UsagePage {
  /** The entries. (up to 10000 items) */
  items: UsageEntry[];
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}

/** A version. */
export interface Version {
  /** The name of the software. (up to 4096 characters) */
  name: string;
  /** Its version. (up to 4096 characters) */
  version: string;
  /** The version of the catalogue of methods. (up to 4096 characters) */
  api: string;
}

/** A virtual machine. */
export interface Vm {
  /** Its id, a UUID. (up to 36 characters) */
  id: string;
  /** Its name. (up to 256 characters) */
  name: string;
  /** The account that owns it. */
  account: string;
  /** The connector that it lives on. */
  connector: string;
  /** Its id on the backend. (up to 1024 characters) */
  nativeId: string;
  /** The host that it runs on. */
  host?: string;
  /** Its state. `unknown`: the backend cannot be reached; `lastState` is the last one seen. */
  state:
    | 'pending'
    | 'stopped'
    | 'starting'
    | 'running'
    | 'pausing'
    | 'paused'
    | 'stopping'
    | 'suspended'
    | 'rebooting'
    | 'error'
    | 'unknown'
    | 'deleting'
    | 'deleted';
  /** The last state seen, while `state` is `unknown`. */
  lastState?:
    | 'pending'
    | 'stopped'
    | 'starting'
    | 'running'
    | 'pausing'
    | 'paused'
    | 'stopping'
    | 'suspended'
    | 'rebooting'
    | 'error'
    | 'unknown'
    | 'deleting'
    | 'deleted';
  /** The image that it was made from. */
  image?: string;
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
  labels: Record<string, string>;
  /** When the machine was made. (RFC 3339, UTC) */
  created?: string;
  /** When anything of this record last changed. (RFC 3339, UTC) */
  changed: string;
}

/** A page of machines. */
export interface VmPage {
  /** The machines. (up to 1000000 items) */
  items: Vm[];
  /** How many there are in all pages. (0 or more) */
  total: number;
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
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

/** A disk on a backend. */
export interface Volume {
  /** Its id, a UUID. (up to 36 characters) */
  id: string;
  /** The connector that it lives on. */
  connector: string;
  /** Its id on the backend. (up to 1024 characters) */
  nativeId: string;
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
  /** When it last changed. (RFC 3339, UTC) */
  changed: string;
}

/** A page of volumes. */
export interface VolumePage {
  /** The volumes. (up to 1000000 items) */
  items: Volume[];
  /** How many there are in all pages. (0 or more) */
  total: number;
  /** Pass it as `after` to get the next page; left out on the last. (up to 1024 characters) */
  next?: string;
}
