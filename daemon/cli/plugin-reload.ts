/** `annelid plugin reload`: let a running daemon take up what has changed of its connectors. */
import { Command } from 'commander';
import { visibleLines } from '../../plugin-protocol/text/visible.ts';
import { askReload } from '../control/ask.ts';
import { filesIn } from '../state/files.ts';
import { asking, type ConnectionOptions, stateFor } from './connection.ts';
import { Failed } from './failed.ts';
import { red } from './output.ts';

const did = {
  replaced: 'was replaced',
  awaited: 'is waited for: its plugin connects by itself, with what is configured now',
  added: 'was added',
  removed: 'was removed',
};

export const reloadCommand = (where: () => ConnectionOptions): Command =>
  new Command('reload')
    .description(
      'Replace the processes of a connector, or of all: changed programs, secrets and settings are taken up without a call that fails. Without a name connectors that are new in the configuration are started, and those that are gone ended.',
    )
    .argument('[connector]', 'The connector, by its name.')
    .option('--state <directory>', 'The state directory of the daemon (ANNELID_STATE).')
    .action(async (connector: string | undefined, options: { state?: string }) => {
      const state = stateFor({ ...where(), ...options });
      const reloaded = await asking(state, () => askReload(filesIn(state.directory).control, connector));
      for (const { connector: name, message, ...each } of reloaded) {
        if (each.did !== 'failed') process.stdout.write(`${name} ${did[each.did]}.\n`);
        if (message !== undefined) process.stderr.write(`${red(visibleLines(`${name}: ${message}`))}\n`);
      }
      if (reloaded.some(({ message }) => message !== undefined)) throw new Failed();
    });
