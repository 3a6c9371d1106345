// Made from the contract and the catalogue by daemon/generate; change those, not this.
/** The calls of plugins. */
import type {
  ConsoleOutput,
  DirectoryAnswer,
  NativeHostPage,
  NativeImagePage,
  NativeNetworkPage,
  NativeVm,
  NativeVmPage,
  NativeVolumePage,
  NewDisk,
  Recorded,
  UsageEntry,
  VmStats,
} from './resources.ts';

/** Parameters of `compute.list`. */
export interface ComputeListParams {
  /** `next` of the page before; the first page when left out. (up to 1024 characters) */
  after?: string;
}

/** Parameters of `compute.get`. */
export interface ComputeGetParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.create`. */
export interface ComputeCreateParams {
  /** A UUID that the backend may use as its own id. (up to 36 characters) */
  id: string;
  /** The name that the user chose. Another machine may have it already. (1 to 256 characters) */
  name: string;
  /** Virtual processors. (1 to 4096) */
  vcpus: number;
  /** Memory in MiB. (1 or more) */
  memoryMiB: number;
  /** Backend id of the disk image to boot from; the machine gets a copy of its own. (up to 1024 characters) */
  image?: string;
  /** Backend id of a kernel image to boot directly. (up to 1024 characters) */
  kernel?: string;
  /** Backend id of the initial RAM disk for `kernel`. (up to 1024 characters) */
  initrd?: string;
  /** Kernel command line. (up to 4096 characters) */
  commandLine?: string;
  /** Further empty disks. (up to 32 items) */
  disks: NewDisk[];
  /** Networks, one interface each. (up to 32 items) */
  networks: string[];
  /** Labels to keep with the machine if the backend can. (up to 64 members) */
  labels: Record<string, string>;
}

/** Parameters of `compute.start`. */
export interface ComputeStartParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
  /** Stop before the first instruction. */
  paused?: boolean;
}

/** Parameters of `compute.shutdown`. */
export interface ComputeShutdownParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.powerOff`. */
export interface ComputePowerOffParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.reboot`. */
export interface ComputeRebootParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.reset`. */
export interface ComputeResetParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.pause`. */
export interface ComputePauseParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.resume`. */
export interface ComputeResumeParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.update`. */
export interface ComputeUpdateParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
  /** A new name. (1 to 256 characters) */
  name?: string;
  /** Virtual processors. (1 to 4096) */
  vcpus?: number;
  /** Memory in MiB. (1 or more) */
  memoryMiB?: number;
  /** All labels: they replace those before. (up to 64 members) */
  labels?: Record<string, string>;
}

/** Parameters of `compute.delete`. */
export interface ComputeDeleteParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.consoleOutput`. */
export interface ComputeConsoleOutputParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
  /** Where to begin; the last `maxBytes` when left out. (64 bits, as a decimal string) */
  offset?: string;
  /** At most so many bytes. (1 to 1048576) */
  maxBytes: number;
}

/** Parameters of `compute.stats`. */
export interface ComputeStatsParams {
  /** The backend id of the machine. (1 to 1024 characters) */
  vm: string;
}

/** Parameters of `compute.hosts`. */
export interface ComputeHostsParams {
  /** `next` of the page before; the first page when left out. (up to 1024 characters) */
  after?: string;
}

/** Parameters of `compute.images`. */
export interface ComputeImagesParams {
  /** `next` of the page before; the first page when left out. (up to 1024 characters) */
  after?: string;
}

/** Parameters of `storage.list`. */
export interface StorageListParams {
  /** `next` of the page before; the first page when left out. (up to 1024 characters) */
  after?: string;
}

/** Parameters of `network.list`. */
export interface NetworkListParams {
  /** `next` of the page before; the first page when left out. (up to 1024 characters) */
  after?: string;
}

/** Parameters of `directory.authenticate`. */
export interface DirectoryAuthenticateParams {
  /** The name that somebody logs in with, as it was given. (1 to 256 characters, as `^\P{Cc}+$`) */
  login: string;
  /** The secret, never empty. (1 to 1024 characters) */
  secret: string;
}

