/** The methods of what connectors report beside machines, and of connectors themselves. */
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Connector } from '../catalogue/resources.ts';
import { type Handlers, pageOf } from './handlers.ts';
import type { Records } from './inventory.ts';
import type { ReportedKind } from './native.ts';
import type { BackendStatus } from './ports.ts';
import type { Services } from './services.ts';

interface ListParams {
  connector?: string;
  limit?: number;
  after?: string;
  refresh?: boolean;
}

const reported = <K extends ReportedKind>(kind: K, { inventory, reconciler }: Services) => ({
  async list({ connector, refresh, ...page }: ListParams) {
    if (refresh === true) await reconciler.refresh(connector);
    const all = inventory.of(kind).sorted('name') as readonly Records[K][];
    const list = connector === undefined ? all : all.filter((record) => record.connector === connector);
    return pageOf(list, 'name', page);
  },
  get(params: Record<string, string>): Records[K] {
    return inventory.resolve(kind, params[kind]!, () => true);
  },
});

const connectorFromStatus = ({ changed, calls, ...status }: BackendStatus): Connector => ({
  ...status,
  calls: [...calls],
  changed: new Date(changed).toISOString(),
});

export const infrastructureHandlers = (services: Services): { [N in ReportedKind | 'connector']: Handlers<N> } => ({
  host: reported('host', services) as Handlers<'host'>,
  image: reported('image', services) as Handlers<'image'>,
  network: reported('network', services) as Handlers<'network'>,
  volume: reported('volume', services) as Handlers<'volume'>,
  connector: {
    list(page) {
      const connectors = services.backends
        .list()
        .map((backend) => connectorFromStatus(services.reconciler.statusOf(backend)));
      return pageOf(
        connectors.sort((a, b) => (a.id < b.id ? -1 : 1)),
        'id',
        page,
      );
    },
    get({ connector }) {
      const backend = services.backends.get(connector);
      if (backend === undefined)
        throw new Fault('not-found', `There is no connector ${connector}.`, { resource: connector });
      return connectorFromStatus(services.reconciler.statusOf(backend));
    },
  },
});
