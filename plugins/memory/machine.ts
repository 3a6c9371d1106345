/** A machine as this cloud keeps it, and what follows from how long it has run. */
import type { NativeVm, NativeVolume } from '../../sdk/typescript/plugin/index.ts';

export interface Boot {
  /** Processor time of the machine, in ms, at which it booted. */
  at: number;
  /** Bytes that earlier boots had written to the console. */
  offset: number;
  /** The name of the machine at that moment: a guest that runs does not hear of a new one. */
  name: string;
}

export interface Machine {
  id: string;
  name: string;
  state: NativeVm['state'];
  /** The state before the change that is under way; undefined while none is. */
  before?: NativeVm['state'];
  host: string;
  image?: string;
  /** The idempotency key that it was created with. */
  key?: string;
  vcpus: number;
  memoryMiB: number;
  disks: { device: string; sizeMiB: number; volume: string; usedMiB: number }[];
  nics: { mac: string; network: string; addresses: string[] }[];
  labels: Record<string, string>;
  created: string;
  kernel?: string;
  initrd?: string;
  commandLine?: string;
  /** Its place in the order of creation, which pages follow. */
  sequence: number;
  /** Milliseconds since 1970 of the last start. */
  started?: number;
  /** Milliseconds that its processors have run since that start, up to `runningSince`. */
  ranMs: number;
  /** Since when they run; undefined while they stand still. */
  runningSince?: number;
  boots: Boot[];
}

/** Boots of one start whose console output is kept. */
const bootsKept = 32;

/** Milliseconds that the processors have run since the machine was started. */
export const ranMs = (machine: Machine, now: number): number =>
  machine.ranMs + (machine.runningSince === undefined ? 0 : Math.max(0, now - machine.runningSince));

/** Stop the processors; what was counted stays. */
export const halt = (machine: Machine, now: number): void => {
  machine.ranMs = ranMs(machine, now);
  delete machine.runningSince;
};

export const go = (machine: Machine, now: number): void => {
  machine.runningSince ??= now;
};

/** Power on: counters and console begin anew. */
export const powerOn = (machine: Machine, now: number): void => {
  machine.started = now;
  machine.ranMs = 0;
  delete machine.runningSince;
  machine.boots = [];
  boot(machine, now);
};

/** Boot once more: the console goes on after what was written. */
export const boot = (machine: Machine, now: number): void => {
  const at = ranMs(machine, now);
  machine.boots.push({ at, offset: consoleLength(machine, now), name: machine.name });
  if (machine.boots.length > bootsKept) machine.boots.shift();
};

const consoleLength = (machine: Machine, now: number): number => {
  const last = machine.boots.at(-1);
  return last === undefined ? 0 : last.offset + bootLength(machine, last, ranMs(machine, now) - last.at);
};

/** The line that tells that a guest is up, followed by its name. */
export const bootMarker = 'annelid guest ready:';

/** What a guest writes while it boots, and how many milliseconds after power on. */
const bootLines = (machine: Machine, name: string): [ms: number, text: string][] => [
  [0, `Booting ${machine.kernel ?? machine.image ?? 'from disk'}`],
  [0, `Command line: ${machine.commandLine ?? 'console=ttyS0'}`],
  [4, `${machine.vcpus} processors, ${machine.memoryMiB} MiB of memory`],
  ...(machine.initrd === undefined ? [] : ([[20, `Unpacking ${machine.initrd}`]] as [number, string][])),
  ...machine.disks.map(({ device, sizeMiB }): [number, string] => [60, `${device}: ${sizeMiB} MiB`]),
  ...machine.nics.map(({ mac, addresses }, at): [number, string] => [90, `eth${at}: ${mac} ${addresses.join(' ')}`]),
  [120, `${bootMarker} ${name}`],
];

const heartbeatMs = 10_000;
const stamp = (ms: number) => `[${(ms / 1000).toFixed(3).padStart(14)}] `;
/** All of one length, so that a piece of years of output is found by arithmetic. */
const heartbeat = (count: number) => `${stamp(count * heartbeatMs)}still up\r\n`;
const heartbeatLength = heartbeat(1).length;

const bootText = (machine: Machine, { name }: Boot, ms: number): Buffer =>
  Buffer.from(
    bootLines(machine, name)
      .filter(([at]) => at <= ms)
      .map(([at, text]) => `${stamp(at)}${text}\r\n`)
      .join(''),
  );

