/** What the daemon keeps for its plugins, a few values for each connector, and what it tells them of its machines. */
import type { LookedUp, StateValue } from '../../../plugin-protocol/contract/host.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Vm } from '../../catalogue/resources.ts';
import type { Limits } from '../../limits.ts';
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import type { PluginRecords } from '../ports.ts';
import type { KeepsByConnector } from './leftovers.ts';

export interface StateContext {
  journal: Journal;
  inventory: Inventory;
  limits: Limits['plugins'];
  /** What the store has beside its records. */
  meta: ReadonlyMap<string, string>;
}

interface Kept {
  values: Map<string, { text: string; version: number }>;
  bytes: number;
  /** The last version that was given. */
  last: number;
}

const prefix = 'state:';
/** The last version that a connector was given: a key that was removed and put again has none that it had before. */
const lastPrefix = 'version:';
const bytesOf = (key: string, text: string) => Buffer.byteLength(key) + Buffer.byteLength(text);

const shown = ({ id, nativeId, name, account, state, labels }: Vm): LookedUp => ({
  ...{ id, nativeId, name, account, state, labels },
});

export const createPluginRecords = ({
  journal,
  inventory,
  limits,
  meta,
}: StateContext): PluginRecords & KeepsByConnector => {
  const connectors = new Map<string, Kept>();
  const of = (connector: string): Kept => {
    let kept = connectors.get(connector);
    if (kept === undefined) {
      kept = { values: new Map(), bytes: 0, last: 0 };
      connectors.set(connector, kept);
    }
    return kept;
  };
  for (const [name, text] of meta) {
    if (name.startsWith(lastPrefix)) of(name.slice(lastPrefix.length)).last = Number(text);
    if (!name.startsWith(prefix)) continue;
    // The name of a connector has no colon.
    const [connector, key] = name.slice(prefix.length).split(/:(.*)/s) as [string, string];
    const kept = of(connector);
    const { value, version } = JSON.parse(text) as StateValue;
    const own = JSON.stringify(value);
    kept.values.set(key, { text: own, version });
    kept.bytes += bytesOf(key, own);
  }

  return {
    state(connector, key) {
      const known = of(connector).values.get(key);
      return known === undefined
        ? { version: 0 }
        : { value: JSON.parse(known.text) as NonNullable<StateValue['value']>, version: known.version };
    },
    async putState(connector, key, value, expected) {
      const kept = of(connector);
      const known = kept.values.get(key);
      const before = known?.version ?? 0;
      if (expected !== undefined && expected !== before) {
        const message = `${key} has version ${before}, and not ${expected}.`;
        throw new Fault('conflict', message, { resource: key, outcome: 'none' });
      }
      const name = `${prefix}${connector}:${key}`;
      const freed = known === undefined ? 0 : bytesOf(key, known.text);
      if (value === undefined) {
        kept.values.delete(key);
        kept.bytes -= freed;
        await journal.write([{ drop: 'meta', key: name }]);
        return 0;
      }
      const text = JSON.stringify(value);
      const bytes = kept.bytes - freed + bytesOf(key, text);
      if (bytes > limits.stateBytes) {
        const most = `${limits.stateBytes} bytes (limits.plugins.stateBytes)`;
        throw new Fault('quota', `${connector} may keep ${most}; with ${key} it would be ${bytes}.`, {
          outcome: 'none',
        });
      }
      kept.last += 1;
      const version = kept.last;
      kept.values.set(key, { text, version });
      kept.bytes = bytes;
      await journal.write([
        { put: 'meta', key: name, value: `{"value":${text},"version":${version}}` },
        { put: 'meta', key: `${lastPrefix}${connector}`, value: String(version) },
      ]);
      return version;
    },
    lookup(connector, { vm: nativeId, id }) {
      const found = nativeId === undefined ? inventory.vm.get(id ?? '') : inventory.vm.byNative(connector, nativeId);
      return found?.connector === connector ? shown(found) : undefined;
    },
    connectors: () => [...connectors].flatMap(([connector, { last }]) => (last > 0 ? [connector] : [])),
    forget(connector) {
      const keys = [...(connectors.get(connector)?.values.keys() ?? [])];
      connectors.delete(connector);
      const names = [...keys.map((key) => `${prefix}${connector}:${key}`), `${lastPrefix}${connector}`];
      return names.map((key) => ({ drop: 'meta', key }));
    },
  };
};
