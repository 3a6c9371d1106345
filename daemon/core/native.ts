/** From what a backend reports to the records that users see. */
import type {
  NativeHost,
  NativeImage,
  NativeNetwork,
  NativeVm,
  NativeVolume,
} from '../../plugin-protocol/resources.ts';
import type { Vm, VmState } from '../catalogue/resources.ts';
import { differs, type Inventory, type Records, sharing } from './inventory.ts';
import type { NewEvent } from './journal.ts';
import { newId } from './new-id.ts';
import type { Change, ResourceKind } from './ports.ts';

export interface Natives {
  host: NativeHost;
  image: NativeImage;
  network: NativeNetwork;
  volume: NativeVolume;
}
export type ReportedKind = keyof Natives;

/** What one report means for the store: changes, and the events that tell of them. */
export interface Effect {
  changes: Change[];
  events: NewEvent[];
}
/** Whether others should get their turn, with what is to be written so far. */
export type IsTime = (effect: Effect) => boolean;
export const noEffect = (): Effect => ({ changes: [], events: [] });

const without = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

/** The machine as it is after a report; `base` is its record so far. */
export const vmFromNative = (
  native: NativeVm,
  base: Pick<Vm, 'id' | 'account' | 'connector'> & Partial<Vm>,
  inventory: Inventory,
  now: string,
): Vm => {
  const { id, key: _, name, state, host, image, labels, ...parts } = native;
  const { lastState: __, ...known } = base;
  return without({
    ...known,
    ...parts,
    name: name ?? base.name ?? id,
    nativeId: id,
    state: state as VmState,
    ...(state === 'unknown' && base.state !== undefined ? { lastState: base.lastState ?? base.state } : {}),
    host: host === undefined ? base.host : inventory.host.byNative(base.connector, host)?.id,
    image: (image === undefined ? undefined : inventory.image.byNative(base.connector, image)?.id) ?? base.image,
    labels: labels ?? base.labels ?? {},
    created: native.created ?? base.created ?? now,
    changed: now,
  } as Vm);
};

/** Put a machine's record, and tell what changed, and when, where that is known. Nothing when nothing did. */
export const putVm = (
  inventory: Inventory,
  seen: Vm,
  operation: string | undefined,
  effect: Effect,
  time?: string,
): void => {
  const before = inventory.vm.get(seen.id);
  if (before !== undefined && !differs(before, seen)) return;
  const vm = before === undefined ? seen : sharing(before, seen);
  inventory.set('vm', vm);
  // Of one that nobody knew it is not known what it did before.
  const happened =
    time === undefined || before === undefined
      ? {}
      : { happened: { time: Date.parse(time), notBefore: Date.parse(before.changed) } };
  effect.changes.push({ put: 'resource', row: { kind: 'vm', id: vm.id, record: vm }, ...happened });
  const subject = {
    resourceKind: 'vm',
    resource: vm.id,
    account: vm.account,
    ...(operation === undefined ? {} : { operation }),
  };
  // One that was gone and is there again, as after `virsh undefine` and `define`, is new to those who follow events.
  if (before === undefined || (before.state === 'deleted' && vm.state !== 'deleted')) {
    effect.events.push({ type: 'vm.created', ...subject, data: { name: vm.name, state: vm.state } });
  } else if (vm.state === 'deleted') {
    effect.events.push({ type: 'vm.deleted', ...subject, data: { name: vm.name, previous: before.state } });
  } else if (before.state !== vm.state) {
    effect.events.push({ type: 'vm.state', ...subject, data: { state: vm.state, previous: before.state } });
  } else {
    effect.events.push({ type: 'vm.changed', ...subject, data: { name: vm.name } });
  }
};

/**
 * Take over all resources of one kind that a connector reports: new, changed and gone ones. Yields what is to be written, a few
 * at a time, when `isTime` says that others should get their turn, and in the end.
 */
export function* takeOver<K extends ReportedKind>(
  inventory: Inventory,
  kind: K,
  connector: string,
  natives: readonly Natives[K][],
  now: string,
  isTime: IsTime,
): Generator<Effect, void, void> {
  const collection = inventory.of(kind);
  const seen = new Set<string>();
  let effect = noEffect();
  for (const { id: nativeId, ...fields } of natives) {
    if (isTime(effect)) {
      yield effect;
      effect = noEffect();
    }
    const before = collection.byNative(connector, nativeId) as Records[K] | undefined;
    const id = before?.id ?? newId();
    seen.add(id);
    const read = without({ id, connector, nativeId, ...fields, changed: now }) as Records[K];
    if (before !== undefined && !differs(before, read)) continue;
    const record = before === undefined ? read : sharing(before, read);
    inventory.set(kind, record);
    effect.changes.push({ put: 'resource', row: { kind: kind as ResourceKind, id, record } });
  }
  for (const { id, connector: owner } of [...collection.values()]) {
    if (owner !== connector || seen.has(id)) continue;
    if (isTime(effect)) {
      yield effect;
      effect = noEffect();
    }
    collection.delete(id);
    effect.changes.push({ drop: 'resource', kind, id });
  }
  yield effect;
}
