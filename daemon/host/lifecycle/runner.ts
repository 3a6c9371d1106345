/** Keeps one process of a plugin running for the instances that share it, and puts another one in its place. */
import { setTimeout as sleep } from 'node:timers/promises';
import { dialsIn } from '../../../plugin-protocol/connection/address.ts';
import type { Description } from '../../../plugin-protocol/contract/base.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { NativeEvent } from '../../core/ports.ts';
import { type ConversationContext, converse, messageOf } from '../conversation/conversation.ts';
import type { Instance } from '../instance/instance.ts';
import type { Configs } from '../instance-config.ts';
import { nameOf } from '../limit-name.ts';
import { asSentence } from '../sentence.ts';
import { createCrashes } from './crashes.ts';
import { type Begun, begin, configIn, prepare } from './replacement.ts';
import { drain, end, isAlone, makeRoom, type Serving } from './serving.ts';

export interface RunnerOptions
  extends Omit<ConversationContext, 'about' | 'configOf' | 'patience' | 'onEvent' | 'onLine' | 'onAlarm'> {
  onEvent: (instance: Instance, event: NativeEvent) => void;
  /** A process has said what it is, before anything is made of that; or each call has one of its own. */
  onDescribed: (description: Description, isOneShot: boolean) => void;
}

export interface Runner {
  /** The plugin says that there must never be two that are configured. */
  readonly isExclusive: boolean;
  /**
   * Start a process with these configurations, and once it is ready let it take the place of the one that serves, which
   * finishes what it has. Where there must never be two, it ends before the new one is configured. Rejects with a `Fault`
   * that says why the new one is not ready; the old one then stays, unless it has ended for it. Instances that were not ready
   * before hold up none of the others: why they are not is what it resolves with, by their names.
   */
  replace(configs: Configs): Promise<ReadonlyMap<string, string>>;
  /** Drain, close, and end the process with all that it started; with `keep` one that a keeper holds stays with that. */
  stop(keep: boolean): Promise<void>;
}

/** Why a new process may not start beside the one that it is to replace. */
const alone = 'What one process alone may hold, a plugin with processes: 1 takes in configure, and not before.';

