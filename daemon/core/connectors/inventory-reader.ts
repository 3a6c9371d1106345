/** Reads what a connector has, and takes it over into the inventory. */
import { setImmediate as turn } from 'node:timers/promises';
import type { NativeVm } from '../../../plugin-protocol/resources.ts';
import { Slice } from '../../../plugin-protocol/slices.ts';
import type { Vm } from '../../catalogue/resources.ts';
import type { Limits } from '../../limits.ts';
import { unavailable } from '../discretion.ts';
import type { Inventory } from '../inventory.ts';
import type { Journal } from '../journal.ts';
import { type IsTime, noEffect, putVm, takeOver } from '../native.ts';
import type { Operations } from '../operations/operations.ts';
import type { Backend, Log } from '../ports.ts';
import { isGone, readAllReported, readMachines } from './readings.ts';
import type { Reports } from './reports.ts';
import { Pace, writeInTurns } from './turns.ts';

export interface ReaderContext {
  journal: Journal;
  inventory: Inventory;
  operations: () => Operations;
  log: Log;
  limits: Limits;
}

export class InventoryReader {
  readonly #context: ReaderContext;
  readonly #reports: Reports;

  constructor(context: ReaderContext, reports: Reports) {
    this.#context = context;
    this.#reports = reports;
  }

  /** Hosts, images, networks and volumes. Answers what could not be read: a connector without images still has machines. */
  async readRest(backend: Backend): Promise<string | undefined> {
    const { inventory, journal, log, limits } = this.#context;
    const failures = await readAllReported(backend, limits.plugins.listed, async (kind, natives) => {
      const take = (isTime: IsTime) => takeOver(inventory, kind, backend.id, natives, journal.now(), isTime);
      // Meanwhile it may have been taken out of the configuration, and all that it had with it.
      const isThere = () => backend.state === 'ready';
      if (!(await writeInTurns(journal, take, isThere)))
        throw unavailable(`The connector ${backend.id} cannot be reached.`);
    });
    for (const { call, fault } of failures) {
      log.warn({ connector: backend.id, call, fault }, 'A part of a connector cannot be read.');
    }
    return failures.length === 0 ? undefined : failures.map(({ call, fault }) => `${call}: ${fault}`).join(' ');
  }

  /** The machines. Resolves when they are in the store. */
  async readVms(backend: Backend): Promise<void> {
    const { journal, limits } = this.#context;
    const began = journal.now();
    const newer = this.#reports.follow(backend.id);
    try {
      const machines = await readMachines(backend, limits.plugins.listed);
      const seen = await this.#takeOver(backend, machines, newer, began);
      await this.#markGone(backend, seen, began);
    } finally {
      this.#reports.leave(backend.id);
    }
  }

  /** A few at a time: others get their turn in between. Answers the backend ids. */
  async #takeOver(
    backend: Backend,
    machines: readonly NativeVm[],
    newer: ReadonlySet<string>,
    began: string,
  ): Promise<ReadonlySet<string>> {
    const { journal, log } = this.#context;
    const seen = new Set<string>();
    const pace = new Pace(journal);
    let effect = noEffect();
    for (const native of machines) {
      if (seen.has(native.id)) {
        log.warn({ connector: backend.id, vm: native.id }, 'A connector lists a machine twice; the first counts.');
        continue;
      }
      seen.add(native.id);
      if (!newer.has(native.id)) this.#reports.report(backend.id, native, effect, { asOf: began });
      if (!pace.isTime(effect)) continue;
      await pace.pass(effect);
      if (backend.state !== 'ready') throw unavailable(`The connector ${backend.id} cannot be reached.`);
      effect = noEffect();
    }
    await journal.write(effect.changes, effect.events);
    return seen;
  }

  /** Machines that a reading did not show are asked for once more, one by one, before they are marked. */
  async #markGone(backend: Backend, seen: ReadonlySet<string>, began: string): Promise<void> {
    const { inventory, journal, limits } = this.#context;
    const isMissing = (vm: Vm): boolean =>
      vm.connector === backend.id &&
      vm.nativeId !== '' &&
      vm.state !== 'deleted' &&
      !seen.has(vm.nativeId) &&
      // Not since, or by a clock that has been set back.
      (vm.changed <= began || vm.changed > journal.now());
    const missing: Vm[] = [];
    const slice = new Slice();
    for (const vm of [...inventory.vm.values()]) {
      if (isMissing(vm)) missing.push(vm);
      if (!slice.over()) continue;
      await turn();
      slice.begin();
    }
    if (missing.length === 0) return;
    const again = backend.supports('compute.get')
      ? undefined
      : new Set((await readMachines(backend, limits.plugins.listed)).map(({ id }) => id));
    for (const { id, nativeId } of missing) {
      const gone = again === undefined ? await isGone(backend, nativeId) : !again.has(nativeId);
      const vm = inventory.vm.get(id);
      if (!gone || vm === undefined || this.#context.operations().on(id) !== undefined) continue;
      const effect = noEffect();
      putVm(inventory, { ...vm, state: 'deleted', changed: journal.now() }, undefined, effect);
      await journal.write(effect.changes, effect.events);
    }
  }
}
