/** The configuration of this plugin, checked once when it comes in. */
import { isAbsolute } from 'node:path';
import {
  bool,
  compileCheck,
  faults,
  int,
  list,
  map,
  number,
  oneOf,
  optional,
  outcomes,
  record,
  type Static,
  string,
} from '../../sdk/typescript/plugin/config.ts';
import { Fault } from '../../sdk/typescript/plugin/index.ts';

const id = optional(string('Its id; made from its name when left out.', { minLength: 1, maxLength: 256 }));
const name = string('Its name.', { minLength: 1, maxLength: 256 });

const SeedMachine = record('SeedMachine', 'A machine that is there from the beginning.', {
  id,
  name,
  state: optional(
    oneOf(['stopped', 'running', 'paused', 'suspended', 'error'], 'Its state.', { default: 'stopped' as const }),
  ),
  vcpus: optional(int('Virtual processors.', { minimum: 1, maximum: 4096, default: 1 })),
  memoryMiB: optional(int('Memory in MiB.', { minimum: 1, default: 512 })),
  image: optional(string('The id of its disk image.', { maxLength: 256, default: 'debian-12' })),
  networks: optional(
    list(string('An id.', { maxLength: 256 }), 'The networks that it is connected to.', { default: ['default'] }),
  ),
  labels: optional(map('Its labels.', { default: {} })),
});

const SeedHost = record('SeedHost', 'A host.', {
  id,
  name,
  state: optional(oneOf(['up', 'down', 'maintenance'], 'Its state.', { default: 'up' as const })),
  vcpus: optional(int('Processor threads.', { minimum: 1, default: 16 })),
  memoryMiB: optional(int('Memory for machines, in MiB.', { minimum: 1, default: 65_536 })),
});

const SeedImage = record('SeedImage', 'An image.', {
  id,
  name,
  format: optional(
    oneOf(['qcow2', 'raw', 'iso', 'kernel', 'initrd', 'other'], 'What it is.', { default: 'qcow2' as const }),
  ),
  sizeMiB: optional(int('Its size in MiB.', { minimum: 1, default: 2048 })),
});

const SeedNetwork = record('SeedNetwork', 'A network.', {
  id,
  name,
  state: optional(oneOf(['up', 'down'], 'Its state.', { default: 'up' as const })),
  cidr: string('Its IPv4 range; the first address is its gateway.', {
    maxLength: 18,
    pattern: '^[0-9.]+/[0-9]+$',
    patternWords: 'be an address and a length, as 10.0.0.0/24',
  }),
});

const faultKinds = Object.keys(faults) as (keyof typeof faults)[];

const FaultRule = record('FaultRule', 'When a call fails, and how.', {
  call: optional(string('The call; `*` stands for any text.', { maxLength: 256, default: '*' })),
  vm: optional(string('Only for machines of this id or name; `*` stands for any text.', { maxLength: 256 })),
  kind: optional(oneOf(faultKinds, 'The kind of fault.', { default: 'unavailable' as const })),
  message: optional(string('What the fault says.', { maxLength: 4096 })),
  outcome: optional(oneOf(outcomes, 'What the fault says had happened: by default `none`, with `after` `unknown`.')),
  retryAfterMs: optional(int('When the fault says to try again.', { minimum: 0 })),
  after: optional(bool('Whether it strikes once the work has been done and kept.', { default: false })),
  skip: optional(int('Calls that are spared before the first.', { minimum: 0, default: 0 })),
  times: optional(int('How often it strikes; without end when left out.', { minimum: 0 })),
  probability: optional(number('How likely it strikes, from 0 to 1.', { minimum: 0, maximum: 1, default: 1 })),
  crash: optional(bool('Whether the plugin ends at once instead of answering.', { default: false })),
  hang: optional(bool('Whether the call is never answered.', { default: false })),
});

/** The configuration, but for `latencyMs`, which may be written in three ways. */
export const Config = record('MemoryConfig', 'A cloud in memory.', {
  machines: optional(list(SeedMachine, 'The machines that are there from the beginning.')),
  count: optional(int('Further machines to make.', { minimum: 0, maximum: 100_000 })),
  hosts: optional(list(SeedHost, 'The hosts.', { maxItems: 10_000 })),
  images: optional(list(SeedImage, 'The images.', { maxItems: 10_000 })),
  networks: optional(list(SeedNetwork, 'The networks.', { maxItems: 1000 })),
  faults: optional(list(FaultRule, 'Calls that fail.', { maxItems: 1000, default: [] })),
  seed: optional(int('Begins the row of random numbers: the same seed, the same row.', { default: 1 })),
  tasks: optional(
    list(string('A call; `*` stands for any text.', { maxLength: 256 }), 'Calls that are answered with a task.', {
      maxItems: 100,
      default: [],
    }),
  ),
  file: optional(string('The absolute path of the file in which the cloud is kept, so that it outlives the plugin.')),
});

type Filled<R, K extends keyof R> = Omit<R, K> & Required<Pick<R, K>>;
type Checked = Static<typeof Config>;
export type SeedMachine = Filled<
  Static<typeof SeedMachine>,
  'state' | 'vcpus' | 'memoryMiB' | 'image' | 'networks' | 'labels'