/** `instances` is shared with the runners of the other processes of the plugin, and may lose some. */
export const createRunner = (instances: readonly Instance[], slot: number, options: RunnerOptions): Runner => {
  const { limits, clock, log, onEvent, onDescribed } = options;
  const { plugin } = instances[0]!.config;
  const crashes = createCrashes(limits, clock);
  const stopping = new AbortController();
  /** Ends a pause before its time. */
  let wake = new AbortController();
  let current: Serving | undefined;
  /** What a daemon before has left is looked for once: later there may be one that is being ended. */
  let { anew = false } = options;
  /** Settled when no process is being started. */
  let starting: Promise<unknown> = Promise.resolve();
  let replacing: Promise<unknown> = Promise.resolve();
  /** Why the last replacement is not ready. */
  let problem = '';
  /** Replaced, and not yet ended. */
  const leaving = new Set<Promise<void>>();
  let recovered: NodeJS.Timeout | undefined;

  const about = () => (instances.length === 1 ? { plugin, connector: instances[0]!.config.id } : { plugin });
  const alarm = (text: string | undefined) => {
    for (const instance of instances) instance.alarm(slot, text);
  };
  const context: Omit<ConversationContext, 'configOf'> = {
    ...options,
    about,
    onAlarm: alarm,
    patience: {
      signal: stopping.signal,
      onWaiting(what) {
        for (const instance of instances) instance.detach(undefined, what);
      },
    },
    onLine(from, text, id) {
      for (const { config, tap } of instances) {
        if (tap.watched && (id ?? config.id) === config.id) tap.say(from, text);
      }
    },
    onEvent(id, event) {
      const meant =
        instances.find(({ config }) => config.id === id) ??
        (id === undefined && instances.length === 1 ? instances[0] : undefined);
      if (meant) onEvent(meant, event);
      else log.warn({ ...about(), connector: id }, 'An event names no instance of this process.');
    },
  };

  /** Start a process and let it serve, whether its instances are ready or not. */
  const serve = async (): Promise<Serving> => {
    const configOf = (id: string) => instances.find(({ config }) => config.id === id)?.config;
    const opening = converse(instances[0]!.config, { ...context, anew, configOf });
    anew = true;
    const conversation = await opening;
    const serving: Serving = { conversation, attachments: new Map() };
    current = serving;
    if (stopping.signal.aborted) void conversation.stop();
    try {
      const description = await conversation.described;
      serving.description = description;
      onDescribed(description, conversation.isOneShot);
      for (const instance of instances) {
        serving.attachments.set(instance, instance.attach(conversation, description, slot));
      }
    } catch {
      // It has ended, or is being ended for that: its end says why.
    }
    return serving;
  };

  /** Resolves when there is no process any more, with how the last one ended. */
  const runOnce = async () => {
    await replacing;
    const first = current === undefined ? serve() : Promise.resolve(current);
    starting = first.catch(() => {});
    const begun = clock.now();
    for (let serving = await first; ; ) {
      const ended = await serving.conversation.ended;
      await replacing;
      if (current === undefined) throw new Error(problem);
      if (current === serving) {
        current = undefined;
        return { ...ended, serving, ranMs: clock.now() - begun };
      }
      serving = current;
    }
  };

  /** The pause until the next try, once what has ended was told. */
  const afterEnd = ({ how, detail, stderr, serving, ranMs }: Awaited<ReturnType<typeof runOnce>>): number => {
    const { pid } = serving.conversation;
    const facts = { ...about(), ...(pid === undefined ? {} : { pid }), ...(stderr.length > 0 ? { stderr } : {}) };
    log.error(facts, asSentence(how));
    const wasSlow = crashes.isSlow;
    const ms = crashes.ended(ranMs);
    if (crashes.isSlow && !wasSlow) {
      log.error({ ...about(), slot, ms }, 'The plugin crashes again and again; it is started after long pauses.');
    }
    if (!crashes.isSlow) alarm(undefined);
    else {
      const { crashes: most, crashWindowMs, slowRestartMs } = limits;
      alarm(
        `It ended ${most} times within ${crashWindowMs / 1000} seconds${nameOf('crashes')}, and is started again ${slowRestartMs / 1000} seconds after each end${nameOf('slowRestartMs')}, or by: annelid plugin reload ${instances[0]!.config.id}`,
      );
    }
    for (const instance of instances) instance.detach(serving.attachments.get(instance), how, detail);
    return ms;
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      clearTimeout(recovered);
      recovered = setTimeout(() => {
        crashes.reset();
        alarm(undefined);
      }, limits.restartResetMs);
      let ms: number;
      try {
        const ended = await runOnce();
        if (stopping.signal.aborted) break;
        ms = afterEnd(ended);
      } catch (error) {
        if (stopping.signal.aborted) break;
        const how = messageOf(error);
        log.error({ ...about(), reason: how }, 'The plugin could not be started.');
        ms = crashes.ended(undefined);
        for (const instance of instances) instance.detach(undefined, how);
      }
      clearTimeout(recovered);
      log.debug({ ...about(), ms }, 'The plugin is started again after a pause.');
      wake = new AbortController();
      await sleep(ms, undefined, { signal: AbortSignal.any([stopping.signal, wake.signal]) }).catch(() => {});
      for (const instance of instances) instance.restarting();
    }
    clearTimeout(recovered);
  };
  const running = run();

  /** Where there must never be two, the old one makes room before the new one is configured. */
  const giveWay = async (serving: Serving) => {
    await makeRoom(serving);
    current = undefined;
  };
  const retire = (serving: Serving) => {
    const ended = end(serving).finally(() => leaving.delete(ended));
    leaving.add(ended);
  };

  /** One that connects by itself is waited for as it was at first. */
  const redial = async (configs: Configs) => {
    for (const instance of instances) instance.take(configIn(configs, instance));
    problem = 'It is to connect again.';
    if (current !== undefined) await giveWay(current);
  };

  const replace = async (configs: Configs): Promise<ReadonlyMap<string, string>> => {
    if (plugin === dialsIn) {
      await redial(configs);
      return new Map();
    }
    await starting;
    const before = current;
    const readyBefore = new Set(instances.filter((instance) => before?.attachments.get(instance)?.isReady));
    let stays = before !== undefined;
    let begun: Begun | undefined;
    try {
      if (stopping.signal.aborted) throw new Error('The daemon is stopping.');
      begun = await begin(instances, configs, context);
      if (before !== undefined && (isAlone(before) || isAlone(begun))) {
        stays = false;
        await giveWay(before);
      }
      const prepared = await prepare(begun, { instances, configs, slot, readyBefore });
      onDescribed(prepared.description, prepared.conversation.isOneShot);
      if (stopping.signal.aborted) {
        prepared.conversation.kill();
        throw new Error('The daemon is stopping.');
      }
      current = prepared;
      for (const [instance, attachment] of prepared.attachments) {
        instance.replace(before?.attachments.get(instance), attachment);
      }
      for (const instance of prepared.lacking.keys()) {
        const left = before?.attachments.get(instance);
        if (left !== undefined && stays) instance.leave(left);
        instance.take(configIn(configs, instance));
        prepared.attachments.set(instance, instance.attach(begun.conversation, begun.description, slot));
      }
      crashes.reset();
      alarm(undefined);
      wake.abort();
      if (before !== undefined && stays) retire(before);
      log.info({ ...about(), slot, pid: prepared.conversation.pid }, 'The plugin was replaced.');
      return new Map([...prepared.lacking].map(([{ config }, why]) => [config.id, why]));
    } catch (error) {
      problem = asSentence(messageOf(error));
      const hint = isAlone(before) && begun === undefined ? ` ${alone}` : '';
      const text = `The new process of ${about().connector ?? plugin} is not ready${stays ? ', and the old one stays' : ''}: ${problem}${hint}`;
      if (stays) for (const instance of instances) instance.stale(text);
      throw new Fault('failed', text);
    }
  };

  return {
    get isExclusive() {
      return isAlone(current);
    },
    replace(configs) {
      const done = replacing.then(() => replace(configs));
      replacing = done.catch(() => {});
      return done;
    },
    async stop(keep) {
      stopping.abort();
      await replacing;
      if (current) {
        const { conversation } = current;
        const stays = keep && conversation.release !== undefined;
        const over = new AbortController();
        const late = sleep(limits.drainMs, undefined, { signal: over.signal }).catch(() => {});
        await Promise.race([drain(current, stays), conversation.ended, late]);
        over.abort();
        await (stays ? conversation.release?.() : conversation.stop());
      }
      await running;
      await Promise.all(leaving);
    },
  };
};
