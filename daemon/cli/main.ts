/** The command `annelid`. */
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/settle.ts';
import { version } from '../version.ts';
import type { ConnectionOptions } from './connection.ts';
import { Failed } from './failed.ts';
import { complaintOf, exitCodes } from './output.ts';
import type { ServeOptions } from './serve.ts';

const collect = (value: string, before: string[] = []) => [...before, value];

const serveOptions = (command: Command): Command =>
  command
    .option('--config <file>', 'The configuration; annelid.yaml when left out and there is one.')
    .option('--state <directory>', 'The state directory (state).')
    .option('--host <address>', 'The address to listen on (listen.host).')
    .option('--port <port>', 'The port to listen on (listen.port).')
    .option('--log-level <level>', 'Log lines below this level are left out (log.level).')
    .option('--set <name=value>', 'Any other setting, such as limits.xml.depth=32.', collect)
    .option('--demo', 'Without a configuration: a cloud in memory with a few machines.')
    .option(
      '--watch',
      'Replace plugins when their programs change (connectors.NAME.watch, for all that the daemon starts).',
    )
    .option('--keep-plugins', 'When it stops, leave plugins that are kept to their keepers.');

const warn = (warnings: readonly string[]) => {
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
};

const configCommand = (program: Command): Command => {
  const command = new Command('config').description('The configuration.');
  serveOptions(command.command('show'))
    .description('Print the configuration that `annelid serve` would run with, secrets hidden.')
    .action(async (options: ServeOptions) => {
      const [{ configFor }, { stringify }] = await Promise.all([import('./serve.ts'), import('yaml')]);
      const { shown, warnings } = configFor({ ...program.opts(), ...options });
      warn(warnings);
      process.stdout.write(stringify(shown));
    });
  command
    .command('check [file]')
    .description(
      'Check a configuration, whether its plugins are there and its contracts can be served, and name every mistake by its place.',
    )
    .action(async (file: string | undefined) => {
      const [{ configFor }, { pluginProblems, pluginNeeds }, { contractProblems }] = await Promise.all([
        import('./serve.ts'),
        import('../config/plugins.ts'),
        import('../config/contracts.ts'),
      ]);
      const config = configFor(file === undefined ? {} : { config: file });
      warn(config.warnings);
      const problems = [...(await pluginProblems(config)), ...contractProblems(config)];
      if (problems.length > 0) throw new ConfigError(problems);
      const needs = (await pluginNeeds(config)).map((sentence) => `${sentence}\n`);
      process.stdout.write(`${config.file ?? 'The defaults'}: right.\n${needs.join('')}`);
    });
  return command;
};

const exitCodeFor = (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? 0 : exitCodes.failed);

/** The reader may go before a command, or its help, is done, as `head` does. */
const readerGone = (error: Error) => process.exit(exitCodeFor(error));

const readsConfiguration = (command: Command) => command.name() === 'serve' || command.parent?.name() === 'config';

/** What no command is called may be a service of a plugin: then the daemon knows its methods. */
const addPublished = async (program: Command, connection: () => ConnectionOptions): Promise<void> => {
  const [noun] = program.parseOptions(process.argv.slice(2)).operands;
  if (noun === undefined || program.commands.some((command) => command.name() === noun)) return;
  const [{ publishedCommand }, { nearest }] = await Promise.all([
    import('./published.ts'),
    import('../../plugin-protocol/text/nearest.ts'),
  ]);
  const { command, known } = await publishedCommand(noun, connection);
  if (command !== undefined) {
    program.addCommand(command);
    return;
  }
  // Commander knows no services; and where help is asked for it would show that of the whole, as if there were nothing to say.
  const meant = nearest(noun, [...program.commands.map((each) => each.name()), ...(known ?? [])]);
  const without =
    known === undefined
      ? '(Services that plugins publish are commands too: no daemon answers that knows them.)'
      : undefined;
  const hint = meant === undefined ? without : `(Did you mean ${meant}?)`;
  program.error([`error: unknown command '${noun}'`, ...(hint === undefined ? [] : [hint])].join('\n'), {
    exitCode: exitCodes.usage,
  });
};

