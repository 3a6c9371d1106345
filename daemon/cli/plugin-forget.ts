/** `annelid plugin forget`: let a running daemon drop what it keeps of a connector that is gone. */
import { Command } from 'commander';
import { askForget } from '../control/ask.ts';
import { filesIn } from '../state/files.ts';
import { asking, type ConnectionOptions, stateFor } from './connection.ts';

export const forgetCommand = (where: () => ConnectionOptions): Command =>
  new Command('forget')
    .description(
      'Drop what is kept of a connector that is not configured any more: its machines, which are shown as deleted, the values of its plugin, and where its events go on. Otherwise that waits for limits.store.connectorDays.',
    )
    .argument('<connector>', 'The connector, by its name.')
    .option('--state <directory>', 'The state directory of the daemon (ANNELID_STATE).')
    .action(async (connector: string, options: { state?: string }) => {
      const state = stateFor({ ...where(), ...options });
      await asking(state, () => askForget(filesIn(state.directory).control, connector));
      process.stdout.write(`${connector} was forgotten.\n`);
    });
