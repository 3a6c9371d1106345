/** Checks of plugins, with the reports that the tests look at. */
import { join } from 'node:path';
import { type Check, checkPlugin, type Report } from '../../plugin-protocol/conformance/index.ts';
import { root } from '../support/annelid.ts';

/** The machine may be busy with other things. */
export const patience = { describeMs: 15_000, answerMs: 15_000, stopMs: 15_000 };

export const checkCommand = (command: readonly string[], check: Partial<Check> = {}): Promise<Report> =>
  checkPlugin({
    path: command.join(' '),
    subject: { kind: 'program', command, folder: root },
    config: {},
    secrets: [],
    // What Node has compiled once it does not compile again: most of the time goes into starts.
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node') },
    takenServices: ['vm'],
    patience,
    ...check,
  });

/** What is wrong with it: its clauses, with the first words about each. */
export const wrongIn = ({ clauses }: Report): string[] =>
  clauses
    .filter(({ status }) => status === 'failed' || status === 'skipped')
    .map(({ clause, findings, probes }) => {
      const said = [
        ...probes.flatMap((probe) => [...probe.findings, ...(probe.why ? [{ message: probe.why }] : [])]),
        ...findings,
      ];
      return `${clause}: ${[...new Set(said.map(({ message }) => message))].join(' ')}`;
    });

const folder = join(root, 'test/conformance/planted');
const program = join(folder, 'main.ts');
const password = 'open-sesame-42';

/** The plugin of `planted/cloud.ts`, or the one with a fault. */
export const checkPlanted = (fault: string | undefined, check: Partial<Check> = {}): Promise<Report> => {
  const command = [process.execPath, program, ...(fault === undefined ? [] : [fault])];
  return checkCommand(command, {
    subject: { kind: 'program', command, folder },
    config: { file: '{scratch}/cloud.json', password },
    secrets: [password],
    hostSecrets: { token: 'token-4711-0815' },
    login: { login: 'ann', secret: 'ann-secret-0815', account: 'acme', role: 'user' },
    books: '{scratch}/books',
    slow: 'compute.reboot',
    ...check,
  });
};
