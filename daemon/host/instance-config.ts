/** What the configuration says of an instance. */
import { dialsIn } from '../../plugin-protocol/connection/address.ts';
import type { SecureFiles } from '../../plugin-protocol/connection/secure.ts';
import type { LogLevel } from '../../plugin-protocol/contract/base.ts';
import type { Needs } from '../../plugin-protocol/manifest.ts';

/** What one process may use; the plugin and what it starts have each as much. */
export interface Resources {
  memoryMiB?: number;
  openFiles?: number;
  /** Of the user, all together. */
  processes?: number;
  cpuSeconds?: number;
}

/** Where a plugin is, and how it is run. */
export interface PluginSource {
  /**
   * The name of a bundled plugin, the path of a folder with a `manifest.json` or of a script, the address of one that runs
   * already, or `dial-in` for one that connects by itself.
   */
  plugin: string;
  /** Run this instead of what the manifest says. */
  command?: readonly string[];
  /** For an address that begins with `tls:`. */
  tls?: SecureFiles;
  /** Names of further environment variables that the plugin gets. */
  env?: readonly string[];
  /** It sees and reaches what it needs, and nothing else. */
  sandbox?: boolean;
  /** In place of what its manifest says. */
  needs?: Needs;
  resources?: Resources;
  /** Each call has a process of its own; as its manifest says when left out. */
  oneShot?: boolean;
  /** Who it runs as. */
  user?: string;
}

/** An instance as the configuration has it. */
export interface InstanceConfig extends PluginSource {
  /** Its name: the connector. */
  id: string;
  /** Handed to `configure`, over the pipe and nowhere else: it may hold secrets. */
  config: object;
  /** Strings in it that must not be shown: what it refers to, and what is secret by its name. */
  hidden?: readonly string[];
  /** Those of them that it refers to: these are secrets for certain. */
  referred?: readonly string[];
  /** A keeper holds the plugin while daemons come and go. */
  keep?: boolean;
  /** What the plugin may ask for by name. */
  secrets?: Readonly<Record<string, string>>;
  /** What one that dials in must show, and the name that its certificate must be for: that of the connector by default. */
  token?: string;
  certificate?: string;
  logLevel?: LogLevel;
  /** How many processes serve it; as the plugin says when left out. */
  processes?: number;
}

/** By the names of the instances. */
export type Configs = ReadonlyMap<string, InstanceConfig>;

/** Instances of the same program with the same environment may share a process. */
export const shareKey = ({
  id,
  config: _,
  hidden: __,
  referred: ___,
  secrets: ____,
  logLevel: _____,
  ...source
}: InstanceConfig): string => JSON.stringify([source, source.plugin === dialsIn && id]);
