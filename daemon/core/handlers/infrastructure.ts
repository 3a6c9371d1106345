/** The methods of what connectors report beside machines, and of connectors themselves. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Connector } from '../../catalogue/resources.ts';
import type { Principal } from '../api.ts';
import type { Call } from '../call.ts';
import { proofOf } from '../connectors/proof.ts';
import { messageFor } from '../discretion.ts';
import type { Inventory, Records } from '../inventory.ts';
import type { ReportedKind } from '../native.ts';
import type { BackendStatus } from '../ports.ts';
import type { Services } from '../services.ts';
import { callerOf, type Handlers, maySee, pageOf } from './table.ts';

interface ListParams {
  connector?: string;
  limit?: number;
  after?: string;
  refresh?: boolean;
}

/**
 * Whether a caller may see a resource. Hosts, images and networks are there for everybody. A volume has no account of its
 * own: it belongs to whoever owns the machine that it is a disk of, and what belongs to no machine only administrators see.
 */
const visibleTo = <K extends ReportedKind>(reader: Principal, kind: K, inventory: Inventory) => {
  if (kind !== 'volume' || reader.role === 'admin') return () => true;
  const sees = maySee(reader);
  const own = new Set<string>();
  for (const vm of inventory.vm.values()) {
    if (!sees(vm)) continue;
    for (const { volume } of vm.disks ?? []) own.add(`${vm.connector}\0${volume}`);
  }
  return ({ connector, nativeId }: Records[K]) => own.has(`${connector}\0${nativeId}`);
};

const reported = <K extends ReportedKind>(kind: K, { inventory, reconciler, backends }: Services) => ({
  async list({ connector, refresh, ...page }: ListParams, call: Call) {
    if (connector !== undefined && backends.get(connector) === undefined) {
      throw new Fault('not-found', `There is no connector ${connector}.`, { field: '/connector' });
    }
    if (refresh === true) await reconciler.refresh(connector);
    const visible = visibleTo(callerOf(call), kind, inventory);
    const all = inventory.of(kind).sorted('name') as readonly Records[K][];
    const list = all.filter((record) => (connector === undefined || record.connector === connector) && visible(record));
    return pageOf(list, 'name', page);
  },
  get(params: Record<string, string>, call: Call): Records[K] {
    return inventory.resolve(kind, params[kind]!, visibleTo(callerOf(call), kind, inventory));
  },
});

const connectorFor = (reader: Principal, status: BackendStatus): Connector => {
  const { changed, calls, message, features: _, isCrashing: __, heldBack: ___, ...rest } = status;
  // What is said of one that is ready is for operators: others read that it cannot be reached, which it can.
  const told = rest.state === 'ready' && reader.role !== 'admin' ? undefined : messageFor(reader, message);
  return {
    ...rest,
    ...(told === undefined ? {} : { message: told }),
    calls: [...calls],
    changed: new Date(changed).toISOString(),
  };
};

export const infrastructureHandlers = (services: Services): { [N in ReportedKind | 'connector']: Handlers<N> } => ({
  host: reported('host', services) as Handlers<'host'>,
  image: reported('image', services) as Handlers<'image'>,
  network: reported('network', services) as Handlers<'network'>,
  volume: reported('volume', services) as Handlers<'volume'>,
  connector: {
    list(page, call) {
      const connectors = services.backends
        .list()
        .map((backend) => connectorFor(callerOf(call), services.reconciler.statusOf(backend)));
      return pageOf(
        connectors.sort((a, b) => (a.id < b.id ? -1 : 1)),
        'id',
        page,
      );
    },
    get({ connector }, call) {
      const backend = services.backends.get(connector);
      if (backend === undefined)
        throw new Fault('not-found', `There is no connector ${connector}.`, { resource: connector });
      return connectorFor(callerOf(call), services.reconciler.statusOf(backend));
    },
    proof({ connector }) {
      const backend = services.backends.get(connector);
      if (backend === undefined)
        throw new Fault('not-found', `There is no connector ${connector}.`, { resource: connector });
      const { reconciler, published, proof } = services;
      return proofOf(reconciler.statusOf(backend), published.of(connector), proof.of(connector));
    },
  },
});
