/** `annelid serve`: runs a daemon in the foreground until a signal ends it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type Flag, loadConfig } from '../config/config.ts';
import { createLog, type DaemonLog } from '../log.ts';
import type { Daemon } from '../main.ts';
import { adminUser, filesIn } from '../state/files.ts';
import { commandFrom } from './command-from.ts';
import { within } from './last-words.ts';
import { wordFor } from './names.ts';
import { coloured, exitCodes } from './output.ts';
import { libvirtNotes, startNotes } from './start-notes.ts';

export interface ServeOptions {
  config?: string;
  host?: string;
  port?: string;
  state?: string | undefined;
  logLevel?: string;
  set?: string[];
  demo?: boolean;
  keepPlugins?: boolean;
  watch?: boolean;
}

/**
 * A terminal sends Ctrl-C to every process of the foreground, and npm passes it on once more: signals this close
 * together, in milliseconds, are one wish.
 */
const sameSignalMs = 500;

const flagsFrom = ({ host, port, state, logLevel, set = [] }: ServeOptions): Flag[] => {
  const named = { '--host': ['listen.host', host], '--port': ['listen.port', port], '--state': ['state', state] };
  const flags = Object.entries({ ...named, '--log-level': ['log.level', logLevel] }).flatMap(
    ([name, [setting, value]]) => (value === undefined ? [] : [{ name, setting: setting!, value }]),
  );
  for (const text of set) {
    const at = text.indexOf('=');
    flags.push({ name: '--set', setting: at < 0 ? text : text.slice(0, at), value: at < 0 ? '' : text.slice(at + 1) });
  }
  return flags;
};

/** The cloud of a first start: a few machines that live in a file, so that they outlive the daemon. */
const demoConfig = (state: string) => ({
  connectors: { memory: { plugin: 'memory', config: { file: join(state, 'memory-cloud.json') } } },
});

/** Words that start a daemon like this one again, from anywhere; its state directory is named beside them. */
const startWordsOf = (options: ServeOptions, { file }: Config): string =>
  [
    ...(file === undefined ? [] : ['--config', wordFor(file)]),
    ...flagsFrom({ ...options, state: undefined }).map(({ name, setting, value }) =>
      name === '--set' ? `--set ${wordFor(`${setting}=${value}`)}` : `${name} ${wordFor(value)}`,
    ),
    ...(options.demo ? ['--demo'] : []),
    ...(options.keepPlugins ? ['--keep-plugins'] : []),
    ...(options.watch ? ['--watch'] : []),
  ].join(' ');

/** The configuration that `annelid serve` would run with. Throws `ConfigError`. */
export const configFor = (options: ServeOptions): Config =>
  loadConfig({
    file: options.config,
    flags: flagsFrom(options),
    watch: options.watch,
    ...(options.demo && { fallback: demoConfig }),
  });

/** How the command line is called from here for the daemon of a state directory. */
const commandHere = (state: string): string => {
  const command = commandFrom(process.cwd());
  return state === join(process.cwd(), '.annelid') ? command : `ANNELID_STATE='${state}' ${command}`;
};

const crash = (log: DaemonLog, err: unknown, message: string): never => {
  log.fatal({ err }, message);
  process.exit(exitCodes.failed);
};

const reload = async (daemon: Daemon, log: DaemonLog): Promise<void> => {
  log.info({ signal: 'SIGHUP' }, 'Reloading.');
  // How it went with each connector, the daemon logs.
  await daemon.reload().catch(({ message }: Error) => log.error({ reason: message }, 'Nothing was reloaded.'));
};

/** Does what signals ask for; resolves when the daemon has stopped. */
const untilStopped = (starting: Promise<Daemon>, { keepPlugins }: ServeOptions, log: DaemonLog): Promise<void> =>
  new Promise((resolve) => {
    let stopping: number | undefined;
    const stop = (signal: NodeJS.Signals) => {
      const now = performance.now();
      if (stopping !== undefined) {
        if (now - stopping > sameSignalMs) process.exit(exitCodes.failed);
        return;
      }
      stopping = now;
      log.info({ signal }, 'Stopping; the same signal again stops at once.');
      // That it could not start is told where that is waited for.
      starting.then(
        (daemon) =>
          daemon
            .stop(keepPlugins === true)
            .then(resolve, (error) => crash(log, error, 'The daemon could not be stopped in order.')),
        () => {},
      );
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
    // A terminal that has gone says so with the same signal.
    if (process.stdin.isTTY) process.on('SIGHUP', stop);
    else
      process.on('SIGHUP', () =>
        starting.then(
          (daemon) => reload(daemon, log),
          () => {},
        ),
      );
  });

/** Resolves when the daemon has stopped. */
export const runServe = async (options: ServeOptions): Promise<void> => {
  const config = configFor(options);
  const log = createLog(config.log);
  for (const warning of config.warnings) log.warn({}, warning);
  process.on('uncaughtException', (error) => crash(log, error, 'A bug: the daemon ends, and can be started again.'));
  process.on('unhandledRejection', (error) => crash(log, error, 'A bug: the daemon ends, and can be started again.'));

  const files = filesIn(config.state);
  const known = existsSync(files.store);
  // Loaded once the configuration is known to be right.
  const starting = import('../main.ts').then(({ serve }) =>
    serve(config, log, startWordsOf(options, config), () => configFor(options)),
  );
  // From now on: one that comes while it starts is heeded once it has.
  const stopped = untilStopped(starting, options, log);
  const daemon = await starting;
  daemon.failed.catch(async (error: unknown) => {
    // Callers under way are told before the process ends.
    await within(config.limits.http.lastWordsMs, daemon.stop(true));
    crash(log, error, 'The daemon cannot go on.');
  });

  const [terminal, colour] = [process.stdout.isTTY === true, coloured(process.stdout)];
  const command = commandHere(config.state);
  const passwordFile = existsSync(files.password) && daemon.hasUser(adminUser) ? files.password : undefined;
  const demo = options.demo === true && config.file === undefined;
  process.stdout.write(startNotes({ config, daemon, passwordFile, command, known, demo, terminal, colour }));
  void libvirtNotes(config).then((notes) => process.stdout.write(notes));

  await stopped;
  log.info({}, 'Stopped.');
};
