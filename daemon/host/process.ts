/** One plugin process: its pipes, its process group, and how it ends. */
import { constants } from 'node:os';
import { createLineReader } from '../../plugin-protocol/rpc/lines.ts';
import type { Limits } from '../limits.ts';
import type { Reaper } from './reaper.ts';

export interface ProcessHandlers {
  maxLine: () => number;
  onLine: (line: string) => void;
  onTooLong: (head: string, tail: string) => void;
  /** A line on standard output is not UTF-8. */
  onInvalid: (line: string) => void;
  /** A line on standard error. */
  onError: (line: string) => void;
  /** Standard input takes more again. */
  onWritable: () => void;
}

export interface PluginProcess {
  readonly pid: number;
  /** Write to standard input; false when the pipe is full. */
  send(text: string): boolean;
  /** Resolves with a sentence once the process has ended, its group is gone and all that it wrote has been read. */
  readonly ended: Promise<string>;
  /** Close standard input, then SIGTERM, then SIGKILL to the group, `stopMs` apart. */
  stop(): Promise<void>;
  /** SIGKILL to the group, now. */
  kill(): void;
}

/** Variables of the daemon that every plugin gets; anything else must be named in the configuration. */
const passedOn = ['PATH', 'HOME', 'LANG', 'TZ'];
const stderrLine = 8192;
/** How long output that a child of the plugin still holds open is waited for, once the plugin has ended. */
const lastOutputMs = 500;

const environment = (names: readonly string[]): Record<string, string> => {
  const taken = [...passedOn, ...names].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(taken), ANNELID_PLUGIN: '1' };
};

const after = (ms: number) => new Promise<'late'>((resolve) => setTimeout(resolve, ms, 'late').unref());

/** Rejects with an `Error` that says why when the program cannot be started. */
export const startProcess = async (
  command: readonly string[],
  folder: string | undefined,
  variables: readonly string[],
  limits: Limits['plugins'],
  reaper: Reaper,
  handlers: ProcessHandlers,
): Promise<PluginProcess> => {
  const [program = '', ...args] = command;
  // Loaded behind the start: it takes as long as the rest of the host together, and the port is to answer before.
  const { execa } = await import('execa');
  const child = execa(program, args, {
    // A group of its own, so that what the plugin starts can be ended with it.
    detached: true,
    cleanup: false,
    env: environment(variables),
    extendEnv: false,
    ...(folder === undefined ? {} : { cwd: folder }),
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error((await child).shortMessage);
  reaper.watch(pid);

  const signalGroup = (signal: 'SIGTERM' | 'SIGKILL') => {
    try {
      process.kill(-pid, constants.signals[signal]);
    } catch {
      // ESRCH: nothing is left of the group.
    }
  };

  const exited = Promise.withResolvers<string>();
  let stopping = false;
  let gone = false;
  const lines = createLineReader({
    maxBytes: handlers.maxLine,
    onLine: handlers.onLine,
    onTooLong: handlers.onTooLong,
    onInvalid: handlers.onInvalid,
  });
  const errors = createLineReader({
    maxBytes: () => stderrLine,
    onLine: handlers.onError,
    onTooLong: (head) => handlers.onError(`${head}... (a line of more than ${stderrLine} bytes)`),
  });
  child.stdout.on('data', lines.push);
  child.stdout.on('end', async () => {
    lines.end();
    // Without its output it can answer nothing: it is as good as ended.
    if (!stopping && (await Promise.race([exited.promise, after(lastOutputMs)])) === 'late') signalGroup('SIGKILL');
  });
  child.stderr.on('data', errors.push);
  child.stderr.on('end', errors.end);
  child.stdin.on('drain', handlers.onWritable);
  // EPIPE: it has ended or closed its input; its end is told by `ended`.
  child.stdin.on('error', () => {});

  child.nodeChildProcess.once('exit', (code, signal) => {
    gone = true;
    // Its children go with it: they may hold the backend, and nobody answers for them any more.
    signalGroup('SIGKILL');
    exited.resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`);
  });
  const closed = new Promise<void>((resolve) => child.nodeChildProcess.once('close', () => resolve()));
  const ended = exited.promise.then(async (how) => {
    if ((await Promise.race([closed, after(lastOutputMs)])) === 'late') {
      child.stdout.destroy();
      child.stderr.destroy();
    }
    reaper.forget(pid);
    return how;
  });

  return {
    pid,
    send: (text) => !child.stdin.writable || child.stdin.write(text),
    ended,
    async stop() {
      stopping = true;
      child.stdin.end();
      if ((await Promise.race([ended, after(limits.stopMs)])) !== 'late') return;
      signalGroup('SIGTERM');
      if ((await Promise.race([ended, after(limits.stopMs)])) !== 'late') return;
      signalGroup('SIGKILL');
      await ended;
    },
    kill() {
      // Afterwards the number may be that of another group.
      if (!gone) signalGroup('SIGKILL');
    },
  };
};
