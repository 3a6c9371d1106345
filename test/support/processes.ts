/** The processes of this machine, as /proc shows them. */
import { readdir, readFile } from 'node:fs/promises';

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

const readProcess = async (pid: number): Promise<ProcessInfo[]> => {
  try {
    const [stat, command, environment] = await Promise.all(
      ['stat', 'cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
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
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(readProcess))).flat();
};

/** The processes below one, whatever process groups they are in. */
export const descendantsOf = (all: readonly ProcessInfo[], pid: number): ProcessInfo[] =>
  all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...descendantsOf(all, child.pid)]);

/** The resident memory of a process, in MiB. */
export const residentMiB = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
};
