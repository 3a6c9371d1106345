/** What the configuration of the double says about each call. */

/** What to do when a call comes. Everything given is done, in this order. */
export interface Step {
  /** Write this to standard output, past the SDK, without a line feed of its own. */
  noise?: string;
  /** Write this line to standard error. */
  stderr?: string;
  /** Send this line to the log. */
  log?: string;
  /** Report this event. */
  event?: { type: 'vm.changed' | 'vm.deleted' | 'resync'; vm?: object; id?: string };
  progress?: { percent?: number; message?: string };
  /** Ask the daemon this, and log what it answers, or the fault. */
  ask?: { method: 'secret' | 'state' | 'keep' | 'lock' | 'lookup'; args: unknown[] };
  delayMs?: number;
  /** Block the whole process for so long: it neither reads nor answers. */
  blockMs?: number;
  /** End the process with this exit code; `'kill'` is SIGKILL to itself. */
  exit?: number | 'kill';
  /** Never answer. `'cancellable'`: until the call is cancelled. */
  hang?: boolean | 'cancellable';
  /** Answer this fault; the kind may be missing, as from a plugin without SDK. */
  fault?: { kind?: string; code?: number; message: string; data?: object };
  /** Answer this, whatever the contract says. */
  result?: unknown;
  /** Answer a string of so many characters. */
  hugeCharacters?: number;
}

/** By call; of several steps the first is for the first call, and the last for all after. */
export type Script = Record<string, Step | Step[]>;

export interface NoopConfig {
  script?: Script;
  /** Refuse the configuration with this sentence. */
  refuse?: string;
  /** Start a child process that holds the pipes and ignores SIGTERM; its pid is told in the log. */
  child?: boolean;
}

/** The step for the `count`th call, counted from 1. */
export const stepFor = (script: Script, call: string, count: number): Step => {
  const steps = script[call];
  if (steps === undefined) return {};
  if (!Array.isArray(steps)) return steps;
  return steps[Math.min(count, steps.length) - 1] ?? {};
};
