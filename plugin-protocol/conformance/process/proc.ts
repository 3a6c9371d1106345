/** The processes of a plugin, as /proc shows them: whatever carries its mark in the environment it was started with. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { excerpt } from '../report/verdict.ts';

export interface ProcessSeen {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** When it was started, in clock ticks since the machine was: with the pid it names one process for ever. */
  started: number;
  argv: readonly string[];
  environ: string;
  /** What its standard input is, as `pipe:[12345]`. */
  input: string | undefined;
}

/** Its command line as it stands in a finding. */
export const commandOf = ({ argv }: ProcessSeen): string => excerpt(argv.join(' '), 80);

/** Only Linux has it. */
export const hasProc = (): boolean => existsSync('/proc/self/stat');

/** What of a process is read first: of most of those on a machine no more is wanted. */
interface Origin {
  pid: number;
  stat: Pick<ProcessSeen, 'parent' | 'group' | 'session' | 'started'>;
  environ: string;
}

const readOrigin = (pid: number): Origin | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the name of the program in brackets, and may hold anything.
    const [state, parent, group, session, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended: what is left of it is an entry that its parent has not read yet.
    if (state === 'Z') return undefined;
    return {
      pid,
      stat: {
        parent: Number(parent),
        group: Number(group),
        session: Number(session),
        started: Number(fields[15]),
      },
      environ: readFileSync(`/proc/${pid}/environ`, 'utf8'),
    };
  } catch {
    // It ended while it was looked at, or belongs to somebody else.
    return undefined;
  }
};

const seenOf = ({ pid, stat, environ }: Origin): ProcessSeen | undefined => {
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { pid, ...stat, argv, environ, input: streamOf(pid, 0) };
  } catch {
    return undefined;
  }
};

export const readProcess = (pid: number): ProcessSeen | undefined => {
  const origin = readOrigin(pid);
  return origin && seenOf(origin);
};

const streamOf = (pid: number, descriptor: number): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return undefined;
  }
};

/** What its standard streams are, such as `pipe:[12345]`. */
export const streamsOf = (pid: number): string[] => [0, 1, 2].flatMap((descriptor) => streamOf(pid, descriptor) ?? []);

const allOrigins = (): Origin[] =>
  readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((name) => readOrigin(Number(name)) ?? []);

/** The processes of the machine that this is true of. */
export const processesWhere = (
  isOne: (one: Pick<ProcessSeen, 'pid' | 'started' | 'environ'>) => boolean,
): ProcessSeen[] =>
  allOrigins()
    .filter(({ pid, stat: { started }, environ }) => isOne({ pid, started, environ }))
    .flatMap((one) => seenOf(one) ?? []);

/** All processes that have one of these variables (`NAME=value`) in their environment, and what they have started. */
export const processesOf = (...marks: readonly string[]): ProcessSeen[] => {
  const all = allOrigins();
  const isMarked = ({ environ }: Origin) => environ.split('\0').some((variable) => marks.includes(variable));
  const ours = new Set(all.filter(isMarked).map(({ pid }) => pid));
  // A child may have been given another environment.
  for (let before = -1; before !== ours.size; ) {
    before = ours.size;
    for (const { pid, stat } of all) if (ours.has(stat.parent)) ours.add(pid);
  }
  return all.filter(({ pid }) => ours.has(pid)).flatMap((one) => seenOf(one) ?? []);
};

/** The processes below it, as they are at this moment. */
export const below = (pid: number): number[] => {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
    return children.flatMap((child) => [child, ...below(child)]);
  } catch {
    // It ended while it was looked at, or the system does not list children.
    return [];
  }
};

/** The threads of a process and of those below it, as `PID/task/TID`. */
export const threadsBelow = (pid: number): string[] =>
  [pid, ...below(pid)].flatMap((one) => {
    try {
      return readdirSync(`/proc/${one}/task`).map((thread) => `${one}/task/${thread}`);
    } catch {
      // It has ended.
      return [];
    }
  });

const readThread = (thread: string): { runs: boolean; ranNs: string } | undefined => {
  try {
    const stat = readFileSync(`/proc/${thread}/stat`, 'latin1');
    const state = stat.charAt(stat.lastIndexOf(')') + 2);
    return { runs: 'RD'.includes(state), ranNs: readFileSync(`/proc/${thread}/schedstat`, 'latin1').split(' ')[0]! };
  } catch {
    return undefined;
  }
};

/** What it and those below it have run, as a text; undefined while one of them runs or waits for a processor. */
export const restOf = (pid: number): string | undefined => {
  const threads = threadsBelow(pid).flatMap((thread) => readThread(thread) ?? []);
  return threads.some(({ runs }) => runs) ? undefined : threads.map(({ ranNs }) => ranNs).join(' ');
};

/** How many faults of pages the children that it has waited for had: more when there was one in the meantime. */
export const faultsOfChildren = (pid: number): number =>
  [pid, ...below(pid)].reduce((sum, one) => {
    try {
      const stat = readFileSync(`/proc/${one}/stat`, 'latin1');
      return sum + Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[8]);
    } catch {
      return sum;
    }
  }, 0);

const lookEveryMs = 2;

/** Looks again and again for processes below one, also such as are there for some milliseconds. */
export const watchBelow = (pid: number): { stop(): ProcessSeen[] } => {
  const found = new Map<number, ProcessSeen>();
  const look = () => {
    for (const child of below(pid)) {
      const seen = found.has(child) ? undefined : readProcess(child);
      if (seen === undefined) continue;
      // One that has just been forked is still to become what it is: until then it has all that its parent has.
      if (readProcess(seen.parent)?.argv.join('\0') !== seen.argv.join('\0')) found.set(child, seen);
    }
  };
  const timer = setInterval(look, lookEveryMs);
  return {
    stop() {
      clearInterval(timer);
      return [...found.values()];
    },
  };
};

export const isAlive = ({ pid, started }: ProcessSeen): boolean => readProcess(pid)?.started === started;

/** End it, if it is still the same one. */
export const endProcess = (seen: ProcessSeen): void => {
  if (!isAlive(seen)) return;
  try {
    process.kill(seen.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};
