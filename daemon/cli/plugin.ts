/** `annelid plugin`: for those who write and run plugins. */
import { Command } from 'commander';
import type { ConnectionOptions } from './connection.ts';
import { checkCommand } from './plugin-check.ts';
import { forgetCommand } from './plugin-forget.ts';
import { inspectCommand } from './plugin-inspect.ts';
import { mockCommand } from './plugin-mock.ts';
import { newCommand } from './plugin-new.ts';
import { reloadCommand } from './plugin-reload.ts';
import { replayCommand } from './plugin-replay.ts';

/** Its subcommands, in the order in which they are used. */
const subcommands: readonly ((where: () => ConnectionOptions) => Command)[] = [
  newCommand,
  checkCommand,
  inspectCommand,
  replayCommand,
  mockCommand,
  reloadCommand,
  forgetCommand,
];

export const pluginCommand = (where: () => ConnectionOptions): Command => {
  const command = new Command('plugin').description('Plugins: for those who write and run them.');
  for (const make of subcommands) command.addCommand(make(where));
  return command;
};
