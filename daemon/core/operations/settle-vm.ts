/** What an operation makes of the record of its machine, and the machine as the backend tells of it. */
import { contract } from '../../../plugin-protocol/contract/index.ts';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import type { Vm } from '../../catalogue/resources.ts';
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import { type Effect, putVm, vmFromNative } from '../native.ts';
import type { Backend, Backends, OperationRow } from '../ports.ts';
import { isTransient, transitionOf } from '../states.ts';

interface Records {
  inventory: Inventory;
  journal: Journal;
}

/** The machine as the backend has it; undefined when it cannot be asked for. */
export const readMachine = async (
  { inventory }: Pick<Records, 'inventory'>,
  backend: Backend,
  resource: string,
): Promise<NativeVm | undefined> => {
  const nativeId = inventory.vm.get(resource)?.nativeId;
  if (nativeId === undefined || nativeId === '' || !backend.supports('compute.get')) return undefined;
  return (await backend.call(contract.get('compute.get')!, { vm: nativeId }, {})) as NativeVm;
};

/** How the machine is after a failure, when the backend can tell. */
export const lookAt = async (
  records: Pick<Records, 'inventory'> & { backends: Backends },
  row: OperationRow,
): Promise<NativeVm | undefined> => {
  const backend = records.backends.get(row.connector);
  if (backend?.state !== 'ready') return undefined;
  return readMachine(records, backend, row.resource).catch(() => undefined);
};

/** The machine as the backend reported it; its state may be for others to say. */
export const putNative = (
  { inventory, journal }: Records,
  row: OperationRow,
  native: NativeVm,
  effect: Effect,
  keepState: boolean,
): void => {
  const vm = inventory.vm.get(row.resource);
  if (vm === undefined) return;
  const seen = vmFromNative(native, vm, inventory, journal.now());
  putVm(inventory, keepState ? { ...seen, state: vm.state } : seen, row.id, effect);
};

/** The machine's state when its operation has ended: as the backend says, else as the method promises, else as before. */
export const settleVm = (records: Records, row: OperationRow, native: NativeVm | undefined, effect: Effect): void => {
  const { inventory, journal } = records;
  if (row.state === 'succeeded' && row.method === 'vm.delete') {
    const vm = inventory.vm.get(row.resource);
    if (vm !== undefined) putVm(inventory, { ...vm, state: 'deleted', changed: journal.now() }, row.id, effect);
    return;
  }
  if (native !== undefined) {
    putNative(records, row, native, effect, false);
    return;
  }
  const vm = inventory.vm.get(row.resource);
  if (vm === undefined || !isTransient(vm.state)) return;
  if (row.method === 'vm.create' && row.fault?.outcome === 'none' && vm.nativeId === '') {
    // Nothing was made, so there is nothing to delete by hand.
    putVm(inventory, { ...vm, state: 'deleted', changed: journal.now() }, row.id, effect);
    return;
  }
  const reached = row.state === 'succeeded' ? transitionOf(row.method).to : undefined;
  const state = (reached ?? (row.method === 'vm.create' ? 'error' : row.previousState) ?? 'error') as Vm['state'];
  putVm(inventory, { ...vm, state, changed: journal.now() }, row.id, effect);
};
