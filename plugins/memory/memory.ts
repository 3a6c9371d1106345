/** Every call of the protocol, as a table over a cloud in memory: joined to tests without a process. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Call,
  type CallContext,
  type Calls,
  Fault,
  type NativeVm,
  type PluginEvent,
} from '../../sdk/typescript/plugin/index.ts';
import { assertState, type Change, type ChangeName, changes, orList } from './changes.ts';
import type { Cloud } from './cloud.ts';
import { type Disturbance, faultOf } from './disturbance.ts';
import type { History } from './history.ts';
import { consoleOutput, type Machine, machineShown, stats, volumesShown } from './machine.ts';
import { pageOf } from './page.ts';
import type { FaultRule } from './settings.ts';

/** What the table needs from outside. */
export interface World {
  cloud: Cloud;
  disturbance: Disturbance;
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves once the cloud as it is now would survive a crash. */
  keep(): Promise<void>;
  history: History;
  /** Tells the daemon of a change that passes: what was carried out, `history` tells. */
  emit(event: PluginEvent): void;
  /** Ends the plugin at once. */
  crash(): never;
}

/** Calls of which nobody would see the progress are not worth the lines. */
const progressFromMs = 100;

/** Lets time pass, telling how far it has come; throws the reason when `signal` is aborted. */
const passTime = async (ms: number, signal: AbortSignal, context: CallContext, doing: string): Promise<void> => {
  const steps = ms < progressFromMs ? 1 : 10;
  for (let step = 1; step <= steps; step++) {
    signal.throwIfAborted();
    await sleep(ms / steps, undefined, { signal }).catch(() => signal.throwIfAborted());
    if (steps > 1 && step < steps) context.progress((step * 100) / steps, doing);
  }
};

