/** What a check has found, as plain values: `--report json` is this. */
import type { Finding } from './verdict.ts';

export const statuses = ['passed', 'failed', 'skipped', 'unclaimed', 'host', 'unseen'] as const;
export type Status = (typeof statuses)[number];

export interface ProbeReport {
  /** What it shows when it passes. */
  shows: string;
  status: Status;
  findings: readonly Finding[];
  /** Why it was skipped, or what is not claimed. */
  why?: string;
  /** What a skipped one leaves unknown, and what to do about it. */
  means?: string;
}

export interface ClauseReport {
  clause: string;
  asks: string;
  status: Status;
  /** Why there is nothing to look at: the clause binds the host, or cannot be seen. */
  why?: string;
  /** Findings that were made on the way. */
  findings: readonly Finding[];
  probes: readonly ProbeReport[];
}

export interface Report {
  plugin: { path: string; name?: string; version?: string };
  protocol: number;
  strict: boolean;
  /** Whether nothing fails. */
  passed: boolean;
  counts: Record<Status | 'warnings', number>;
  clauses: readonly ClauseReport[];
}

export const allFindings = ({ findings, probes }: ClauseReport): Finding[] => [
  ...probes.flatMap((probe) => probe.findings),
  ...findings,
];
