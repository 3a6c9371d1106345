/** `annelid plugin reload`: let a running daemon take up what has changed of its connectors. */
import { Command } from 'commander';
import { visibleLines } from '../../plugin-protocol/text/visible.ts';
import { askReload } from '../control/ask.ts';
import { filesIn } from '../state/files.ts';
import { asking, type ConnectionOptions, stateFor } from './connection.ts';
import { Failed } from './failed.ts';
import { red } from './output.ts';

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
      for (const { connector: name, did, message } of reloaded) {
        if (did === 'failed') process.stderr.write(`${red(visibleLines(`${name}: ${message}`))}\n`);
        else process.stdout.write(`${name} was ${did}.\n`);
      }
      if (reloaded.some(({ did }) => did === 'failed')) throw new Failed();
    });