export const memory = (world: World): Calls => {
  const { cloud, disturbance, now } = world;
  /** Changes of the power state that are under way, by machine. */
  const underWay = new Map<string, AbortController>();
  /** Mutations that are under way, by key and call: the same call made again waits for the same end. */
  const begun = new Map<string, Promise<unknown>>();

  const machineOf = (id: string): Machine => {
    const machine = cloud.machines.get(id);
    if (machine) return machine;
    throw new Fault('not-found', `There is no machine ${id}.`, { resource: id, outcome: 'none' });
  };

  const strike = (rule: FaultRule, call: string, target: Machine | undefined): Promise<never> => {
    if (rule.crash) world.crash();
    if (rule.hang) return new Promise(() => {});
    return Promise.reject(faultOf(rule, call, target));
  };

  /** Does the work of a call as late, and as badly, as the rules want it. */
  const disturbed = <R>(
    call: string,
    target: Machine | undefined,
    work: (ms: number) => R | Promise<R>,
  ): R | Promise<R> => {
    const rule = disturbance.strikes(call, target);
    const ms = disturbance.latencyMs(call);
    if (rule === undefined) return work(ms);
    if (!rule.after) return strike(rule, call, target);
    return Promise.resolve(work(ms)).then(() => strike(rule, call, target));
  };

  const read = <R>(call: string, target: Machine | undefined, context: CallContext, answer: () => R) =>
    disturbed(call, target, (ms) => {
      if (ms === 0) return answer();
      return passTime(ms, context.signal, context, call).then(answer);
    });

  const changed = (machine: Machine) => world.emit({ type: 'vm.changed', vm: machineShown(machine) });

  /** Carries a mutation out once for each key: made again, it answers what `again` finds. */
  const once = <R>(context: CallContext, call: string, again: (vm: string) => R, work: () => R | Promise<R>) => {
    const { key } = context;
    const carried = cloud.carried(key, call);
    if (carried !== undefined) return again(carried);
    if (key === undefined) return work();
    const name = `${key} ${call}`;
    const known = begun.get(name) as Promise<R> | undefined;
    if (known) return known;
    const end = Promise.resolve(work()).finally(() => begun.delete(name));
    begun.set(name, end);
    return end;
  };

  /** Keeps what was carried out, and tells of it then. */
  const keep = async (id: string, state: Machine['state'] | undefined) => {
    const written = world.history.add(id, state);
    try {
      await world.keep();
    } finally {
      written();
    }
  };

  const settle = async (context: CallContext, call: string, machine: Machine): Promise<NativeVm> => {
    cloud.carry(context.key, call, machine.id);
    await keep(machine.id, machine.state);
    return machineShown(machine);
  };

  /** Puts a machine into its state of transition while time passes, and back when that is cut short. */
  const underChange = async (machine: Machine, call: ChangeName, ms: number, context: CallContext) => {
    const { during }: Change = changes[call];
    const own = new AbortController();
    underWay.set(machine.id, own);
    machine.before = machine.state;
    machine.state = during;
    if (ms > 0) changed(machine);
    try {
      await passTime(ms, AbortSignal.any([context.signal, own.signal]), context, `${machine.name} is ${during}`);
    } catch (error) {
      if (underWay.get(machine.id) === own) {
        turnBack(machine);
        changed(machine);
      }
      throw error;
    }
    turnBack(machine);
  };

  const turnBack = (machine: Machine) => {
    machine.state = machine.before ?? machine.state;
    delete machine.before;
    underWay.delete(machine.id);
  };

  const power =
    (call: ChangeName): Call<ChangeName> =>
    (params: { vm: string; paused?: boolean }, context: CallContext) => {
      const again = () => machineShown(machineOf(params.vm));
      return once(context, call, again, () => {
        const machine = machineOf(params.vm);
        const change: Change = changes[call];
        return disturbed(call, machine, async (ms) => {
          const other = underWay.get(machine.id);
          if (other && change.overtakes) {
            const message = `${machine.name} was no longer ${machine.state} after ${call}.`;
            turnBack(machine);
            other.abort(new Fault('cancelled', message, { resource: machine.id, outcome: 'none' }));
          }
          assertState(machine, call, change.from, change.already);
          if (change.places) cloud.resize(machine, machine.memoryMiB);
          if (ms > 0) await underChange(machine, call, ms, context);
          change.carryOut(machine, now(), params);
          return settle(context, call, machine);
        });
      });
    };

  const create: Call<'compute.create'> = (params, context) => {
    const again = (id: string) => {
      const machine = cloud.machines.get(id);
      if (machine) return machineShown(machine);
      throw new Fault('conflict', `Machine ${id} was made with this key and has been deleted since.`, { resource: id });
    };
    return once(context, 'compute.create', again, () =>
      disturbed('compute.create', params as unknown as Machine, async (ms) => {
        await passTime(ms, context.signal, context, `Making ${params.name}`);
        if (cloud.machines.has(params.id)) {
          throw new Fault('exists', `There is a machine ${params.id} already.`, { field: '/id', outcome: 'none' });
        }
        return settle(context, 'compute.create', cloud.add({ ...params, key: context.key }));
      }),
    );
  };

  const update: Call<'compute.update'> = (params, context) => {
    const again = () => machineShown(machineOf(params.vm));
    return once(context, 'compute.update', again, () =>
      disturbed('compute.update', machineOf(params.vm), async (ms) => {
        await passTime(ms, context.signal, context, 'Changing the machine');
        const machine = machineOf(params.vm);
        const { name = machine.name, vcpus = machine.vcpus, memoryMiB = machine.memoryMiB, labels } = params;
        if (vcpus !== machine.vcpus || memoryMiB !== machine.memoryMiB) {
          assertState(machine, 'compute.update of processors and memory', ['stopped']);
          cloud.resize(machine, memoryMiB);
        }
        Object.assign(machine, { name, vcpus, labels: labels ?? machine.labels });
        return settle(context, 'compute.update', machine);
      }),
    );
  };

  const remove: Call<'compute.delete'> = (params, context) =>
    once(
      context,
      'compute.delete',
      () => ({}),
      () =>
        disturbed('compute.delete', cloud.machines.get(params.vm), async (ms) => {
          await passTime(ms, context.signal, context, 'Deleting the machine');
          const machine = cloud.machines.get(params.vm);
          if (machine === undefined) return {};
          assertState(machine, 'compute.delete', ['stopped', 'suspended', 'error']);
          cloud.remove(machine);
          cloud.carry(context.key, 'compute.delete', machine.id);
          await keep(machine.id, undefined);
          return {};
        }),
    );

  return {
    find({ call }, context) {
      const id = cloud.carried(context.key, call);
      const machine = id === undefined ? undefined : cloud.machines.get(id);
      if (id !== undefined) return { outcome: 'done', ...(machine ? { vm: machineShown(machine) } : {}) };
      return { outcome: begun.has(`${context.key} ${call}`) ? 'unknown' : 'none' };
    },
    'events.pull': (params, context) => read('events.pull', undefined, context, () => world.history.pull(params)),
    probe: (_params, context) => read('probe', undefined, context, () => ({})),
    'compute.list': ({ after }, context) =>
      read('compute.list', undefined, context, () => {
        const { items, next } = pageOf(cloud.machines.values(), ({ sequence }) => sequence, after);
        return { items: items.map(machineShown), ...next };
      }),
    'compute.get': ({ vm }, context) => {
      const machine = machineOf(vm);
      return read('compute.get', machine, context, () => machineShown(machineOf(vm)));
    },
    'compute.create': create,
    'compute.start': power('compute.start'),
    'compute.shutdown': power('compute.shutdown'),
    'compute.powerOff': power('compute.powerOff'),
    'compute.reboot': power('compute.reboot'),
    'compute.reset': power('compute.reset'),
    'compute.pause': power('compute.pause'),
    'compute.resume': power('compute.resume'),
    'compute.update': update,
    'compute.delete': remove,
    'compute.consoleOutput': ({ vm, offset, maxBytes }, context) => {
      const machine = machineOf(vm);
      const from = offset === undefined ? undefined : Number(offset);
      return read('compute.consoleOutput', machine, context, () => consoleOutput(machine, from, maxBytes, now()));
    },
    'compute.stats': ({ vm }, context) => {
      const machine = machineOf(vm);
      return read('compute.stats', machine, context, () => {
        if (machine.started === undefined || !['running', 'paused'].includes(machine.before ?? machine.state)) {
          const message = `${machine.name} is ${machine.state}; compute.stats needs it ${orList(['running', 'paused'])}.`;
          throw new Fault('conflict', message, { resource: vm });
        }
        return stats(machine, now());
      });
    },
    'compute.hosts': ({ after }, context) =>
      read('compute.hosts', undefined, context, () => numbered(cloud.hosts(), after)),
    'compute.images': ({ after }, context) =>
      read('compute.images', undefined, context, () => numbered(cloud.images(), after)),
    'storage.list': ({ after }, context) =>
      read('storage.list', undefined, context, () => {
        const { items, next } = pageOf(cloud.machines.values(), ({ sequence }) => sequence, after);
        return { items: items.flatMap((machine) => volumesShown(machine, now())), ...next };
      }),
    'network.list': ({ after }, context) =>
      read('network.list', undefined, context, () => numbered(cloud.networks(), after)),
  };
};

/** A page of a list that never changes while the plugin runs: it goes by position. */
const numbered = <T>(all: T[], after: string | undefined) => {
  const { items, next } = pageOf(all.entries(), ([at]) => at + 1, after);
  return { items: items.map(([, item]) => item), ...next };
};
