/** The figures and findings of a soak, for people. */
import type { Check } from './checks.ts';
import type { DaemonSample, Sample } from './figures.ts';
import type { Tally } from './settle.ts';
import type { SoakResult } from './soak.ts';
import type { WireResult } from './wire.ts';

const columns = ['calls', 'seconds', 'heap MiB', 'resident MiB', 'open files', 'processes'];
const row = (cells: readonly string[], of = columns) =>
  cells.map((cell, at) => cell.padStart(Math.max(8, of[at]!.length + 2))).join('');

export const sampleHead = row(columns);
export const lineOf = ({ calls, seconds, heapMiB, residentMiB, openFiles, processes }: Sample): string =>
  row([
    String(calls),
    ...[seconds, heapMiB, residentMiB].map((n) => n.toFixed(1)),
    String(openFiles),
    String(processes),
  ]);

const daemonColumns = ['calls', 'resident MiB', 'open files'];
export const daemonHead = row(daemonColumns, daemonColumns);
export const daemonLineOf = ({ calls, residentMiB, openFiles }: DaemonSample): string =>
  row([String(calls), residentMiB.toFixed(1), String(openFiles)], daemonColumns);

const listed = (tally: Tally) =>
  tally.size === 0
    ? 'none'
    : [...tally]
        .map(([name, times]) => `${name} ${times}`)
        .sort()
        .join(', ');

/** Of many alike some show what it is. */
const shown = 10;

const findingOf = ({ what, problems }: Check, coloured: boolean): string => {
  const colour = (code: number, text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
  if (problems.length === 0) return `${colour(32, 'holds')}  ${what}`;
  const more = problems.length > shown ? [`and ${problems.length - shown} more`] : [];
  return [`${colour(31, 'FAILS')}  ${what}`, ...problems.slice(0, shown), ...more].join('\n         ');
};

export const findingsOf = (checks: readonly Check[], coloured: boolean): string =>
  checks.map((check) => findingOf(check, coloured)).join('\n');

export const reportOf = ({ strikes, reads, changes, logged, restarts }: SoakResult): string =>
  [
    `Done to plugins: ${listed(strikes)}`,
    `Processes that were started again: ${restarts}`,
    `Faults of reads: ${listed(reads)}`,
    `Faults of attempts at changes, before they settled: ${listed(changes)}`,
    `Lines in the log: ${listed(logged)}`,
  ].join('\n');

export const wireReportOf = ({ answers, operations, kills }: WireResult): string =>
  [
    `Plugin processes that were killed: ${kills}`,
    `Answers: ${listed(answers)}`,
    `Operations: ${listed(operations)}`,
  ].join('\n');
