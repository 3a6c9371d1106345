/** What a probe can find out, and how it says so. */

import type { Finding } from './report.ts';

export type Severity = Finding['severity'];

/** Thrown by a probe: the plugin does not keep the clause. */
export class Failure extends Error {
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.advice = advice;
  }
}

/** Thrown by a probe that cannot look; `means` says what stays unknown, and what an author can do about it. */
export class Skip extends Error {
  readonly means: string;

  constructor(why: string, means: string) {
    super(why);
    this.means = means;
  }
}

/** What it means that a plugin does not come so far that a clause could be looked at. */
export const hindered = 'Nothing is known about this clause until that is right.';

/**
 * Thrown by a probe: the clause is about something that this plugin does not claim to have. With `means` it may have it all the
 * same, and there is no occasion to see it.
 */
export class Unclaimed extends Error {
  readonly means: string | undefined;

  constructor(why: string, means?: string) {
    super(why);
    this.means = means;
  }
}

/** Findings that are made on the way, whatever is being looked at, by the clause that they are about. */
export interface Ledger {
  enter(clause: string, severity: Severity, message: string, advice?: string): void;
  of(clause: string): Finding[];
}

/** Further ones of a clause are counted: a print in a loop must not be the whole report. */
const shown = 5;

export const createLedger = (): Ledger => {
  const entries = new Map<string, Map<string, Finding>>();
  return {
    enter(clause, severity, message, advice) {
      const known = entries.get(clause) ?? new Map<string, Finding>();
      entries.set(clause, known);
      if (!known.has(message)) known.set(message, { severity, message, ...(advice !== undefined && { advice }) });
    },
    of(clause) {
      const all = [...(entries.get(clause)?.values() ?? [])];
      if (all.length <= shown) return all;
      const severity = all.some((finding) => finding.severity === 'failure') ? 'failure' : 'warning';
      return [...all.slice(0, shown), { severity, message: `And ${all.length - shown} more of this kind.` }];
    },
  };
};

/** A value or a line as it stands in a finding. */
export const excerpt = (value: unknown, most = 160): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  // Control characters would reach the terminal of whoever reads the report.
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
  return plain.length > most ? `${plain.slice(0, most - 3)}...` : plain;
};

/** Whether a line that a program printed may say why it ended: not the inside of a stack trace, nor what Node.js puts below one. */
export const isTelling = (line: string): boolean => !/^\s|^[\s^~{}[\]().,;]*$|^Node\.js v[0-9]/.test(line);
