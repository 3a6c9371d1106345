// Made from the contract and the catalogue by daemon/generate; change those, not this.
/** The methods of the daemon. */
import type { CallOptions } from '../client/options.ts';
import type {
  Connector,
  ConnectorPage,
  ConsoleOutput,
  EventPage,
  Health,
  Host,
  HostPage,
  Identity,
  Image,
  ImagePage,
  LoggedOut,
  Network,
  NetworkPage,
  NewDisk,
  Operation,
  OperationPage,
  Proof,
  Session,
  Story,
  UsagePage,
  Version,
  Vm,
  VmPage,
  VmStats,
  Volume,
  VolumePage,
} from './records.ts';

/** Parameters of `system.methodHelp`. */
export interface SystemMethodHelpParams {
  /** The name of a method. (up to 256 characters) */
  method: string;
}

/** Parameters of `system.methodSignature`. */
export interface SystemMethodSignatureParams {
  /** The name of a method. (up to 256 characters) */
  method: string;
}

/** Parameters of `session.login`. */
export interface SessionLoginParams {
  /** The name of the user. (up to 256 characters) */
  user: string;
  /** The password. (up to 1024 characters) */
  password: string;
}

/** Parameters of `vm.list`. */
export interface VmListParams {
  /** Only machines in this state. */
  state?:
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
    | 'deleted'
    | undefined;
  /** Only machines of this connector. */
  connector?: string | undefined;
  /** Only machines on this host. */
  host?: string | undefined;
  /** Only machines of this account. */
  account?: string | undefined;
  /** Only machines whose name contains this text, in any case. (up to 256 characters) */
  name?: string | undefined;
  /** Only machines that have all these labels with these values. (up to 64 members) */
  labels?: Record<string, string> | undefined;
  /** What to sort by. (default `"created"`) */
  sort?: 'created' | 'name' | 'state' | 'vcpus' | 'memoryMiB' | undefined;
  /** Whether the last comes first. (default `false`) */
  descending?: boolean | undefined;
  /** At most so many in one page. (1 to 100000; default `100000`) */
  limit?: number | undefined;
  /** `next` of the page before. (up to 1024 characters; empty counts as left out) */
  after?: string | undefined;
  /** Read from the backends first instead of answering from the inventory. (default `false`) */
  refresh?: boolean | undefined;
}

/** Parameters of `vm.get`. */
export interface VmGetParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Read from the backends first instead of answering from the inventory. (default `false`) */
  refresh?: boolean | undefined;
}

