/** The whole cloud: its machines, and the hosts, images and networks that they use up. */
import { createHash } from 'node:crypto';
import { Fault, type NativeHost, type NativeNetwork } from '../../sdk/typescript/plugin/index.ts';
import type { KeptHistory } from './history.ts';
import type { KeptJob } from './jobs.ts';
import { go, type Machine, powerOn } from './machine.ts';
import { addressRange } from './range.ts';
import type { SeedHost, SeedImage, SeedMachine, Settings } from './settings.ts';

/** Calls that have been carried out, by their key: so that a repeated call has the effect of one, and `find` can tell. */
interface Carried {
  call: string;
  vm: string;
}

/** What `file` holds. */
export interface Kept {
  format: 1;
  sequence: number;
  machines: Machine[];
  carried: [key: string, of: Carried][];
  history?: KeptHistory;
  jobs?: KeptJob[];
}

/** Keys that are remembered. */
const keysKept = 10_000;

/** What a machine asks of the cloud. */
export interface Wish {
  id: string;
  name: string;
  vcpus: number;
  memoryMiB: number;
  image?: string | undefined;
  kernel?: string | undefined;
  initrd?: string | undefined;
  commandLine?: string | undefined;
  disks: { sizeMiB: number }[];
  networks: string[];
  labels: Record<string, string>;
  key?: string | undefined;
}

export type Cloud = ReturnType<typeof createCloud>;

