/** Which states a call leads from and to: a table, so that adding a call is adding a row. */
import { Fault } from '../../sdk/typescript/plugin/index.ts';
import { boot, go, halt, type Machine, powerOn } from './machine.ts';

type State = Machine['state'];

export interface Change {
  from: readonly State[];
  /** The state while the call is under way. */
  during: State;
  /** How a caller reads it when the machine is where the call leads already. */
  already?: State;
  /** Whether it may overtake a change that is under way, which then fails as cancelled. */
  overtakes?: boolean;
  /** Whether the machine first needs a host that is up. */
  places?: boolean;
  carryOut(machine: Machine, now: number, params: { paused?: boolean }): void;
}

const run = (machine: Machine, now: number) => {
  machine.state = 'running';
  go(machine, now);
};
const cut = (machine: Machine, now: number) => {
  machine.state = 'stopped';
  halt(machine, now);
};
const bootAgain = (machine: Machine, now: number) => {
  boot(machine, now);
  run(machine, now);
};

export const changes = {
  'compute.start': {
    from: ['stopped', 'suspended'],
    during: 'starting',
    already: 'running',
    places: true,
    carryOut(machine, now, { paused }) {
      if (machine.state !== 'suspended') powerOn(machine, now);
      if (paused) machine.state = 'paused';
      else run(machine, now);
    },
  },
  'compute.shutdown': { from: ['running'], during: 'stopping', already: 'stopped', carryOut: cut },
  'compute.powerOff': {
    from: ['running', 'paused', 'suspended', 'error'],
    during: 'stopping',
    already: 'stopped',
    overtakes: true,
    carryOut: cut,
  },
  'compute.reboot': { from: ['running'], during: 'rebooting', carryOut: bootAgain },
  'compute.reset': { from: ['running', 'paused'], during: 'rebooting', carryOut: bootAgain },
  'compute.pause': {
    from: ['running'],
    during: 'pausing',
    already: 'paused',
    carryOut(machine, now) {
      machine.state = 'paused';
      halt(machine, now);
    },
  },
  'compute.resume': { from: ['paused'], during: 'starting', already: 'running', carryOut: run },
} as const satisfies Record<string, Change>;

export type ChangeName = keyof typeof changes;

export const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** Throws the conflict that names the state of the machine and those in which the call can be made. */
export const assertState = (machine: Machine, call: string, from: readonly State[], already?: State): void => {
  if (from.includes(machine.state)) return;
  const message =
    machine.state === already
      ? `${machine.name} is already ${already}; ${call} needs it ${orList(from)}.`
      : `${machine.name} is ${machine.state}; ${call} needs it ${orList(from)}.`;
  throw new Fault('conflict', message, { resource: machine.id, outcome: 'none' });
};