/** Parameters of `directory.find`. */
export interface DirectoryFindParams {
  /** The name that somebody logs in with, as it was given. (1 to 256 characters, as `^\P{Cc}+$`) */
  login: string;
}

/** Parameters of `accounting.record`. */
export interface AccountingRecordParams {
  /** In the order in which they ended. (up to 1000 items) */
  entries: UsageEntry[];
}

/** What each call is given, and what it answers. */
export interface CallTypes {
  /** All machines of the backend, whoever made them. */
  'compute.list': { params: ComputeListParams; result: NativeVmPage };
  /** One machine. A machine that does not exist is a `not-found` fault. */
  'compute.get': { params: ComputeGetParams; result: NativeVm };
  /** Make a machine, stopped. With the same `ctx.key` again, answer the machine made before and make nothing. */
  'compute.create': { params: ComputeCreateParams; result: NativeVm };
  /** Power on; done when the machine runs, or is paused when `paused` was asked for. */
  'compute.start': { params: ComputeStartParams; result: NativeVm };
  /**
   * Ask the guest to shut down (ACPI); done when it has. A guest may ignore it: the call then ends with its deadline.
   */
  'compute.shutdown': { params: ComputeShutdownParams; result: NativeVm };
  /** Cut the power; done when the machine is stopped. */
  'compute.powerOff': { params: ComputePowerOffParams; result: NativeVm };
  /** Ask the guest to reboot (ACPI); done when the request is delivered. */
  'compute.reboot': { params: ComputeRebootParams; result: NativeVm };
  /** Press the reset button. */
  'compute.reset': { params: ComputeResetParams; result: NativeVm };
  /** Stop the processors, keep the memory. */
  'compute.pause': { params: ComputePauseParams; result: NativeVm };
  /** Let a paused machine go on. */
  'compute.resume': { params: ComputeResumeParams; result: NativeVm };
  /** Change a machine; what is left out stays as it is. A change that the state forbids is a `conflict` fault. */
  'compute.update': { params: ComputeUpdateParams; result: NativeVm };
  /** Remove a stopped machine and the disks that `compute.create` made for it. One that is gone already is no fault. */
  'compute.delete': { params: ComputeDeleteParams; result: object | void };
  /** What the machine wrote to its serial console since it was started. */
  'compute.consoleOutput': { params: ComputeConsoleOutputParams; result: ConsoleOutput };
  /** What a running machine has used. */
  'compute.stats': { params: ComputeStatsParams; result: VmStats };
  /** The hosts of the backend. */
  'compute.hosts': { params: ComputeHostsParams; result: NativeHostPage };
  /** The images that machines can be made from. */
  'compute.images': { params: ComputeImagesParams; result: NativeImagePage };
  /** All volumes of the backend. */
  'storage.list': { params: StorageListParams; result: NativeVolumePage };
  /** All networks of the backend. */
  'network.list': { params: NetworkListParams; result: NativeNetworkPage };
  /**
   * Whose login and secret these are. Without `user`: nobody has that login, or the secret is another one, and the
   * answer does not say which. A fault means that it is not known.
   */
  'directory.authenticate': { params: DirectoryAuthenticateParams; result: DirectoryAnswer };
  /**
   * Who has a login, asked again and again as long as a token of that user is used. Without `user`: nobody has it any
   * more.
   */
  'directory.find': { params: DirectoryFindParams; result: DirectoryAnswer };
  /** Write down what was used. An entry that is known by its id already is not counted again, and is no fault. */
  'accounting.record': { params: AccountingRecordParams; result: Recorded };
}

/** All of them. */
export const callNames: readonly (keyof CallTypes)[] = [
  'compute.list',
  'compute.get',
  'compute.create',
  'compute.start',
  'compute.shutdown',
  'compute.powerOff',
  'compute.reboot',
  'compute.reset',
  'compute.pause',
  'compute.resume',
  'compute.update',
  'compute.delete',
  'compute.consoleOutput',
  'compute.stats',
  'compute.hosts',
  'compute.images',
  'storage.list',
  'network.list',
  'directory.authenticate',
  'directory.find',
  'accounting.record',
];
