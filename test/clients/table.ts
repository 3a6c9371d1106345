/** `docs/clients.md`: what the clients of the matrix did in a run. */
import type { ClientRow, SoapMode } from './client.ts';
import { gaps } from './gaps.ts';
import { matrix } from './matrix.ts';
import type { Outcome } from './run.ts';

/** What the table shows of a run. */
export interface Count {
  version: string;
  calls: number;
  passed: number;
}

const styles: Record<SoapMode, string> = {
  document: 'document/literal',
  rpc: 'rpc/literal',
  encoded: 'rpc/encoded',
  none: 'without WSDL',
};

/** How a client speaks SOAP. */
export const wayOf = ({ mode = 'document', soap }: ClientRow): string => `SOAP ${soap ?? '1.1'}, ${styles[mode]}`;

export const countOf = ({ version, calls }: Outcome): Count => ({
  version,
  calls: calls.size,
  passed: [...calls.values()].filter((wrong) => wrong === undefined).length,
});

const line = (...cells: unknown[]) => `| ${cells.join(' | ')} |`;

const wayCells = (row: ClientRow): string[] => (row.wire === 'soap' ? [wayOf(row)] : []);

/** What the document shows of a client already. Throws when it has no line of it. */
export const recordedOf = (document: string, row: ClientRow): Count => {
  for (const cells of document.split('\n').map((text) => text.split('|').map((cell) => cell.trim()))) {
    const [, name, version = '', ...others] = cells;
    const [passed, calls, ...way] = others.slice(0, -1).reverse();
    if (name === row.name && way.join() === wayCells(row).join())
      return { version, calls: Number(calls), passed: Number(passed) };
  }
  throw new Error(`docs/clients.md has no line of ${row.name}, ${wayOf(row)}: it is written where that is installed.`);
};

const tableOf = (results: readonly (readonly [ClientRow, Count])[]): string[] => {
  const soap = results.some(([{ wire }]) => wire === 'soap');
  const names = ['Client', 'Version', ...(soap ? ['Style'] : []), 'Calls', 'Passed'];
  return [
    line(...names),
    line(...names.map(() => '---')),
    ...results.map(([row, { version, calls, passed }]) => line(row.name, version, ...wayCells(row), calls, passed)),
  ];
};

const gapLines = (wire: ClientRow['wire'], rows: readonly ClientRow[]): string[] =>
  gaps
    .filter(({ client }) => rows.some((row) => row.name === client && row.wire === wire))
    .map(({ client, modes, calls, reason }) => {
      const where = modes === undefined ? '' : ` (${modes.map((mode) => styles[mode]).join(', ')})`;
      return `- ${client}${where}: ${reason} Calls: ${calls.join('; ')}.`;
    });

const suiteTitle = "## UserLand's validator1";

/** What came of the validator1 suite: how many of its tests each client passed, language by language. */
export const validator1Part = (languages: readonly string[], passed: ReadonlyMap<string, readonly number[]>): string =>
  [
    ...[suiteTitle, ''],
    'The eight tests of the suite, with inputs made at random, at plugins in four languages (examples/validator1). What a',
    'client cannot say is among its gaps above.',
    '',
    line('Client', ...languages),
    line('---', ...languages.map(() => '---')),
    ...[...passed].map(([name, counts]) => line(name, ...counts)),
    '',
  ].join('\n');

/** What `clientsDocument` makes of the document. */
export const withoutSuite = (document: string): string => `${document.split(`\n${suiteTitle}`)[0]}`;

/** Clients that the set-up does not install: what is said of them was found out where they were, and is kept elsewhere. */
const byHand = (): string[] => {
  const names = [...new Set(matrix.filter(({ unpackaged }) => unpackaged !== undefined).map(({ name }) => name))];
  if (names.length === 0) return [];
  return [
    `Not by the tests of a machine that lacks it: ${names.join(', ')}, which the set-up does not install. Its lines are those of the`,
    'last run that had it.',
    '',
  ];
};

/** The document but for the suite. */
export const clientsDocument = (results: readonly (readonly [ClientRow, Count])[]): string => {
  const rows = results.map(([row]) => row);
  const part = (title: string, wire: ClientRow['wire']) => [
    ...[`## ${title}`, '', ...tableOf(results.filter(([row]) => row.wire === wire)), ''],
    ...['What these clients cannot do:', '', ...gapLines(wire, rows), ''],
  ];
  return [
    '<!-- Made by a run of the clients: npm run clients. Change what is tested, not this. -->',
    '',
    '# Clients',
    '',
    'Libraries and programs that others wrote, as they come, against a running daemon: each calls every method of the',
    'catalogue, and sends and gets every kind of value and every kind of fault. What it shows is compared with what the',
    'daemon says over JSON-RPC, or with what was sent. The tests repeat the run.',
    '',
    ...byHand(),
    ...part('XML-RPC', 'xmlrpc'),
    ...part('SOAP', 'soap'),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
};

/** The same without the versions, which are those of the machine. */
export const withoutVersions = (document: string): string => document.replace(/^(\| [^|]+ \|)[^|]*\|/gm, '$1');
