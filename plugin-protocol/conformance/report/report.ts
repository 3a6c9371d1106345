/** What a check has found, as plain values: `--report json` is this, and plugin-protocol/schemas/check-report.json its schema. */
import { bool, int, list, oneOf, optional, record, type Static, string } from '../../shape.ts';

export const statuses = ['passed', 'failed', 'skipped', 'unclaimed', 'host', 'unseen'] as const;
export type Status = (typeof statuses)[number];

export const Finding = record('CheckFinding', 'Something that was seen.', {
  severity: oneOf(['failure', 'warning'], 'A warning fails the check only when it is strict.'),
  message: string('What was seen, as sentences for the author.'),
  advice: optional(string('What to do next.')),
});
export type Finding = Static<typeof Finding>;

export const ProbeReport = record('CheckProbe', 'Something that was tried.', {
  shows: string('What it shows when it passes, as the end of a sentence about the plugin.'),
  status: oneOf(statuses, 'How it went: `passed`, `failed`, `skipped` or `unclaimed`.'),
  findings: list(Finding, 'What was wrong.'),
  why: optional(string('Why it was skipped, or what is not claimed.')),
  means: optional(string('What that leaves unknown, and what to do about it.')),
});
export type ProbeReport = Static<typeof ProbeReport>;

export const ClauseReport = record('CheckClause', 'A clause of PROTOCOL.md.', {
  clause: string('Its number: `1.5`.'),
  asks: string('What it asks for, in a line.'),
  status: oneOf(statuses, 'Whether it holds. `host`: it binds the daemon; `unseen`: it cannot be seen from outside.'),
  why: optional(string('Why there is nothing to look at.')),
  findings: list(Finding, 'Findings that were made on the way.'),
  probes: list(ProbeReport, 'What was tried.'),
});
export type ClauseReport = Static<typeof ClauseReport>;

const count = (description: string) => int(description, { minimum: 0 });

export const Report = record('CheckReport', 'What `annelid plugin check` has found.', {
  plugin: record('CheckedPlugin', 'What was checked.', {
    path: string('As it was given.'),
    name: optional(string('What it calls itself.')),
    version: optional(string('Its version.')),
  }),
  protocol: int('The version of the plugin protocol.'),
  strict: bool('Whether warnings fail.'),
  passed: bool('Whether nothing fails.'),
  counts: record('CheckCounts', 'Clauses by their status.', {
    passed: count('Clauses that hold.'),
    failed: count('Clauses that do not.'),
    skipped: count('Clauses that could not be looked at.'),
    unclaimed: count('Clauses about something that it does not claim.'),
    host: count('Clauses that bind the daemon.'),
    unseen: count('Clauses of which nothing can be seen.'),
    warnings: count('Warnings, of whatever clause.'),
  }),
  left: list(string('The name of a machine.'), 'Machines that the check made and could not remove.'),
  written: list(
    string('The path of a file, from there.'),
    'Files in the folder of the plugin that were made or changed meanwhile.',
  ),
  clauses: list(ClauseReport, 'The clauses that were looked at, in their order.'),
});
export type Report = Static<typeof Report>;

export const allFindings = ({ findings, probes }: ClauseReport): Finding[] => [
  ...probes.flatMap((probe) => probe.findings),
  ...findings,
];