/** Parameters of `vm.create`. */
export interface VmCreateParams {
  /** Its name. (1 to 128 characters, as `^[A-Za-z0-9][A-Za-z0-9._ -]*$`) */
  name: string;
  /** Where to make it; may be left out when there is only one connector. */
  connector?: string | undefined;
  /** Virtual processors. (1 to 1024; default `1`) */
  vcpus?: number | undefined;
  /** Memory in MiB. (16 to 16777216; default `512`) */
  memoryMiB?: number | undefined;
  /** The disk image to boot from; the machine gets a copy of its own. */
  image?: string | undefined;
  /** A kernel image to boot directly. */
  kernel?: string | undefined;
  /** The initial RAM disk for `kernel`. */
  initrd?: string | undefined;
  /** The kernel command line. (up to 4096 characters) */
  commandLine?: string | undefined;
  /** Further empty disks. (up to 32 items; default `[]`) */
  disks?: NewDisk[] | undefined;
  /** Networks to connect it to, one interface each. (up to 32 items; default `[]`) */
  networks?: string[] | undefined;
  /** Labels. (up to 64 members; default `{}`) */
  labels?: Record<string, string> | undefined;
  /** Start it once it is made. (default `false`) */
  start?: boolean | undefined;
  /** The owner; only administrators may name another account than their own. */
  account?: string | undefined;
  /**
   * A word of your choice: the same call with the same key again answers the same operation and makes nothing. (1 to
   * 128 characters)
   */
  key?: string | undefined;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.start`. */
export interface VmStartParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Stop before the first instruction. (default `false`) */
  paused?: boolean | undefined;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.shutdown`. */
export interface VmShutdownParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.powerOff`. */
export interface VmPowerOffParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.reboot`. */
export interface VmRebootParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.reset`. */
export interface VmResetParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.pause`. */
export interface VmPauseParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.resume`. */
export interface VmResumeParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.update`. */
export interface VmUpdateParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** A new name. (1 to 128 characters, as `^[A-Za-z0-9][A-Za-z0-9._ -]*$`) */
  name?: string | undefined;
  /** All labels: they replace those before. (up to 64 members) */
  labels?: Record<string, string> | undefined;
  /** Virtual processors. (1 to 1024) */
  vcpus?: number | undefined;
  /** Memory in MiB. (16 to 16777216) */
  memoryMiB?: number | undefined;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.delete`. */
export interface VmDeleteParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Seconds to wait for the operation to end before answering; 0 answers at once. (0 to 3600; default `0`) */
  wait?: number | undefined;
}

/** Parameters of `vm.consoleOutput`. */
export interface VmConsoleOutputParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
  /** Where to begin; the end of the output when left out. (64 bits, as a decimal string) */
  offset?: string | undefined;
  /** At most so many bytes. (1 to 1048576; default `65536`) */
  maxBytes?: number | undefined;
}

/** Parameters of `vm.stats`. */
export interface VmStatsParams {
  /** The machine: its id, or its name where that is unique. */
  vm: string;
}

/** Parameters of `host.list`. */
export interface HostListParams {
  /** Only hosts of this connector. */
  connector?: string | undefined;
  /** At most so many in one page. (1 to 100000; default `100000`) */
  limit?: number | undefined;
  /** `next` of the page before. (up to 1024 characters; empty counts as left out) */
  after?: string | undefined;
  /** Read from the backends first instead of answering from the inventory. (default `false`) */
  refresh?: boolean | undefined;
}

/** Parameters of `host.get`. */
export interface HostGetParams {
  /** The host: its id, or its name where that is unique. */
  host: string;
}

/** Parameters of `image.list`. */
export interface ImageListParams {
  /** Only images of this connector. */
  connector?: string | undefined;
  /** At most so many in one page. (1 to 100000; default `100000`) */
  limit?: number | undefined;
  /** `next` of the page before. (up to 1024 characters; empty counts as left out) */
  after?: string | undefined;
  /** Read from the backends first instead of answering from the inventory. (default `false`) */
  refresh?: boolean | undefined;
}

/** Parameters of `image.get`. */
export interface ImageGetParams {
  /** The image: its id, or its name where that is unique. */
  image: string;
}

/** Parameters of `network.list`. */
export interface NetworkListParams {
  /** Only networks of this connector. */
  connector?: string | undefined;
  /** At most so many in one page. (1 to 100000; default `100000`) */
  limit?: number | undefined;
  /** `next` of the page before. (up to 1024 characters; empty counts as left out) */
  after?: string | undefined;
  /** Read from the backends first instead of answering from the inventory. (default `false`) */
  refresh?: boolean | undefined;
}

/** Parameters of `network.get`. */
export interface NetworkGetParams {
  /** The network: its id, or its name where that is unique. */
  network: string;
}

/** Parameters of `volume.list`. */
export interface VolumeListParams {
  /** Only volumes of this connector. */
  connector?: string | undefined;
  /** At most so many in one page. (1 to 100000; default `100000`) */
  limit?: number | undefined;
  /** `next` of the page before. (up to 1024 characters; empty counts as left out) */
  after?: string | undefined;
  /** Read from the backends first instead of answering from the inventory. (default `false`) */
  refresh?: boolean | undefined;
}

/** Parameters of `volume.get`. */
export interface VolumeGetParams {
  /** The volume: its id, or its name where that is unique. */
  volume: string;
}

/** Parameters of `connector.list`. */
export interface ConnectorListParams {
  /** At most so many in one page. (1 to 100000; default `100000`) */
  limit?: number | undefined;
  /** `next` of the page before. (up to 1024 characters; empty counts as left out) */
  after?: string | undefined;
}

/** Parameters of `connector.get`. */
export interface ConnectorGetParams {
  /** The connector, by its name in the configuration. */
  connector: string;
}

/** Parameters of `connector.proof`. */
export interface ConnectorProofParams {
  /** The connector, by its name in the configuration. */
  connector: string;
}

/** Parameters of `operation.get`. */
export interface OperationGetParams {
  /** The operation. */
  operation: string;
}

/** Parameters of `operation.list`. */
export interface OperationListParams {
  /** Only operations in this state. */
  state?: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | undefined;
  /** Only operations on the resource with this id. (up to 256 characters; empty counts as left out) */
  resource?: string | undefined;
  /** Only operations that this method asked for. (up to 256 characters; empty counts as left out) */
  method?: string | undefined;
  /** At most so many in one page. (1 to 1000; default `100`) */
  limit?: number | undefined;
  /** `next` of the page before. (up to 1024 characters; empty counts as left out) */
  after?: string | undefined;
}

/** Parameters of `operation.wait`. */
export interface OperationWaitParams {
  /** The operation. */
  operation: string;
  /** Wait at most so many seconds. (0 to 3600; default `60`) */
  wait?: number | undefined;
}

/** Parameters of `operation.cancel`. */
export interface OperationCancelParams {
  /** The operation. */
  operation: string;
}

/** Parameters of `operation.explain`. */
export interface OperationExplainParams {
  /** The operation. */
  operation: string;
}

/** Parameters of `event.poll`. */
export interface EventPollParams {
  /** `next` of the answer before; from now on when left out. (64 bits, as a decimal string) */
  after?: string | undefined;
  /** Wait at most so many seconds for the first event. (0 to 300; default `0`) */
  wait?: number | undefined;
  /** At most so many events. (1 to 10000; default `1000`) */
  limit?: number | undefined;
  /** Only events of these types. (up to 64 items; empty counts as left out) */
  types?: string[] | undefined;
}

/** Parameters of `usage.list`. */
export interface UsageListParams {
  /** Only what this account has used. (up to 256 characters; empty counts as left out) */
  account?: string | undefined;
  /** Only what the machine with this id has used. (up to 64 characters; empty counts as left out) */
  vm?: string | undefined;
  /** Only what ended at that moment or later. (RFC 3339, UTC) */
  since?: string | undefined;
  /** Only what ended before. (RFC 3339, UTC) */
  before?: string | undefined;
  /** At most so many in one page. (1 to 10000; default `1000`) */
  limit?: number | undefined;
  /** `next` of the page before. (up to 1024 characters; empty counts as left out) */
  after?: string | undefined;
}

/** The daemon itself, and introspection. */
export interface SystemMethods {
  /**
   * The names of all methods.
   * 
   * @returns The names, sorted.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  listMethods(params?: Record<string, never>, options?: CallOptions): Promise<string[]>;

  /**
   * What a method does, in prose.
   * 
   * @returns The prose.
   * @throws {Fault} `unknown-method`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  methodHelp(params: SystemMethodHelpParams, options?: CallOptions): Promise<string>;

  /**
   * The types of a method, in the words of XML-RPC: a list of signatures, one for each number of optional parameters
   * that is given; in each, the type of the result comes first.
   * 
   * @returns The signatures.
   * @throws {Fault} `unknown-method`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  methodSignature(params: SystemMethodSignatureParams, options?: CallOptions): Promise<string[][]>;

  /**
   * Which software this is.
   * 
   * @returns Name and versions.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  version(params?: Record<string, never>, options?: CallOptions): Promise<Version>;

  /**
   * Whether the daemon is well.
   * 
   * @returns How it is.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  health(params?: Record<string, never>, options?: CallOptions): Promise<Health>;
}

/** Logging in and out. */
export interface SessionMethods {
  /**
   * Exchange a name and password for a token.
   * 
   * @returns The token and whose it is.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  login(params: SessionLoginParams, options?: CallOptions): Promise<Session>;

  /**
   * End the token that this call is made with.
   * 
   * @returns Whose token it was.
   * @throws {Fault} `conflict`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  logout(params?: Record<string, never>, options?: CallOptions): Promise<LoggedOut>;

  /**
   * Who is calling, as the daemon sees it.
   * 
   * @returns The caller.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  whoami(params?: Record<string, never>, options?: CallOptions): Promise<Identity>;
}

/** Virtual machines. */
export interface VmMethods {
  /**
   * List machines. Filters that are given must all match; machines that are deleted are listed only when `state` asks
   * for them.
   * 
   * @returns The machines that the caller may see.
   * @throws {Fault} `unavailable`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  list(params?: VmListParams, options?: CallOptions): Promise<VmPage>;

  /**
   * Read one machine.
   * 
   * @returns The machine.
   * @throws {Fault} `not-found`, `unavailable`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`,
   * `internal`.
   */
  get(params: VmGetParams, options?: CallOptions): Promise<Vm>;

