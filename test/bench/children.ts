/** Processes of a run: each is pinned to a processor where that is possible, and ended by its own id. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What others were doing when the run began: the load of the last minute. */
export const loadBefore = loadavg()[0] ?? 0;
export const isBusy = loadBefore > 1;

/**
 * Servers have the first processor and the load generator the second, so that neither takes from the other. On a machine
 * that is busy nothing is pinned: a process could not leave the processor on which another one works.
 */
export const processors = { server: '0', load: '1' };
/** Read now: pinned, a process sees fewer. */
const lastProcessor = availableParallelism() - 1;
const hasTaskset = lastProcessor > 0 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
const canPin = !isBusy && hasTaskset;
const pinned = (processor: string | undefined, command: readonly string[]) =>
  canPin && processor !== undefined ? ['taskset', '-c', processor, ...command] : [...command];

export const hasProgram = (program: string): boolean => spawnSync('which', [program], { stdio: 'ignore' }).status === 0;

const running = new Set<ChildProcess>();
export const folder = mkdtempSync(join(tmpdir(), 'annelid-bench-'));

export const start = (
  command: readonly string[],
  processor?: string,
  ways: 'ignore' | 'pipe' = 'ignore',
): ChildProcess => {
  const [program = '', ...args] = pinned(processor, command);
  const child = spawn(program, args, { stdio: [ways, ways, 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
};

/** What a program prints that is run to its end. */
export const output = (command: readonly string[], processor?: string): Promise<string> => {
  const [program = '', ...args] = pinned(processor, command);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  let text = '';
  child.stdout.on('data', (piece: Buffer) => {
    text += piece;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      if (code === 0) resolve(text);
      else reject(new Error(`${program} ended with ${code}.`));
    });
  });
};

/** Runs it with this process and all that it starts meanwhile on that processor. */
const on = async <T>(processor: string, run: () => Promise<T>): Promise<T> => {
  const pin = (list: string) => execFileSync('taskset', ['-cp', list, String(process.pid)], { stdio: 'ignore' });
  pin(processor);
  try {
    return await run();
  } finally {
    pin(`0-${lastProcessor}`);
  }
};

/** Runs it on one processor with all that it starts, so that none has to be woken for an answer; undefined where nothing can be pinned. */
export const onOneProcessor = async <T>(run: () => Promise<T>): Promise<T | undefined> =>
  hasTaskset ? on(processors.server, run) : undefined;

/** Runs it where this process takes nothing from the servers. */
export const besideServers = <T>(run: () => Promise<T>): Promise<T> => (canPin ? on(processors.load, run) : run());

export const compile = (source: string, program: string, flags: readonly string[]): void => {
  execFileSync('gcc', ['-O2', '-o', program, source, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
};

/** SIGTERM, and SIGKILL to what has not ended two seconds later. */
export const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(late);
};

export const stopAll = async (): Promise<void> => {
  await Promise.all([...running].map(stop));
  rmSync(folder, { recursive: true, force: true });
};

const connects = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Waits until somebody listens on the port; throws when the process ends first. */
export const listening = async (port: number, child: ChildProcess, name: string): Promise<void> => {
  while (!(await connects(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended before it listened.`);
    await sleep(2);
  }
};
