/** Runs the probes of the clauses, one after the other, and says what they found. */
import { protocolVersion } from '../contract/base.ts';
import { createKit, type Kit } from './bring-up/kit.ts';
import type { Setting } from './bring-up/setting.ts';
import type { Clause, Probe } from './clauses/clause.ts';
import { clauses } from './clauses/index.ts';
import { sweepUp } from './evidence/machine.ts';
import { NoPlugin } from './process/carrier.ts';
import type { ClauseReport, Finding, ProbeReport, Report, Status } from './report/report.ts';
import { Failure, Skip, Unclaimed } from './report/verdict.ts';

export interface Check extends Setting {
  /** What the author called it. */
  path: string;
  /** Clauses, or whole sections by their number; all when left out. */
  only?: readonly string[] | undefined;
  /** Whether warnings fail. */
  strict?: boolean | undefined;
  /** Stop at the first clause that does not hold. */
  bail?: boolean | undefined;
  /** Aborted when nobody wants it any more: what was started is ended then. */
  signal?: AbortSignal | undefined;
  /** Told what is being looked at. */
  onProgress?: ((clause: string, shows: string, done: number, all: number) => void) | undefined;
}

export const defaultPatience = { describeMs: 5000, answerMs: 30_000, stopMs: 5000 };

const findingOf = ({ message, advice }: Failure): Finding => ({
  severity: 'failure',
  message,
  ...(advice !== undefined && { advice }),
});

const runProbe = async (kit: Kit, { shows, run }: Probe): Promise<ProbeReport> => {
  const report = { shows, findings: [] };
  try {
    await run(kit);
    return { ...report, status: 'passed' };
  } catch (error) {
    if (error instanceof Failure) return { ...report, status: 'failed', findings: [findingOf(error)] };
    if (error instanceof Skip) return { ...report, status: 'skipped', why: error.message, means: error.means };
    if (error instanceof Unclaimed) {
      const { message: why, means } = error;
      return { ...report, status: 'unclaimed', why, ...(means !== undefined && { means }) };
    }
    if (error instanceof NoPlugin) throw error;
    // What no plugin should be able to do: an answer of a kind that nobody has thought of.
    const message = `It answered what this check can make no sense of: ${error instanceof Error ? error.message : error}.`;
    return { ...report, status: 'failed', findings: [{ severity: 'failure', message }] };
  }
};

const worst = (statuses: readonly Status[]): Status =>
  (['failed', 'skipped', 'passed', 'unclaimed'] as const).find((status) => statuses.includes(status)) ?? 'passed';

const isMeant = (clause: string, only: readonly string[] | undefined): boolean =>
  only === undefined || only.some((wanted) => clause === wanted || clause.startsWith(`${wanted}.`));

/** Clauses that are not there are named, in the words of the author. */
export const unknownClauses = (only: readonly string[]): string[] =>
  only.filter((wanted) => !clauses.some(({ clause }) => isMeant(clause, [wanted])));

const fails = (findings: readonly Finding[], strict = false): boolean =>
  findings.some(({ severity }) => severity === 'failure' || strict);

const runClauses = async (
  kit: Kit,
  { only, bail, strict, signal, onProgress }: Check,
): Promise<Map<string, ProbeReport[]>> => {
  const meant = clauses.filter(({ clause }) => isMeant(clause, only));
  const probes = meant.flatMap((row) => ('probes' in row ? row.probes.map((of) => ({ of, clause: row.clause })) : []));
  const reports = new Map<string, ProbeReport[]>(meant.map(({ clause }) => [clause, []]));
  for (const [done, { of, clause }] of probes.entries()) {
    signal?.throwIfAborted();
    onProgress?.(clause, of.shows, done, probes.length);
    const report = await runProbe(kit, of);
    reports.get(clause)!.push(report);
    if (bail && (report.status === 'failed' || kit.obstacle || fails(kit.ledger.of(clause), strict))) break;
  }
  return reports;
};

const reportOn = (row: Clause, kit: Kit, probes: ProbeReport[], strict: boolean): ClauseReport => {
  const { clause, asks } = row;
  const { obstacle } = kit;
  const isObstacle = obstacle?.clause === clause;
  const findings = [...kit.ledger.of(clause), ...(isObstacle ? [findingOf(obstacle.failure)] : [])];
  const known = { clause, asks, findings, probes: isObstacle ? [] : probes };
  if (fails(findings, strict)) return { ...known, status: 'failed' };
  if ('host' in row) return { ...known, status: 'host', why: row.host };
  if ('unseen' in row) return { ...known, status: 'unseen', why: row.unseen };
  return { ...known, status: worst(probes.map(({ status }) => status)) };
};

/** The same value without the secrets of the configuration: a report is shown to others. */
const redacted = <T>(value: T, kit: Kit): T => {
  if (typeof value === 'string') return kit.secrets.hiddenIn(value) as T;
  if (Array.isArray(value)) return value.map((item) => redacted(item, kit)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redacted(member, kit)])) as T;
};

/** Check a plugin. Rejects with `NoPlugin` when there is nothing that could be checked, or with the reason of `signal`. */
export const checkPlugin = async (check: Check): Promise<Report> => {
  const kit = createKit(check);
  const { only, strict = false, path, signal } = check;
  // What is being waited for then fails, and the rest is not begun.
  const interrupt = () => void kit.finishAll();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    const probes = await runClauses(kit, check);
    signal?.throwIfAborted();
    const left = await sweepUp(kit);
    signal?.throwIfAborted();
    await kit.finishAll();
    const isLookedAt = (row: Clause) => !('probes' in row) || probes.get(row.clause)?.length !== 0;
    const shown = clauses.filter(
      (row) => (isMeant(row.clause, only) && isLookedAt(row)) || kit.obstacle?.clause === row.clause,
    );
    const reports = shown.map((row) => reportOn(row, kit, probes.get(row.clause) ?? [], strict));
    const count = (status: Status) => reports.filter((report) => report.status === status).length;
    const { name, version } = kit.identity ?? {};
    return {
      plugin: { path, ...(name !== undefined && { name }), ...(version !== undefined && { version }) },
      protocol: protocolVersion,
      strict,
      passed: count('failed') === 0,
      counts: {
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        unclaimed: count('unclaimed'),
        host: count('host'),
        unseen: count('unseen'),
        warnings: reports.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'warning').length,
      },
      left: left.toSorted(),
      written: redacted(kit.workspace.writtenBeside(), kit),
      clauses: redacted(reports, kit),
    };
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await kit.close();
  }
};