  /**
   * Make a machine from a disk image, or from a kernel and an initial RAM disk, or with empty disks. It is stopped
   * unless `start` is given. The machine is in the inventory, `pending`, as soon as the call is answered; its id is the
   * `resource` of the operation.
   * 
   * @returns The operation that makes the machine.
   * @throws {Fault} `not-found`, `conflict`, `exists`, `unsupported`, `quota`, `unavailable`, `timeout`,
   * `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  create(params: VmCreateParams, options?: CallOptions): Promise<Operation>;

  /**
   * Power on a stopped machine.
   * 
   * @returns Done once the backend reports the machine running or paused.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  start(params: VmStartParams, options?: CallOptions): Promise<Operation>;

  /**
   * Ask the guest to shut down. A guest may ignore that; `vm.powerOff` always works, also while this is under way.
   * 
   * @returns Done once the machine is stopped.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  shutdown(params: VmShutdownParams, options?: CallOptions): Promise<Operation>;

  /**
   * Cut the power. A start, shutdown or reboot of this machine that is under way is cancelled.
   * 
   * @returns Done once the machine is stopped.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  powerOff(params: VmPowerOffParams, options?: CallOptions): Promise<Operation>;

  /**
   * Ask the guest to reboot.
   * 
   * @returns Done once the request is delivered.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  reboot(params: VmRebootParams, options?: CallOptions): Promise<Operation>;

  /**
   * Press the reset button: the machine starts anew at once, without asking the guest.
   * 
   * @returns Done once the machine runs again.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  reset(params: VmResetParams, options?: CallOptions): Promise<Operation>;

  /**
   * Stop the processors of a running machine; its memory is kept.
   * 
   * @returns Done once the machine is paused.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  pause(params: VmPauseParams, options?: CallOptions): Promise<Operation>;

  /**
   * Let a paused machine go on.
   * 
   * @returns Done once the machine runs.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  resume(params: VmResumeParams, options?: CallOptions): Promise<Operation>;

  /**
   * Change a machine; what is left out stays as it is. Most backends change the name, processors and memory of stopped
   * machines only.
   * 
   * @returns Done once the backend has changed it.
   * @throws {Fault} `not-found`, `conflict`, `exists`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  update(params: VmUpdateParams, options?: CallOptions): Promise<Operation>;

  /**
   * Remove a stopped machine and the disks that were made for it. Its record stays readable as `deleted` for a while.
   * 
   * @returns Done once the machine is gone.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  delete(params: VmDeleteParams, options?: CallOptions): Promise<Operation>;

  /**
   * What the machine wrote to its serial console since it was started.
   * 
   * @returns The piece of output, and the offset to read on from.
   * @throws {Fault} `not-found`, `unsupported`, `unavailable`, `timeout`, `invalid-params`, `unauthenticated`,
   * `forbidden`, `throttled`, `internal`.
   */
  consoleOutput(params: VmConsoleOutputParams, options?: CallOptions): Promise<ConsoleOutput>;

