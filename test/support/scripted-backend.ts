/** A backend under the control of a test: a map of machines, and gates that hold, fail or cut off its calls. */

import type {
  Backend,
  BackendListener,
  BackendStatus,
  Backends,
  CallOptions,
  Found,
  KeptTask,
  PluginRecords,
  PulledEvents,
  TaskEnd,
} from '../../daemon/core/ports.ts';
import type { ContractCall } from '../../plugin-protocol/contract/index.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { NativeVm } from '../../plugin-protocol/resources.ts';

export interface Sent {
  call: string;
  params: Record<string, unknown>;
  options: CallOptions;
}

type Script = (sent: Sent) => unknown;

const effects: Record<string, NativeVm['state']> = {
  'compute.start': 'running',
  'compute.shutdown': 'stopped',
  'compute.powerOff': 'stopped',
  'compute.reboot': 'running',
  'compute.reset': 'running',
  'compute.pause': 'paused',
  'compute.resume': 'running',
};

export class ScriptedBackend implements Backend, Backends {
  readonly id: string;
  idempotency: 'key' | 'none' = 'key';
  publishes: Backend['publishes'] = [];
  cursors: Backend['cursors'];
  readonly vms = new Map<string, NativeVm>();
  readonly keys = new Map<string, NativeVm>();
  /** Every call that reached the backend, in order. */
  readonly sent: Sent[] = [];
  /** What a call does instead of its ordinary effect, by its name. */
  readonly scripts = new Map<string, Script>();
  /** Calls that the plugin does not have. */
  readonly lacking = new Set<string>();
  /** What `events.pull` answers. */
  pulls: (since: string | undefined) => PulledEvents | Promise<PulledEvents> = () => ({ events: [], next: '0' });
  /** What becomes of a task. */
  follows: (task: KeptTask, options: CallOptions) => Promise<TaskEnd<unknown>> | TaskEnd<unknown> = () => ({
    state: 'forgotten',
  });
  /** What `find` answers instead of looking at the keys. */
  finds: ((key: string) => Found) | undefined;
  #state: BackendStatus['state'] = 'ready';
  /** What the daemon offers to plugins. */
  records: PluginRecords | undefined;
  readonly #listeners: BackendListener[] = [];

  constructor(id = 'lab') {
    this.id = id;
  }

  list() {
    return [this];
  }
  get(id: string) {
    return id === this.id ? this : undefined;
  }
  listen(listener: BackendListener) {
    this.#listeners.push(listener);
  }
  provide(records: PluginRecords) {
    this.records = records;
  }
  supports(call: string) {
    return !this.lacking.has(call);
  }
  get state() {
    return this.#state;
  }
  status(): BackendStatus {
    return { id: this.id, plugin: 'scripted', state: this.#state, calls: [], restarts: 0, changed: 0 };
  }

  become(state: BackendStatus['state']) {
    this.#state = state;
    for (const listener of this.#listeners) listener.status(this.status());
  }
  emit(event: Parameters<BackendListener['event']>[1]) {
    for (const listener of this.#listeners) listener.event(this, event);
  }

  async find(key: string): Promise<Found> {
    if (this.finds !== undefined) return this.finds(key);
    const vm = this.keys.get(key);
    return vm === undefined ? { outcome: 'none' } : { outcome: 'done', vm: this.vms.get(vm.id) ?? vm };
  }

  async pullEvents({ since }: { since?: string }): Promise<PulledEvents> {
    return this.pulls(since);
  }

  async follow<P, R>(task: KeptTask, _call: ContractCall<P, R>, options: CallOptions = {}): Promise<TaskEnd<R>> {
    return (await this.follows(task, options)) as TaskEnd<R>;
  }

  async call<P, R>({ name }: ContractCall<P, R>, params: P, options: CallOptions = {}): Promise<R> {
    const sent = { call: name, params: params as Record<string, unknown>, options };
    this.sent.push(sent);
    const script = this.scripts.get(name);
    const result = script === undefined ? this.effect(sent) : await script(sent);
    return result as R;
  }

  /** What the backend does when nothing is scripted. */
  effect({ call, params, options: { key } }: Sent): unknown {
    if (call === 'compute.list') return { items: [...this.vms.values()] };
    if (/s$|storage|network/.test(call) && call !== 'compute.stats') return { items: [] };
    if (call === 'compute.create') {
      const made = this.keys.get(key!);
      if (made !== undefined) return made;
      const { id, name, vcpus, memoryMiB, labels } = params as NativeVm;
      return this.put(
        {
          id: `n-${id}`,
          state: 'stopped',
          key: key!,
          name: name!,
          vcpus: vcpus!,
          memoryMiB: memoryMiB!,
          labels: labels!,
        },
        key,
      );
    }
    const vm = this.vms.get(String(params.vm));
    if (vm === undefined) throw new Fault('not-found', `No machine ${String(params.vm)}.`, { outcome: 'none' });
    if (call === 'compute.delete') {
      this.vms.delete(vm.id);
      this.keys.set(key!, vm);
      return {};
    }
    if (call === 'compute.get') return vm;
    const { vm: _, ...changes } =
      call === 'compute.update' ? (params as Partial<NativeVm> & { vm: string }) : { vm: '' };
    return this.put({ ...vm, ...changes, state: effects[call] ?? vm.state }, key);
  }

  put(vm: NativeVm, key?: string): NativeVm {
    this.vms.set(vm.id, vm);
    if (key !== undefined) this.keys.set(key, vm);
    return vm;
  }
}

/** A promise that a test resolves, to hold a call for as long as it wants. */
export const gate = <T = void>() => Promise.withResolvers<T>();

/** A backend with a stopped machine, web1, and a running one, web2. */
export const seeded = () => {
  const backend = new ScriptedBackend();
  backend.put({ id: 'n1', name: 'web1', state: 'stopped' });
  backend.put({ id: 'n2', name: 'web2', state: 'running' });
  return backend;
};
