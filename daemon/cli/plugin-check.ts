/** `annelid plugin check`: the conformance program, on the command line. */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { AddressSubject, ProgramSubject, Report, TlsFiles } from '../../plugin-protocol/conformance/index.ts';
import { addressOf } from '../../plugin-protocol/connection/address.ts';
import type { CheckFacts } from '../../plugin-protocol/manifest.ts';
import { secretsIn } from '../config/secrets.ts';
import { ConfigError } from '../config/settle.ts';
import { Failed } from './failed.ts';
import { coloured, progressLine } from './output.ts';
import { readInstanceConfig, readSeconds } from './plugin-options.ts';

const formats = ['text', 'json', 'junit'] as const;

interface CheckOptions {
  config?: string;
  only?: string[];
  report: (typeof formats)[number];
  output?: string;
  strict?: boolean;
  bail?: boolean;
  env?: string[];
  keepHome?: boolean;
  cert?: string;
  key?: string;
  ca?: string;
  dialIn?: boolean;
  oneShot?: boolean;
  patience?: number;
}

/** Shorter ones stand in other texts by chance. */
const leastSecret = 6;

const usageError = (problem: string) => new ConfigError([problem]);

const collect = (value: string, before: string[] = []) => [...before, ...value.split(',')];

interface Found {
  name: string;
  subject: ProgramSubject | AddressSubject;
  manifest?: { file: string; content: { check?: CheckFacts } };
}

/** Undefined when none is given. */
const tlsFrom = ({ cert, key, ca }: CheckOptions): TlsFiles | undefined => {
  if (cert !== undefined && key !== undefined && ca !== undefined) return { cert, key, ca };
  if (cert === undefined && key === undefined && ca === undefined) return undefined;
  throw usageError('--cert, --key and --ca go together.');
};

const standIn = join(import.meta.dirname, `../../plugin-protocol/one-shot/stand-in${extname(import.meta.filename)}`);
/** What has a process for each call is checked through a program that stays. */
const withStandIn = (command: readonly string[], isOneShot = false): readonly string[] =>
  isOneShot ? [process.execPath, standIn, ...command] : command;

const findPlugin = async (
  path: string | undefined,
  words: readonly string[],
  options: CheckOptions,
): Promise<Found> => {
  const tls = tlsFrom(options);
  const dialIn = options.dialIn ? { tls } : undefined;
  if (options.dialIn && options.oneShot) throw usageError('A plugin that dials in stays: leave out --one-shot.');
  if (path === undefined) {
    const command = withStandIn(words, options.oneShot);
    return { name: words.join(' '), subject: { kind: 'program', command, folder: process.cwd(), dialIn } };
  }
  const address = addressOf(path);
  if (address !== undefined) {
    if (dialIn) throw usageError('With --dial-in the plugin is started: give its folder, its script or its command.');
    if (address.kind === 'tls' && tls === undefined)
      throw usageError('A plugin over TLS needs --cert, --key and --ca.');
    return { name: path, subject: { kind: 'address', address, tls } };
  }
  const { locatePlugin } = await import('../host/program/locate.ts');
  const program = await locatePlugin(resolve(path), []).catch((error: Error) => {
    throw usageError(error.message);
  });
  const command = withStandIn(program.command, dialIn === undefined && (options.oneShot ?? program.oneShot));
  const subject: ProgramSubject = { kind: 'program', command, folder: program.folder, dialIn };
  const file = join(resolve(path), 'manifest.json');
  if (program.folder !== resolve(path)) return { name: path, subject };
  return { name: path, subject, manifest: { file, content: JSON.parse(readFileSync(file, 'utf8')) } };
};

/** What the host would pass on, but for the time zone: a far one shows more. */
const environmentFor = ({ env = [], keepHome }: CheckOptions): Record<string, string> => {
  const names = ['PATH', 'LANG', ...(keepHome ? ['HOME'] : []), ...env];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
};

const booksIn = ({ books }: CheckFacts): string | string[] | undefined => {
  const isCommand = Array.isArray(books) && books.length > 0 && books.every((word) => typeof word === 'string');
  if (books === undefined || typeof books === 'string' || isCommand) return books as string | string[] | undefined;
  throw usageError('check.books in manifest.json must be the path of a file, or the words of a command.');
};

const print = async (report: Report, { report: format, output }: CheckOptions): Promise<void> => {
  const { junitReport, textReport } = await import('../../plugin-protocol/conformance/index.ts');
  const written = {
    text: () => textReport(report, output === undefined && coloured(process.stdout)),
    json: () => `${JSON.stringify(report, undefined, 2)}\n`,
    junit: () => junitReport(report),
  }[format]();
  if (output === undefined) process.stdout.write(written);
  else {
    writeFileSync(output, written);
    if (format !== 'text') process.stdout.write(textReport(report, coloured(process.stdout)));
  }
};

/** Before a check that takes a while. */
const expectWritable = (file: string): void => {
  try {
    closeSync(openSync(file, 'a'));
  } catch (error) {
    throw usageError(`The report cannot be written: ${(error as Error).message}.`);
  }
};

/** The first signal ends what was started, and then the check; another one ends it at once. */
const interruptible = (): { signal: AbortSignal; over(): void } => {
  const interrupted = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const interrupt = (name: NodeJS.Signals): void => {
    // The reaper, which goes on, ends what it knows then.
    if (interrupted.signal.aborted) process.exit(128 + constants.signals[name]);
    interrupted.abort(new Error('The check was interrupted; what it had started was ended.'));
  };
  for (const name of names) process.on(name, interrupt);
  return {
    signal: interrupted.signal,
    over() {
      for (const name of names) process.off(name, interrupt);
    },
  };
};