  /**
   * What a running machine has used since it was started.
   * 
   * @returns The figures; what the backend cannot tell is left out.
   * @throws {Fault} `not-found`, `conflict`, `unsupported`, `unavailable`, `timeout`, `invalid-params`,
   * `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  stats(params: VmStatsParams, options?: CallOptions): Promise<VmStats>;
}

/** The machines that virtual machines run on. */
export interface HostMethods {
  /**
   * List hosts.
   * 
   * @returns The hosts.
   * @throws {Fault} `unavailable`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  list(params?: HostListParams, options?: CallOptions): Promise<HostPage>;

  /**
   * Read one host.
   * 
   * @returns The host.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  get(params: HostGetParams, options?: CallOptions): Promise<Host>;
}

/** What machines are made from. */
export interface ImageMethods {
  /**
   * List images.
   * 
   * @returns The images.
   * @throws {Fault} `unavailable`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  list(params?: ImageListParams, options?: CallOptions): Promise<ImagePage>;

  /**
   * Read one image.
   * 
   * @returns The image.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  get(params: ImageGetParams, options?: CallOptions): Promise<Image>;
}

/** Networks that machines can be connected to. */
export interface NetworkMethods {
  /**
   * List networks.
   * 
   * @returns The networks.
   * @throws {Fault} `unavailable`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  list(params?: NetworkListParams, options?: CallOptions): Promise<NetworkPage>;

  /**
   * Read one network.
   * 
   * @returns The network.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  get(params: NetworkGetParams, options?: CallOptions): Promise<Network>;
}

/** Disks on the backends. */
export interface VolumeMethods {
  /**
   * List volumes.
   * 
   * @returns The volumes.
   * @throws {Fault} `unavailable`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  list(params?: VolumeListParams, options?: CallOptions): Promise<VolumePage>;

  /**
   * Read one volume.
   * 
   * @returns The volume.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  get(params: VolumeGetParams, options?: CallOptions): Promise<Volume>;
}

/** The configured backends. */
export interface ConnectorMethods {
  /**
   * List the configured backends and how they are.
   * 
   * @returns The connectors.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  list(params?: ConnectorListParams, options?: CallOptions): Promise<ConnectorPage>;

  /**
   * Read one connector.
   * 
   * @returns The connector.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  get(params: ConnectorGetParams, options?: CallOptions): Promise<Connector>;

  /**
   * Read what a connector claims and what of it has been proven: how often each call of its plugin succeeded and
   * failed. `/docs/plugins` shows it.
   * 
   * @returns What it claims, and what is proven.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  proof(params: ConnectorProofParams, options?: CallOptions): Promise<Proof>;
}

/** Changes under way, and those that have ended. */
export interface OperationMethods {
  /**
   * Read one operation.
   * 
   * @returns The operation.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  get(params: OperationGetParams, options?: CallOptions): Promise<Operation>;

  /**
   * List operations, the newest first.
   * 
   * @returns The operations.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  list(params?: OperationListParams, options?: CallOptions): Promise<OperationPage>;

  /**
   * Wait until an operation ends. One that failed is no fault of this call: its `state` and `fault` tell.
   * 
   * @returns The operation, ended, or as it is when the time is over.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  wait(params: OperationWaitParams, options?: CallOptions): Promise<Operation>;

  /**
   * Ask an operation to stop. It ends as `cancelled`, or as something else when it was too late; what was done is not
   * undone.
   * 
   * @returns The operation as it is now.
   * @throws {Fault} `not-found`, `conflict`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  cancel(params: OperationCancelParams, options?: CallOptions): Promise<Operation>;

  /**
   * Tell what happened to an operation, from every side: who asked, each call to the plugin and what came of it, what
   * it changed, and what to do next. Administrators also see keys, what the plugin logged meanwhile, and how the
   * backend calls a failure.
   * 
   * @returns The story of the operation, up to now when it has not ended.
   * @throws {Fault} `not-found`, `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  explain(params: OperationExplainParams, options?: CallOptions): Promise<Story>;
}

/** What happened. */
export interface EventMethods {
  /**
   * Read what happened after a cursor, waiting for it if need be. Events come in order and each comes once.
   * 
   * @returns The events that the caller may see, and where to read on.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  poll(params?: EventPollParams, options?: CallOptions): Promise<EventPage>;
}

/** What machines have used. */
export interface UsageMethods {
  /**
   * List what machines have used, in the order in which it ended. An entry is written when a machine stops, is removed
   * or resized, and at the end of each period (`limits.accounting.periodSeconds`) or a moment after it; of a connector
   * that is away, once it is back. Of spans of time that follow one another, each entry is in one.
   * 
   * @returns The entries of the own account; to administrators those of all.
   * @throws {Fault} `invalid-params`, `unauthenticated`, `forbidden`, `throttled`, `internal`.
   */
  list(params?: UsageListParams, options?: CallOptions): Promise<UsagePage>;
}

/** Every method of the daemon, by its noun. */
export interface Methods {
  /** The daemon itself, and introspection. */
  system: SystemMethods;
  /** Logging in and out. */
  session: SessionMethods;
  /** Virtual machines. */
  vm: VmMethods;
  /** The machines that virtual machines run on. */
  host: HostMethods;
  /** What machines are made from. */
  image: ImageMethods;
  /** Networks that machines can be connected to. */
  network: NetworkMethods;
  /** Disks on the backends. */
  volume: VolumeMethods;
  /** The configured backends. */
  connector: ConnectorMethods;
  /** Changes under way, and those that have ended. */
  operation: OperationMethods;
  /** What happened. */
  event: EventMethods;
  /** What machines have used. */
  usage: UsageMethods;
}

/** Their names on the wire. */
export const methodNames: readonly string[] = [
  'system.listMethods',
  'system.methodHelp',
  'system.methodSignature',
  'system.version',
  'system.health',
  'session.login',
  'session.logout',
  'session.whoami',
  'vm.list',
  'vm.get',
  'vm.create',
  'vm.start',
  'vm.shutdown',
  'vm.powerOff',
  'vm.reboot',
  'vm.reset',
  'vm.pause',
  'vm.resume',
  'vm.update',
  'vm.delete',
  'vm.consoleOutput',
  'vm.stats',
  'host.list',
  'host.get',
  'image.list',
  'image.get',
  'network.list',
  'network.get',
  'volume.list',
  'volume.get',
  'connector.list',
  'connector.get',
  'connector.proof',
  'operation.get',
  'operation.list',
  'operation.wait',
  'operation.cancel',
  'operation.explain',
  'event.poll',
  'usage.list',
];
