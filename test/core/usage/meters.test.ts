import { expect } from 'chai';
import fc from 'fast-check';
import type { Vm } from '../../../daemon/catalogue/resources.ts';
import type { Change, MeterRow } from '../../../daemon/core/ports.ts';
import { Meters } from '../../../daemon/core/usage/meters.ts';
import type { UsageEntry } from '../../../plugin-protocol/contract/accounting.ts';

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

  /** The ledger that these moments make, one after the other and with a stop at the end; and the milliseconds that it ran. */
  const ledgerOf = (steps: readonly Moment[]) => {
    const kept = new Map<string, MeterRow>();
    const ledger: UsageEntry[] = [];
    let meters = new Meters([], 0, 10);
    const write = (changes: readonly Change[]) => {
      for (const change of changes) {
        if ('put' in change && change.put === 'meter') kept.set(change.row.vm, change.row);
        else if ('drop' in change && change.drop === 'meter') kept.delete(change.vm);
        else if ('put' in change && change.put === 'usage') ledger.push(change.row.entry);
      }
    };
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
      const record = { id: 'a', name: 'a', account: 'acme', connector: 'lab', state, vcpus };
      write(meters.follow([{ put: 'resource', row: { kind: 'vm', id: 'a', record } }], now));
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
        expect(Math.round(ledger.reduce((sum, { seconds }) => sum + seconds, 0) * 1000)).to.equal(ran);
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
});
