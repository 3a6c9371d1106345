/** What can be configured: names, meanings, bounds and defaults. Checks, environment names and the reference derive from it. */
import { roles } from '../../plugin-protocol/contract/directory.ts';
import type { Needs } from '../../plugin-protocol/manifest.ts';
import {
  any,
  bool,
  int,
  list,
  map,
  oneOf,
  optional,
  type RecordShape,
  record,
  type Shape,
  type Static,
  string,
  type Typed,
} from '../../plugin-protocol/shape.ts';
import { type Limits, limitGroups } from '../limits.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
const logFormats = ['auto', 'lines', 'json'] as const;
/** A connector's name is part of URLs, metrics and file names. */
export const connectorName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** `config` of a connector is missing here: it is free-form, and the plugin's business. */
export const ConnectorSettings = record('ConnectorSettings', 'A backend: one instance of a plugin.', {
  plugin: string(
    'The plugin that drives it: the name of a folder in `pluginDirectories` or of one that comes with Annelid; or, with a slash in it, the path of a folder with a `manifest.json` or of a script, relative to this file; or the address of one that runs already, `unix:PATH` or `tls://HOST:PORT`; or `dial-in` for one that connects to the daemon by itself (`plugins.listen`).',
    { minLength: 1, maxLength: 4096 },
  ),
  command: optional(
    list(string('A word.'), 'The program to run instead of the one that the manifest names, and its arguments.', {
      maxItems: 256,
    }),
  ),
  secrets: optional(
    map('Secrets that the plugin may ask for by name: each `file:PATH`, relative to this file, or `env:NAME`.'),
  ),
  token: optional(
    string(
      'For `plugin: dial-in`: the token that the plugin shows, as `file:PATH`, relative to this file, or `env:NAME`.',
      { minLength: 1 },
    ),
  ),
  certificate: optional(
    string(
      'For `plugin: dial-in`: the name that the certificate of a plugin that connects over TLS must be for; that of the connector when it is left out.',
      { minLength: 1, maxLength: 256 },
    ),
  ),
  processes: optional(
    int(
      'How many processes of the plugin serve it, for languages that make one call at a time; as the plugin says when left out. All calls for one machine go to one of them.',
      { minimum: 1, maximum: 64 },
    ),
  ),
  account: optional(
    string('The account that owns machines which were not made through Annelid.', { minLength: 1, maxLength: 256 }),
  ),
  directory: optional(
    record('DirectorySettings', 'Users who log in, and whom the daemon does not know itself, are asked for here.', {
      role: oneOf(roles, 'The highest role that it grants: of a user with a higher one it is this.'),
      accounts: optional(
        list(
          string('An account.', { minLength: 1, maxLength: 256 }),
          'The accounts whose users it may vouch for; all when left out.',
          { maxItems: 1024 },
        ),
      ),
    }),
  ),
  accounting: optional(
    bool('Whether it is told what machines have used (`accounting.record`), from the first entry that is kept on.'),
  ),
  tls: optional(
    record('PluginTlsSettings', 'For a plugin at an address that begins with `tls:`, which also asks who connects.', {
      cert: string('The file with the certificate that the daemon shows, PEM.', { minLength: 1 }),
      key: string('The file with its private key, PEM.', { minLength: 1 }),
      ca: string('The file with the certificates of those who may have signed that of the plugin, PEM.', {
        minLength: 1,
      }),
    }),
  ),
  sandbox: optional(
    bool(
      'Whether the plugin runs in a sandbox (bubblewrap), where there is nothing but what it needs: `needs` in its `manifest.json`, or here.',
    ),
  ),
  needs: optional(
    any('What the plugin needs in the sandbox, in place of what its manifest says: `net`, `fs`, `exec`.', {
      'x-plain': true,
    }),
  ),
  resources: optional(
    record('ResourceSettings', 'What one process of the plugin may use.', {
      memoryMiB: optional(
        int('Its memory, in MiB; in a sandbox `/tmp` and `/dev/shm`, which are memory, may hold as much each.', {
          minimum: 1,
          maximum: 2 ** 31 - 1,
        }),
      ),
      openFiles: optional(int('Its open files.', { minimum: 8, maximum: 2 ** 31 - 1 })),
      processes: optional(
        int('All processes of its user: needs `user` when the daemon is root.', { minimum: 1, maximum: 2 ** 31 - 1 }),
      ),
      cpuSeconds: optional(int('Its processor time, in seconds.', { minimum: 1, maximum: 2 ** 31 - 1 })),
    }),
  ),
  user: optional(
    string('The user that the plugin runs as, with its groups: needs a daemon that runs as root.', {
      pattern: '^[A-Za-z_][A-Za-z0-9._-]*[$]?$',
      patternWords: 'be the name of a user',
      maxLength: 256,
    }),
  ),
  keep: optional(
    bool(
      'Whether a keeper holds the plugin: a small process of its own, so that the plugin goes on when the daemon is killed, and the next daemon finds it as it was.',
    ),
  ),
  oneShot: optional(
    bool(
      'Whether each call has a process of its own, whose standard input ends behind the call; as the `manifest.json` of the plugin says when left out. At most `processes` of them are there at once, 1 when neither this file nor the plugin says more.',
    ),
  ),
  watch: optional(
    bool(
      'Whether the processes of the plugin are replaced when its program changes: its script; or, of a folder with a `manifest.json`, that, whatever is a script by the end of its name, and the files that `run` names by their paths; or the files that `command` names by their paths.',
    ),
  ),
  env: optional(
    list(
      string('A name.', {
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        patternWords: 'hold letters, digits and "_", and not begin with a digit',
        maxLength: 256,
      }),
      'Environment variables that the plugin gets beside the usual ones: it sees nothing else of the environment.',
      { maxItems: 256 },
    ),
  ),
});

