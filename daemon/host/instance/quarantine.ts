/**
 * Calls of one instance that keep ending its plugin. A call that was with the plugin at several crashes, and was never
 * answered between them, is held back for a while; the plugin goes on with all others.
 */
import { createHash } from 'node:crypto';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import type { Called, Suspects } from '../link/outgoing-call.ts';

interface Suspect {
  crashes: number;
  /** The last of them. */
  crash: object;
  /** Milliseconds since 1970: the last crash, from which on it is held back or remembered. */
  since: number;
  /** Mutations that were with the plugin: of these nobody knows what became of them. */
  keys: Set<string>;
  about: string;
}

export interface Quarantine extends Suspects {
  /** What is held back: `compute.get of vm-1`. */
  heldBack(): readonly string[];
  /** Throws the fault of a call that is held back. */
  check(call: Called): void;
  /** It answered the call. */
  clear(call: Called): void;
  /** Hold nothing back any more. */
  release(): void;
}

type QuarantineLimits = Pick<Limits['plugins'], 'quarantineCrashes' | 'quarantineMs'>;

const nameOf = ({ method, params }: Called): string => {
  const { vm, ctx: _, ...rest } = params as { vm?: unknown; ctx?: unknown };
  if (typeof vm === 'string') return `${method} vm ${vm}`;
  return `${method} ${createHash('sha256').update(JSON.stringify(rest)).digest('base64')}`;
};

const about = ({ method, params }: Called): string => {
  const { vm } = params as { vm?: unknown };
  return typeof vm === 'string' ? `${method} of ${vm}` : method;
};

export const createQuarantine = (id: string, limits: QuarantineLimits, log: Log, clock: Clock): Quarantine => {
  const { quarantineCrashes, quarantineMs } = limits;
  const suspects = new Map<string, Suspect>();
  const forgetOld = () => {
    for (const [name, { since }] of suspects) if (clock.now() - since >= quarantineMs) suspects.delete(name);
  };
  return {
    heldBack() {
      forgetOld();
      return [...suspects.values()].filter(({ crashes }) => crashes >= quarantineCrashes).map((each) => each.about);
    },
    check(call) {
      if (suspects.size === 0) return;
      const suspect = suspects.get(nameOf(call));
      if (suspect === undefined || suspect.crashes < quarantineCrashes) return;
      const left = suspect.since + quarantineMs - clock.now();
      if (left <= 0) return;
      const isUnknown = call.key !== undefined && suspect.keys.has(call.key);
      throw new Fault(
        'failed',
        `${about(call)} is held back: the plugin of ${id} ended ${suspect.crashes} times while it had this call (limits.plugins.quarantineCrashes). It is let through again in ${Math.ceil(left / 1000)} seconds (limits.plugins.quarantineMs), or after: annelid plugin reload ${id}`,
        {
          ...(call.mutates && { outcome: isUnknown ? 'unknown' : 'none' }),
          hint: `Mend what ends the plugin, then let the call through: annelid plugin reload ${id}`,
        },
      );
    },
    blame(call, crash) {
      forgetOld();
      const name = nameOf(call);
      const known = suspects.get(name);
      const suspect = known ?? { crashes: 1, crash, since: 0, keys: new Set(), about: about(call) };
      if (call.mutates && call.key !== undefined) suspect.keys.add(call.key);
      if (known?.crash === crash) return;
      if (known !== undefined) suspect.crashes += 1;
      suspect.crash = crash;
      suspect.since = clock.now();
      suspects.set(name, suspect);
      if (suspect.crashes !== quarantineCrashes) return;
      log.error({ connector: id, call: about(call) }, 'A call that keeps ending the plugin is held back.');
    },
    clear(call) {
      if (suspects.size > 0) suspects.delete(nameOf(call));
    },
    release: () => suspects.clear(),
  };
};
