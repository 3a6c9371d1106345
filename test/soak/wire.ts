/**
 * The same from outside: calls over the wire to a real daemon, whose plugins are killed at random and which is itself
 * killed once, early and with calls under way. What it has acknowledged must have an end, and one effect.
 */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Operation, Vm } from '../../daemon/catalogue/resources.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { TestDaemon, until } from '../support/daemon.ts';
import { residentMiB } from '../support/processes.ts';
import { randomFrom } from '../support/random.ts';
import { type Check, flatDaemon, operationsEnded, orphans, wrongAnswers } from './checks.ts';
import { keysIn, ledgerCommand, ledgerConfig, spokenLanguages } from './clouds.ts';
import { type DaemonSample, openFilesOf } from './figures.ts';
import { count, type Tally } from './settle.ts';

export interface WireOptions {
  calls: number;
  seed: number;
  folder: string;
  onSample: (sample: DaemonSample) => void;
}

export interface WireResult {
  answers: Tally;
  operations: Tally;
  kills: number;
  checks: readonly Check[];
}

const callers = 32;
const processesEach = 2;
/** One in so many calls. */
const odds = { change: 3, list: 20, kill: 150 };

const limits = {
  plugins: { restartMinMs: 10, restartMaxMs: 200, crashes: 1_000_000, quarantineMs: 1000 },
  store: { operationDays: 1 },
};

/** Everything of a list that comes in pages. */
const allOf = async <T>(daemon: TestDaemon, method: string): Promise<T[]> => {
  const all: T[] = [];
  for (let after: string | undefined; ; ) {
    const page = { limit: 1000, ...(after === undefined ? {} : { after }) };
    const { items, next } = await daemon.call<{ items: T[]; next?: string }>(method, page);
    all.push(...items);
    if (next === undefined) return all;
    after = next;
  }
};

export const soakWire = async ({ calls, seed, folder, onSample }: WireOptions): Promise<WireResult> => {
  const random = randomFrom(seed);
  const languages = spokenLanguages();
  const daemon = new TestDaemon(await mkdtemp(join(folder, 'daemon-')), {
    limits,
    // Of what is not collected yet there is no more than this: otherwise it would be taken for a leak.
    node: ['--max-old-space-size=64'],
    connectors: (directory) =>
      Object.fromEntries(
        languages.map((language) => [
          language,
          {
            plugin: language,
            command: [...ledgerCommand(language)],
            config: ledgerConfig(directory, language),
            processes: processesEach,
          },
        ]),
      ),
  });
  const answers: Tally = new Map();
  const samples: DaemonSample[] = [];
  let kills = 0;
  /** Resolves when the daemon is there. */
  let back = daemon.start();
  try {
    await back;
    let vms: Vm[] = [];
    const wanted = languages.length * ledgerConfig('', '').machines;
    await until(async () => {
      vms = await allOf<Vm>(daemon, 'vm.list');
      return vms.length === wanted;
    });

    const ledgers = async () => (await daemon.offspring()).filter(({ command }) => command.includes('ledger.'));
    const strike = async (at: number) => {
      const plugins = await ledgers();
      const { pid } = plugins[at % Math.max(1, plugins.length)] ?? {};
      if (pid === undefined) return;
      kills += 1;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    };
    const killDaemon = async () => {
      await daemon.kill();
      await daemon.start();
    };
    const killedAt = Math.floor(calls / 8);
    const striking = new Set<Promise<void>>();
    const make = async (n: number) => {
      if (n === killedAt) back = killDaemon();
      await back;
      const [at, isChange, isList, isKill, which] = [
        random(vms.length),
        random(odds.change) === 0,
        random(odds.list) === 0,
        random(odds.kill) === 0,
        random(1000),
      ];
      if (isKill) {
        const striken = strike(which).finally(() => striking.delete(striken));
        striking.add(striken);
      }
      const vm = vms[at]!.id;
      const call = isChange
        ? daemon.call<Operation>('vm.reboot', { vm, wait: 60 }).then(({ state }) => state)
        : daemon.call(isList ? 'vm.list' : 'vm.get', isList ? { limit: 10 } : { vm }).then(() => 'read');
      const said = await call.catch((error: unknown) =>
        error instanceof Fault ? error.kind : 'cut off with the daemon',
      );
      count(answers, said);
    };

    let next = 0;
    for (let quarter = 1; quarter <= 4; quarter += 1) {
      const end = Math.round((calls * quarter) / 4);
      const work = async () => {
        while (next < end) await make(next++);
      };
      await Promise.all(Array.from({ length: callers }, work));
      await Promise.all(striking);
      await until(async () => (await ledgers()).length === languages.length * processesEach);
      const [resident, openFiles] = [await residentMiB(daemon.pid), await openFilesOf(daemon.pid)];
      samples.push({ calls: next, residentMiB: resident, openFiles });
      onSample(samples.at(-1)!);
    }
    let operations: Operation[] = [];
    const isOver = ({ state }: Operation) => state !== 'queued' && state !== 'running';
    for (const since = performance.now(); performance.now() - since < 60_000; await pause(100)) {
      operations = await allOf<Operation>(daemon, 'operation.list');
      if (operations.every(isOver)) break;
    }
    await daemon.stop();
    // What a killed daemon has left is asked to end by its reaper, and ended two seconds later.
    let left = await daemon.offspring();
    for (const since = performance.now(); left.length > 0 && performance.now() - since < 10_000; await pause(100)) {
      left = await daemon.offspring();
    }
    const keys = await Promise.all(languages.map((of) => keysIn(ledgerConfig(daemon.directory, of).file)));
    const states: Tally = new Map();
    for (const { state } of operations) count(states, state);
    return {
      ...{ answers, operations: states, kills },
      checks: [
        wrongAnswers(answers),
        operationsEnded(operations, keys.flat()),
        orphans(left),
        ...flatDaemon(samples, callers),
      ],
    };
  } finally {
    await daemon.discard();
  }
};
