/** Real daemons: processes started with the command that users start them with. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Nothing of the tester's own environment may steer what is tested. */
export const cleanEnvironment = (): Record<string, string> => {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('ANNELID_') && name !== 'NO_COLOR');
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
};

export interface CommandOptions {
  input?: string;
  env?: Record<string, string>;
  directory?: string;
  /** The command, when it is not that of the checkout. */
  annelid?: string;
}

const inCheckout = join(root, 'bin/annelid.js');

/** Run `annelid` to its end, whatever that is. */
export const runAnnelid = async (
  args: readonly string[],
  { input = '', env = {}, directory, annelid = inCheckout }: CommandOptions = {},
) => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [annelid, ...args], {
    input,
    env: { ...cleanEnvironment(), ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    timeout: 30_000,
    ...(directory !== undefined && { cwd: directory }),
  });
  return { code: exitCode, out: stdout, err: stderr };
};

export const makeStateDirectory = () => mkdtemp(join(tmpdir(), 'annelid-test-'));

export interface DaemonOptions {
  state?: string;
  args?: readonly string[];
  env?: Record<string, string>;
  annelid?: string;
}

/** Daemons that were started and have not ended, with what ends each of them. */
const running = new Map<{ kill(signal: NodeJS.Signals): boolean }, () => Promise<void>>();
process.on('exit', () => {
  for (const child of running.keys()) child.kill('SIGKILL');
});
// One whose start outlasted a hook is in the hands of nobody, and mocha would wait for it. Benchmarks have no hooks.
if (typeof after === 'function') {
  after('no daemon is left', async () => {
    await Promise.all([...running.values()].map((discard) => discard()));
  });
}

const machinesAppear = async (url: string, password: string): Promise<void> => {
  const headers = { Authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` };
  const call = async (method: string, params: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const reply = await fetch(`${url}/jsonrpc`, { method: 'POST', headers, body });
    return ((await reply.json()) as { result: { items: unknown[]; next: string } }).result;
  };
  let { next: after } = await call('event.poll', {});
  while ((await call('vm.list', {})).items.length === 0) {
    ({ next: after } = await call('event.poll', { after, wait: 10, types: ['vm.created', 'vm.state'] }));
  }
};

/** Start `annelid serve --demo` on a free port; resolves when it has said where everything is. */
export const startDaemon = async ({ state, args = ['--demo'], env = {}, annelid = inCheckout }: DaemonOptions = {}) => {
  const directory = state ?? (await makeStateDirectory());
  const child = execa(process.execPath, [annelid, 'serve', '--state', directory, '--port', '0', ...args], {
    env: { ...cleanEnvironment(), ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  let notes = '';
  let log = '';
  child.stderr.on('data', (piece: Buffer) => {
    log += piece;
  });
  const discard = async () => {
    child.kill('SIGKILL');
    await child;
    await rm(directory, { recursive: true, force: true });
  };
  running.set(child, discard);
  void child.then(() => running.delete(child));
  while (!notes.includes('--help\n')) {
    const [piece] = (await Promise.race([once(child.stdout, 'data'), child.then(() => [undefined])])) as [Buffer?];
    if (piece === undefined) throw new Error(`The daemon did not start:\n${log}`);
    notes += piece;
  }
  child.stdout.resume();
  const { url, pid } = JSON.parse(await readFile(join(directory, 'endpoint'), 'utf8')) as { url: string; pid: number };
  const password = async () => (await readFile(join(directory, 'admin-password'), 'utf8')).trim();
  // The port answers before the connectors do.
  if (args.includes('--demo')) await machinesAppear(url, await password());
  return {
    url,
    pid,
    state: directory,
    notes,
    log: () => log,
    password,
    /** Run `annelid` against this daemon. */
    run: (words: readonly string[], options: CommandOptions = {}) =>
      runAnnelid(words, { annelid, ...options, env: { ANNELID_STATE: directory, ...options.env } }),
    /** Nobody reads what it prints and logs any more, as when its terminal is closed. */
    deafen() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    /** Send a signal; resolves with how the daemon ended. */
    end: async (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal);
      const { exitCode, signal: killedBy } = await child;
      return { code: exitCode, signal: killedBy };
    },
    /** End it, if it still runs, and drop what it kept. */
    discard,
  };
};

export type RunningDaemon = Awaited<ReturnType<typeof startDaemon>>;
