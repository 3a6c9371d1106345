/**
 * How long machines ran. A meter is open while a machine runs or is paused; when that changes, or the size of the machine,
 * it is closed into an entry of the ledger, and at the end of each period it is closed and goes on. It follows the changes
 * that go to the store, in their order, and what it makes of them is in the same transaction: whenever the daemon is
 * killed, each moment of a machine is in one entry or in an open meter, and in no other.
 */
import type { UsageEntry } from '../../../plugin-protocol/contract/accounting.ts';
import type { Vm } from '../../catalogue/resources.ts';
import { newId } from '../inventory.ts';
import type { Change, MeterRow } from '../ports.ts';

/** Beyond so many ends of periods at once, as when a clock was set right, there is one entry for all. */
const mostPeriods = 1000;

/** Whether time counts in a state; undefined in those that a machine passes through, and when nobody knows. */
const counts: Partial<Record<Vm['state'], boolean>> = {
  running: true,
  paused: true,
  stopped: false,
  suspended: false,
  error: false,
  deleted: false,
};

type Size = Pick<MeterRow, 'name' | 'account' | 'connector' | 'vcpus' | 'memoryMiB'>;

const sizeOf = ({ name, account, connector, vcpus, memoryMiB }: Size): Size => ({
  name,
  account,
  connector,
  ...(vcpus === undefined ? {} : { vcpus }),
  ...(memoryMiB === undefined ? {} : { memoryMiB }),
});

const isSameSize = (one: Size, other: Size): boolean =>
  one.vcpus === other.vcpus &&
  one.memoryMiB === other.memoryMiB &&
  one.account === other.account &&
  one.connector === other.connector;

const iso = (at: number): string => new Date(at).toISOString();

export class Meters {
  readonly #open: Map<string, MeterRow>;
  readonly #periodMs: number;
  /** The place of the next entry in the ledger. */
  #next: number;

  constructor(open: readonly MeterRow[], lastEntry: number, periodSeconds: number) {
    this.#open = new Map(open.map((row) => [row.vm, row]));
    this.#next = lastEntry + 1;
    this.#periodMs = periodSeconds * 1000;
  }

  /** What changes of machines mean, to be written with them. */
  follow(changes: readonly Change[], now: number): Change[] {
    const made: Change[] = [];
    for (const change of changes) {
      if ('put' in change && change.put === 'resource' && change.row.kind === 'vm') {
        this.#saw(change.row.record as Vm, now, made);
      }
    }
    return made;
  }

  #saw(vm: Vm, now: number, made: Change[]): void {
    const runs = counts[vm.state];
    const meter = this.#open.get(vm.id);
    if (runs === undefined) return;
    if (meter === undefined) {
      if (runs) this.#put({ vm: vm.id, since: now, ...sizeOf(vm) }, made);
      return;
    }
    if (!runs) this.#close(meter, now, made);
    else if (!isSameSize(meter, vm))
      this.#put({ vm: vm.id, since: this.#enter(meter, now, made), ...sizeOf(vm) }, made);
  }

  #put(row: MeterRow, made: Change[]): void {
    this.#open.set(row.vm, row);
    made.push({ put: 'meter', row });
  }

  #close(meter: MeterRow, now: number, made: Change[]): void {
    this.#enter(meter, now, made);
    this.#open.delete(meter.vm);
    made.push({ drop: 'meter', vm: meter.vm });
  }

  /** Write what was used until a moment, in an entry for each period. Answers from when on it counts anew. */
  #enter({ vm, since, ...size }: MeterRow, until: number, made: Change[]): number {
    const first = (Math.floor(since / this.#periodMs) + 1) * this.#periodMs;
    const isSplit = (until - first) / this.#periodMs < mostPeriods;
    let from = since;
    for (let end = isSplit ? first : until; from < until; end += this.#periodMs) {
      const to = Math.min(end, until);
      const entry: UsageEntry = {
        id: newId(),
        vm,
        ...size,
        began: iso(from),
        ended: iso(to),
        seconds: (to - from) / 1000,
      };
      made.push({ put: 'usage', row: { place: this.#next++, ended: to, entry } });
      from = to;
    }
    return from;
  }

  /**
   * Close at the end of the last period what has run since before, at most so many machines. Empty when there is none left.
   * What is of a connector that is not configured waits: it counts when that comes back, and not when it does not.
   */
  turn(now: number, most: number, isThere: (connector: string) => boolean): Change[] {
    const end = Math.floor(now / this.#periodMs) * this.#periodMs;
    const made: Change[] = [];
    let count = 0;
    for (const meter of this.#open.values()) {
      if (meter.since >= end || !isThere(meter.connector)) continue;
      if (count++ === most) break;
      this.#put({ ...meter, since: this.#enter(meter, end, made) }, made);
    }
    return made;
  }

  /** Those that have machines whose time counts. */
  connectors(): Set<string> {
    return new Set([...this.#open.values()].map(({ connector }) => connector));
  }

  /** It will not come back: its machines ran until it went. */
  forget(connector: string, since: number): Change[] {
    const made: Change[] = [];
    for (const meter of [...this.#open.values()]) if (meter.connector === connector) this.#close(meter, since, made);
    return made;
  }

  /** Milliseconds until the period ends. */
  untilTurn(now: number): number {
    return this.#periodMs - (now % this.#periodMs);
  }

  /** Machines that run and were not followed until now, as in a store that is older than this. */
  begin(machines: Iterable<Vm>, now: number): Change[] {
    const made: Change[] = [];
    for (const vm of machines) this.#saw(vm, now, made);
    return made;
  }
}
