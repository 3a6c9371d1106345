/**
 * What a plugin has started, remembered while it runs: once it has ended, a child that has taken neither its process group nor its
 * mark along is known from that alone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { markName } from '../../reaper.ts';
import type { Ledger } from '../report/verdict.ts';
import {
  below,
  commandOf,
  endProcess,
  hasProc,
  isAlive,
  type ProcessSeen,
  processesWhere,
  readProcess,
  streamsOf,
} from './proc.ts';

export interface Kin {
  /** Looks at what is below it from now on, until it has ended. */
  watch(pid: number, ended: Promise<unknown>): void;
  /** What is below them now. */
  look(): void;
  /**
   * Ends what is still there and the host does not find (3.5, 3.7), and enters it into the ledger: what was seen below one that was
   * watched, holds a stream of it, or has a folder of this check in its environment.
   */
  endStrays(): Promise<void>;
}

export const isMarked = ({ environ }: ProcessSeen): boolean =>
  environ.split('\0').some((variable) => variable.startsWith(`${markName}=`));

const lookEveryMs = 20;
/** What ends once it sees that the plugin has may take a moment; so may what is killed. */
const lastMomentMs = 2000;

const thatStay = async (processes: readonly ProcessSeen[]): Promise<ProcessSeen[]> => {
  let left = processes.filter(isAlive);
  for (let waited = 0; left.length > 0 && waited < lastMomentMs; waited += lookEveryMs) {
    await sleep(lookEveryMs);
    left = left.filter(isAlive);
  }
  return left;
};

/** Further ones are counted. */
const mostPids = 20;

const pidsOf = (processes: readonly ProcessSeen[]): string => {
  const more = processes.length - mostPids;
  const shown = processes.slice(0, mostPids).map(({ pid }) => pid);
  return `pid ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const enterStrays = (ledger: Ledger, strays: readonly ProcessSeen[], fate: string): void => {
  if (strays.length === 0) return;
  const named = [...Map.groupBy(strays, commandOf)].map(([command, of]) => `${command} (${pidsOf(of)})`);
  ledger.enter(
    '3.7',
    'warning',
    `Processes that it has started go on when it has ended, and the host does not find them: ${named.join('; ')}. ${fate}`,
    'Leave ANNELID_PLUGIN_ID in the environment of what is to end with the plugin. What is meant to outlive it ends with what it is for, such as a machine.',
  );
};

/** `folder`: that of this check. `onProgram` is told each program that was seen below one. */
export const createKin = (folder: string, ledger: Ledger, onProgram: (program: ProcessSeen) => void): Kin => {
  const watched = new Set<number>();
  const groups = new Set<number>();
  const streams = new Set<string>();
  const seen = new Map<number, { process: ProcessSeen; isTold: boolean }>();
  let timer: NodeJS.Timeout | undefined;

  const remember = (pid: number): void => {
    const known = seen.get(pid);
    if (known?.isTold) return;
    const process = readProcess(pid);
    if (process === undefined) return;
    // One that has just been forked is still to become what it is: until then it has all that its parent has.
    const isTold = readProcess(process.parent)?.argv.join('\0') !== process.argv.join('\0');
    seen.set(pid, { process, isTold });
    if (isTold) onProgram(process);
  };

  const look = (): void => {
    for (const pid of watched) for (const child of below(pid)) remember(child);
  };

  /** As they are now: what was a wrapper when it was seen may have become another program. */
  const strays = (): ProcessSeen[] => {
    const isKin = (one: Pick<ProcessSeen, 'pid' | 'started' | 'environ'>): boolean =>
      seen.get(one.pid)?.process.started === one.started ||
      one.environ.includes(folder) ||
      streamsOf(one.pid).some((stream) => streams.has(stream));
    const kin = processesWhere((one) => one.pid !== process.pid && isKin(one));
    const all = new Set(kin.flatMap(({ pid }) => [pid, ...below(pid)]));
    return [...all].flatMap((pid) => readProcess(pid) ?? []).filter((one) => !groups.has(one.group) && !isMarked(one));
  };

  return {
    watch(pid, ended) {
      if (!hasProc()) return;
      watched.add(pid);
      groups.add(pid);
      for (const stream of streamsOf(pid)) if (/^(pipe|socket):/.test(stream)) streams.add(stream);
      timer ??= setInterval(look, lookEveryMs).unref();
      void ended.then(() => {
        watched.delete(pid);
        if (watched.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
    },
    look,
    async endStrays() {
      if (groups.size === 0) return;
      const left = await thatStay(strays());
      for (const one of left) endProcess(one);
      const going = await thatStay(left);
      const ended = left.filter((one) => !going.includes(one));
      enterStrays(ledger, ended, 'This check has ended them.');
      enterStrays(ledger, going, 'This check could not end them.');
    },
  };
};
