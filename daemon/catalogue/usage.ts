/** What machines have used. */
import { UsageEntry } from '../../plugin-protocol/contract/accounting.ts';
import { int, list, optional, record, string, time } from '../../plugin-protocol/shape.ts';
import { exampleVm } from './examples.ts';
import { method } from './method.ts';

const exampleEntry = {
  id: '0198f3a2-9e50-7c72-9d1f-6b8c0d2e4f60',
  vm: exampleVm.id,
  name: exampleVm.name,
  account: exampleVm.account,
  connector: exampleVm.connector,
  vcpus: exampleVm.vcpus,
  memoryMiB: exampleVm.memoryMiB,
  began: '2026-01-31T12:00:00.000Z',
  ended: '2026-01-31T13:00:00.000Z',
  seconds: 3600,
};

export const usageMethods = {
  list: method('usage.list', {
    since: '0.1.0',
    doc: 'List what machines have used, in the order in which it ended. An entry is written when a machine stops, is removed or resized, and at the end of each period (`limits.accounting.periodSeconds`) or a moment after it; of a connector that is away, once it is back. Of spans of time that follow one another, each entry is in one.',
    params: {
      account: optional(string('Only what this account has used.', { maxLength: 256 }), { emptyIsUnset: true }),
      vm: optional(string('Only what the machine with this id has used.', { maxLength: 64 }), { emptyIsUnset: true }),
      since: optional(time('Only what ended at that moment or later.')),
      before: optional(time('Only what ended before.')),
      limit: optional(int('At most so many in one page.', { minimum: 1, maximum: 10_000, default: 1000 })),
      after: optional(string('`next` of the page before.', { maxLength: 1024 }), { emptyIsUnset: true }),
    },
    // How many there are in all is not told: a ledger of years would have to be counted for each page.
    result: record('UsagePage', 'A page of entries.', {
      items: list(UsageEntry, 'The entries.', { maxItems: 10_000 }),
      next: optional(string('Pass it as `after` to get the next page; left out on the last.', { maxLength: 1024 })),
    }),
    returns: 'The entries of the own account; to administrators those of all.',
    permission: 'read',
    example: { params: { since: '2026-01-31T12:00:00.000Z', limit: 100 }, result: { items: [exampleEntry] } },
  }),
};
