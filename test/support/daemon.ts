/** Real daemons with a configuration and a state of their own, which tests stop or kill and start anew on that state. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connector, Event } from '../../daemon/catalogue/resources.ts';
import type { Limits } from '../../daemon/limits.ts';
import { adminUser, filesIn, readAdminPassword } from '../../daemon/state/files.ts';
import { openSqliteStore } from '../../daemon/store/sqlite.ts';
import { Fault, type FaultData, type FaultKind } from '../../plugin-protocol/faults.ts';
import { cleanEnvironment, root } from './annelid.ts';
import { silentLog } from './core.ts';
import { descendantsOf, type ProcessInfo, processes } from './processes.ts';
import { quickHash } from './quick-hash.ts';

export type Connectors = Record<
  string,
  {
    plugin: string;
    config?: object;
    command?: string[];
    processes?: number;
    keep?: boolean;
    sandbox?: boolean;
    needs?: object;
    secrets?: object;
    directory?: object;
    accounting?: boolean;
  }
>;

export interface DaemonOptions {
  /** Given the directory of the daemon, which outlives restarts. */
  connectors?: Connectors | ((directory: string) => Connectors);
  limits?: { [G in keyof Limits]?: Partial<Limits[G]> };
  /** Service profiles, by name. */
  services?: Record<string, object>;
  /** Files that are copied into the directory of the daemon, by their names there. */
  files?: Record<string, string>;
  /** Options of Node for the process of the daemon. */
  node?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Further words of `annelid serve`. */
  args?: readonly string[];
}

/** Handed down to all that a daemon starts, so that none of it can hide by changing parents or groups. */
const markName = 'ANNELID_TEST_MARK';
const logLines = 300;

/** Ask again until the answer is yes; the time limit is that of the test. */
export const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await delay(20);
};

/** It may end by itself at that moment. */
const endNow = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const factsIn = (line: string): Record<string, unknown> => {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
};

export class TestDaemon {
  /** Outlives restarts, and is removed at the end. */
  readonly directory: string;
  readonly user = adminUser;
  readonly log: string[] = [];
  readonly #mark = randomUUID();
  readonly #state: string;
  /** Those of the next start. */
  connectors: Connectors;
  readonly #limits: DaemonOptions['limits'];
  readonly #services: DaemonOptions['services'];
  readonly #node: readonly string[];
  readonly #env: NonNullable<DaemonOptions['env']>;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #exit: Promise<number | null> = Promise.resolve(null);
  #url = '';

  constructor(
    directory: string,
    { connectors = {}, limits = {}, services = {}, node = [], env = {}, args = [] }: DaemonOptions,
  ) {
    this.directory = directory;
    this.#state = join(directory, 'state');
    this.connectors = typeof connectors === 'function' ? connectors(directory) : connectors;
    this.#limits = limits;
    this.#services = services;
    this.#node = node;
    this.#env = env;
    this.#args = args;
  }

