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
    const row = rowOf(echo({ atLeast: 0.8 }), measured([900, 90, 400], [1000, 100, 500]));
    expect(row).to.deep.equal({
      path: 'echo',
      ours: '400/s',
      peer: 'them 500/s',
      ratio: '0.90x',
      cpu: '1.50x',
      budget: 'at least 0.8x',
      verdict: 'met',
    });
  });

  it('says that a budget is not met', () => {
    expect(rowOf(echo({ atLeast: 2 }), measured([100], [100]))?.verdict).to.equal('not met');
    expect(rowOf(echo({ atMost: 0.5 }), measured([100], [100]))?.verdict).to.equal('not met');
  });

  it('holds a figure against a number', () => {
    const budget: Budget = { path: 'start', measure: 'start', against: { number: 300, unit: 'ms' }, atMost: 1 };
    const row = rowOf(budget, { unit: 'ms', ours: 250.4 });
    expect([row?.ours, row?.ratio, row?.budget, row?.verdict]).to.deep.equal(['250 ms', '', 'at most 300 ms', 'met']);
  });

  it('names a peer that was not run, and leaves out what was not measured', () => {
    const row = rowOf(echo({ atLeast: 2 }), measured([100]));
    expect([row?.ours, row?.peer, row?.verdict]).to.deep.equal(['100/s', 'them: not run', '']);
    expect(rowOf(echo(), undefined)).to.equal(undefined);
  });

  it('is coloured on a terminal and plain in a pipe', () => {
    const row = rowOf(echo({ atLeast: 0.8 }), measured([100], [100]));
    const rows = row ? [row] : [];
    const plain = tableOf(rows, false);
    expect(plain.split('\n')[1]).to.equal('echo  100/s  them 100/s  1.00x   1.50x  at least 0.8x  met');
    expect(plain).not.to.include('\u001b');
    expect(tableOf(rows, true)).to.include('\u001b[32mmet');
  });
});
