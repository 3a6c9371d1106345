/** The cloud among the examples of an SDK as a process that stays: hosts connect to it, or it to one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createWatch } from '../host/running-host.ts';
import { exampleCommand, type Language } from './languages.ts';

export const newMachine = { id: 'a', name: 'web1', vcpus: 1, memoryMiB: 64, disks: [], networks: [], labels: {} };

const children = new Set<ChildProcess>();

/** What it says on standard error can be waited for; `ended` resolves with its exit code, null after a signal. */
export const stayAs = ([program = '', ...words]: readonly string[], args: readonly string[]) => {
  const child = spawn(program, [...words, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.add(child);
  const said = createWatch<string>();
  createInterface({ input: child.stderr }).on('line', said.add);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said, ended, text: () => said.all.join('\n') };
};

export const stay = (language: Language, args: readonly string[]) => stayAs(exampleCommand(language), args);

/** To be called in `afterEach`. */
export const endStaying = async (): Promise<void> => {
  for (const child of children) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  children.clear();
};

/** The files of TLS as arguments. */
export const tlsArgs = ({ cert, key }: { cert: string; key: string }, ca: { cert: string }): string[] => [
  ...['--cert', cert, '--key', key],
  ...['--ca', ca.cert],
];
