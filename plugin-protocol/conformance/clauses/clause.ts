/** A clause of PROTOCOL.md as the check knows it. */
import type { Kit } from '../bring-up/kit.ts';

export interface Probe {
  /** What it shows when it passes, as the end of a sentence about the plugin. */
  shows: string;
  /** Throws a `Failure`, a `Skip` or `Unclaimed`; other findings go into the ledger. */
  run(kit: Kit): Promise<void>;
}

interface Row {
  /** Its number: `1.5`. */
  clause: string;
  /** What it asks for, in a line. */
  asks: string;
}

/** What is asked of the plugin, and shown by probes; or why there is nothing to look at. */
export type Clause = Row &
  (
    | { probes: readonly Probe[] }
    /** It binds the host: why no plugin can break it. */
    | { host: string }
    /** It binds the plugin, and nothing of it can be seen from outside. */
    | { unseen: string }
  );

export const probe = (shows: string, run: Probe['run']): Probe => ({ shows, run });
