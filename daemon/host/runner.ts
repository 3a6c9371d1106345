/** Keeps one plugin process running for the instances that share it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { compileCheck } from '../../plugin-protocol/check.ts';
import { Description, protocolVersion } from '../../plugin-protocol/contract/base.ts';
import type { NativeEvent } from '../core/ports.ts';
import { createBackoff } from './backoff.ts';
import type { HostContext, Instance, InstanceConfig } from './instance.ts';
import { createLink, type Link } from './link.ts';
import { locatePlugin } from './locate.ts';
import { createOutput } from './output.ts';
import { type PluginProcess, startProcess } from './process.ts';
import type { Reaper } from './reaper.ts';

export interface RunnerOptions extends HostContext {
  pluginDirectories: readonly string[];
  reaper: Reaper;
  onEvent: (instance: Instance, event: NativeEvent) => void;
  /** The plugin serves one instance a process: this one needs another process. */
  split: (instance: Instance) => void;
}

export interface Runner {
  /** Drain, close, and end the process with all that it started. */
  stop(): Promise<void>;
}

const checkDescription = compileCheck(Description, { lenient: true });
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Instances of the same program with the same environment may share a process. */
export const shareKey = ({ plugin, command, env }: InstanceConfig): string => JSON.stringify([plugin, command, env]);

export const createRunner = (of: readonly Instance[], options: RunnerOptions): Runner => {
  const { limits, clock, pluginDirectories, reaper, onEvent, split } = options;
  let instances = [...of];
  const { plugin, command, env = [] } = instances[0]!.config;
  const log = options.log.child({ plugin });
  const backoff = createBackoff(limits);
  const stopping = new AbortController();
  let current: { link: Link; process: PluginProcess } | undefined;

  const route = (id: string | undefined, event: NativeEvent) => {
    const meant =
      instances.find(({ config }) => config.id === id) ??
      (id === undefined && instances.length === 1 ? instances[0] : undefined);
    if (meant) onEvent(meant, event);
    else log.warn({ connector: id }, 'An event names no instance of this process.');
  };

  const describe = async (link: Link): Promise<Description> => {
    const description = (await link.request({
      method: 'describe',
      params: {},
      check: checkDescription,
      timeoutMs: limits.describeTimeoutMs,
      mutates: false,
      urgent: true,
    })) as Description;
    if (description.proto.includes(protocolVersion)) return description;
    throw new Error(`It speaks versions ${description.proto.join(', ')} of the protocol, and not ${protocolVersion}.`);
  };

  /** Run the process once; resolves with how that ended. */
  const runOnce = async (): Promise<string> => {
    const program = command ? { command, folder: undefined } : await locatePlugin(plugin, pluginDirectories);
    const output = createOutput(log, clock, route);
    const { promise: stuck, resolve: onStuck } = Promise.withResolvers<string>();
    let child: PluginProcess | undefined;
    const link = createLink({
      name: plugin,
      limits,
      send: (text) => child?.send(text) ?? true,
      onStuck,
      onNoise: output.noise,
      onNotification: output.notification,
    });
    const process = await startProcess(program.command, program.folder, env, limits, reaper, {
      maxLine: link.maxLineFromPlugin,
      onLine: link.receive,
      onTooLong: link.receiveTooLong,
      onInvalid: link.receiveInvalid,
      onError: output.error,
      onWritable: link.writable,
    });
    child = process;
    current = { link, process };
    if (stopping.signal.aborted) void process.stop();
    let failure: string | undefined;
    const failed = (why: string) => {
      failure = why;
      process.kill();
    };
    void stuck.then((why) => failed(`had to be ended: ${why}`));
    const ended = process.ended.then((how) => {
      const why = failure ?? how;
      link.close(`${plugin} ${why}${why.endsWith('.') ? '' : '.'}`);
      return why;
    });
    try {
      const description = await describe(link);
      link.described(description);
      if (!description.features?.includes('instances')) for (const further of instances.splice(1)) split(further);
      for (const instance of instances) instance.attach(link, description);
    } catch (error) {
      if (!stopping.signal.aborted) failed(`did not say what it is: ${messageOf(error)}`);
    }
    const how = await ended;
    current = undefined;
    if (!stopping.signal.aborted) log.error({ pid: process.pid, stderr: output.lastErrors() }, `The plugin ${how}.`);
    return `${plugin} ${how}`;
  };

  /** Resolves early when everything is to be stopped. */
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});

  const run = async () => {
    while (!stopping.signal.aborted) {
      const started = clock.now();
      let how: string;
      try {
        how = await runOnce();
      } catch (error) {
        how = messageOf(error);
        log.error({ reason: how }, 'The plugin could not be started.');
      }
      if (stopping.signal.aborted) break;
      if (clock.now() - started >= limits.restartResetMs) backoff.reset();
      const ms = backoff.next();
      for (const instance of instances) instance.detach('failing', how);
      await pause(ms);
      for (const instance of instances) instance.restarting();
    }
  };
  const running = run();

  const drain = async (link: Link) => {
    const ready = instances.filter(({ backend }) => backend.status().state === 'ready');
    const asked = ready.map((instance) => instance.drain());
    const idle = link.drain();
    // Before it is ready it has no calls that anybody waits for.
    await Promise.allSettled(ready.length > 0 ? [...asked, idle] : []);
  };

  return {
    async stop() {
      stopping.abort();
      if (current) {
        const { link, process } = current;
        const over = new AbortController();
        const late = sleep(limits.drainMs, undefined, { signal: over.signal }).catch(() => {});
        await Promise.race([drain(link), process.ended, late]);
        over.abort();
        await process.stop();
      }
      await running;
      for (const instance of instances) instance.detach('stopped', `${plugin} was stopped.`);
      instances = [];
    },
  };
};