/** Every command but `serve`. */
const addOthers = async (program: Command, where: () => ConnectionOptions): Promise<void> => {
  const [{ userCommand }, { pluginCommand }, { completionCommand }, { methodCommands, whyCommand }, { statusCommand }] =
    await Promise.all([
      import('./users.ts'),
      import('./plugin.ts'),
      import('./completion.ts'),
      import('./method-commands.ts'),
      import('./status.ts'),
    ]);
  program.addCommand(statusCommand(where));
  program.addCommand(configCommand(program));
  program.addCommand(userCommand(where));
  program.addCommand(pluginCommand(where));
  program.addCommand(completionCommand(program));
  program
    .command('version')
    .description('Print the version.')
    .action(() => {
      process.stdout.write(`annelid ${version}\n`);
    });

  program.commandsGroup('Calls:');
  for (const command of methodCommands(where)) program.addCommand(command);
  program.addCommand(whyCommand(where));
  program.addHelpText(
    'after',
    '\nServices that plugins publish are commands too, as long as the daemon runs: annelid SERVICE --help.\n\nExamples:\n  annelid serve --demo\n  annelid vm list\n  annelid vm start web1 --wait',
  );
  await addPublished(program, where);
};

const afterError = 'Run it with --help to see what it takes.';

const buildProgram = async (): Promise<Command> => {
  const program = new Command('annelid')
    .description('Any management tool drives any cloud: the Annelid daemon and its command line.')
    .usage('[options] COMMAND ...')
    .version(version, '--version', 'Print the version.')
    .option('--url <url>', 'The daemon (ANNELID_URL); the one of the state directory when left out.')
    .option('--user <name>', 'Who is calling (ANNELID_USER); with ANNELID_PASSWORD, or ANNELID_TOKEN instead.')
    .option('--password-file <file>', 'The file with the password.')
    .option('--state <directory>', 'The state directory of the daemon (ANNELID_STATE).')
    .helpCommand(false)
    // `annelid vm list --state running` means the machine's state: options of the whole command come before the noun.
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    .showHelpAfterError(afterError);
  const where = () => program.opts<ConnectionOptions>();

  program.hook('preAction', async (_program, command) => {
    // A daemon outlives its readers.
    if (command.name() === 'serve') process.stdout.off('error', readerGone).on('error', () => {});
    // A configuration may name further ones, so there they are looked at once it has been read.
    if (readsConfiguration(command)) return;
    const { misspelledVariables } = await import('../config/environment.ts');
    warn(misspelledVariables(process.env));
  });
  program.commandsGroup('Daemon:');
  program.addCommand(
    serveOptions(new Command('serve'))
      .description('Run the daemon in the foreground.')
      .action(async (options: ServeOptions) => {
        const { runServe } = await import('./serve.ts');
        await runServe({ ...program.opts(), ...options });
      }),
  );
  // Many of the modules are for the others: a daemon starts without them.
  if (process.argv[2] !== 'serve') await addOthers(program, where);
  forAll(program, (command) => command.exitOverride().showHelpAfterError(afterError));
  return program;
};

/** What Commander hands on to those commands alone that it makes itself. */
const forAll = (command: Command, work: (command: Command) => void) => {
  work(command);
  for (const inner of command.commands) forAll(inner, work);
};

const run = async (): Promise<number> => {
  try {
    await (await buildProgram()).parseAsync();
    return 0;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (error instanceof Failed) return exitCodes.failed;
    process.stderr.write(complaintOf(error));
    return error instanceof ConfigError ? exitCodes.usage : exitCodes.failed;
  }
};

process.stdout.on('error', readerGone);
process.exitCode = await run();
