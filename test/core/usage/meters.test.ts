import { expect } from 'chai';
import fc from 'fast-check';
import type { Vm } from '../../../daemon/catalogue/resources.ts';
import type { Change, MeterRow } from '../../../daemon/core/ports.ts';
import { createClockSteps } from '../../../daemon/core/usage/clock-steps.ts';
import { Meters } from '../../../daemon/core/usage/meters.ts';
import type { UsageEntry } from '../../../plugin-protocol/contract/accounting.ts';
import { silentLog } from '../../support/core.ts';

const noon = Date.parse('2026-01-31T12:00:00Z');

describe('the time of a machine', () => {
  interface Moment {
    after: number;
    state: Vm['state'];
    vcpus: number;
    turns: boolean;
    killed: boolean;
  }
  const moments = (earliest: number) =>
    fc.array(
      fc.record<Moment>({
        after: fc.integer({ min: earliest, max: 20_000 }),
        state: fc.constantFrom('running', 'stopped', 'paused', 'starting', 'unknown', 'rebooting', 'deleted'),
        vcpus: fc.integer({ min: 1, max: 2 }),
        turns: fc.boolean(),
        killed: fc.boolean(),
      }),
      { maxLength: 30 },
    );

  /** What writes to a store that is as good as a real one. */
  const createKept = () => {
    const kept = new Map<string, MeterRow>();
    const ledger: UsageEntry[] = [];
    const write = (changes: readonly Change[]) => {
      for (const change of changes) {
        if ('put' in change && change.put === 'meter') kept.set(change.row.vm, change.row);
        else if ('drop' in change && change.drop === 'meter') kept.delete(change.vm);
        else if ('put' in change && change.put === 'usage') ledger.push(change.row.entry);
      }
    };
    return { kept, ledger, write };
  };
  const seen = (id: string, more: Partial<Vm> = {}): Change => {
    const record = { id, name: id, account: 'acme', connector: 'lab', state: 'running', vcpus: 1, ...more } as Vm;
    return { put: 'resource', row: { kind: 'vm', id, record } };
  };
  const total = (ledger: readonly UsageEntry[]) =>
    Math.round(ledger.reduce((sum, { seconds }) => sum + seconds, 0) * 1000);

  /** The ledger that these moments make, one after the other and with a stop at the end; and the milliseconds that it ran. */
  const ledgerOf = (steps: readonly Moment[]) => {
    const { kept, ledger, write } = createKept();
    let meters = new Meters([], 0, 10);
    let now = noon;
    let runs = false;
    let ran = 0;
    for (const { after, state, vcpus, turns, killed } of [
      ...steps,
      { after: 1, state: 'stopped' as const, vcpus: 1, turns: true, killed: true },
    ]) {
      now += after;
      if (runs) ran += after;
      if (['running', 'paused'].includes(state)) runs = true;
      if (['stopped', 'deleted'].includes(state)) runs = false;
      write(meters.follow([seen('a', { state, vcpus })], now));
      if (turns) write(meters.turn(now, 1, () => true));
      if (killed) meters = new Meters([...kept.values()], ledger.length, 10);
    }
    expect(kept.size).to.equal(0);
    return { ledger, ran };
  };

  it('has each moment once, whatever happens, and whenever the daemon is killed', () => {
    fc.assert(
      fc.property(moments(0), (steps) => {
        const { ledger, ran } = ledgerOf(steps);
        expect(total(ledger)).to.equal(ran);
        for (const { began, ended } of ledger) {
          const periods = Math.ceil(Date.parse(ended) / 10_000) - Math.floor(Date.parse(began) / 10_000);
          expect(periods, `${began} to ${ended}`).to.equal(1);
        }
      }),
    );
  });

  it('has no entry that ends before it begins, also when the clock is set back', () => {
    fc.assert(
      fc.property(moments(-20_000), (steps) => {
        const { ledger } = ledgerOf(steps);
        for (const { began, ended } of ledger) expect(Date.parse(began)).to.be.lessThan(Date.parse(ended));
      }),
    );
  });

  it('is what it ran, however the clock is set meanwhile', () => {
    const set = fc.integer({ min: -50_000_000, max: 50_000_000 });
    const steps = fc.array(
      fc.record({ after: fc.nat(20_000), set, runs: fc.boolean(), vcpus: fc.integer({ max: 2, min: 1 }) }),
    );
    fc.assert(
      fc.property(steps, (moments) => {
        const clock = { now: noon, steady: 0 };
        const { ledger, write, kept } = createKept();
        const read = { now: () => clock.now, steady: () => clock.steady };
        const meters = new Meters([], 0, 10, createClockSteps(read, silentLog));
        let runs = false;
        let ran = 0;
        for (const moment of [...moments, { after: 1, set: 0, runs: false, vcpus: 1 }]) {
          clock.steady += moment.after;
          clock.now += moment.after + (Math.abs(moment.set) < 1000 ? 0 : moment.set);
          if (runs) ran += moment.after;
          ({ runs } = moment);
          const state = runs ? 'running' : 'stopped';
          write(meters.follow([seen('a', { state, vcpus: moment.vcpus })], clock.now));
          write(meters.turn(clock.now, 1, () => true));
        }
        expect([total(ledger), kept.size]).to.deep.equal([ran, 0]);
      }),
    );
  });

  it('of many machines and periods is entered in parts', () => {
    const { ledger, write, kept } = createKept();
    write(
      new Meters([], 0, 3600).follow(
        Array.from({ length: 20 }, (_, at) => seen(`vm-${at}`)),
        noon,
      ),
    );
    const meters = new Meters([...kept.values()], 0, 3600);
    const later = noon + 40 * 86_400_000;
    const parts: number[] = [];
    for (;;) {
      const changes = meters.turn(later, 1000, () => true);
      if (changes.length === 0) break;
      write(changes);
      parts.push(changes.length);
    }
    expect(Math.max(...parts)).to.be.within(1000, 1001);
    expect([ledger.length, total(ledger)]).to.deep.equal([20 * 40 * 24, 20 * (later - noon)]);
  });

  it('of many machines that have stopped at once after weeks is whole, and no more rows than can be written at once', () => {
    const { ledger, write, kept } = createKept();
    const machines = Array.from({ length: 500 }, (_, at) => `vm-${at}`);
    write(
      new Meters([], 0, 3600).follow(
        machines.map((id) => seen(id)),
        noon,
      ),
    );
    const later = noon + 40 * 86_400_000;
    const meters = new Meters([...kept.values()], 0, 3600);
    const changes = meters.follow(
      machines.map((id) => seen(id, { state: 'stopped' })),
      later,
    );
    write(changes);
    expect(changes.length).to.be.lessThan(12_000);
    expect([kept.size, total(ledger)]).to.deep.equal([0, 500 * (later - noon)]);
  });

  it('stands under the name that the machine has at the end of it', () => {
    const { ledger, write } = createKept();
    const meters = new Meters([], 0, 3600);
    write(meters.follow([seen('a')], noon));
    write(meters.follow([seen('a', { name: 'b' })], noon + 1000));
    write(meters.turn(noon + 3_600_000, 10, () => true));
    expect(ledger.map(({ name, seconds }) => [name, seconds])).to.deep.equal([['b', 3600]]);
  });
});
