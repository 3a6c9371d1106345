/** The plugins of a soak: what is called of them, and what they have kept of it. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InstanceConfig } from '../../daemon/host/index.ts';
import { type ContractCall, compute } from '../../plugin-protocol/contract/index.ts';

export interface Mutation {
  call: ContractCall<object, unknown>;
  params: object;
}

export interface SoakCloud {
  instance: InstanceConfig;
  /** Its processes, and what each has started beside it. */
  processes: number;
  beside: number;
  machines: readonly string[];
  mutation(n: number, vm: string): Mutation;
  /** The key of each effect, as often as there was one; undefined when it keeps none. */
  effects?(): Promise<string[]>;
}

const ledgers = fileURLToPath(new URL('ledgers', import.meta.url));

/** By language: what runs its ledger. */
const languages = {
  js: [process.execPath, join(ledgers, 'ledger.mjs')],
  python: ['python3', join(ledgers, 'ledger.py')],
  perl: ['perl', join(ledgers, 'ledger.pl')],
  ruby: ['ruby', join(ledgers, 'ledger.rb')],
} as const;
type Language = keyof typeof languages;

/** Those whose program is not on this machine. */
export const missingLanguages = (): Language[] =>
  (Object.keys(languages) as Language[]).filter((name) => spawnSync(languages[name][0], ['--version']).error);

/** Those that can be run. */
export const spokenLanguages = (): Language[] => {
  const lacking = missingLanguages();
  return (Object.keys(languages) as Language[]).filter((name) => !lacking.includes(name));
};

const machinesKept = 40;
const machines = Array.from({ length: machinesKept }, (_, n) => `vm-${n}`);
const reboot = (_: number, vm: string): Mutation => ({ call: compute.reboot, params: { vm } });

/** A shell starts something that leaves the process group, and becomes the plugin. */
const withCompanion = (command: readonly string[]): string[] => [
  'sh',
  '-c',
  'setsid sleep 100000 >/dev/null 2>&1 & exec "$@"',
  'sh',
  ...command,
];

export const ledgerConfig = (folder: string, id: string) => ({
  file: join(folder, `${id}.ledger`),
  machines: machinesKept,
});
export const ledgerCommand = (language: Language): readonly string[] => languages[language];

/** The keys in the file of a ledger. */
export const keysIn = async (file: string): Promise<string[]> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // Nothing has been changed.
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').filter((line) => line !== '');
};

const ledger = (folder: string, language: Language, processes: number): SoakCloud => {
  const config = ledgerConfig(folder, language);
  const beside = language === 'python' ? processes : 0;
  const command = ledgerCommand(language);
  return {
    instance: { id: language, plugin: language, command: beside ? withCompanion(command) : command, config, processes },
    ...{ processes, beside, machines, mutation: reboot },
    effects: () => keysIn(config.file),
  };
};

/** Noise, pauses and a fault now and then, by script. */
const noop = (processes: number): SoakCloud => ({
  instance: {
    id: 'noop',
    plugin: 'noop',
    config: {
      script: {
        'compute.get': { noise: 'printed past the kit\n', stderr: 'said', delayMs: 1 },
        'compute.list': { fault: { kind: 'throttled', message: 'Too many calls.' } },
      },
    },
    processes,
  },
  ...{ processes, beside: 0, machines, mutation: reboot },
});

/** Machines are made; a file keeps them with their keys. Two connectors share its process. */
const memory = (folder: string, id: string, processes: number): SoakCloud => {
  const file = join(folder, `${id}.json`);
  return {
    instance: {
      id,
      plugin: 'memory',
      config: {
        file,
        machines: machines.map((vm) => ({ id: vm, name: vm, memoryMiB: 1, networks: [], state: 'running' })),
        hosts: [{ id: 'h1', name: 'h1', memoryMiB: 1_000_000 }],
      },
    },
    ...{ processes, beside: 0, machines },
    mutation: (n) => ({
      call: compute.create,
      params: { id: `made-${n}`, name: `made-${n}`, vcpus: 1, memoryMiB: 1, disks: [], networks: [], labels: {} },
    }),
    async effects() {
      const kept = JSON.parse(await readFile(file, 'utf8').catch(() => '{"machines":[]}')) as {
        machines: { key?: string }[];
      };
      return kept.machines.flatMap(({ key }) => key ?? []);
    },
  };
};

/** 20 processes, or with `few` the half of them. */
export const soakClouds = (folder: string, few: boolean): SoakCloud[] => {
  const count = (most: number) => (few ? Math.ceil(most / 3) : most);
  return [
    ...spokenLanguages().map((name) => ledger(folder, name, count(name === 'js' ? 5 : 4))),
    noop(count(2)),
    memory(folder, 'memory-a', 1),
    memory(folder, 'memory-b', 0),
  ];
};
