/** The methods of machines. */
import { hash } from 'node:crypto';
import type { ContractCall } from '../../../plugin-protocol/contract/index.ts';
import { compute } from '../../../plugin-protocol/contract/index.ts';
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
import { callerOf, type Handlers, maySee, pageOf } from './table.ts';
import { vmReferences } from './vm-references.ts';

type Steps = OperationRow['steps'];

export const vmHandlers = (services: Services): Handlers<'vm'> => {
  const { inventory, journal, operations, backends, reconciler, limits } = services;
  const { chooseConnector, nativeOf, readMissing } = vmReferences(services);

  const find = (call: Call, vm: string): Vm => inventory.resolve('vm', vm, maySee(callerOf(call)));

  /** Whether machines are left of a connector that may not be configured any more. */
  const knowsConnector = (connector: string): boolean => {
    for (const vm of inventory.vm.values()) if (vm.connector === connector) return true;
    return false;
  };

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

  const simple =
    (method: ChangingMethod, calls: unknown) =>
    ({ vm, wait, ...params }: { vm: string; wait?: number }, call: Call) =>
      change(method, calls as ContractCall, find(call, vm), params, wait!, call);

  return {
    async list({ refresh, limit, after, sort, descending, ...filter }, call) {
      const { connector } = filter;
      if (connector !== undefined && backends.get(connector) === undefined && !knowsConnector(connector)) {
        throw new Fault('not-found', `There is no connector ${connector}.`, { field: '/connector' });
      }
      if (refresh === true) await reconciler.refresh(connector);
      const sees = maySee(callerOf(call));
      const all = inventory.vm.sorted(sort === 'created' ? 'id' : sort!);
      const wanted = matcher(filter, inventory);
      const list = all.filter((vm) => sees(vm) && wanted(vm));
      return pageOf(list, sort === 'created' ? 'id' : sort!, { limit, after, descending });
    },

    async get({ vm, refresh }, call) {
      const found = find(call, vm);
      if (refresh !== true || found.state === 'deleted') return found;
      await reconciler.readVm(found);
      return inventory.vm.get(found.id) ?? found;
    },

    async create({ connector: word, key, wait, account, start, image, kernel, initrd, networks, ...rest }, call) {
      const principal = callerOf(call);
      // Before the key is looked at, since from there on nothing may be awaited.
      await readMissing(word, { image: [image, kernel, initrd], network: networks! });
      // A key is of the user in the account: one who moves to another account leaves the keys behind.
      const clientKey = key === undefined ? undefined : `${principal.account}/${key}`;
      const given = { word, account, start, image, kernel, initrd, networks, ...rest };
      const keyed = clientKey === undefined ? {} : { clientKey, clientDigest: hash('sha256', JSON.stringify(given)) };
      if (clientKey !== undefined) {
        const ended = await services.store.operationByClientKey(principal.user, clientKey);
        // Looked at last, and nothing is awaited from here to `begin`: the same call may have come twice at once.
        const known = operations.openByClientKey(principal.user, clientKey) ?? ended;
        if (known !== undefined && known.clientDigest !== keyed.clientDigest) {
          throw new Fault('conflict', `The key ${key} was used with other parameters.`, {
            field: '/key',
            operation: known.id,
          });
        }
        if (known !== undefined) return join(known.id, wait!, call);
      }
      if (account !== undefined && account !== principal.account && principal.role !== 'admin') {
        throw new Fault('forbidden', 'Only administrators may make machines for another account.', {
          field: '/account',
        });
      }
      if (initrd !== undefined && kernel === undefined)
        throw new Fault('invalid-params', 'initrd needs kernel.', { field: '/initrd' });
      const connector = chooseConnector(word);
      backendFor(connector, compute.create);
      if (start === true) backendFor(connector, compute.start);
      const owner = account ?? principal.account;
      assertRoom(owner);
      const id = newId();
      const now = journal.now();
      const imageRecord =
        image === undefined ? undefined : inventory.resolve('image', image, (record) => record.connector === connector);
      const params = defined({
        id,
        ...rest,
        image: nativeOf('image', connector, image, 'image'),
        kernel: nativeOf('image', connector, kernel, 'kernel'),
        initrd: nativeOf('image', connector, initrd, 'initrd'),
        networks: networks!.map((network, index) => nativeOf('network', connector, network, `networks/${index}`)),
      });
      const steps = [
        { call: 'compute.create', params },
        ...(start === true ? [{ call: 'compute.start', params: {} }] : []),
      ];
      return begin(wait!, call, () => {
        const { name, vcpus, memoryMiB, labels } = rest;
        const vm: Vm = {
          id,
          name,
          account: owner,
          connector,
          nativeId: '',
          state: 'pending',
          ...(imageRecord === undefined ? {} : { image: imageRecord.id }),
          vcpus: vcpus!,
          memoryMiB: memoryMiB!,
          labels: labels!,
          created: now,
          changed: now,
        };
        const row = {
          ...newRow(vm, 'vm.create', principal, steps),
          ...keyed,
        };
        const effect = noEffect();
        putVm(inventory, vm, row.id, effect);
        return { row, effect };
      });
    },

    start: simple('vm.start', compute.start),
    shutdown: simple('vm.shutdown', compute.shutdown),
    powerOff: simple('vm.powerOff', compute.powerOff),
    reboot: simple('vm.reboot', compute.reboot),
    reset: simple('vm.reset', compute.reset),
    pause: simple('vm.pause', compute.pause),
    resume: simple('vm.resume', compute.resume),

    update({ vm, wait, ...params }, call) {
      const given = defined(params);
      if (Object.keys(given).length === 0)
        throw new Fault('invalid-params', 'There is nothing to change: give a name, labels, vcpus or memoryMiB.');
      return change('vm.update', compute.update, find(call, vm), given, wait!, call);
    },

    async delete({ vm, wait }, call) {
      const found = find(call, vm);
      // A create that failed before the backend made anything leaves a record and no machine.
      if (found.state === 'error' && found.nativeId === '') {
        return begin(wait!, call, () => {
          const row = newRow(found, 'vm.delete', callerOf(call), []);
          const effect = noEffect();
          putVm(inventory, { ...found, state: 'deleting', changed: journal.now() }, row.id, effect);
          return { row, effect };
        });
      }
      return change('vm.delete', compute.delete, found, {}, wait!, call);
    },

    consoleOutput({ vm, offset, maxBytes }, call) {
      const found = find(call, vm);
      const params = { vm: found.nativeId, maxBytes: maxBytes!, ...(offset === undefined ? {} : { offset }) };
      return backendFor(found.connector, compute.consoleOutput).call(compute.consoleOutput, params, readOptions(call));
    },

    stats({ vm }, call) {
      const found = find(call, vm);
      return backendFor(found.connector, compute.stats).call(compute.stats, { vm: found.nativeId }, readOptions(call));
    },
  };
};

const readOptions = ({ request: { signal }, principal }: Call) => ({
  ...(signal === undefined ? {} : { signal }),
  ...(principal === undefined ? {} : { actor: principal.user }),
});

const defined = <T extends object>(record: T) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;

interface Filter {
  state?: string;
  connector?: string;
  host?: string;
  account?: string;
  name?: string;
  labels?: Record<string, string>;
}

/** Whether a machine passes all filters that are given. */
const matcher = ({ state, connector, host, account, name, labels }: Filter, inventory: Services['inventory']) => {
  const hosts = host === undefined ? undefined : new Set(inventory.host.named(host).map(({ id }) => id));
  const text = name?.toLowerCase();
  const wantedLabels = Object.entries(labels ?? {});
  return (vm: Vm): boolean =>
    (state === undefined ? vm.state !== 'deleted' : vm.state === state) &&
    (connector === undefined || vm.connector === connector) &&
    (hosts === undefined || (vm.host !== undefined && hosts.has(vm.host))) &&
    (account === undefined || vm.account === account) &&
    (text === undefined || vm.name.toLowerCase().includes(text)) &&
    wantedLabels.every(([label, value]) => Object.hasOwn(vm.labels, label) && vm.labels[label] === value);
};
