/** Plugins as they are started, as often as probes like, and how what they leave is ended. */
import { createReaper, markName, type Reaper } from '../../reaper.ts';
import { Conversation } from '../conversation/conversation.ts';
import { createHost } from '../conversation/host.ts';
import { type Carrier, connectTo, type ProgramSubject, startProgram } from '../process/carrier.ts';
import { startDialling } from '../process/dial-in.ts';
import { createKin, isMarked } from '../process/kin.ts';
import { endProcess, hasProc, type ProcessSeen, processesOf } from '../process/proc.ts';
import { createWorkspace, type Workspace } from '../process/workspace.ts';
import type { Way } from '../report/obstacle.ts';
import { Failure, type Ledger, Skip } from '../report/verdict.ts';
import type { Secrets } from './secrets.ts';
import type { Setting } from './setting.ts';

export interface Launch {
  readonly workspace: Workspace;
  /** Start it, or connect to it, and say nothing yet. */
  start(): Promise<Conversation>;
  /** Start one that connects by itself, and refuse it so often: milliseconds until it came again, each time that it did. */
  refuse(times: number): Promise<number[]>;
  /** The processes of a conversation, also when that is over. Skips where they cannot be looked for. */
  processes(conversation: Conversation): ProcessSeen[];
  /** End what is still there of it, and wait for that. */
  finish(conversation: Conversation): Promise<void>;
  /** End everything that was started until now, and what of it has escaped. */
  finishAll(): Promise<void>;
  /** End everything, and remove what was written. */
  close(): Promise<void>;
}

/** East of UTC, and not by whole hours: who takes local time for UTC says that it was in the future. */
const farZone = 'Asia/Kathmandu';

export const createLaunch = (
  { subject, patience, env, hostSecrets = {} }: Setting,
  { ledger, secrets, way }: { ledger: Ledger; secrets: Secrets; way: Way },
): Launch => {
  // For when this check is killed: what it has started is ended then, and what it has written removed.
  let reaper!: Reaper;
  let root!: string;
  const workspace = createWorkspace(subject.kind === 'program' ? subject.folder : undefined, (made) => {
    root = made;
    reaper = createReaper(() => {}, root);
  });
  const kin = createKin(root, ledger, secrets.judgeProgram);
  const marks = new Map<Conversation, string>();
  const isFinished = new Set<Conversation>();
  /** The end of everything that was started until now. */
  let end: Promise<void> | undefined;

  const environment = (mark: string): Record<string, string> => {
    const { PATH = '/usr/bin:/bin', ...others } = env;
    const given = { HOME: workspace.home, PATH, TZ: farZone, ...others, TMPDIR: workspace.temporary };
    // Half the time of a check of a plugin in TypeScript went into compiling it anew at each of its starts.
    return { NODE_COMPILE_CACHE: workspace.compiled, ...given, ANNELID_PLUGIN: '1', [markName]: mark };
  };

  const dial = async (program: ProgramSubject, mark: string, refusals = 0) => {
    const folder = workspace.scratch(`dial-in-${mark}`);
    try {
      return await startDialling(program, { env: environment(mark), folder, withinMs: patience.answerMs, refusals });
    } catch (error) {
      if (error instanceof Failure) return way.block('12.9', error);
      throw error;
    }
  };

  const carrierFor = async (mark: string): Promise<Carrier> => {
    if (subject.kind === 'address') return connectTo(subject);
    if (subject.dialIn === undefined) return startProgram(subject, environment(mark));
    return (await dial(subject, mark)).carrier!;
  };

  const watch = (group: number, ended: Promise<string>) => {
    reaper.watch(group);
    kin.watch(group, ended);
    void ended.then(() => reaper.forget(group));
  };

  const endMarked = (...of: readonly string[]): void => {
    if (subject.kind === 'address' || !hasProc()) return;
    for (const left of processesOf(...of).filter(isMarked)) endProcess(left);
  };

  const endAll = async (): Promise<void> => {
    const going = [...marks.keys()].filter((conversation) => !isFinished.has(conversation));
    await Promise.all(going.map(launch.finish));
    // What was begun while it was looked at.
    endMarked(...marks.values());
    await kin.endStrays();
  };

  const launch: Launch = {
    workspace,
    async start() {
      const mark = reaper.mark();
      const carrier = await carrierFor(mark);
      if (carrier.pid !== undefined) watch(carrier.pid, carrier.ended);
      const conversation = new Conversation(carrier, { ledger, patience, onText: secrets.judge });
      conversation.host = createHost(hostSecrets);
      marks.set(conversation, `${markName}=${mark}`);
      end = undefined;
      return conversation;
    },
    async refuse(times) {
      const { carrier, pauses } = await dial(subject as ProgramSubject, reaper.mark(), times);
      carrier?.kill('SIGKILL');
      carrier?.release();
      return pauses;
    },
    processes(conversation) {
      if (subject.kind === 'address') {
        throw new Skip(
          'It runs already, and was not started by this check.',
          'How its process ends and what it leaves behind is known once its program is checked.',
        );
      }
      if (!hasProc()) throw new Skip('This system has no /proc.', 'Processes are looked for on Linux.');
      return processesOf(marks.get(conversation)!);
    },
    async finish(conversation) {
      // What the host would not find may be meant to outlive it: it is told, and ended, when all is over.
      kin.look();
      conversation.input.end();
      conversation.carrier.kill('SIGKILL');
      await conversation.within(patience.stopMs);
      conversation.carrier.release();
      isFinished.add(conversation);
      endMarked(marks.get(conversation)!);
    },
    finishAll() {
      end ??= endAll();
      return end;
    },
    async close() {
      await launch.finishAll();
      workspace.remove();
      reaper.stop();
    },
  };
  return launch;
};
