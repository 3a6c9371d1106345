/** Changes of machines: whether they may begin, and how they do, as operations that are answered or waited for. */
import type { ContractCall } from '../../../plugin-protocol/contract/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Operation, Vm } from '../../catalogue/resources.ts';
import type { Principal } from '../api.ts';
import type { Call } from '../call.ts';
import { unavailable } from '../discretion.ts';
import { type Effect, noEffect, putVm } from '../native.ts';
import { newId } from '../new-id.ts';
import { faultFromInfo, operationFor } from '../operations/operation-record.ts';
import type { Backend, OperationRow } from '../ports.ts';
import type { Over, Services } from '../services.ts';
import { assertState, type ChangingMethod, transitionOf } from '../states.ts';
import { callerOf } from './table.ts';

type Steps = OperationRow['steps'];

export const vmChanges = (services: Services) => {
  const { inventory, journal, operations, backends, limits } = services;

  /** The backend of a machine, which must be able to make the call. */
  const backendFor = (connector: string, call: { name: string }): Backend => {
    const backend = backends.get(connector);
    if (backend?.state !== 'ready') {
      throw unavailable(`The connector ${connector} cannot be used: it is ${backend?.state ?? 'not configured'}.`, {
        outcome: 'none',
        hint: 'connector.get tells an administrator why.',
      });
    }
    if (!backend.supports(call.name)) {
      throw new Fault(
        'unsupported',
        `The connector ${connector} (${backend.status().plugin}) cannot do ${call.name}.`,
        {
          outcome: 'none',
        },
      );
    }
    return backend;
  };

  const newRow = (vm: Vm, method: string, principal: Principal, steps: Steps): OperationRow => ({
    id: newId(),
    method,
    account: vm.account,
    user: principal.user,
    connector: vm.connector,
    resourceKind: 'vm',
    resource: vm.id,
    state: 'queued',
    progress: 0,
    created: journal.now(),
    steps,
    step: 0,
    attempt: 1,
    previousState: vm.state,
  });

  const assertRoom = (account: string) => {
    if (operations.count(account) >= limits.calls.operations) {
      throw new Fault(
        'throttled',
        `${account} has ${limits.calls.operations} operations under way (limits.calls.operations).`,
        { retryAfterMs: 1000 },
      );
    }
  };

  /**
   * Begin an operation and answer it: as it is, or when it has ended within `wait` seconds, or as its fault. `make` is
   * called only when there is room to wait.
   */
  const begin = (wait: number, call: Call, make: () => { row: OperationRow; effect: Effect }): Promise<Operation> =>
    services.waiting.wait(wait, call, async (over) => {
      const { row, effect } = make();
      await operations.begin(row, effect, call.request);
      return answer(row.id, call, over);
    });

  /** What an operation that is there has come to. */
  const join = (id: string, wait: number, call: Call): Promise<Operation> =>
    services.waiting.wait(wait, call, (over) => answer(id, call, over));

  const answer = async (id: string, call: Call, over: Over | undefined): Promise<Operation> => {
    const row = (await operations.wait(id, over))!;
    if (over !== undefined && row.fault !== undefined) {
      const fault = faultFromInfo(row.fault);
      throw new Fault(fault.kind, fault.message, { ...fault.data, operation: row.id });
    }
    return operationFor(callerOf(call), row);
  };

  /** A method that changes a machine which is there. */
  const change = async (
    method: ChangingMethod,
    calls: ContractCall,
    vm: Vm,
    params: object,
    wait: number,
    call: Call,
  ) => {
    assertState(vm, method);
    const transition = transitionOf(method);
    const held = operations.on(vm.id);
    // Asked for twice at once: one of them does it for both.
    if (held?.method === method && transition.supersedes === true) return join(held.id, wait, call);
    if (held !== undefined && transition.supersedes !== true) {
      throw new Fault('conflict', `${vm.name} is held by ${held.method} (operation ${held.id}).`, {
        resource: vm.id,
        operation: held.id,
      });
    }
    backendFor(vm.connector, calls);
    assertRoom(vm.account);
    return begin(wait, call, () => {
      const row = newRow(vm, method, callerOf(call), [{ call: calls.name, params }]);
      const effect = noEffect();
      if (transition.during !== undefined)
        putVm(inventory, { ...vm, state: transition.during, changed: journal.now() }, row.id, effect);
      return { row, effect };
    });
  };

  return { backendFor, newRow, assertRoom, begin, join, change };
};
