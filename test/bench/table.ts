/** The table at the end: coloured on a terminal, plain in a pipe. */
import { styleText } from 'node:util';
import type { Budget } from './budgets.ts';
import type { Measured } from './scenario.ts';

export interface Row {
  path: string;
  ours: string;
  peer: string;
  ratio: string;
  budget: string;
  verdict: 'met' | 'not met' | '';
}

const figure = (value: number, unit: string): string => {
  const digits = Math.abs(value) < 100 ? 1 : 0;
  const text = value.toLocaleString('en', { maximumFractionDigits: digits });
  return unit.startsWith('/') ? `${text}${unit}` : `${text} ${unit}`;
};

/** A row for a budget; undefined when neither side was measured. */
export const rowOf = (budget: Budget, measured: Measured | undefined): Row | undefined => {
  if (measured === undefined) return undefined;
  const { against, atLeast, atMost } = budget;
  const ours = 'ours' in measured ? measured.ours : measured.speeds.get('ours');
  if (ours === undefined) return undefined;
  const base = { path: budget.path, ours: figure(ours, measured.unit), ratio: '', budget: '', verdict: '' } as const;
  const theirs =
    'number' in against ? against.number : 'speeds' in measured ? measured.speeds.get(against.peer) : undefined;
  if (theirs === undefined) return { ...base, peer: `${'peer' in against ? against.peer : ''}: not run` };

  const isPeer = 'peer' in against || against.of !== undefined;
  const name = 'peer' in against ? against.peer : against.of;
  const bound = atLeast ?? atMost;
  if (bound === undefined && !isPeer) return { ...base, peer: '' };
  const ratio = ours / theirs;
  const met = (atLeast === undefined || ratio >= atLeast) && (atMost === undefined || ratio <= atMost);
  const limit = isPeer ? `${bound}x` : figure(theirs * (bound ?? 1), measured.unit);
  return {
    ...base,
    peer: isPeer ? `${name} ${figure(theirs, measured.unit)}` : '',
    ratio: isPeer ? `${ratio.toFixed(2)}x` : '',
    budget: bound === undefined ? '' : `${atLeast === undefined ? 'at most' : 'at least'} ${limit}`,
    verdict: bound === undefined ? '' : met ? 'met' : 'not met',
  };
};

const columns = ['path', 'ours', 'peer', 'ratio', 'budget', 'verdict'] as const;

export const tableOf = (rows: readonly Row[], colour: boolean): string => {
  const heads = { path: 'path', ours: 'ours', peer: 'peer', ratio: 'ratio', budget: 'budget', verdict: '' };
  const all = [heads, ...rows];
  const widths = columns.map((column) => Math.max(...all.map((row) => row[column].length)));
  const lines = all.map((row, at) => {
    const cells = columns.map((column, place) => {
      const width = widths[place] ?? 0;
      const text = column === 'ours' || column === 'ratio' ? row[column].padStart(width) : row[column].padEnd(width);
      if (!colour) return text;
      if (at === 0) return styleText('bold', text, { validateStream: false });
      if (column !== 'verdict') return text;
      return styleText(row.verdict === 'met' ? 'green' : 'red', text, { validateStream: false });
    });
    return cells.join('  ').trimEnd();
  });
  return `${lines.join('\n')}\n`;
};
