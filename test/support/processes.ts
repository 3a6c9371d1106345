/** The processes of this machine, as /proc shows them. */
import { closeSync, openSync, readSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';

export interface ProcessInfo {
  pid: number;
  parent: number;
  /** When it was started, in clock ticks since the machine was: with the pid it names one process for ever. */
  started: number;
  /** The command line, its words separated by spaces. */
  command: string;
  /** `NAME=value` lines that it was started with; empty when it may not be read. */
  environment: readonly string[];
}

/** Into the same bytes again: buffers of all would be most of the memory of who looks, until garbage is collected. */
const buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** In one turn, so that nobody else uses the buffer: the kernel makes these files while they are read. */
const readShort = (path: string): string => {
  const file = openSync(path, 'r');
  try {
    let text = '';
    for (;;) {
      const bytes = readSync(file, buffer);
      if (bytes === 0) return text;
      text += buffer.toString('utf8', 0, bytes);
    }
  } finally {
    closeSync(file);
  }
};

const readProcess = (pid: number): ProcessInfo[] => {
  try {
    const [stat, command, environment] = ['stat', 'cmdline', 'environ'].map((name) =>
      readShort(`/proc/${pid}/${name}`),
    );
    // The second field is the name of the program in brackets, and may hold anything.
    const [state, parent, ...fields] = stat!.slice(stat!.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended: what is left of it is an entry that its parent has not read yet.
    if (state === 'Z') return [];
    return [
      {
        pid,
        parent: Number(parent),
        started: Number(fields[17]),
        command: command!.split('\0').join(' ').trim(),
        environment: environment!.split('\0'),
      },
    ];
  } catch {
    // It ended while it was looked at.
    return [];
  }
};

export const processes = async (): Promise<ProcessInfo[]> => {
  const all: ProcessInfo[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    all.push(...readProcess(Number(name)));
    await turn();
  }
  return all;
};

/** The processes below one, whatever process groups they are in. */
export const descendantsOf = (all: readonly ProcessInfo[], pid: number): ProcessInfo[] =>
  all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...descendantsOf(all, child.pid)]);

/** The resident memory of a process, in MiB. */
export const residentMiB = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
};
