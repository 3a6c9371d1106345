/** Groups of several elements that may come more than once: each time is a record of its own, told from the next by the order. */
import { within, wrong } from '../../message/mismatch.ts';
import { tooMany } from '../schema/particles.ts';
import type { Field } from '../schema/types.ts';
import { listIn, steppedIn } from './put.ts';
import {
  type Complete,
  type ContentReader,
  choose,
  type Member,
  mayChoose,
  nothingSeen,
  type Occurrence,
} from './seen.ts';

/**
 * An element goes on with the group that was read last when it may stand behind what that has; otherwise the next begins with it.
 * `isWhole` whether the groups are all that there is, and so no step.
 */
export const groupReader = (
  field: Field,
  place: number,
  { members, rest, complete }: ContentReader,
  isWhole: boolean,
): { member: Member; complete: Complete } => {
  const { name, most = Infinity, choices = [] } = field;
  const memberFor = (local: string): Member => (members.get(local) ?? rest)!;
  const goesOn = ({ record, seen, place: last }: Occurrence, member: Member, local: string): boolean =>
    (member.place > last || (member.place === last && member.takes(record, seen, local))) &&
    mayChoose(member.choices, seen);
  const inField = (error: unknown): unknown => (isWhole ? error : within(error, name));
  const end = ({ record, seen }: Occurrence, list: readonly unknown[]): void => {
    try {
      complete?.(record, seen);
    } catch (error) {
      throw inField(within(error, list.length - 1));
    }
  };
  return {
    member: {
      place,
      choices,
      takes(into, { groups }, local) {
        const last = groups?.get(field);
        return listIn(into, name).length < most || (last !== undefined && goesOn(last, memberFor(local), local));
      },
      read(reader, into, seen) {
        const { local } = reader;
        if (choices.length > 0) choose(choices, name, seen);
        const list = listIn(into, name);
        const member = memberFor(local);
        seen.groups ??= new Map();
        let current = seen.groups.get(field);
        if (current === undefined || !goesOn(current, member, local)) {
          if (current !== undefined) end(current, list);
          if (list.length === most) throw inField(tooManyTimes(most));
          current = { record: {}, seen: nothingSeen(), place: -1 };
          seen.groups.set(field, current);
          list.push(current.record);
        }
        current.place = member.place;
        const at = list.length - 1;
        try {
          const work = member.read(reader, current.record, current.seen);
          if (work === undefined) return undefined;
          const inItem = steppedIn(at, work);
          return isWhole ? inItem : steppedIn(name, inItem);
        } catch (error) {
          throw inField(within(error, at));
        }
      },
    },
    complete(into, { groups }) {
      const last = groups?.get(field);
      if (last !== undefined) end(last, listIn(into, name));
    },
  };
};

const tooManyTimes = (most: number): unknown => {
  try {
    return wrong(tooMany(most));
  } catch (error) {
    return error;
  }
};
