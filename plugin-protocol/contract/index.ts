/** All interfaces of protocol v1, and their calls by name. */
import { accounting } from './accounting.ts';
import type { ContractCall } from './call.ts';
import { compute } from './compute.ts';
import { directory } from './directory.ts';
import { network } from './network.ts';
import { storage } from './storage.ts';
import type { InterfaceName } from './versions.ts';

export const interfaces = { compute, storage, network, directory, accounting } satisfies Record<InterfaceName, object>;

/** Every domain call by its name on the wire, such as `compute.start`. */
export const contract: ReadonlyMap<string, ContractCall> = new Map(
  Object.values(interfaces)
    .flatMap((calls) => Object.values(calls))
    .map((call) => [call.name, call]),
);

export type { ContractCall, ParamsOf, ResultOf } from './call.ts';
export { accounting, compute, directory, network, storage };
