/** Keeps one plugin process running for the instances that share it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { dialsIn } from '../../plugin-protocol/address.ts';
import type { Side } from '../../plugin-protocol/cassette/format.ts';
import { type Check, compileCheck } from '../../plugin-protocol/check.ts';
import { Description, protocolVersion } from '../../plugin-protocol/contract/base.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { NativeEvent } from '../core/ports.ts';
import { createBackoff } from './backoff.ts';
import type { HostContext, Instance } from './instance.ts';
import type { InstanceConfig } from './instance-config.ts';
import { createLink, type Link } from './link.ts';
import { createNotes } from './notes.ts';
import { type OpenOptions, openPlugin } from './open.ts';
import { nameOf } from './outgoing-call.ts';
import { createOutput, type ProcessFacts } from './output.ts';
import { asSentence } from './sentence.ts';
import type { Kept, Transport } from './transport.ts';
import { warnOfUnknownNames } from './unknown-names.ts';

export interface RunnerOptions extends HostContext, OpenOptions {
  onEvent: (instance: Instance, event: NativeEvent) => void;
  /** The plugin serves one instance a process: this one needs another process. */
  split: (instance: Instance) => void;
}

export interface Runner {
  /** Drain, close, and end the process with all that it started; with `keep` one that a keeper holds stays with that. */
  stop(keep: boolean): Promise<void>;
}

