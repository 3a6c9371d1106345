/** The interface `accounting` v1: what machines have used, for those who bill it. */
import { int, list, number, optional, record, type Static, string, time } from '../shape.ts';
import { mutation } from './call.ts';

/** The most entries in one `accounting.record`. */
export const entriesRecorded = 1000;

export const UsageEntry = record('UsageEntry', 'That a machine ran, or was paused, from one moment to another.', {
  id: string('Its id, a UUID: the same however often it is told.', { maxLength: 36 }),
  vm: string("The daemon's id of the machine.", { maxLength: 64 }),
  name: string('The name of the machine.', { maxLength: 256 }),
  account: string('The account that owned it.', { maxLength: 256 }),
  connector: string('The connector that it was on.', { maxLength: 256 }),
  vcpus: optional(int('Its virtual processors.', { minimum: 0 })),
  memoryMiB: optional(int('Its memory in MiB.', { minimum: 0 })),
  began: time('When it began.'),
  ended: time('When it ended: the machine was stopped, removed or resized then, or a period was over.'),
  seconds: number('How long that is, in seconds.', { minimum: 0 }),
});
export type UsageEntry = Static<typeof UsageEntry>;

const RefusedEntry = record('RefusedEntry', 'An entry that cannot be recorded, now and later.', {
  id: string('Its id.', { maxLength: 36 }),
  message: string('Why not, for operators.', { maxLength: 4096 }),
});

export const accounting = {
  record: mutation(
    'accounting.record',
    'Write down what was used. An entry that is known by its id already is not counted again, and is no fault.',
    { entries: list(UsageEntry, 'In the order in which they ended.', { maxItems: entriesRecorded }) },
    record('Recorded', 'That it is written.', {
      refused: optional(
        list(RefusedEntry, 'Those that are not, and do not come again.', { maxItems: entriesRecorded }),
      ),
    }),
    { repeatable: true },
  ),
};
