/** The methods of machines. */
import { hash } from 'node:crypto';
import type { ContractCall } from '../../../plugin-protocol/contract/index.ts';
import { compute } from '../../../plugin-protocol/contract/index.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Vm } from '../../catalogue/resources.ts';
import type { Call } from '../call.ts';
import { noEffect, putVm } from '../native.ts';
import { newId } from '../new-id.ts';
import type { Services } from '../services.ts';
import type { ChangingMethod } from '../states.ts';
import { callerOf, type Handlers, maySee, pageOf } from './table.ts';
import { vmChanges } from './vm-changes.ts';
import { vmReferences } from './vm-references.ts';

export const vmHandlers = (services: Services): Handlers<'vm'> => {
  const { inventory, journal, operations, backends, reconciler } = services;
  const { chooseConnector, nativeOf, readMissing } = vmReferences(services);
  const { backendFor, newRow, assertRoom, begin, join, change } = vmChanges(services);

  const find = (call: Call, vm: string): Vm => inventory.resolve('vm', vm, maySee(callerOf(call)));

  /** Whether machines are left of a connector that may not be configured any more. */
  const knowsConnector = (connector: string): boolean => {
    for (const vm of inventory.vm.values()) if (vm.connector === connector) return true;
    return false;
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
