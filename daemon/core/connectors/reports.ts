/** Takes over what backends say of their machines, from readings and events: known ones, new ones, and those that operations hold. */
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import type { Vm } from '../../catalogue/resources.ts';
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import { type Effect, putVm, vmFromNative } from '../native.ts';
import { newId } from '../new-id.ts';
import type { Operations } from '../operations/operations.ts';
import type { NativeEvent, OperationRow } from '../ports.ts';

export interface ReportsContext {
  journal: Journal;
  inventory: Inventory;
  operations: () => Operations;
  /** The account that owns machines which a connector reports and nobody made through us. */
  accountOf: (connector: string) => string;
}

export class Reports {
  readonly #context: ReportsContext;
  /** Reports that came while an operation held the machine or might have been making it. */
  readonly #deferred = new Map<string, { connector: string; native: NativeVm }>();

  /** Of each connector whose machines are being taken over, what events have told of meanwhile. */
  readonly #newer = new Map<string, Set<string>>();

  constructor(context: ReportsContext) {
    this.#context = context;
  }

  /** Machines of which events tell from now on, until `leave`: what was read before is older, also where an event changes nothing. */
  follow(connector: string): ReadonlySet<string> {
    const newer = new Set<string>();
    this.#newer.set(connector, newer);
    return newer;
  }

  leave(connector: string): void {
    this.#newer.delete(connector);
  }

  event(connector: string, event: NativeEvent, effect: Effect): void {
    const { inventory, journal } = this.#context;
    const told = event.vm?.id ?? event.id;
    if (told !== undefined) this.#newer.get(connector)?.add(told);
    if (event.type === 'vm.changed' && event.vm !== undefined)
      this.report(connector, event.vm, effect, { time: event.time });
    if (event.type !== 'vm.deleted' || event.id === undefined) return;
    const vm = inventory.vm.byNative(connector, event.id);
    // While an operation holds it, the operation says how it ends.
    if (vm !== undefined && vm.state !== 'deleted' && this.#context.operations().on(vm.id) === undefined) {
      putVm(inventory, { ...vm, state: 'deleted', changed: journal.now() }, undefined, effect, event.time);
    }
  }

  /** Take over what a backend says of one machine; `asOf` is when it was asked, or `time` when it happened, where an event says so. */
  report(
    connector: string,
    native: NativeVm,
    effect: Effect,
    { asOf, time }: { asOf?: string; time?: string | undefined },
  ): void {
    const { inventory, journal, accountOf } = this.#context;
    const operations = this.#context.operations();
    const known = inventory.vm.byNative(connector, native.id) ?? this.#beingMade(connector, native);
    if (known === undefined) {
      if (native.key === undefined && operations.creatingOn(connector)) {
        this.#deferred.set(`${connector}\0${native.id}`, { connector, native });
        return;
      }
      const base = { id: newId(), account: accountOf(connector), connector };
      putVm(inventory, vmFromNative(native, base, inventory, journal.now()), undefined, effect);
      return;
    }
    // Read before the record changed: older than what we know, unless the clock has been set back since.
    if (asOf !== undefined && known.changed > asOf && known.changed <= journal.now()) return;
    const vm = vmFromNative(native, known, inventory, journal.now());
    if (operations.on(known.id) === undefined) {
      putVm(inventory, vm, undefined, effect, time);
    } else {
      this.#deferred.set(`${connector}\0${native.id}`, { connector, native });
      putVm(inventory, { ...vm, state: known.state }, undefined, effect);
    }
  }

  /** The record of a machine that a create of ours has made or is making: found by key, or by the id that was proposed. */
  #beingMade(connector: string, native: NativeVm): Vm | undefined {
    const { inventory } = this.#context;
    const proposed = inventory.vm.get(native.id);
    if (proposed?.connector === connector) return proposed;
    const resource = native.key === undefined ? undefined : this.#context.operations().open(native.key)?.resource;
    return resource === undefined ? undefined : inventory.vm.get(resource);
  }

  /** The machines that should be read again when an operation has ended; undefined for one that is not known yet. */
  ended(row: OperationRow): (Vm | undefined)[] {
    const stale: (Vm | undefined)[] = [];
    for (const [key, { connector, native }] of [...this.#deferred]) {
      if (connector !== row.connector) continue;
      const vm = this.#context.inventory.vm.byNative(connector, native.id);
      if (vm !== undefined && this.#context.operations().on(vm.id) !== undefined) continue;
      if (vm === undefined && this.#context.operations().creatingOn(connector)) continue;
      this.#deferred.delete(key);
      if (vm !== undefined && (vm.state === native.state || vm.state === 'deleted')) continue;
      stale.push(vm);
    }
    return stale;
  }
}
