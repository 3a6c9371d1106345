/** Joins the parts into a daemon. Imported by the command line alone. */
import type { Config } from './config/config.ts';
import { isAmong } from './config/nets.ts';
import { pluginDirectoriesOf } from './config/plugins.ts';
import { ConfigError } from './config/settle.ts';
import { openControl } from './control/control.ts';
import { createCore } from './core/index.ts';
import { docs } from './frontends/docs/index.ts';
import { events } from './frontends/events/index.ts';
import { jsonrpc } from './frontends/jsonrpc/index.ts';
import { monitor } from './frontends/monitor/index.ts';
import { soap } from './frontends/soap/index.ts';
import { xmlrpc } from './frontends/xmlrpc/index.ts';
import { createHost } from './host/index.ts';
import type { DaemonLog } from './log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { accountingOf, createReload, directoriesOf, instancesOf, ownersOf, type Reload } from './reload/reload.ts';
import { createPluginWatch } from './reload/watch-plugins.ts';
import { holdStateDirectory } from './state/directory.ts';
import { adminUser } from './state/files.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { version } from './version.ts';
import { type Certificate, createHttpServer } from './wire/http.ts';

export interface Daemon {
  /** Where clients reach it, without a trailing slash. */
  url: string;
  /** The administrator that this start made, because there was none; undefined at every later start. */
  created: { user: string; password: string } | undefined;
  hasUser(name: string): boolean;
  /** Finish what is under way within the limits, end the plugins, and close everything; or leave plugins to their keepers. */
  stop(keepPlugins: boolean): Promise<void>;
  /** Take up what has changed of the connectors. */
  reload: Reload;
  /** Rejects when the daemon cannot go on. */
  failed: Promise<never>;
}

const frontends = [xmlrpc, soap, jsonrpc, events, docs, monitor];

/** An address as it stands in a URL; one that means every address is reached at this machine's own. */
const hostInUrl = (host: string) => {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
};

const whyNotListening = ({ host, port }: Config['listen'], { code, message }: NodeJS.ErrnoException): string => {
  if (code === 'EADDRINUSE') return `Something listens on ${host}:${port} already; choose another port with --port.`;
  if (code === 'EADDRNOTAVAIL') return `${host} is no address of this machine; choose another with --host.`;
  if (code === 'EACCES') return `This user may not listen on port ${port}; choose one above 1023 with --port.`;
  return `${host}:${port} cannot be listened on: ${message}.`;
};

/** Reads the files; what it answers throws `ConfigError`. Loaded when there are any: a start without TLS does not wait for it. */
const certificateReader = async (files: NonNullable<Config['tls']>): Promise<() => Certificate> => {
  const { readTls } = await import('./config/tls-files.ts');
  return () => readTls(files);
};

/**
 * Start a daemon. The port answers at once; connectors come up behind it. Throws when another one holds the state.
 * `startWords` (beside `--state`) start such a daemon again; they are kept for whoever finds none running.
 * `readConfig` reads the configuration again when it is reloaded.
 */
