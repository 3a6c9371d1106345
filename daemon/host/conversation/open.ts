/**
 * Reaches the plugin of a connector: starts its program, finds the one that a keeper holds, connects to one that
 * runs, or waits for one that comes by itself.
 */

import { dirname } from 'node:path';
import { addressOf, dialsIn } from '../../../plugin-protocol/connection/address.ts';
import type { Reaper } from '../../../plugin-protocol/reaper.ts';
import type { Limits } from '../../limits.ts';
import type { InstanceConfig, PluginSource } from '../instance-config.ts';
import { openKept } from '../keeper/kept.ts';
import { keptDescription } from '../program/kept-description.ts';
import { launchOf } from '../program/launch.ts';
import type { Doorway } from '../transport/dial-in.ts';
import { openOneShot } from '../transport/one-shot.ts';
import { startProcess } from '../transport/process.ts';
import { connectPlugin, overSocket } from '../transport/socket.ts';
import type { Transport, TransportHandlers } from '../transport/transport.ts';

export interface OpenOptions {
  limits: Limits['plugins'];
  /** Where plugins that are given by name are looked for, in this order. */
  pluginDirectories: readonly string[];
  /** Where keepers are found again. */
  keepers: string | undefined;
  /** Where it is kept what plugins have said of themselves that have a process for each call. */
  descriptions?: string | undefined;
  /** What a keeper holds is not looked for, which serves or is being ended; nor what is kept of what it has said. */
  anew?: boolean;
  reaper: Reaper;
  /** Where plugins that dial in come through. */
  doorway?: Doorway;
}

/** For a plugin that is not there yet. */
export interface Patience {
  /** It is waited for, without an end. */
  onWaiting: (what: string) => void;
  signal: AbortSignal;
}

/** Rejects with an `Error` that says why when it cannot be reached. */
export const openPlugin = async (
  source: PluginSource & Pick<InstanceConfig, 'id' | 'keep' | 'processes'>,
  { limits, pluginDirectories, keepers, descriptions, anew = false, reaper, doorway }: OpenOptions,
  handlers: TransportHandlers,
  patience?: Patience,
): Promise<Transport> => {
  const { id, plugin, command, tls, keep, processes } = source;
  if (command === undefined && plugin === dialsIn) {
    if (doorway === undefined || patience === undefined) throw new Error('It connects to a daemon, and this is none.');
    patience.onWaiting('The plugin has not connected.');
    const socket = await doorway.next(id, patience.signal);
    const closed = Promise.withResolvers<string>();
    socket.on('error', ({ message }) => closed.resolve(`lost the connection: ${message}`));
    socket.once('close', () => closed.resolve('closed the connection'));
    return {
      ...overSocket(socket, closed.promise, limits, handlers),
      occupy: (sign) => doorway.occupied(socket, sign),
    };
  }
  if (command === undefined && addressOf(plugin) !== undefined) return connectPlugin(plugin, tls, limits, handlers);
  const launch = await launchOf(source, pluginDirectories, keepers && dirname(keepers));
  if (launch.oneShot) {
    const kept = descriptions === undefined ? undefined : keptDescription(descriptions, id, launch);
    return openOneShot(launch, { most: processes, kept, anew, limits, reaper }, handlers);
  }
  if (keep && keepers !== undefined) return openKept({ name: id, launch, directory: keepers, anew }, limits, handlers);
  return startProcess(launch, limits, reaper, handlers);
};