const check = async (path: string | undefined, command: readonly string[], options: CheckOptions): Promise<void> => {
  const [{ checkPlugin, defaultPatience, NoPlugin, unknownClauses }, { nouns }] = await Promise.all([
    import('../../plugin-protocol/conformance/index.ts'),
    import('../catalogue/index.ts'),
  ]);
  const unknown = unknownClauses(options.only ?? []);
  if (unknown.length > 0) throw usageError(`PROTOCOL.md has no clause ${unknown.join(', ')}.`);
  const { name, subject, manifest } = await findPlugin(path, command, options);
  if (options.output !== undefined) expectWritable(options.output);
  const facts = manifest?.content.check ?? {};
  const inManifest = (facts.config ?? {}) as Record<string, unknown>;
  const { config, secrets } =
    options.config === undefined
      ? { config: inManifest, secrets: secretsIn(inManifest, inManifest) }
      : readInstanceConfig(options.config);
  const line = progressLine();
  const interruption = interruptible();
  try {
    const report = await checkPlugin({
      signal: interruption.signal,
      path: name,
      subject,
      manifest,
      config,
      secrets: secrets.filter(({ length }) => length >= leastSecret),
      create: facts.create as Record<string, unknown> | undefined,
      slow: facts.slow,
      hostSecrets: facts.secrets,
      login: facts.login,
      books: booksIn(facts),
      entry: facts.entry as Record<string, unknown> | undefined,
      env: environmentFor(options),
      takenServices: Object.keys(nouns),
      patience: {
        ...defaultPatience,
        ...(options.patience !== undefined && { answerMs: options.patience * 1000 }),
      },
      only: options.only,
      strict: options.strict,
      bail: options.bail,
      onProgress: (clause, shows, done, all) => line.show(`[${done + 1}/${all}] ${clause} ${shows}`),
    });
    line.clear();
    await print(report, options);
    if (!report.passed) throw new Failed();
  } catch (error) {
    if (error instanceof NoPlugin) throw usageError(error.message);
    throw error;
  } finally {
    line.clear();
    interruption.over();
  }
};

const help = `
PATH is a folder with a manifest.json, a script, or the address of a plugin that runs: unix:PATH or tls://HOST:PORT. A command
of any kind stands behind two dashes.

  annelid plugin check plugins/memory
  annelid plugin check ./cloud.py --config instance.yaml
  annelid plugin check --config instance.yaml -- ssh cloud.example /opt/cloud
  annelid plugin check ./cloud.py --only 9.3 --only 1
  annelid plugin check ./cloud.py --dial-in
  annelid plugin check tls://127.0.0.1:7700 --cert host.pem --key host-key.pem --ca ca.pem
  annelid plugin check . --strict --report junit --output check.xml

With --dial-in a plugin is started with --dial ADDRESS --connector NAME --token-file FILE, as the kits take them; or with what its
command has {address}, {path}, {connector} and {token-file} for: -- python3 plugin.py {path} {connector} {token-file}

The plugin is started many times, in its folder (a command: in the one that you are in), in a process group and with a home of its
own, and asked everything that PROTOCOL.md has a number for. It makes machines whose names begin with annelid-check-, and removes
them; others are left alone. Use a backend that may be played with. What the check should know stands in manifest.json under check:
config, create, secrets, login, books, entry, slow.

Exit code: 0 when everything holds, 1 when something does not, 2 when nothing could be checked. The guide is docs/plugin-check.md.`;

export const checkCommand = (): Command =>
  new Command('check')
    .description('Check a plugin against every clause of the plugin protocol.')
    .summary('Check a plugin against every clause of the plugin protocol')
    .usage('[options] PATH | -- COMMAND ...')
    .argument('[path]', 'The folder, script or address.')
    .argument('[command...]', 'A command, behind two dashes.')
    .option('--config <file>', 'The configuration of the instance, YAML or JSON; secrets as in annelid.yaml.')
    .option('--only <clause>', 'This clause or section alone; several times, or with commas.', collect)
    .addOption(new Option('--report <format>', 'What to write.').choices(formats).default('text'))
    .option('--output <file>', 'Where to write the report; standard output when left out.')
    .option('--strict', 'Warnings fail, too: noise, names that are not known, settings that a refusal does not name.')
    .option('--bail', 'Stop at the first clause that does not hold.')
    .option('--env <name>', 'A further environment variable to pass on, as env of a connector does.', collect)
    .option('--keep-home', 'Pass HOME on; an empty folder stands in for it otherwise.')
    .option('--patience <seconds>', 'How long an answer may take; 30 when left out.', readSeconds)
    .option(
      '--dial-in',
      'The plugin connects by itself, as with plugin: dial-in. It is started with where to and who it is.',
    )
    .option(
      '--one-shot',
      'Each call has a process of its own, as with oneShot: true in manifest.json or of a connector.',
    )
    .option('--cert <file>', 'The certificate to show: for tls:, or --dial-in over TLS rather than a unix socket.')
    .option('--key <file>', 'Its key.')
    .option('--ca <file>', 'Who has signed the certificate of the plugin.')
    .addHelpText('after', help)
    .action((path: string | undefined, words: string[], options: CheckOptions) => {
      // Commander takes the first word behind two dashes for PATH.
      const dashes = process.argv.indexOf('--');
      const command = dashes < 0 ? [] : process.argv.slice(dashes + 1);
      if (command.length === 0 && path === undefined) throw usageError('Say what to check: PATH, or -- COMMAND ...');
      if (words.length > (dashes < 0 ? 0 : command.length))
        throw usageError(`Only one plugin is checked at a time, not ${words[0]} as well.`);
      return check(command.length > 0 ? undefined : path, command, options);
    });