>;
export type SeedHost = Filled<Static<typeof SeedHost>, 'id' | 'state' | 'vcpus' | 'memoryMiB'>;
export type SeedImage = Filled<Static<typeof SeedImage>, 'id' | 'format' | 'sizeMiB'>;
export type SeedNetwork = Filled<Static<typeof SeedNetwork>, 'id' | 'state'>;
export type FaultRule = Filled<
  Static<typeof FaultRule>,
  'call' | 'kind' | 'after' | 'skip' | 'probability' | 'crash' | 'hang'
>;
/** How long a call takes, in milliseconds, and for which calls; the first that fits is taken. */
export interface Latency {
  call: string;
  min: number;
  max: number;
}
export interface Settings {
  machines: SeedMachine[];
  hosts: SeedHost[];
  images: SeedImage[];
  networks: SeedNetwork[];
  faults: FaultRule[];
  latency: Latency[];
  seed: number;
  /** Calls that go on as tasks. */
  tasks: string[];
  file?: string;
}

const check = compileCheck(Config);

/** Reads a configuration; what is left out gets the defaults of the README. Throws `invalid-params` naming the field. */
export const settingsFrom = (config: Record<string, unknown>): Settings => {
  const { latencyMs, ...rest } = config;
  const given = check(rest, '/config') as Checked;
  if (given.file !== undefined && !isAbsolute(given.file))
    throw new Fault('invalid-params', 'file must be the absolute path of a file.', { field: '/config/file' });
  const machines = [
    ...((given.machines ?? (given.count === undefined ? defaultMachines : [])) as SeedMachine[]),
    ...Array.from({ length: given.count ?? 0 }, (_, at) => numberedMachine(at + 1)),
  ];
  const settings: Settings = {
    machines,
    hosts: withIds(given.hosts ?? hostsFor(machines)) as SeedHost[],
    images: withIds(given.images ?? defaultImages) as SeedImage[],
    networks: withIds(given.networks ?? defaultNetworks) as SeedNetwork[],
    faults: given.faults as FaultRule[],
    latency: latencyFrom(latencyMs),
    seed: given.seed as number,
    tasks: given.tasks as string[],
    ...(given.file === undefined ? {} : { file: given.file }),
  };
  for (const part of ['machines', 'hosts', 'images', 'networks'] as const) refuseTwins(part, settings[part]);
  return settings;
};

const withIds = <T extends { id?: string; name: string }>(items: T[]) =>
  items.map((item) => ({ ...item, id: item.id ?? item.name }));

const refuseTwins = (part: string, items: { id?: string; name: string }[]) => {
  const seen = new Set<string>();
  items.forEach((item, at) => {
    const key = item.id ?? item.name;
    if (seen.has(key))
      throw new Fault('invalid-params', `There are two ${part} ${key}.`, { field: `/config/${part}/${at}` });
    seen.add(key);
  });
};

const machine = (name: string, state: SeedMachine['state'], vcpus: number, memoryMiB: number): SeedMachine => ({
  name,
  state,
  vcpus,
  memoryMiB,
  image: 'debian-12',
  networks: ['default'],
  labels: {},
});
const defaultMachines = [
  machine('web1', 'running', 2, 1024),
  machine('web2', 'stopped', 2, 1024),
  machine('db1', 'running', 4, 4096),
];
const numberedMachine = (at: number) =>
  machine(`vm-${String(at).padStart(5, '0')}`, at % 3 === 0 ? 'stopped' : 'running', 1, 512);

const host = (at: number) => ({ name: `host${at}`, state: 'up', vcpus: 16, memoryMiB: 65_536 }) as const;

/** Two hosts, or as many as the machines fill by half. */
const hostsFor = (machines: { memoryMiB: number }[]) => {
  const needed = machines.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  return Array.from({ length: Math.max(2, Math.ceil((needed * 2) / host(1).memoryMiB)) }, (_, at) => host(at + 1));
};

const defaultImages: Omit<SeedImage, 'id'>[] = [
  { name: 'debian-12', format: 'qcow2', sizeMiB: 2048 },
  { name: 'alpine-3.20', format: 'qcow2', sizeMiB: 256 },
  { name: 'linux-6.1', format: 'kernel', sizeMiB: 8 },
  { name: 'initrd-6.1', format: 'initrd', sizeMiB: 32 },
];
const defaultNetworks = [{ name: 'default', state: 'up' as const, cidr: '10.20.0.0/16' }];

const span = (value: unknown, call: string, field: string): Latency => {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return { call, min: value, max: value };
  if (value !== null && typeof value === 'object') {
    const { min, max, ...more } = value as { min?: unknown; max?: unknown };
    const known = typeof min === 'number' && typeof max === 'number' && Object.keys(more).length === 0;
    if (known && min >= 0 && max >= min && Number.isFinite(max)) return { call, min, max };
  }
  throw new Fault('invalid-params', `${field} must be a number of milliseconds, or {min, max}.`, { field });
};

/** `5`, `{min: 1, max: 9}`, or one of these for each call: `{'compute.start': 200, 'compute.*': 5}`. */
const latencyFrom = (value: unknown): Latency[] => {
  const field = '/config/latencyMs';
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || 'min' in value || 'max' in value) return [span(value, '*', field)];
  return Object.entries(value).map(([call, of]) => span(of, call, `${field}/${call}`));
};
