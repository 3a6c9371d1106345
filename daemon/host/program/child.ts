/** A program of its own process group: started, signalled as a group, and gone with all that it has started. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { markName, type Reaper } from '../../../plugin-protocol/reaper.ts';
import { after } from '../after.ts';
import { killMarked } from './mark.ts';
import type { SandboxFacts } from './sandbox.ts';

/** What is started, and how. */
export interface Launch {
  command: readonly string[];
  /** Where it is run. */
  folder: string | undefined;
  /** All that it sees of the environment, beside its mark. */
  environment: Readonly<Record<string, string>>;
  /** Each call has a process of its own; `isFolder` where whatever is a program in its folder is of it. */
  oneShot?: { isFolder: boolean };
  /** What is to be known of its sandbox when it does not get far. */
  sandbox?: SandboxFacts;
}

export interface Child {
  readonly pid: number;
  readonly streams: ChildProcessWithoutNullStreams;
  /** To the whole group; nothing once it has ended: the number may then be that of another group. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves with the rest of a sentence when the process itself has ended. */
  readonly exited: Promise<string>;
  /** The same, once nothing is left of what it has started. */
  readonly ended: Promise<string>;
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such program',
  EACCES: 'it may not be executed by this user',
};

/** Rejects with an `Error` that says why when the program cannot be started. */
export const startChild = async (launch: Launch, reaper: Reaper): Promise<Child> => {
  const [program = '', ...args] = launch.command;
  const mark = reaper.mark();
  const streams = spawn(program, args, {
    // A group of its own, so that what the plugin starts can be ended with it.
    detached: true,
    env: { ...launch.environment, [markName]: mark },
    ...(launch.folder === undefined ? {} : { cwd: launch.folder }),
  });
  const { pid } = streams;
  if (pid === undefined) {
    const [{ code = '', message }] = (await once(streams, 'error')) as [NodeJS.ErrnoException];
    throw new Error(`${program} cannot be started: ${reasons[code] ?? message}.`);
  }
  reaper.watch(pid);
  let gone = false;
  const signalGroup = (name: 'SIGTERM' | 'SIGKILL') => {
    try {
      process.kill(-pid, name);
    } catch {
      // ESRCH: nothing is left of the group.
    }
  };
  const exited = new Promise<string>((resolve) => {
    streams.once('exit', (code, signal) => {
      gone = true;
      // Its children go with it: they may hold the backend, and nobody answers for them any more.
      signalGroup('SIGKILL');
      resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`);
    });
  });
  return {
    pid,
    streams,
    signal: (name) => {
      if (!gone) signalGroup(name);
    },
    exited,
    ended: exited.then(async (how) => {
      await killMarked(mark);
      reaper.forget(pid);
      return how;
    }),
  };
};

/**
 * Close its standard input, then SIGTERM, then SIGKILL to the group, `stopMs` apart, until `ended` resolves. Resolves
 * then, or when the last has been sent.
 */
export const endInOrder = async (
  { streams, signal }: Child,
  ended: Promise<unknown>,
  stopMs: number,
): Promise<void> => {
  streams.stdin.end();
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if ((await Promise.race([ended, after(stopMs)])) !== 'late') return;
    signal(name);
  }
};

/** How long output that a child of the plugin still holds open is waited for, once the plugin has ended. */
export const lastOutputMs = 500;

/** SIGKILL to the group of one that should have exited by itself, and does not within a moment. */
export const endUnlessExited = async ({ exited, signal }: Child): Promise<void> => {
  if ((await Promise.race([exited, after(lastOutputMs)])) === 'late') signal('SIGKILL');
};