export const createCloud = (settings: Settings, now: () => number, kept?: Kept) => {
  const machines = new Map<string, Machine>();
  const carried = new Map<string, Carried>(kept?.carried);
  const hosts = new Map(settings.hosts.map((host) => [host.id, { ...host, usedMiB: 0 }]));
  const images = new Map(settings.images.map((image) => [image.id, image]));
  const networks = new Map(
    settings.networks.map((network) => [network.id, { ...network, range: addressRange(network.cidr) }]),
  );
  let sequence = kept?.sequence ?? 0;

  type Host = SeedHost & { usedMiB: number };
  const free = (host: Host) => host.memoryMiB - host.usedMiB;

  /** The host with the most memory left; the first of equals. */
  const place = (memoryMiB: number, name: string): Host => {
    let best: Host | undefined;
    for (const host of hosts.values()) {
      if (host.state === 'up' && (best === undefined || free(host) > free(best))) best = host;
    }
    if (best === undefined) throw new Fault('unavailable', `There is no host that is up for ${name}.`);
    if (free(best) < memoryMiB) {
      throw new Fault(
        'quota',
        `No host has ${memoryMiB} MiB left for ${name}; ${best.name} has most, ${free(best)} MiB.`,
        {
          outcome: 'none',
        },
      );
    }
    return best;
  };

  const imageOf = (id: string, formats: readonly SeedImage['format'][], field: string): SeedImage => {
    const image = images.get(id);
    if (image === undefined) throw new Fault('not-found', `There is no image ${id}.`, { field, outcome: 'none' });
    if (!formats.includes(image.format)) {
      throw new Fault(
        'invalid-params',
        `Image ${id} is of format ${image.format}; ${formats.join(' or ')} is needed.`,
        {
          field,
          outcome: 'none',
        },
      );
    }
    return image;
  };

  const networkOf = (id: string, at: number) => {
    const network = networks.get(id);
    const field = `/networks/${at}`;
    if (network === undefined) throw new Fault('not-found', `There is no network ${id}.`, { field, outcome: 'none' });
    return network;
  };

  const addressOn = (id: string, at: number): string => {
    const address = networkOf(id, at).range.take();
    if (address !== undefined) return address;
    throw new Fault('quota', `Network ${id} has no address left.`, { field: `/networks/${at}`, outcome: 'none' });
  };

  const release = (machine: Pick<Machine, 'nics'>) => {
    for (const { network, addresses } of machine.nics) {
      for (const address of addresses) networks.get(network)?.range.giveBack(address);
    }
  };

  const nicsFor = (wish: Wish): Machine['nics'] => {
    const nics: Machine['nics'] = [];
    try {
      wish.networks.forEach((network, at) => {
        nics.push({ mac: macOf(wish.id, at), network, addresses: [addressOn(network, at)] });
      });
    } catch (error) {
      release({ nics });
      throw error;
    }
    return nics;
  };

  /** Makes a machine, stopped, with a host, volumes and addresses; when one of these cannot be had, nothing is taken. */
  const add = (wish: Wish): Machine => {
    const image = wish.image === undefined ? undefined : imageOf(wish.image, ['qcow2', 'raw', 'iso'], '/image');
    if (wish.kernel !== undefined) imageOf(wish.kernel, ['kernel'], '/kernel');
    if (wish.initrd !== undefined) {
      imageOf(wish.initrd, ['initrd'], '/initrd');
      if (wish.kernel === undefined) {
        throw new Fault('invalid-params', 'An initrd is of no use without a kernel.', {
          field: '/initrd',
          outcome: 'none',
        });
      }
    }
    const host = place(wish.memoryMiB, wish.name);
    const nics = nicsFor(wish);
    const sizes = [
      ...(image ? [{ sizeMiB: image.sizeMiB, usedMiB: Math.ceil(image.sizeMiB / 2) }] : []),
      ...wish.disks,
    ];
    const { image: imageId, kernel, initrd, commandLine, key } = wish;
    const machine: Machine = {
      ...{ id: wish.id, name: wish.name, state: 'stopped', host: host.id },
      ...Object.fromEntries(
        Object.entries({ image: imageId, kernel, initrd, commandLine, key }).filter(([, value]) => value !== undefined),
      ),
      vcpus: wish.vcpus,
      memoryMiB: wish.memoryMiB,
      disks: sizes.map((disk, at) => {
        const device = deviceName(at);
        return {
          device,
          sizeMiB: disk.sizeMiB,
          volume: `${wish.id}-${device}`,
          usedMiB: 'usedMiB' in disk ? disk.usedMiB : 0,
        };
      }),
      nics,
      labels: { ...wish.labels },
      created: new Date(now()).toISOString(),
      sequence: ++sequence,
      ranMs: 0,
      boots: [],
    };
    host.usedMiB += wish.memoryMiB;
    machines.set(machine.id, machine);
    return machine;
  };

  /** Gives a stopped machine so much memory, on another host when its own is full or not up. */
  const resize = (machine: Machine, memoryMiB: number): void => {
    const own = hosts.get(machine.host);
    const fits = own !== undefined && own.state === 'up' && free(own) >= memoryMiB - machine.memoryMiB;
    const host = fits ? own : place(memoryMiB, machine.name);
    if (own) own.usedMiB -= machine.memoryMiB;
    host.usedMiB += memoryMiB;
    machine.host = host.id;
    machine.memoryMiB = memoryMiB;
  };

  const remove = (machine: Machine): void => {
    machines.delete(machine.id);
    release(machine);
    const host = hosts.get(machine.host);
    if (host) host.usedMiB -= machine.memoryMiB;
  };

  const restore = (machine: Machine) => {
    const host = hosts.get(machine.host) ?? place(machine.memoryMiB, machine.name);
    host.usedMiB += machine.memoryMiB;
    machine.host = host.id;
    for (const { network, addresses } of machine.nics) {
      for (const address of addresses) networks.get(network)?.range.reserve(address);
    }
    machines.set(machine.id, machine);
  };

  const plant = (seed: SeedMachine) => {
    const machine = add({ ...seed, id: seed.id ?? uuidFrom(seed.name), disks: [] });
    machine.state = seed.state;
    if (seed.state === 'stopped') return;
    powerOn(machine, now());
    if (seed.state === 'running') go(machine, now());
  };

  if (kept) kept.machines.forEach(restore);
  else settings.machines.forEach(plant);

  return {
    machines,
    images: (): SeedImage[] => [...images.values()],
    add,
    resize,
    remove,
    hosts: (): NativeHost[] =>
      [...hosts.values()].map((host) => ({
        ...{ id: host.id, name: host.name, state: host.state, vcpus: host.vcpus, memoryMiB: host.memoryMiB },
        freeMemoryMiB: Math.max(0, free(host)),
        hypervisor: 'memory',
      })),
    networks: (): NativeNetwork[] =>
      [...networks.values()].map(({ id, name, state, cidr }) => ({ id, name, state, cidrs: [cidr] })),
    /** The machine that a call with this key has changed; undefined when it has not been carried out. */
    carried(key: string | undefined, call: string): string | undefined {
      const known = key === undefined ? undefined : carried.get(key);
      return known?.call === call ? known.vm : undefined;
    },
    carry(key: string | undefined, call: string, vm: string) {
      if (key === undefined) return;
      carried.set(key, { call, vm });
      if (carried.size > keysKept) carried.delete(carried.keys().next().value as string);
    },
    /** What `file` is to hold. A machine that is being changed is kept as it was before. */
    kept: (): Kept => ({
      format: 1,
      sequence,
      machines: [...machines.values()].map(({ before, ...machine }) => ({
        ...machine,
        state: before ?? machine.state,
      })),
      carried: [...carried],
    }),
  };
};

/** A UUID (RFC 9562 version 8) that follows from a name, so that a machine of the configuration has the same id always. */
const uuidFrom = (name: string): string => {
  const digest = createHash('sha256').update(`annelid memory ${name}`).digest('hex');
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
};

const macOf = (id: string, at: number): string =>
  `52:54:00:${createHash('sha256').update(`${id} ${at}`).digest('hex').slice(0, 6).match(/../g)?.join(':')}`;

/** `vda` to `vdz`, then `vdaa`. */
const deviceName = (at: number): string => {
  const letter = (of: number) => String.fromCharCode(97 + of);
  return `vd${at < 26 ? letter(at) : letter(Math.floor(at / 26) - 1) + letter(at % 26)}`;
};
