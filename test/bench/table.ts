/** The table at the end: coloured on a terminal, plain in a pipe. */
import { styleText } from 'node:util';
import { type Budget, threaded } from './budgets.ts';
import type { Round } from './contest.ts';
import { median } from './median.ts';
import type { Measured } from './scenario.ts';

export interface Row {
  path: string;
  ours: string;
  peer: string;
  /** Ours over the peer's. */
  ratio: string;
  /** The same by what a call costs in processor time: it holds where others use the machine too. */
  cpu: string;
  budget: string;
  /** A figure of ours in time, as it would be on the machine that the budgets are from. */
  there: string;
  verdict: 'met' | 'met there' | 'met by CPU' | 'not met' | '';
}

/** What a figure in that unit becomes on a machine that is so many times as fast. Waking a processor takes as long on any. */
const faster: Record<string, (value: number, times: number) => number> = {
  ms: (value, times) => value / times,
  'ms/MB': (value, times) => value / times,
  'MB/s': (value, times) => value * times,
};

const figure = (value: number, unit: string): string => {
  const digits = Math.abs(value) < 100 ? 1 : 0;
  const text = value.toLocaleString('en', { maximumFractionDigits: digits });
  return unit.startsWith('/') ? `${text}${unit}` : `${text} ${unit}`;
};

const times = (ratio: number) => (Number.isFinite(ratio) ? `${ratio.toFixed(2)}x` : '');

/** Round by round, since both sides of a round met the machine in the same mood. */
const ratioOf = (ours: readonly number[], theirs: readonly number[]): number =>
  median(ours.map((value, round) => value / (theirs[round] ?? median(theirs))));

/**
 * A row for a budget; undefined when ours was not measured. `speed` is how many times as fast this machine was as the one
 * that the budgets are from.
 */
export const rowOf = (budget: Budget, measured: Measured | undefined, speed: number): Row | undefined => {
  if (measured === undefined) return undefined;
  const { against, atLeast, atMost } = budget;
  const of = (name: string): Round[] =>
    'speeds' in measured
      ? (measured.speeds.get(name) ?? [])
      : name === 'ours'
        ? [{ perSecond: measured.ours, cpu: NaN }]
        : [];
  const [ours, peers] = [of('ours'), 'peer' in against ? of(against.peer) : [{ perSecond: against.number, cpu: NaN }]];
  if (ours.length === 0) return undefined;
  const [our, their] = [ours, peers].map((rounds) => median(rounds.map(({ perSecond }) => perSecond))) as [
    number,
    number,
  ];
  const name = 'peer' in against ? against.peer : against.of;
  const row: Row = {
    path: budget.path,
    ours: figure(our, measured.unit),
    ...{ peer: '', ratio: '', cpu: '', budget: '', there: '', verdict: '' },
  };
  if (peers.length === 0) return { ...row, peer: `${name}: not run` };

  const bound = atLeast ?? atMost;
  const [all, allTheirs] = [ours, peers].map((rounds) => rounds.map(({ perSecond }) => perSecond)) as [
    number[],
    number[],
  ];
  const ratio = ratioOf(all, allTheirs);
  const cpu = ratioOf(
    peers.map((round) => round.cpu),
    ours.map((round) => round.cpu),
  );
  if (name !== undefined) {
    Object.assign(row, { peer: `${name} ${figure(their, measured.unit)}`, ratio: times(ratio), cpu: times(cpu) });
  }
  if (bound === undefined) return row;
  const isMet = (ratio: number) =>
    (atLeast === undefined || ratio >= atLeast) && (atMost === undefined || ratio <= atMost);
  const limit = name === undefined ? figure(their * bound, measured.unit) : `${bound}x`;
  const scaled = name === undefined ? faster[measured.unit]?.(our, 1 / speed) : undefined;
  const verdict = (): Row['verdict'] => {
    if (isMet(ratio)) return 'met';
    if (scaled !== undefined && isMet(scaled / their)) return 'met there';
    return name !== undefined && threaded.has(name) && isMet(cpu) ? 'met by CPU' : 'not met';
  };
  return {
    ...row,
    budget: `${atLeast === undefined ? 'at most' : 'at least'} ${limit}`,
    there: scaled === undefined ? '' : figure(scaled, measured.unit),
    verdict: verdict(),
  };
};

const columns = ['path', 'ours', 'peer', 'ratio', 'cpu', 'budget', 'there', 'verdict'] as const;

const colours = { met: 'green', 'met there': 'yellow', 'met by CPU': 'yellow', 'not met': 'red', '': 'reset' } as const;

export const tableOf = (rows: readonly Row[], colour: boolean): string => {
  const heads = {
    path: 'path',
    ours: 'ours',
    peer: 'peer',
    ratio: 'ratio',
    cpu: 'by CPU',
    budget: 'budget',
    there: 'there',
    verdict: '',
  };
  const all = [heads, ...rows];
  const widths = columns.map((column) => Math.max(...all.map((row) => row[column].length)));
  const lines = all.map((row, at) => {
    const cells = columns.map((column, place) => {
      const width = widths[place] ?? 0;
      const text = ['ours', 'ratio', 'cpu', 'there'].includes(column)
        ? row[column].padStart(width)
        : row[column].padEnd(width);
      if (!colour) return text;
      if (at === 0) return styleText('bold', text, { validateStream: false });
      if (column !== 'verdict') return text;
      return styleText(colours[row.verdict as Row['verdict']], text, { validateStream: false });
    });
    return cells.join('  ').trimEnd();
  });
  return `${lines.join('\n')}\n`;
};
