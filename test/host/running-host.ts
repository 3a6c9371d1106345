/** A plugin host for one test: stopped after it, its log and its events kept to be waited for. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Mocha from 'mocha';
import type { Backend, BackendStatus, Log, NativeEvent } from '../../daemon/core/ports.ts';
import { createHost, type Host, type HostOptions, type InstanceConfig } from '../../daemon/host/index.ts';
import { defaultLimits, type Limits } from '../../daemon/limits.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import type { NoopConfig } from '../../plugins/noop/script.ts';

export const pluginDirectories = [fileURLToPath(new URL('../../plugins', import.meta.url))];

export interface LogEntry {
  level: string;
  facts: Record<string, unknown>;
  message: string;
}

/** Things that come one after another, and can be waited for whether or not they have come already. */
export const createWatch = <T>() => {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    add(item: T) {
      all.push(item);
      for (const look of waiting) look();
    },
    when: (wanted: (item: T) => boolean) =>
      new Promise<T>((resolve) => {
        const look = () => {
          const found = all.find(wanted);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
};

export const createLogWatch = () => {
  const entries = createWatch<LogEntry>();
  const at =
    (level: string, bound: object) =>
    (facts: object, message: string): void =>
      entries.add({ level, facts: { ...bound, ...facts }, message });
  const make = (bound: object): Log => ({
    debug: at('debug', bound),
    info: at('info', bound),
    warn: at('warn', bound),
    error: at('error', bound),
    child: (facts) => make({ ...bound, ...facts }),
  });
  return { log: make({}), entries };
};

export const startHost = async (
  test: Mocha.Context,
  instances: InstanceConfig[],
  limits: Partial<Limits['plugins']> = {},
  more: Pick<HostOptions, 'keepers' | 'descriptions' | 'listen' | 'clock'> = {},
) => {
  const { log, entries } = createLogWatch();
  const statuses = createWatch<BackendStatus>();
  const events = createWatch<{ connector: string; event: NativeEvent }>();
  const host: Host = createHost({
    instances,
    log,
    limits: { ...defaultLimits.plugins, restartMinMs: 10, restartMaxMs: 40, stopMs: 500, ...limits },
    pluginDirectories,
    ...more,
  });
  host.listen({
    status: (status) => statuses.add(status),
    event: (backend, event) => events.add({ connector: backend.id, event }),
    removed: () => {},
  });
  stopAfter(test, host);
  await host.open();
  await host.start();
  const backend = (id = instances[0]!.id): Backend => {
    const found = host.get(id);
    if (!found) throw new Error(`There is no connector ${id}.`);
    return found;
  };
  return { host, backend, entries, statuses, events };
};

const started = new WeakMap<Mocha.Runnable, Host[]>();
/** The test itself, in it and in the hooks around it: the context of a hook of an outer suite is another object. */
const testOf = ({ test, currentTest }: Mocha.Context): Mocha.Runnable => {
  const found = test instanceof Mocha.Test ? test : currentTest;
  if (found === undefined) throw new Error('Hosts are started by a test, and stopped in afterEach.');
  return found;
};
const stopAfter = (context: Mocha.Context, host: Host) => {
  const test = testOf(context);
  const hosts = started.get(test);
  if (hosts) hosts.push(host);
  else started.set(test, [host]);
};

/** To be called in `afterEach`. */
export const stopHosts = async (context: Mocha.Context) => {
  const test = testOf(context);
  const hosts = started.get(test) ?? [];
  started.delete(test);
  await Promise.all(hosts.map((host) => host.stop()));
};

export const noopInstance = (config: NoopConfig = {}, more: Partial<InstanceConfig> = {}): InstanceConfig => ({
  id: 'one',
  plugin: 'noop',
  config,
  // Set by `npm test`.
  env: ['NODE_COMPILE_CACHE'],
  ...more,
});

/** A double that takes one call at a time. */
export const serialNoop = (config: NoopConfig): InstanceConfig =>
  noopInstance(config, {
    command: [process.execPath, `${pluginDirectories[0]}/noop/main.ts`, '--concurrency', '1'],
  });

/** A plugin without any library: `answer` is JavaScript that has the request in `m` and calls `say(text)`. What it makes `globalThis.configured` is called then. */
export const bareInstance = (answer: string, more: Partial<InstanceConfig> = {}, described = ''): InstanceConfig => ({
  id: 'one',
  plugin: 'bare',
  command: [process.execPath, '-e', bareProgram(answer, described)],
  config: {},
  ...more,
});

/**
 * Words for a shell: the double, with a process beside it that `starter` starts, which tells its pid and never ends. With
 * `setsid` it leaves the process group.
 */
export const withRunaway = (starter: string): string =>
  `${starter} sleep 100000 >/dev/null 2>&1 & echo runaway $! >&2; ${process.execPath} ${pluginDirectories[0]}/noop/main.ts`;

const bareProgram = (answer: string, described: string) => `
const say = (text) => process.stdout.write(text);
const reply = (m, rest) => say(JSON.stringify({ jsonrpc: '2.0', id: m.id, ...rest }) + '\\n');
const methods = ['compute.list', 'compute.get', 'compute.start', 'compute.update'];
const describe = { proto: [1], name: 'bare', version: '1', methods, ${described} };
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const m = JSON.parse(line);
  if (m.method === 'describe') return reply(m, { result: describe });
  if (m.method === 'configure') globalThis.configured?.();
  if (m.method === 'configure' || m.method === 'probe' || m.method === 'drain') {
    return reply(m, { error: { code: -32601, message: 'no such method' } });
  }
  ${answer}
});
`;

/** The fault that a call ends with. */
export const faultOf = async (call: Promise<unknown>): Promise<Fault> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('The call succeeded.');
};

/** Whether a process is there; one that has ended and was not collected by its parent is not. */
export const isAlive = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
};

/** Resolves when a process that is no child of ours has gone: nothing tells it, so it is looked for. */
export const gone = (pid: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      resolve();
    }, 10);
  });
