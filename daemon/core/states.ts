/** The states of a machine and what may be asked for in each: a table, so that adding a method is adding a row. */
import { Fault } from '../../plugin-protocol/faults.ts';
import type { Vm, VmState } from '../catalogue/resources.ts';
import { unavailable } from './discretion.ts';

interface Transition {
  /** The states in which the method may be called. */
  from: readonly VmState[];
  /** The state while its operation is under way; unchanged when left out. */
  during?: VmState;
  /** The state when a backend that answers nothing better has carried it out. */
  to?: VmState;
  /** How a caller reads it when the machine is where the method leads already. */
  already?: Partial<Record<VmState, string>>;
  /** Whether it may be called while another operation is under way, which it then cancels. */
  supersedes?: boolean;
}

const transitions = {
  'vm.create': { from: [], during: 'pending' },
  'vm.start': { from: ['stopped', 'suspended'], during: 'starting', to: 'running', already: { running: 'running' } },
  'vm.shutdown': { from: ['running'], during: 'stopping', to: 'stopped', already: { stopped: 'stopped' } },
  'vm.powerOff': {
    from: ['running', 'paused', 'suspended', 'starting', 'stopping', 'pausing', 'rebooting', 'error'],
    during: 'stopping',
    to: 'stopped',
    already: { stopped: 'stopped' },
    supersedes: true,
  },
  'vm.reboot': { from: ['running'], during: 'rebooting', to: 'running' },
  'vm.reset': { from: ['running', 'paused'], during: 'rebooting', to: 'running' },
  'vm.pause': { from: ['running'], during: 'pausing', to: 'paused', already: { paused: 'paused' } },
  'vm.resume': { from: ['paused'], during: 'starting', to: 'running', already: { running: 'running' } },
  'vm.update': { from: ['stopped', 'running', 'paused', 'suspended', 'error'] },
  'vm.delete': {
    from: ['stopped', 'suspended', 'error'],
    during: 'deleting',
    to: 'deleted',
    already: { deleted: 'deleted' },
  },
} as const satisfies Record<string, Transition>;

export type ChangingMethod = keyof typeof transitions;

export const transitionOf = (method: string): Transition =>
  (transitions as Record<string, Transition>)[method] ?? { from: [] };

/** States that only an operation of ours leads into: a machine is never found in them without one. */
export const isTransient = (state: VmState): boolean =>
  ['pending', 'starting', 'stopping', 'pausing', 'rebooting', 'deleting'].includes(state);

/** Throws the fault that names both the state of the machine and the states in which the method can be called. */
export const assertState = (vm: Vm, method: ChangingMethod): void => {
  const { from, already } = transitionOf(method);
  if (from.includes(vm.state)) return;
  const data = { resource: vm.id };
  const reached = already?.[vm.state];
  if (reached !== undefined) throw new Fault('conflict', `${vm.name} is already ${reached}.`, data);
  if (vm.state === 'unknown') {
    throw unavailable(`${vm.name} was ${vm.lastState}, but its connector ${vm.connector} cannot be reached.`, data);
  }
  throw new Fault('conflict', `${vm.name} is ${vm.state}; ${method} needs it ${orList(from)}.`, data);
};

const orList = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
