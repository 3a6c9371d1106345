/** A report for people. */
import type { ClauseReport, Finding, ProbeReport, Report, Status } from './report.ts';
import { hindered } from './verdict.ts';

/** The sections of PROTOCOL.md that have numbered clauses. */
export const sections: Record<string, string> = {
  1: 'Framing',
  2: 'Lines that are no messages',
  3: 'Life of a process',
  4: 'describe',
  5: 'The context',
  6: 'configure, probe, drain, echo',
  7: 'Calls',
  8: 'Errors',
  9: 'find',
  10: 'Notifications of a plugin',
  12: 'How a plugin is found, and a folder with a manifest',
  13: 'Published methods',
  14: 'Events with cursors',
  15: 'Tasks',
  16: 'What a plugin asks of the daemon',
  17: 'Blobs',
  18: 'Directories',
  19: 'Accounting',
};

const colours = { red: 31, green: 32, yellow: 33, grey: 90, bold: 1 } as const;
type Paint = (text: string, colour: keyof typeof colours) => string;

const signs: Record<Status, [sign: string, colour: keyof typeof colours]> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  skipped: ['?', 'yellow'],
  unclaimed: ['·', 'grey'],
  host: ['·', 'grey'],
  unseen: ['·', 'grey'],
};

const words = (number: number, one: string, several: string) => `${number} ${number === 1 ? one : several}`;

const wrapped = (text: string, indent: string, width = 100): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(indent + line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, indent + line];
};

const findingLines = ({ severity, message, advice }: Finding, paint: Paint): string[] => [
  ...wrapped(severity === 'warning' ? `Warning: ${message}` : message, '        ').map((line) =>
    paint(line, severity === 'warning' ? 'yellow' : 'red'),
  ),
  ...(advice === undefined ? [] : wrapped(`→ ${advice}`, '        ')),
];

const probeLines = ({ shows, status, findings }: ProbeReport, paint: Paint): string[] => [
  ...(status === 'failed' ? [paint(`      It does not hold that it ${shows}:`, 'bold')] : []),
  ...findings.flatMap((finding) => findingLines(finding, paint)),
];

/** Why probes were skipped. `told` has the reasons that stand above: what hinders everything is said once. */
const skipLines = (probes: readonly ProbeReport[], told: Set<string>): string[] => {
  const skipped = probes.filter(({ status }) => status === 'skipped');
  const byReason = Map.groupBy(skipped, ({ why = '' }) => why);
  return [...byReason].flatMap(([why, of]) => {
    if (told.has(why)) return [];
    told.add(why);
    const whether = of.length === probes.length ? '' : `, whether it ${of.map(({ shows }) => shows).join(', and ')}`;
    const { means } = of[0]!;
    return [
      ...wrapped(`Not looked at${whether}: ${why}`, '        '),
      ...(means === undefined ? [] : wrapped(`→ ${means}`, '        ')),
    ];
  });
};

/** What there was no occasion to see. */
const unseenLines = (probes: readonly ProbeReport[], told: Set<string>, paint: Paint): string[] =>
  probes.flatMap(({ status, shows, why, means }) => {
    if (status !== 'unclaimed' || means === undefined) return [];
    const isTold = told.has(means);
    told.add(means);
    const line = `Not seen, whether it ${shows}${isTold ? ', as above' : `: ${why}`}${isTold ? '.' : ''}`;
    return [...wrapped(line, '        '), ...(isTold ? [] : wrapped(`→ ${means}`, '        '))].map((text) =>
      paint(text, 'grey'),
    );
  });

const clauseLines = (report: ClauseReport, told: Set<string>, paint: Paint): string[] => {
  const { clause, asks, status, findings, probes } = report;
  const [sign, colour] = signs[status];
  const reason =
    status === 'unclaimed' ? probes.find(({ why, means }) => why !== undefined && means === undefined)?.why : undefined;
  return [
    `  ${paint(sign, colour)} ${clause.padEnd(5)} ${reason === undefined ? asks : paint(`${asks} ${reason}`, 'grey')}`,
    ...probes.flatMap((probe) => probeLines(probe, paint)),
    ...skipLines(probes, told),
    ...unseenLines(probes, told, paint),
    ...findings.flatMap((finding) => findingLines(finding, paint)),
  ];
};

const summary = ({ counts, passed }: Report, paint: Paint): string => {
  const { passed: held, failed, skipped, unclaimed, host, unseen, warnings } = counts;
  const parts = [
    words(held, 'clause holds', 'clauses hold'),
    ...(failed > 0 ? [paint(words(failed, 'does not', 'do not'), 'red')] : []),
    ...(skipped > 0 ? [paint(words(skipped, 'was not looked at', 'were not looked at'), 'yellow')] : []),
    ...(warnings > 0 ? [paint(words(warnings, 'warning', 'warnings'), 'yellow')] : []),
  ];
  const asides = [
    ...(unclaimed > 0
      ? [`${words(unclaimed, 'is about something', 'are about something')} that it does not claim`]
      : []),
    ...(host + unseen > 0
      ? [`${words(host + unseen, 'binds the daemon or cannot be seen', 'bind the daemon or cannot be seen')}`]
      : []),
  ];
  return `${paint(passed ? 'Passed:' : 'Failed:', passed ? 'green' : 'red')} ${parts.join(', ')}.${asides.length > 0 ? ` Of the others ${asides.join(', ')}.` : ''}`;
};

/** Files in the folder of the plugin that are named. */
const mostFiles = 5;
const elsewhere =
  '→ It runs there (3.1), and nobody but you knows what may be removed. Configure a file of the check where it keeps something, as "{scratch}/machines".';

export const textReport = (report: Report, coloured: boolean): string => {
  const paint: Paint = (text, colour) => (coloured ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text);
  const { plugin, protocol, left, written, clauses } = report;
  const who = plugin.name === undefined ? plugin.path : `${plugin.name} ${plugin.version ?? ''} (${plugin.path})`;
  const lines = [`${paint(who, 'bold')}, against version ${protocol} of the plugin protocol`];
  let section = '';
  const told = new Set<string>();
  const isHindered = ({ status, probes }: ClauseReport) =>
    status === 'skipped' && probes.every((one) => one.status !== 'skipped' || one.means === hindered);
  // What no plugin can break is of interest to nobody who writes one.
  for (const of of clauses.filter((one) => one.status !== 'host' && one.status !== 'unseen' && !isHindered(one))) {
    const [number = ''] = of.clause.split('.');
    if (number !== section) lines.push('', paint(` ${number} ${sections[number] ?? ''}`, 'bold'));
    section = number;
    lines.push(...clauseLines(of, told, paint));
  }
  const rest = clauses.filter(isHindered).length;
  if (rest > 0)
    lines.push('', `Nothing is known about ${words(rest, 'other clause', 'other clauses')} until that is right.`);
  if (left.length > 0) {
    const made = words(left.length, 'machine that was made is', 'machines that were made are');
    const said = `${made} left, since compute.delete did not remove ${left.length === 1 ? 'it' : 'them'}: ${left.join(', ')}.`;
    lines.push('', paint(said, 'red'), '→ Remove by hand what is there still.');
  }
  if (written.length > 0) {
    const several = written.length > mostFiles ? ` and ${words(written.length - mostFiles, 'other', 'others')}` : '';
    const said = `Written meanwhile in the folder of the plugin: ${written.slice(0, mostFiles).join(', ')}${several}.`;
    lines.push('', ...wrapped(said, ''), ...wrapped(elsewhere, ''));
  }
  return `${[...lines, '', summary(report, paint)].join('\n')}\n`;
};
