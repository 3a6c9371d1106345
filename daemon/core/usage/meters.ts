/**
 * How long machines ran. A meter is open while a machine runs or is paused; when that changes, or the size of the machine,
 * it is closed into an entry of the ledger, and at the end of each period it is closed and goes on. It follows the changes
 * that go to the store, in their order, and what it makes of them is in the same transaction: whenever the daemon is
 * killed, each moment of a machine is in one entry or in an open meter, and in no other.
 */
import type { UsageEntry } from '../../../plugin-protocol/contract/accounting.ts';
import type { Vm } from '../../catalogue/resources.ts';
import { newId } from '../new-id.ts';
import type { Change, Happened, MeterRow } from '../ports.ts';

/** Beyond so many ends of periods of one machine, as when a clock was set right, there is one entry for all. */
const mostPeriods = 1000;
/** And beyond so many rows in one transaction, as when all machines have stopped while the daemon was away for weeks. */
const mostRows = 10_000;

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
  /** Milliseconds by which the clock has been set since this was last asked. */
  readonly #clockSet: () => number;
  /** Machines whose time began by the clock of this process: when that is set, so are their beginnings. */
  readonly #begunHere = new Set<string>();
  /** Until when the time of machines that do not run has been entered: what began before is not counted twice. */
  readonly #ended = new Map<string, number>();
  /** The place of the next entry in the ledger. */
  #next: number;

  constructor(open: readonly MeterRow[], lastEntry: number, periodSeconds: number, clockSet = () => 0) {
    this.#open = new Map(open.map((row) => [row.vm, row]));
    this.#next = lastEntry + 1;
    this.#periodMs = periodSeconds * 1000;
    this.#clockSet = clockSet;
  }

  /** What changes of machines mean, to be written with them. */
  follow(changes: readonly Change[], now: number): Change[] {
    const made: Change[] = [];
    this.#followClock(made);
    for (const change of changes) {
      if ('put' in change && change.put === 'resource' && change.row.kind === 'vm') {
        this.#saw(change.row.record as Vm, now, made, change.happened);
      } else if ('drop' in change && change.drop === 'resource') this.#ended.delete(change.id);
    }
    return made;
  }

  /**
   * A machine that began by a clock that was wrong has run no longer for its being set right. What began before this
   * process, or while another was there, began by a clock of which nothing is known: it is taken to have been right.
   */
  #followClock(made: Change[]): void {
    const step = this.#clockSet();
    if (step === 0) return;
    for (const vm of this.#begunHere) {
      const meter = this.#open.get(vm)!;
      this.#put({ ...meter, since: meter.since + step }, made);
    }
  }

  #saw(vm: Vm, now: number, made: Change[], happened?: Happened): void {
    const runs = counts[vm.state];
    const meter = this.#open.get(vm.id);
    if (runs === undefined) return;
    const at = Math.min(now, happened?.time ?? now);
    if (meter === undefined) {
      const least = happened && (this.#ended.get(vm.id) ?? happened.notBefore);
      if (runs) this.#begin(vm, now, made, Math.min(now, Math.max(at, least ?? at)));
      return;
    }
    if (!runs) this.#close(meter, at, made);
    else if (isSameSize(meter, vm)) {
      if (meter.name !== vm.name) this.#put({ ...meter, name: vm.name }, made);
    } else {
      this.#close(meter, at, made);
      this.#begin(vm, now, made, Math.max(meter.since, at));
    }
  }

  #begin(vm: Vm, now: number, made: Change[], since = now): void {
    // Anything else is of another clock: that of an earlier process, or of the backend.
    if (since === now) this.#begunHere.add(vm.id);
    this.#ended.delete(vm.id);
    this.#put({ vm: vm.id, since, ...sizeOf(vm) }, made);
  }

  #put(row: MeterRow, made: Change[]): void {
    this.#open.set(row.vm, row);
    made.push({ put: 'meter', row });
  }

  #close(meter: MeterRow, until: number, made: Change[]): void {
    this.#enter(meter, until, made);
    this.#ended.set(meter.vm, Math.max(meter.since, until));
    this.#open.delete(meter.vm);
    this.#begunHere.delete(meter.vm);
    made.push({ drop: 'meter', vm: meter.vm });
  }

  /** Write what was used until a moment, in an entry for each period, until there are so many rows. Answers from when on it counts anew. */
  #enter({ vm, since, ...size }: MeterRow, until: number, made: Change[], room = Number.POSITIVE_INFINITY): number {
    const first = (Math.floor(since / this.#periodMs) + 1) * this.#periodMs;
    const periods = (until - first) / this.#periodMs;
    const isSplit = periods < mostPeriods && made.length + periods < mostRows;
    let from = since;
    for (let end = isSplit ? first : until; from < until && made.length < room; end += this.#periodMs) {
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
   * Close at the end of the last period what has run since before, in about so many rows. Empty when there is none left.
   * What is of a connector that cannot be seen waits: when that comes back it may say that machines stopped before.
   */
  turn(now: number, most: number, isSeen: (connector: string) => boolean): Change[] {
    const end = Math.floor(now / this.#periodMs) * this.#periodMs;
    const made: Change[] = [];
    this.#followClock(made);
    const room = made.length + most;
    for (const meter of this.#open.values()) {
      if (made.length >= room) break;
      if (meter.since >= end || !isSeen(meter.connector)) continue;
      this.#put({ ...meter, since: this.#enter(meter, end, made, room) }, made);
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
