import { expect } from 'chai';
import type { Budget } from './budgets.ts';
import { rowOf, tableOf } from './table.ts';

const rounds = (speeds: number[], cpu: number) => speeds.map((perSecond) => ({ perSecond, cpu }));
const echo = (bound: Partial<Budget> = {}): Budget => ({
  path: 'echo',
  measure: 'echo',
  against: { peer: 'them' },
  ...bound,
});
const measured = (ours: number[], theirs?: number[]) => ({
  unit: '/s',
  speeds: new Map([['ours', rounds(ours, 10)], ...(theirs ? [['them', rounds(theirs, 15)] as const] : [])]),
});

describe('the table of the benchmarks', () => {
  it('compares round by round, whatever the machine did in each', () => {
    const row = rowOf(echo({ atLeast: 0.8 }), measured([900, 90, 400], [1000, 100, 500]), 0.5);
    expect(row).to.deep.equal({
      path: 'echo',
      ours: '400/s',
      peer: 'them 500/s',
      ratio: '0.90x',
      cpu: '1.50x',
      budget: 'at least 0.8x',
      there: '',
      verdict: 'met',
    });
  });

  it('says that a budget is not met', () => {
    expect(rowOf(echo({ atLeast: 2 }), measured([100], [100]), 1)?.verdict).to.equal('not met');
    expect(rowOf(echo({ atMost: 0.5 }), measured([100], [100]), 1)?.verdict).to.equal('not met');
  });

  it('says that a call takes no more processor time than with a peer that uses all processors', () => {
    const against = (peer: string, atLeast: number) => {
      const speeds = new Map([
        ['ours', rounds([100], 10)],
        [peer, rounds([200], 15)],
      ]);
      return rowOf({ ...echo({ atLeast }), against: { peer } }, { unit: '/s', speeds }, 1)?.verdict;
    };
    expect([against('gSOAP', 1.5), against('gSOAP', 1.6), against('bare node:http', 1)]).to.deep.equal([
      'met by CPU',
      'not met',
      'not met',
    ]);
  });

  it('holds a figure against a number', () => {
    const budget: Budget = { path: 'start', measure: 'start', against: { number: 300, unit: 'ms' }, atMost: 1 };
    const row = rowOf(budget, { unit: 'ms', ours: 250.4 }, 1);
    expect([row?.ours, row?.ratio, row?.budget, row?.verdict]).to.deep.equal(['250 ms', '', 'at most 300 ms', 'met']);
  });

  it('says what a figure in time comes to on the machine that the budget is from, and no other', () => {
    const against = { number: 300, unit: 'ms' };
    const start: Budget = { path: 'start', measure: 'start', against, atMost: 1 };
    const read: Budget = { path: 'read', measure: 'read', against: { number: 150, unit: 'MB/s' }, atLeast: 1 };
    const growth: Budget = { path: 'growth', measure: 'growth', against: { number: 10, unit: '%' }, atMost: 1 };
    const shown = [
      rowOf(start, { unit: 'ms', ours: 500 }, 0.5),
      rowOf(start, { unit: 'ms', ours: 700 }, 0.5),
      rowOf(start, { unit: 'ms', ours: 200 }, 2),
      rowOf(read, { unit: 'MB/s', ours: 80 }, 0.5),
      rowOf(growth, { unit: '%', ours: 12 }, 0.5),
    ].map((row) => [row?.there, row?.verdict]);
    expect(shown).to.deep.equal([
      ['250 ms', 'met there'],
      ['350 ms', 'not met'],
      ['400 ms', 'met'],
      ['160 MB/s', 'met there'],
      ['', 'not met'],
    ]);
  });

  it('names a peer that was not run, and leaves out what was not measured', () => {
    const row = rowOf(echo({ atLeast: 2 }), measured([100]), 1);
    expect([row?.ours, row?.peer, row?.verdict]).to.deep.equal(['100/s', 'them: not run', '']);
    expect(rowOf(echo(), undefined, 1)).to.equal(undefined);
  });

  it('is coloured on a terminal and plain in a pipe', () => {
    const row = rowOf(echo({ atLeast: 0.8 }), measured([100], [100]), 1);
    const rows = row ? [row] : [];
    const plain = tableOf(rows, false);
    expect(plain.split('\n')[1]).to.equal('echo  100/s  them 100/s  1.00x   1.50x  at least 0.8x         met');
    expect(plain).not.to.include('\u001b');
    expect(tableOf(rows, true)).to.include('\u001b[32mmet');
  });
});