export const serve = async (
  config: Config,
  log: DaemonLog,
  startWords: string,
  readConfig: () => Config,
): Promise<Daemon> => {
  const { limits } = config;
  if (config.services.some(({ wsdl }) => wsdl !== undefined)) {
    // A start without contracts does not wait for what reads them to be loaded.
    const { contractProblems } = await import('./config/contracts.ts');
    const problems = contractProblems(config);
    if (problems.length > 0) throw new ConfigError(problems);
  }
  const readCertificate = await (config.tls && certificateReader(config.tls));
  const tls = readCertificate?.();
  const closers: (() => unknown)[] = [];
  let keepPlugins = false;
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const state = holdStateDirectory(config.state, config.stateSource);
    closers.push(() => state.release());
    const store = await openSqliteStore(state.files.store, log).catch((cause: unknown) => {
      throw state.unusable(state.files.store, cause);
    });
    closers.push(() => store.close());
    const backends = createHost({
      instances: instancesOf(config),
      log,
      limits: limits.plugins,
      pluginDirectories: pluginDirectoriesOf(config),
      keepers: state.files.keepers,
      descriptions: state.files.descriptions,
      listen: { addresses: config.plugins.listen, tls: config.plugins.tls },
    });
    closers.push(() => backends.stop(keepPlugins));
    await backends.open();
    let owners = ownersOf(config, adminUser);
    let directories = directoriesOf(config);
    let accounting = accountingOf(config);
    const metrics = createMetrics();
    const core = await createCore({
      store,
      backends,
      log,
      metrics,
      limits,
      version,
      accountOf: (connector) => owners.get(connector) ?? adminUser,
      directories: () => directories,
      accounting: () => accounting,
    });
    metrics.observe({ counts: () => core.counts(), backends });

    let created: Daemon['created'];
    let creating: Promise<void> | undefined;
    const managed = core.users().some(({ role }) => role === 'admin');
    if (!managed && core.hasUser(adminUser)) {
      // Made by hand: the password is somebody's own, and the role was chosen.
      log.warn({}, 'No user is an administrator; make one with: annelid user add NAME --role admin');
    } else if (!managed) {
      created = { user: adminUser, password: state.adminPassword() };
      // Hashing takes a third of the time of a first start; the port need not wait for it.
      const creation = core.putUser({ ...created, account: adminUser, role: 'admin' });
      // The store stays open until it has been written.
      closers.push(() => creation.catch(() => {}));
      creating = creation;
    }

    let url = config.publicUrl ?? '';
    const context = {
      api: core,
      log,
      limits,
      publicUrl: () => url,
      onConnectors: core.onConnectors,
      profiles: config.services,
      metrics: () => metrics.text(),
    };
    const http = createHttpServer({
      routes: frontends.flatMap((frontend) => frontend.routes(context)),
      limits: limits.http,
      log,
      onRefused: (kind) => core.refused('http', kind),
      isProxy: isAmong(config.listen.proxies),
      ...(tls && { tls }),
    });
    const { host, port } = await http.listen(config.listen.host, config.listen.port).catch((cause: unknown) => {
      throw new Error(whyNotListening(config.listen, cause as NodeJS.ErrnoException), { cause });
    });
    closers.push(() => http.close());
    const scheme = config.tls ? 'https' : 'http';
    const local = `${scheme}://${hostInUrl(host)}:${port}`;
    url ||= local;
    await creating;
    const renewCertificate = (readAgain: () => Certificate) => {
      try {
        http.renew(readAgain());
      } catch (error) {
        const reason = (error as Error).message;
        log.warn({ reason }, 'Clients are shown the certificate that was there before.');
      }
    };
    const reload = createReload(config, {
      readConfig,
      host: backends,
      troubleOf: core.serviceTroubleOf,
      log,
      onConfig: (next) => {
        owners = ownersOf(next, adminUser);
        directories = directoriesOf(next);
        accounting = accountingOf(next);
        watch.attend(next);
        if (readCertificate !== undefined) renewCertificate(readCertificate);
      },
    });
    const watch = createPluginWatch(reload, log);
    closers.push(() => watch.close());
    try {
      const plugins = {
        watchable: backends,
        maxBytes: limits.plugins.watchedBytes,
        reload,
        forget: core.forgetConnector,
      };
      const control = await openControl(state.files.control, core, plugins, log);
      closers.push(() => control.close());
    } catch (error) {
      const reason = (error as Error).message;
      log.warn({ reason }, 'This daemon cannot be asked by commands: its control socket cannot be made.');
    }
    state.announce({ url: local, pid: process.pid }, startWords);
    core.start();
    closers.push(() => {
      http.stopAccepting();
      return core.stop();
    });
    backends.start();
    watch.attend(config);
    const stop = (keep: boolean) => {
      keepPlugins = keep;
      return close();
    };
    log.info({ url, version, connectors: config.connectors.map(({ name }) => name) }, 'The daemon is ready.');
    return { url, created, hasUser: core.hasUser, failed: core.failed, reload, stop };
  } catch (error) {
    await close();
    throw error;
  }
};
