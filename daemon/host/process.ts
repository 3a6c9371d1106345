/** One plugin process: its pipes, its process group, and how it ends. */
import { constants } from 'node:os';
import { createLineReader } from '../../plugin-protocol/rpc/lines.ts';
import type { Limits } from '../limits.ts';
import type { Reaper } from './reaper.ts';
import { after, type Transport, type TransportHandlers } from './transport.ts';

export interface PluginProcess extends Transport {
  readonly pid: number;
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

/** Rejects with an `Error` that says why when the program cannot be started. */
export const startProcess = async (
  command: readonly string[],
  folder: string | undefined,
  variables: readonly string[],
  limits: Limits['plugins'],
  reaper: Reaper,
  handlers: TransportHandlers,
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
    // Its group is gone by then, and all that it wrote has been read.
    ended,
    /** Close standard input, then SIGTERM, then SIGKILL to the group, `stopMs` apart. */
    async stop() {
      stopping = true;
      child.stdin.end();
      if ((await Promise.race([ended, after(limits.stopMs)])) !== 'late') return;
      signalGroup('SIGTERM');
      if ((await Promise.race([ended, after(limits.stopMs)])) !== 'late') return;
      signalGroup('SIGKILL');
      await ended;
    },
    /** SIGKILL to the group. */
    kill() {
      // Afterwards the number may be that of another group.
      if (!gone) signalGroup('SIGKILL');
    },
  };
};
