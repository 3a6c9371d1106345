/** The story of an operation as a reader may see it, and what to do next. */
import type { FaultKind } from '../../../plugin-protocol/faults.ts';
import type { Story, StoryEntry } from '../../catalogue/story.ts';
import type { Principal } from '../api.ts';
import type { OperationRow, StoryRow } from '../ports.ts';
import { operationFor } from './operation-record.ts';

const entryFor = (administrator: boolean, { internal = {}, ...row }: StoryRow): StoryEntry[] => {
  if (administrator)
    return [{ ...row, message: internal.message ?? row.message, data: { ...row.data, ...internal.data } }];
  return internal.whole === true ? [] : [row];
};

/** What to do about a failure whose fault has no hint of its own. */
const remedies: Partial<Record<FaultKind, string>> = {
  'invalid-params': 'Ask again with what the fault names put right.',
  'not-found': 'Look whether the machine is still there: vm.get with refresh.',
  conflict: 'Read the machine and bring it into a state that allows the call.',
  exists: 'Choose another name or key, or use what is there.',
  busy: 'Ask again when what holds the machine has ended.',
  throttled: 'Ask again later; the fault says when.',
  unsupported: 'This backend cannot do that: connector.get lists what it can.',
  quota: 'Make room on the backend, or ask for less.',
  failed: 'The backend says why; put that right and ask again.',
  unavailable: 'Ask again when the connector is ready: connector.get tells.',
  timeout: 'Read the machine with refresh: the work may still finish.',
  internal: 'The log of the daemon says more.',
};

const whenUnknown =
  'Whether it was carried out is not known: read the machine with refresh (vm.get) before you ask again.';

export const adviceFor = ({ id, state, fault }: Pick<OperationRow, 'id' | 'state' | 'fault'>): string => {
  if (state === 'queued' || state === 'running') {
    return `It is under way: operation.wait waits for its end, operation.cancel asks it to stop (${id}).`;
  }
  if (state === 'succeeded') return 'Nothing: it was carried out.';
  const isOpen = fault?.outcome === 'unknown' || fault?.outcome === 'partial';
  if (fault?.hint !== undefined) return isOpen ? `${whenUnknown} ${fault.hint}` : fault.hint;
  if (isOpen) return whenUnknown;
  if (state === 'cancelled') return 'Nothing: it was cancelled. Ask again if it is wanted after all.';
  return (fault && remedies[fault.kind]) ?? 'The fault says why; put that right and ask again.';
};

export const storyFor = (reader: Principal, row: OperationRow, rows: readonly StoryRow[]): Story => {
  const operation = operationFor(reader, row);
  return {
    operation,
    entries: rows.flatMap((entry) => entryFor(reader.role === 'admin', entry)),
    // From the fault as the reader sees it: a hint may name what only administrators know.
    advice: adviceFor({ id: row.id, state: row.state, ...(operation.fault && { fault: operation.fault }) }),
  };
};