/** Why an answer to `describe` may be missing. */
const hintFor = (noise: string | undefined): string => {
  if (noise === undefined) return ' and wrote nothing on standard output, which must be flushed after each line';
  if (/^\s*\{/.test(noise))
    return ', and what it wrote begins with { but is no message on one line with "jsonrpc":"2.0"';
  return ', and what it wrote on standard output is no message';
};

const checkDescription = compileCheck(Description, { lenient: true });
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Instances of the same program with the same environment may share a process. */
export const shareKey = ({
  id,
  config: _,
  hidden: __,
  secrets: ___,
  logLevel: ____,
  ...source
}: InstanceConfig): string => JSON.stringify([source, source.plugin === dialsIn && id]);

export const createRunner = (of: readonly Instance[], options: RunnerOptions): Runner => {
  const { limits, clock, desk, onEvent, split } = options;
  let instances = [...of];
  const { config } = instances[0]!;
  const { plugin } = config;
  const { log } = options;
  const about = (): ProcessFacts =>
    instances.length === 1 ? { plugin, connector: instances[0]!.config.id } : { plugin };
  const backoff = createBackoff(limits);
  const stopping = new AbortController();
  let current: { link: Link; transport: Transport } | undefined;

  /** To those who watch the instance that is meant, or any of the process where it is not said which. */
  const tell = (from: Side, text: string, id?: unknown) => {
    for (const { config, tap } of instances) if (tap.watched && (id ?? config.id) === config.id) tap.say(from, text);
  };

  const route = (id: string | undefined, event: NativeEvent) => {
    const meant =
      instances.find(({ config }) => config.id === id) ??
      (id === undefined && instances.length === 1 ? instances[0] : undefined);
    if (meant) onEvent(meant, event);
    else log.warn({ ...about(), connector: id }, 'An event names no instance of this process.');
  };

  /** `noise` is the first line that was no message, if there was one. */
  const describe = async (link: Link, noise: () => string | undefined): Promise<Description> => {
    let given: unknown;
    const check: Check = (value) => {
      given = value;
      return checkDescription(value);
    };
    const { describeTimeoutMs: timeoutMs } = limits;
    const request = { method: 'describe', params: {}, check, timeoutMs, mutates: false, urgent: true };
    const description = (await link.request(request).catch((error) => {
      if (!(error instanceof Fault) || error.kind !== 'timeout') throw error;
      throw new Error(
        `It did not answer describe within ${timeoutMs} ms${nameOf('describeTimeoutMs')}${hintFor(noise())}.`,
      );
    })) as Description;
    warnOfUnknownNames(given as object, 'describe', log, about());
    if (description.proto.includes(protocolVersion)) return description;
    throw new Error(`It speaks versions ${description.proto.join(', ')} of the protocol, and not ${protocolVersion}.`);
  };

  /** Run it once; resolves with how that ended, and its own last words where they may say why. */
  const runOnce = async (): Promise<{ how: string; detail?: string | undefined }> => {
    const least = instances[0]!.config.logLevel ?? 'info';
    const output = createOutput(log, about, least, clock, route, (line, meant) => link.logged(line, meant));
    let noise: string | undefined;
    const { promise: stuck, resolve: onStuck } = Promise.withResolvers<string>();
    let carrier: Transport | undefined;
    const link = createLink({
      name: plugin,
      limits,
      send: (text) => carrier?.send(text) ?? true,
      onStuck,
      onNoise: (text, why) => {
        noise ??= text;
        tell('noise', text);
        output.noise(text, why);
      },
      onNotification: (method, params, line) => {
        tell('plugin', line, (params as { instance?: unknown } | undefined)?.instance);
        output.notification(method, params);
      },
      onRequest: (method, params, id) => {
        const meant = instances.find(({ config: { id: own } }) => own === id);
        return desk.answer(method, params, meant && { ...meant.asker, owner: output }, output);
      },
    });
    let kept: Kept | undefined;
    const transport = await openPlugin(
      config,
      options,
      {
        maxLine: link.maxLineFromPlugin,
        onLine: link.receive,
        onTooLong: link.receiveTooLong,
        onInvalid: link.receiveInvalid,
        onError: (line) => {
          tell('error', line);
          output.error(line);
        },
        onWritable: link.writable,
        onKept: (found) => {
          kept = found;
          link.former.take(found.generation, found.calls);
        },
      },
      {
        signal: stopping.signal,
        onWaiting: (what) => {
          for (const instance of instances) instance.detach('failing', what);
        },
      },
    );
    carrier = transport;
    current = { link, transport };
    if (stopping.signal.aborted) void transport.stop();
    let failure: string | undefined;
    const failed = (why: string) => {
      failure = why;
      transport.kill();
    };
    void stuck.then((why) => failed(`had to be ended: ${why}`));
    const ended = transport.ended.then((how) => {
      const why = failure ?? how;
      const detail = failure === undefined ? output.lastWords() : undefined;
      link.close(why);
      desk.release(output);
      return { how: why, detail };
    });
    try {
      const notes = createNotes(kept, (note) => transport.note?.(note));
      const description = notes.description() ?? (await describe(link, () => noise));
      notes.described(description);
      link.described(description);
      if (!description.features?.includes('instances')) for (const further of instances.splice(1)) split(further);
      if (!(await link.former.fewerThan(description.concurrency ?? 1, limits.changeTimeoutMs)))
        throw new Error('It does not finish what it does for the daemon before this one.');
      for (const instance of instances) instance.attach(link, description, notes);
    } catch (error) {
      if (!stopping.signal.aborted) failed(`did not say what it is: ${messageOf(error)}`);
    }
    const { how, detail } = await ended;
    current = undefined;
    if (!stopping.signal.aborted) {
      const stderr = output.unlogged();
      const facts = {
        ...about(),
        ...(transport.pid === undefined ? {} : { pid: transport.pid }),
        ...(stderr.length > 0 ? { stderr } : {}),
      };
      log.error(facts, asSentence(`The plugin ${how}`));
    }
    return { how: `The plugin ${how}`, detail };
  };

  /** Resolves early when everything is to be stopped. */
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});

  const run = async () => {
    while (!stopping.signal.aborted) {
      const started = clock.now();
      let ended: Awaited<ReturnType<typeof runOnce>>;
      try {
        ended = await runOnce();
      } catch (error) {
        ended = { how: messageOf(error) };
        if (!stopping.signal.aborted) {
          log.error({ ...about(), reason: ended.how }, 'The plugin could not be started.');
        }
      }
      if (stopping.signal.aborted) break;
      if (clock.now() - started >= limits.restartResetMs) backoff.reset();
      const ms = backoff.next();
      log.debug({ ...about(), ms }, 'The plugin is started again after a pause.');
      for (const instance of instances) instance.detach('failing', ended.how, ended.detail);
      await pause(ms);
      for (const instance of instances) instance.restarting();
    }
  };
  const running = run();

  /** One that stays is not told that the host stops: the next one will find it as it is. */
  const drain = async (link: Link, stays: boolean) => {
    const ready = instances.filter(({ backend }) => backend.status().state === 'ready');
    const asked = stays ? [] : ready.map((instance) => instance.drain());
    const idle = link.drain();
    // Before it is ready it has no calls that anybody waits for.
    await Promise.allSettled(ready.length > 0 ? [...asked, idle] : []);
  };

  return {
    async stop(keep) {
      stopping.abort();
      if (current) {
        const { link, transport } = current;
        const stays = keep && transport.release !== undefined;
        const over = new AbortController();
        const late = sleep(limits.drainMs, undefined, { signal: over.signal }).catch(() => {});
        await Promise.race([drain(link, stays), transport.ended, late]);
        over.abort();
        await (stays ? transport.release?.() : transport.stop());
      }
      await running;
      for (const instance of instances) instance.detach('stopped', 'The plugin was stopped.');
      instances = [];
    },
  };
};
