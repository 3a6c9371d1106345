/** `annelid user`: through the daemon that holds the state directory, or directly when none does. */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { askUsers } from '../control/ask.ts';
import { manageUsers, type UserList, type UserRequest } from '../control/users.ts';
import type { StateInUse } from '../state/directory.ts';
import { filesIn } from '../state/files.ts';
import { type ConnectionOptions, type State, stateFor } from './connection.ts';
import { coloured } from './output.ts';
import { readPassword } from './password.ts';
import { renderResult } from './render.ts';

/** Nobody serves there: the socket is not there, or is left from a daemon that was killed. */
const isNobody = (error: unknown) => ['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');

/** With the store in our own hands: made only when that is asked for, as a misspelled directory would get one too. */
const manageStore = async ({ directory, source }: State, request: UserRequest, create: boolean) => {
  if (!create && !existsSync(filesIn(directory).store)) {
    const also = request.do === 'add' ? ', or make an empty one with --create' : '';
    throw new Error(
      `There is no store in the state directory ${directory} (from ${source}). Name another directory with --state${also}.`,
    );
  }
  const [{ holdStateDirectory }, { openSqliteStore }, { createCore }, { createLog }, { defaultLimits }, { version }] =
    await Promise.all([
      import('../state/directory.ts'),
      import('../store/sqlite.ts'),
      import('../core/index.ts'),
      import('../log.ts'),
      import('../limits.ts'),
      import('../version.ts'),
    ]);
  const held = holdStateDirectory(directory, source);
  try {
    const log = createLog({ level: 'warn', format: 'lines' });
    const store = await openSqliteStore(held.files.store, log).catch((cause: unknown) => {
      throw held.unusable(held.files.store, cause);
    });
    const backends = { list: () => [], get: () => undefined, listen: () => {}, provide: () => {} };
    const metrics = { called: () => {}, refused: () => {} };
    try {
      return await manageUsers(
        await createCore({ store, backends, log, metrics, limits: defaultLimits, version }),
        request,
      );
    } finally {
      await store.close();
    }
  } finally {
    held.release();
  }
};

/** How long another command, or a daemon that is starting, is waited for. */
const waitMs = 10_000;
const againMs = 50;

const manage = async (state: State, request: UserRequest, create: boolean): Promise<UserList> => {
  const { control } = filesIn(state.directory);
  for (const until = Date.now() + waitMs; ; ) {
    try {
      return await askUsers(control, request);
    } catch (error) {
      if (!isNobody(error)) throw error;
    }
    try {
      return await manageStore(state, request, create);
    } catch (error) {
      const isPassing = error instanceof Error && error.name === 'StateInUse' && !(error as StateInUse).isServed;
      if (!isPassing || Date.now() > until) throw error;
      await delay(againMs);
    }
  }
};

type Role = 'reader' | 'user' | 'admin';
interface UserOptions {
  state?: string;
  passwordFile?: string;
  account?: string;
  role?: Role;
  create?: boolean;
}

export const userCommand = (where: () => ConnectionOptions): Command => {
  const command = new Command('user').description('Users of the daemon on this machine.');
  const verb = (usage: string, does: string, takesPassword: boolean) => {
    const made = command.command(usage).description(does);
    made.option('--state <directory>', 'The state directory of the daemon (ANNELID_STATE).');
    if (takesPassword) made.option('--password-file <file>', 'The file with the password; else it is asked for.');
    return made;
  };
  const run = async (request: UserRequest, options: UserOptions) => {
    const users = await manage(stateFor({ ...where(), ...options }), request, options.create === true);
    process.stdout.write(renderResult({ name: 'user.list' }, { items: users }, { colour: coloured(process.stdout) }));
  };
  const newPassword = (options: UserOptions) => readPassword('New password', options.passwordFile);

  verb('add <user>', 'Make a user.', true)
    .option('--create', 'Make the state directory and its store when they are not there.')
    .option('--account <name>', 'The account of the user; the name of the user when left out.')
    .addOption(
      new Option('--role <role>', 'What the user may do.').choices(['reader', 'user', 'admin']).default('user'),
    )
    .action(async (user: string, options: UserOptions) => {
      const { account = user, role = 'user' } = options;
      await run({ do: 'add', user, role, account, password: await newPassword(options) }, options);
    });
  verb('list', 'All users.', false).action((options: UserOptions) => run({ do: 'list' }, options));
  verb('passwd <user>', 'Give a user another password; tokens of the user end.', true).action(
    async (user: string, options: UserOptions) =>
      run({ do: 'password', user, password: await newPassword(options) }, options),
  );
  verb('remove <user>', 'Remove a user; tokens of the user end.', false).action((user: string, options: UserOptions) =>
    run({ do: 'remove', user }, options),
  );
  return command;
};