export const Settings = record('Settings', 'The configuration.', {
  listen: optional(
    record('ListenSettings', 'Where the daemon listens.', {
      host: optional(string('An address of this machine.', { default: '127.0.0.1', minLength: 1, maxLength: 256 })),
      port: optional(int('A TCP port; 0 takes any that is free.', { default: 8420, minimum: 0, maximum: 65_535 })),
      proxies: optional(
        list(
          string('An address, or a net such as 10.0.0.0/8.', { minLength: 1, maxLength: 64 }),
          'Proxies in front of the daemon, each an address or a net such as `10.0.0.0/8`: of what comes from them, `X-Forwarded-For` says whose it is.',
          { default: [], maxItems: 64 },
        ),
      ),
    }),
  ),
  publicUrl: optional(
    string('The URL under which clients reach the daemon, when it is not the address that it listens on.', {
      pattern: '^https?://[^/\\s]+(/[^\\s]*[^/\\s])?$',
      patternWords: 'begin with http:// or https:// and not end with a slash',
    }),
  ),
  state: optional(string('The directory that holds the store and everything else that is kept.', { minLength: 1 })),
  pluginDirectories: optional(
    list(
      string('A directory.', { minLength: 1 }),
      'Where plugins are looked for before those that come with Annelid.',
      {
        default: [],
        maxItems: 64,
      },
    ),
  ),
  plugins: optional(
    record('PluginsSettings', 'Plugins that connect to the daemon by themselves.', {
      listen: optional(
        list(
          string('An address.', {
            pattern: '^(unix:.+|tls://(\\[[0-9A-Fa-f:.]+\\]|[^/:]+):[0-9]{1,5})$',
            patternWords: 'be unix:PATH or tls://HOST:PORT',
            maxLength: 4096,
          }),
          'Where they connect: `unix:PATH`, relative to this file, or `tls://HOST:PORT`.',
          { default: [], maxItems: 16 },
        ),
      ),
      tls: optional(
        record('DoorTlsSettings', 'For addresses that begin with `tls:`; those who connect show a certificate, too.', {
          cert: string('The file with the certificate that the daemon shows, PEM.', { minLength: 1 }),
          key: string('The file with its private key, PEM.', { minLength: 1 }),
          ca: string('The file with the certificates of those who may have signed that of a plugin, PEM.', {
            minLength: 1,
          }),
        }),
      ),
    }),
  ),
  log: optional(
    record('LogSettings', 'The log, on the standard error stream.', {
      level: optional(oneOf(logLevels, 'Lines below this level are left out.', { default: 'info' })),
      format: optional(
        oneOf(logFormats, '`auto`: lines for people on a terminal, JSON elsewhere.', { default: 'auto' }),
      ),
    }),
  ),
  limits: optional(
    record(
      'LimitSettings',
      'Limits.',
      Object.fromEntries(
        Object.entries(limitGroups).map(([group, of]) => [group, optional(of as Typed<object, 'record'>)]),
      ),
    ),
  ),
  tls: optional(
    record('TlsSettings', 'With it the daemon speaks TLS and nothing else. Renewed files are taken up by a reload.', {
      cert: string('The file with the certificate chain, PEM.', { minLength: 1 }),
      key: string('The file with the private key, PEM.', { minLength: 1 }),
    }),
  ),
});

/** The settings, each found and in bounds; what has no default may be missing. */
export interface SettingValues {
  listen: { host: string; port: number; proxies: string[] };
  publicUrl?: string;
  state?: string;
  pluginDirectories: string[];
  plugins: { listen: string[]; tls?: { cert: string; key: string; ca: string } };
  log: { level: (typeof logLevels)[number]; format: (typeof logFormats)[number] };
  limits: Limits;
  tls?: { cert: string; key: string };
}

/** `needs` is checked as what a manifest says. */
export interface ConnectorValues extends Omit<Static<typeof ConnectorSettings>, 'needs'> {
  needs?: Needs;
}

const scalarKinds: readonly string[] = ['bool', 'int', 'number', 'string', 'enum'];

const scalarsIn = (of: RecordShape, path: string[]): { path: string[]; shape: Shape }[] =>
  Object.entries(of.properties).flatMap(([name, shape]) => {
    if (shape['x-kind'] === 'record') return scalarsIn(shape, [...path, name]);
    return scalarKinds.includes(shape['x-kind']) ? [{ path: [...path, name], shape }] : [];
  });

/** Every setting that is a single value, with the name of its environment variable: `ANNELID_LISTEN_PORT`. */
export const scalarSettings = scalarsIn(Settings, []).map(({ path, shape }) => ({
  path,
  shape,
  variable: `ANNELID_${path.map((name) => name.replace(/([A-Z])/g, '_$1').toUpperCase()).join('_')}`,
}));

/** A value as text of the kind that the shape wants; text that is no such value stays as it is, for the check to name. */
export const valueFromText = (shape: Shape, text: string): unknown => {
  const kind = shape['x-kind'];
  if ((kind === 'int' || kind === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (kind === 'bool' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
};