const bootLength = (machine: Machine, of: Boot, ms: number): number =>
  bootText(machine, of, ms).length + Math.floor(ms / heartbeatMs) * heartbeatLength;

const bootSlice = (machine: Machine, of: Boot, ms: number, from: number, to: number): Buffer => {
  const text = bootText(machine, of, ms);
  const first = Math.max(0, Math.floor((from - text.length) / heartbeatLength));
  const end = Math.min(Math.floor(ms / heartbeatMs), Math.ceil((to - text.length) / heartbeatLength));
  const beats = Array.from({ length: Math.max(0, end - first) }, (_, at) => heartbeat(first + at + 1)).join('');
  const skipped = first * heartbeatLength;
  const beatsFrom = Math.max(0, from - text.length) - skipped;
  const beatsTo = Math.max(0, to - text.length) - skipped;
  return Buffer.concat([text.subarray(from, to), Buffer.from(beats).subarray(beatsFrom, beatsTo)]);
};

/**
 * A piece of the console output.
 * @param offset where to begin; the last `maxBytes` when undefined. What is no longer kept is skipped.
 */
export const consoleOutput = (machine: Machine, offset: number | undefined, maxBytes: number, now: number) => {
  const total = consoleLength(machine, now);
  const oldest = machine.boots[0]?.offset ?? 0;
  const start = Math.min(total, Math.max(oldest, offset ?? total - maxBytes));
  const end = Math.min(total, start + maxBytes);
  const pieces = machine.boots.map((of, at) => {
    const next = machine.boots[at + 1];
    const ms = (next?.at ?? ranMs(machine, now)) - of.at;
    const length = (next?.offset ?? total) - of.offset;
    const from = Math.max(0, start - of.offset);
    const to = Math.min(length, end - of.offset);
    return from < to ? bootSlice(machine, of, ms, from, to) : Buffer.alloc(0);
  });
  return { data: Buffer.concat(pieces).toString('base64'), start: String(start), end: String(end) };
};

/** How hard a machine works, from 0.05 to 0.65: the same for the same name. */
const load = (name: string): number => {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_003;
  return 0.05 + (sum % 61) / 100;
};

/** What a machine has used: it grows while its processors run, and stands still while they do. */
export const stats = (machine: Machine, now: number) => {
  const seconds = ranMs(machine, now) / 1000;
  const busy = load(machine.name);
  const grown = (perSecond: number) => String(Math.floor(seconds * perSecond * busy));
  const swing = 0.3 + 0.4 * busy + 0.1 * Math.sin(seconds / 60);
  return {
    time: new Date(now).toISOString(),
    uptimeSeconds: String(Math.floor((now - (machine.started ?? now)) / 1000)),
    cpuSeconds: Math.round(seconds * machine.vcpus * busy * 1000) / 1000,
    memoryMiB: Math.round(machine.memoryMiB * swing),
    diskReadBytes: grown(machine.disks.length * 120_000),
    diskWriteBytes: grown(machine.disks.length * 45_000),
    netReceivedBytes: grown(machine.nics.length * 210_000),
    netSentBytes: grown(machine.nics.length * 90_000),
  };
};

/** A machine as the protocol shows it. */
export const machineShown = (machine: Machine): NativeVm => ({
  id: machine.id,
  name: machine.name,
  state: machine.state,
  host: machine.host,
  ...(machine.image === undefined ? {} : { image: machine.image }),
  ...(machine.key === undefined ? {} : { key: machine.key }),
  vcpus: machine.vcpus,
  memoryMiB: machine.memoryMiB,
  disks: machine.disks.map(({ device, sizeMiB, volume }) => ({ device, sizeMiB, volume })),
  nics: machine.nics,
  addresses: machine.nics.flatMap((nic) => nic.addresses),
  labels: machine.labels,
  created: machine.created,
});

/** The volumes behind the disks of a machine; they fill by one MiB in a minute of running. */
export const volumesShown = (machine: Machine, now: number): NativeVolume[] =>
  machine.disks.map(({ device, sizeMiB, volume, usedMiB }) => ({
    id: volume,
    name: `${machine.name}-${device}`,
    sizeMiB,
    usedMiB: Math.min(sizeMiB, usedMiB + Math.floor(ranMs(machine, now) / 60_000)),
    format: 'qcow2',
    pool: 'default',
  }));
