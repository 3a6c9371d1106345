/** Entries that one for accounting is told, and what its books have of them. */
import { randomUUID } from 'node:crypto';
import { entriesRecorded, UsageEntry } from '../../contract/accounting.ts';
import type { Kit } from '../bring-up/kit.ts';
import { excerpt } from '../report/verdict.ts';
import { nobody } from './values.ts';

const hourMs = 3_600_000;

/** Of an account that nobody has, unless the manifest says another; the id is what tells one from another. */
export const entryFor = (kit: Kit, number: number): UsageEntry => {
  // A part of a second more than some hours, and so less than a day ago.
  const seconds = hourMs / 1000 + (number % 60) + 0.5;
  const began = Date.now() - 3 * hourMs;
  return {
    vm: randomUUID(),
    name: `annelid-check-${kit.nonce} Zürich 漢字 "${number}"`,
    account: nobody,
    connector: nobody,
    vcpus: 2 + (number % 7),
    memoryMiB: 64 * (1 + (number % 5)),
    ...kit.setting.entry,
    id: randomUUID(),
    began: new Date(began).toISOString(),
    ended: new Date(began + seconds * 1000).toISOString(),
    seconds,
  };
};

export const entriesFor = (kit: Kit, length = entriesRecorded): UsageEntry[] =>
  Array.from({ length }, (_entry, number) => entryFor(kit, number));

type Member = keyof UsageEntry;

const members = Object.keys(UsageEntry.properties) as Member[];
const times: readonly Member[] = ['began', 'ended'];

/** `memory_mib` is `memoryMiB`. */
const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** Milliseconds since 1970, of what may be a time; without a zone it is in UTC. */
const momentOf = (value: unknown): number | undefined => {
  if (typeof value !== 'string') return undefined;
  const moment = Date.parse(/(Z|[+-][0-9]{2}(:?[0-9]{2})?)$/i.test(value) ? value : `${value.replace(' ', 'T')}Z`);
  return Number.isNaN(moment) ? undefined : moment;
};

/** Whether it is the same; undefined where it is written in a way that nobody here knows. Seconds may be whole ones. */
const isSame = (member: Member, told: string | number, has: unknown): boolean | undefined => {
  if (has === null || has === '') return false;
  if (times.includes(member)) {
    const moment = momentOf(has);
    return moment === undefined ? undefined : Math.abs(moment - Date.parse(String(told))) < 1000;
  }
  if (typeof told === 'number') {
    const number = typeof has === 'string' && has.trim() !== '' ? Number(has) : has;
    if (typeof number !== 'number' || Number.isNaN(number)) return undefined;
    return member === 'seconds' ? Math.abs(number - told) < 1 : number === told;
  }
  return typeof has === 'string' ? has.normalize() === told.normalize() : undefined;
};

/** With fewer members of an entry a record may be of something else, whose members are called so too. */
const leastMembers = 3;

export interface Compared {
  /** Members of the entry that it has. */
  known: Member[];
  /** The first that is otherwise, in words. */
  difference: string | undefined;
}

/** What a record in the books, by the names of its members, has of an entry. Accounts that the manifest names may have names of their own there. */
export const compare = (kit: Kit, entry: UsageEntry, record: Record<string, unknown>): Compared => {
  const given = new Map(Object.entries(record).map(([name, value]) => [plain(name), value]));
  const known = members.filter((member) => member !== 'id' && given.has(plain(member)));
  if (known.length < leastMembers) return { known: [], difference: undefined };
  const isOwn = (member: Member) => member === 'account' && kit.setting.entry?.account !== undefined;
  for (const member of known) {
    const [told, has] = [entry[member], given.get(plain(member))];
    if (told === undefined || isOwn(member) || isSame(member, told, has) !== false) continue;
    return { known, difference: `${member} ${excerpt(has)} in place of ${excerpt(told)}` };
  }
  return { known, difference: undefined };
};
