/** Reaches the plugin of a connector: starts its program, finds the one that a keeper holds, or connects to one that runs. */
import { addressOf } from '../../plugin-protocol/address.ts';
import type { Limits } from '../limits.ts';
import type { InstanceConfig, PluginSource } from './instance-config.ts';
import { openKept } from './kept.ts';
import { launchOf } from './launch.ts';
import { startProcess } from './process.ts';
import type { Reaper } from './reaper.ts';
import { connectPlugin } from './socket.ts';
import type { Transport, TransportHandlers } from './transport.ts';

export interface OpenOptions {
  limits: Limits['plugins'];
  /** Where plugins that are given by name are looked for, in this order. */
  pluginDirectories: readonly string[];
  /** Where keepers are found again. */
  keepers: string | undefined;
  reaper: Reaper;
}

/** Rejects with an `Error` that says why when it cannot be reached. */
export const openPlugin = async (
  source: PluginSource & Pick<InstanceConfig, 'id' | 'keep'>,
  { limits, pluginDirectories, keepers, reaper }: OpenOptions,
  handlers: TransportHandlers,
): Promise<Transport> => {
  const { id, plugin, command, tls, keep } = source;
  if (command === undefined && addressOf(plugin) !== undefined) return connectPlugin(plugin, tls, limits, handlers);
  const launch = await launchOf(source, pluginDirectories);
  if (keep && keepers !== undefined) return openKept({ name: id, launch, directory: keepers }, limits, handlers);
  return startProcess(launch, limits, reaper, handlers);
};