  /** Where it is reached now, without a trailing slash: another port after each start. */
  get url(): string {
    return this.#url;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  get password(): string {
    return readAdminPassword(this.#state)!;
  }

  /** As if it had been started before: with an administrator, whose password takes no time to be made and verified. */
  async #prepare(): Promise<void> {
    const { store: file, password: passwordFile } = filesIn(this.#state);
    if (existsSync(file)) return;
    const password = randomUUID();
    await mkdir(this.#state, { mode: 0o700, recursive: true });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    const store = await openSqliteStore(file, silentLog);
    const row = { id: this.user, account: this.user, role: 'admin', password: quickHash(password) } as const;
    await store.write([{ put: 'user', row: { ...row, created: new Date().toISOString() } }]);
    await store.close();
  }

  /** Start it, for the first time or on the state that it left. Resolves once all connectors are ready. */
  async start(): Promise<void> {
    await this.#prepare();
    const config = join(this.directory, 'annelid.yaml');
    await writeFile(config, this.#configText());
    // Not through execa, which ends what it started when the test run ends in order: here only `running` decides.
    const child = spawn(
      process.execPath,
      [...this.#node, join(root, 'bin/annelid.js'), 'serve', '--config', config, ...this.#args],
      {
        cwd: this.directory,
        env: { ...cleanEnvironment(), ...this.#env, [markName]: this.#mark },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    this.#child = child;
    running.add(child);
    this.#exit = once(child, 'exit').then(([code]) => {
      running.delete(child);
      return code as number | null;
    });
    const ready = Promise.withResolvers<string>();
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.log.push(line);
      if (this.log.length > logLines) this.log.shift();
      const { msg, url } = factsIn(line);
      if (msg === 'The daemon is ready.') ready.resolve(String(url));
    });
    void this.#exit.then((code) => ready.reject(new Error(`The daemon ended (${code}):\n${this.log.join('\n')}`)));
    this.#url = await ready.promise;
    await this.#connectorsReady();
  }

  #configText(): string {
    const marked = Object.entries(this.connectors).map(([name, of]) => [
      name,
      { ...of, env: [markName, 'NODE_COMPILE_CACHE'] },
    ]);
    // JSON is YAML.
    return JSON.stringify({
      listen: { port: 0 },
      state: 'state',
      log: { format: 'json' },
      limits: this.#limits,
      services: this.#services,
      connectors: Object.fromEntries(marked),
    });
  }

  /** Each change of a connector's state is an event, and so is the one to `ready`. */
  async #connectorsReady(): Promise<void> {
    for (let after = '0'; ; ) {
      const { items } = await this.call<{ items: Connector[] }>('connector.list');
      const ready = items.filter(({ state }) => state === 'ready').length;
      if (ready === Object.keys(this.connectors).length) return;
      const types = ['connector.state'];
      after = (await this.call<{ events: Event[]; next: string }>('event.poll', { after, wait: 30, types })).next;
    }
  }

  /**
   * Call a method over JSON-RPC as the administrator, with a token when one is given. Rejects with a `Fault`, or with
   * another error when no answer came.
   */
  async call<T = unknown>(method: string, params: object = {}, token = this.password): Promise<T> {
    const reply = await fetch(`${this.#url}/jsonrpc`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Basic ${Buffer.from(`${this.user}:${token}`).toString('base64')}`,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result, error } = (await reply.json()) as {
      result: T;
      error?: { message: string; data: FaultData & { kind: FaultKind } };
    };
    if (error === undefined) return result;
    const { kind, ...data } = error.data;
    throw new Fault(kind, error.message, data);
  }

  /** SIGTERM; resolves with the exit code once it has ended. */
  stop(): Promise<number | null> {
    this.#child?.kill('SIGTERM');
    return this.#exit;
  }

  /** SIGKILL; resolves once it has ended. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exit;
  }

  /** Every process that still runs of those that this daemon has started since its first start. */
  async offspring(): Promise<ProcessInfo[]> {
    const all = await processes();
    const below = new Set(descendantsOf(all, this.pid).map(({ pid }) => pid));
    const mark = `${markName}=${this.#mark}`;
    return all.filter(({ pid, environment }) => pid !== this.pid && (below.has(pid) || environment.includes(mark)));
  }

  /** Kill all of it, and drop what it kept. */
  async discard(): Promise<void> {
    await this.kill();
    for (const { pid } of await this.offspring()) endNow(pid);
    await rm(this.directory, { recursive: true, force: true });
  }
}

/**
 * Call it within `describe`: answers what makes daemons for that suite and starts them. Their logs are shown when a test
 * fails; when the suite is over, whatever is left of them is ended and removed.
 */
export const daemonsOfSuite = (): ((options?: DaemonOptions) => Promise<TestDaemon>) => {
  const made: TestDaemon[] = [];

  afterEach(function () {
    if (this.currentTest?.state !== 'failed') return;
    for (const { directory, log } of made) process.stderr.write(`--- ${directory}\n${log.splice(0).join('\n')}\n`);
  });
  after(async () => {
    for (const daemon of made) await daemon.discard();
  });

  return async (options = {}) => {
    const daemon = new TestDaemon(await mkdtemp(join(tmpdir(), 'annelid-daemon-')), options);
    made.push(daemon);
    for (const [name, from] of Object.entries(options.files ?? {})) await copyFile(from, join(daemon.directory, name));
    await daemon.start();
    return daemon;
  };
};
