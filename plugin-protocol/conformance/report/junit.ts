/** A report as JUnit XML, as the servers of continuous integration read it: a suite for each section, a case for each clause. */
import { allFindings, type ClauseReport, type Finding, type Report } from './report.ts';
import { sections } from './text.ts';

/** Text for XML 1.0: what that has no character for becomes U+FFFD. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"\n\r\t]/g, (character) => `&#${character.codePointAt(0)};`);

const attributes = (of: Record<string, string | number>): string =>
  Object.entries(of)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');

const sentence = ({ severity, message, advice }: Finding): string =>
  `${severity === 'warning' ? 'Warning: ' : ''}${message}${advice === undefined ? '' : `\n${advice}`}`;

/** What there was no occasion to see of a clause that holds otherwise. */
const unseenOf = ({ probes }: ClauseReport): string[] =>
  probes.flatMap(({ shows, why, means }) =>
    means === undefined ? [] : `Not seen, whether it ${shows}: ${why}\n${means}`,
  );

const isSkipped = ({ status }: ClauseReport) => status !== 'passed' && status !== 'failed';

const caseOf = (report: ClauseReport, suite: string): string => {
  const { clause, asks, status, probes, why } = report;
  const name = attributes({ name: `${clause} ${asks}`, classname: suite });
  const texts = [...allFindings(report).map(sentence), ...(status === 'passed' ? unseenOf(report) : [])];
  if (status === 'failed') {
    return `    <testcase${name}><failure${attributes({ message: allFindings(report)[0]?.message ?? '', type: clause })}>${escaped(texts.join('\n'))}</failure></testcase>`;
  }
  const skipped = probes.find((probe) => probe.status === 'skipped' || probe.status === 'unclaimed');
  const reason = why ?? [skipped?.why, skipped?.means].filter((text) => text !== undefined).join(' ');
  const inside = [
    ...(isSkipped(report) ? [`<skipped${attributes({ message: reason })}/>`] : []),
    ...(texts.length > 0 ? [`<system-out>${escaped(texts.join('\n'))}</system-out>`] : []),
  ];
  return inside.length === 0 ? `    <testcase${name}/>` : `    <testcase${name}>${inside.join('')}</testcase>`;
};

const counts = (clauses: readonly ClauseReport[]) => ({
  tests: clauses.length,
  failures: clauses.filter(({ status }) => status === 'failed').length,
  errors: 0,
  skipped: clauses.filter(isSkipped).length,
});

export const junitReport = ({ plugin, clauses }: Report): string => {
  const bySection = Map.groupBy(clauses, ({ clause }) => clause.split('.')[0]!);
  const suites = [...bySection].map(([section, of]) => {
    const name = `${section} ${sections[section] ?? ''}`;
    return [
      `  <testsuite${attributes({ name, ...counts(of) })}>`,
      ...of.map((report) => caseOf(report, name)),
      '  </testsuite>',
    ].join('\n');
  });
  const { skipped: _, ...all } = counts(clauses);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: plugin.name ?? plugin.path, ...all })}>\n${suites.join('\n')}\n</testsuites>\n`;
};
