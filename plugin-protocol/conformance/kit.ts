/** What probes work with: a plugin that can be started as often as they like, and brought to where calls can be made. */

import { randomBytes } from 'node:crypto';
import { compileCheck } from '../check/compile.ts';
import { type Context, Description, type LogLevel, protocolVersion } from '../contract/base.ts';
import { contract } from '../contract/index.ts';
import { Fault } from '../faults.ts';
import { createReaper, markName, type Reaper } from '../reaper.ts';
import { type Message, requestLine } from '../rpc/messages.ts';
import { type Carrier, connectTo, type ProgramSubject, startProgram } from './carrier.ts';
import { Conversation } from './conversation.ts';
import { startDialling } from './dial-in.ts';
import { createHost, type Host } from './host.ts';
import { createKin, isMarked } from './kin.ts';
import { endProcess, hasProc, type ProcessSeen, processesOf } from './proc.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { servicesIn } from './services.ts';
import type { Setting } from './setting.ts';
import { whySilent } from './silence.ts';
import { createLedger, excerpt, Failure, hindered, type Ledger, Skip, Unclaimed } from './verdict.ts';
import { createWorkspace, type Workspace, withScratch } from './workspace.ts';

/** Why nothing further can be asked. */
interface Obstacle {
  clause: string;
  failure: Failure;
}

export const instanceName = 'check';
/** An unlikely id: what is asked for it must not be there. */
export const nobody = 'annelid-check-none';

export const errorOf = (
  answer: Message,
): { code?: unknown; message?: unknown; data?: Record<string, unknown> } | undefined =>
  (answer.error ?? undefined) as ReturnType<typeof errorOf>;

/** What stands on standard error may come after the answer that it belongs to: the streams have no order between them. */
const wordsBeside = async (conversation: Conversation): Promise<string> => {
  if (conversation.lastWords === '') await conversation.rests();
  return conversation.lastWords;
};

/** An error as it stands in a sentence. */
export const said = (answer: Message): string => {
  const { code, message } = errorOf(answer) ?? {};
  return `${excerpt(code)}: ${excerpt(message, 300)}`;
};

export interface Kit {
  readonly setting: Setting;
  readonly ledger: Ledger;
  readonly workspace: Workspace;
  /** In every name and key of this check: two checks of one backend must not meet each other's machines. */
  readonly nonce: string;
  /** The names of machines that were asked for. */
  readonly wished: Set<string>;
  readonly secrets: Secrets;
  /** Why nothing further can be asked. */
  readonly obstacle: Obstacle | undefined;
  /** Its name and version, once it has said them. */
  readonly identity: Pick<Description, 'name' | 'version'> | undefined;
  ctx(instance?: string, more?: Partial<Context>): Context;
  /** Start it, or connect to it, and say nothing yet. */
  start(): Promise<Conversation>;
  /** Start one that connects by itself, and refuse it so often: milliseconds until it came again, each time that it did. */
  refuse(times: number): Promise<number[]>;
  /** What `describe` answers. Throws when that is not usable. */
  describe(conversation: Conversation): Promise<Description>;
  /** The same; what is wrong is then the obstacle, and the rest is skipped. */
  described(conversation: Conversation): Promise<Description>;
  /** `place` names a state of the backend, where it is kept in `{scratch}`. */
  configure(
    conversation: Conversation,
    instance: string,
    config: Record<string, unknown>,
    place: string,
  ): Promise<Message>;
  /** Started, described, configured and probed; in a place of its own unless one is named. */
  ready(place?: string, logLevel?: LogLevel): Promise<Conversation>;
  /** One that several probes use: none of them ends it, or leaves it other than it was. */
  shared(): Promise<Conversation>;
  /** What several probes look at is done for the first of them. */
  once<T>(work: (kit: Kit) => Promise<T>): Promise<T>;
  /** Resolves once everything that was sent before has been read: something sent afterwards was answered. */
  fence(conversation: Conversation): Promise<void>;
  /** The processes of a conversation, also when that is over. Skips where they cannot be looked for. */
  processes(conversation: Conversation): ProcessSeen[];
  /** End what is still there of it, and wait for that. */
  finish(conversation: Conversation): Promise<void>;
  /** End everything that was started until now, and what of it has escaped. */
  finishAll(): Promise<void>;
  /** End everything, and remove what was written. */
  close(): Promise<void>;
}

export const createKit = (setting: Setting): Kit => {
  const { subject, patience } = setting;
  const ledger = createLedger();
  // For when this check is killed: what it has started is ended then, and what it has written removed.
  let reaper!: Reaper;
  let root!: string;
  const workspace = createWorkspace(subject.kind === 'program' ? subject.folder : undefined, (made) => {
    root = made;
    reaper = createReaper(() => {}, root);
  });
  const nonce = randomBytes(6).toString('hex');
  const secrets = createSecrets(setting, nonce, ledger);
  const kin = createKin(root, ledger, secrets.judgeProgram);
  let obstacle: Obstacle | undefined;
  let identity: Pick<Description, 'name' | 'version'> | undefined;
  let shared: Conversation | undefined;
  let places = 0;
  const done = new Map<unknown, Promise<unknown>>();
  const hosts = new Map<string, Host>();

  const marks = new Map<Conversation, string>();

  const environment = (mark: string): Record<string, string> => {
    const { PATH = '/usr/bin:/bin', ...env } = setting.env;
    const given = { HOME: workspace.home, PATH, ...env, TMPDIR: workspace.temporary };
    return { ...given, ANNELID_PLUGIN: '1', [markName]: mark };
  };

  const dial = async (program: ProgramSubject, mark: string, refusals = 0) => {
    const folder = workspace.scratch(`dial-in-${mark}`);
    try {
      return await startDialling(program, { env: environment(mark), folder, withinMs: patience.answerMs, refusals });
    } catch (error) {
      if (error instanceof Failure) return block('12.9', error);
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

  const start = async (): Promise<Conversation> => {
    const mark = reaper.mark();
    const carrier = await carrierFor(mark);
    if (carrier.pid !== undefined) watch(carrier.pid, carrier.ended);
    const conversation = new Conversation(carrier, { ledger, patience, onText: secrets.judge });
    marks.set(conversation, `${markName}=${mark}`);
    return conversation;
  };

  const refuse = async (times: number): Promise<number[]> => {
    const { carrier, pauses } = await dial(subject as ProgramSubject, reaper.mark(), times);
    carrier?.kill('SIGKILL');
    carrier?.release();
    return pauses;
  };

  const ctx = (instance = instanceName, more: Partial<Context> = {}): Context => ({
    v: protocolVersion,
    instance,
    timeoutMs: patience.answerMs,
    logLevel: 'info',
    ...more,
  });

  const describe = async (conversation: Conversation): Promise<Description> => {
    const { id, answer } = conversation.expect('describe', { ms: patience.describeMs });
    conversation.send(requestLine(id, 'describe', {}));
    const message = await answer;
    if (errorOf(message))
      throw new Failure(
        `It answers describe with an error, ${said(message)}.`,
        'describe needs no configuration and no network.',
      );
    conversation.description = compileCheck(Description, { lenient: true })(message.result) as Description;
    identity ??= conversation.description as Description;
    return conversation.description as Description;
  };

  const configure = async (
    conversation: Conversation,
    instance: string,
    config: Record<string, unknown>,
    place: string,
  ): Promise<Message> => {
    conversation.instances.add(instance);
    const own = withScratch(config, workspace.scratch(`${place}/${instance}`));
    const { logLevel } = conversation;
    const answer = await conversation.ask('configure', { config: own, ctx: ctx(instance, { logLevel }) });
    if (!answer.error && answer.result) {
      const { methods, idempotency, publishes } = answer.result as Partial<Description>;
      conversation.description = {
        ...conversation.description,
        ...(Array.isArray(methods) && { methods }),
        ...(idempotency && { idempotency }),
        ...(Array.isArray(publishes) && { publishes }),
      };
    }
    conversation.published = servicesIn(conversation.description.publishes).results;
    return answer;
  };

  const blocked = ({ clause }: Obstacle) =>
    new Skip(`It could not be brought to answer calls: see ${clause}.`, hindered);

  const block = (clause: string, failure: Failure): never => {
    obstacle ??= { clause, failure };
    throw blocked(obstacle);
  };

  const described = async (conversation: Conversation): Promise<Description> => {
    try {
      return await describe(conversation);
    } catch (error) {
      if (error instanceof Failure) {
        const { clause, failure } = (await whySilent(conversation)) ?? { clause: '4.1', failure: error };
        return block(clause, failure);
      }
      if (!(error instanceof Fault)) throw error;
      const clause = error.data.field?.startsWith('/publishes') ? '13.2' : '4.2';
      return block(clause, new Failure(`What describe answers is wrong: ${error.message}`));
    }
  };

  const bring = async (conversation: Conversation, place: string): Promise<void> => {
    await described(conversation);
    const configured = await configure(conversation, instanceName, setting.config, place);
    if (errorOf(configured) && errorOf(configured)?.code !== -32601) {
      block(
        '6.1',
        new Failure(
          `It refuses the configuration that it was given, with ${said(configured)}${await wordsBeside(conversation)}`,
          'Give one that works with --config FILE, or as check.config in manifest.json.',
        ),
      );
    }
    const probed = await conversation.ask('probe', { ctx: ctx(instanceName, { logLevel: conversation.logLevel }) });
    if (errorOf(probed) && errorOf(probed)?.code !== -32601) {
      block(
        '6.3',
        new Failure(
          `Its probe fails with ${said(probed)}${await wordsBeside(conversation)}`,
          'Give a configuration whose backend can be reached, with --config FILE or as check.config in manifest.json.',
        ),
      );
    }
  };

  const ready = async (place = `place-${++places}`, logLevel: LogLevel = 'info'): Promise<Conversation> => {
    if (obstacle !== undefined) throw blocked(obstacle);
    const conversation = await start();
    conversation.logLevel = logLevel;
    const host = hosts.get(place) ?? createHost(setting.hostSecrets ?? {});
    hosts.set(place, host);
    conversation.host = host;
    await bring(conversation, place);
    return conversation;
  };

  const processes = (conversation: Conversation): ProcessSeen[] => {
    if (subject.kind === 'address') {
      throw new Skip(
        'It runs already, and was not started by this check.',
        'How its process ends and what it leaves behind is known once its program is checked.',
      );
    }
    if (!hasProc()) throw new Skip('This system has no /proc.', 'Processes are looked for on Linux.');
    return processesOf(marks.get(conversation)!);
  };

  const finish = async (conversation: Conversation): Promise<void> => {
    const mark = marks.get(conversation)!;
    const isProgram = subject.kind === 'program' && hasProc();
    // What the host would not find may be meant to outlive it: it is told, and ended, when all is over.
    kin.look();
    conversation.input.end();
    conversation.carrier.kill('SIGKILL');
    await conversation.within(patience.stopMs);
    conversation.carrier.release();
    if (isProgram) for (const left of processesOf(mark).filter(isMarked)) endProcess(left);
  };

  const kit: Kit = {
    setting,
    ledger,
    workspace,
    nonce,
    wished: new Set(),
    secrets,
    ctx,
    start,
    refuse,
    describe,
    described,
    configure,
    ready,
    processes,
    finish,
    once<T>(work: (kit: Kit) => Promise<T>): Promise<T> {
      const made = done.get(work) ?? work(kit);
      done.set(work, made);
      return made as Promise<T>;
    },
    get obstacle() {
      return obstacle;
    },
    get identity() {
      return identity;
    },
    async shared(): Promise<Conversation> {
      if (shared === undefined || shared.how !== undefined) shared = await ready('shared');
      return shared;
    },
    async fence(conversation: Conversation): Promise<void> {
      await conversation.ask('echo', {});
    },
    async finishAll(): Promise<void> {
      await Promise.all([...marks.keys()].map(finish));
      await kin.endStrays();
    },
    async close(): Promise<void> {
      await kit.finishAll();
      workspace.remove();
      reaper.stop();
    },
  };
  return kit;
};

/** Domain calls that it names and the contract knows. */
export const knownCalls = ({ description }: Conversation) =>
  (description.methods ?? []).flatMap((name) => contract.get(name) ?? []);

/** Throws when the plugin does not claim a feature. */
export const claims = ({ description }: Conversation, feature: string): void => {
  if (!description.features?.includes(feature))
    throw new Unclaimed(`Its describe does not name the feature ${feature}.`);
};
