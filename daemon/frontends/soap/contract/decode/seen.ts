/** What is noted of a record of a contract while it is read, and what is held against that at its end. */
import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { within, wrong } from '../../message/mismatch.ts';
import { tooFew } from '../schema/particles.ts';
import { type Choice, elementsIn, type Field, type Wildcard } from '../schema/types.ts';
import { readFragment } from '../values/fragments.ts';
import { fieldOf } from '../values/records.ts';
import { listIn } from './put.ts';

/** The group of a record that was read last, while it may go on. */
export interface Occurrence {
  record: Record<string, unknown>;
  seen: Seen;
  /** Where in the group the element stands that came last. */
  place: number;
}

export interface Seen {
  /** Of each choice the branch that was taken. */
  chosen: Map<object, number> | undefined;
  /** Fields that came without a value. */
  unset: Set<string> | undefined;
  /** Of each field that is a group, that group. */
  groups: Map<Field, Occurrence> | undefined;
}
/** Before the first field. */
export const nothingSeen = (): Seen => ({ chosen: undefined, unset: undefined, groups: undefined });

/** Reads the element just opened into a record. Answers what is left to do when that may be long. */
export type ReadMember = (reader: ElementReader, into: Record<string, unknown>, seen: Seen) => Slices<void> | undefined;

/** What stands for an element in a record. */
export interface Member {
  place: number;
  choices: readonly Choice[];
  /** Whether an element of that name may follow in the record, where it is the last that came. */
  takes: (into: Record<string, unknown>, seen: Seen, local: string) => boolean;
  read: ReadMember;
}

/** Holds a record against what must be there, once all of it was read. */
export type Complete = (into: Record<string, unknown>, seen: Seen) => void;

export interface ContentReader {
  /** By the local names of elements. */
  members: ReadonlyMap<string, Member>;
  /** What reads all others. */
  rest: Member | undefined;
  complete: Complete | undefined;
}

export const noteUnset = (seen: Seen, name: string): void => {
  seen.unset ??= new Set();
  seen.unset.add(name);
};

const isExcluded = ({ of, branch }: Choice, { chosen }: Seen): boolean => (chosen?.get(of) ?? branch) !== branch;
/** Whether what is in these branches may stand beside what was read. */
export const mayChoose = (choices: readonly Choice[], seen: Seen): boolean =>
  !choices.some((choice) => isExcluded(choice, seen));

/** Takes these branches for what is called so. */
export const choose = (choices: readonly Choice[], name: string, seen: Seen): void => {
  for (const choice of choices) {
    if (isExcluded(choice, seen)) throw within(failure('excludes what is given before it'), name);
    seen.chosen ??= new Map();
    seen.chosen.set(choice.of, choice.branch);
  }
};

/** What may be nil may be left out as well: clients do that. */
export const isRequired = ({ repeated, least, optional, nillable, fallback }: Field): boolean =>
  repeated ? least !== undefined : !optional && !nillable && fallback === undefined;

/** Checks that a field came as often as it must. `isWhole` whether it is all that there is, and so no step. */
export const demand = (
  { name, least = 0 }: Field,
  into: Record<string, unknown>,
  { unset }: Seen,
  isWhole: boolean,
): void => {
  const value = fieldOf(into, name);
  if (Array.isArray(value) ? value.length >= least || least === 0 : value !== undefined || unset?.has(name)) return;
  const missing = failure(least === 0 ? 'must be given' : tooFew(least));
  throw isWhole ? missing : within(missing, name);
};

/** Checks that one of a choice is there. */
export const chosenFrom = (names: readonly string[], fields: readonly Field[]): Complete => {
  const elements = elementsIn(fields.filter(({ name }) => names.includes(name)));
  return (into, { unset }) => {
    if (!names.some((name) => Object.hasOwn(into, name) || unset?.has(name)))
      wrong(`must have ${elements.join(' or ')}`);
  };
};

const failure = (message: string): unknown => {
  try {
    return wrong(message);
  } catch (error) {
    return error;
  }
};
export const unknownField = (): unknown => failure('is not known here');

function* readWildcard(
  reader: ElementReader,
  { name, repeated }: Wildcard,
  into: Record<string, unknown>,
): Slices<void> {
  if (repeated) {
    listIn(into, name).push(yield* readFragment(reader));
    return;
  }
  if (Object.hasOwn(into, name)) throw within(unknownField(), reader.local);
  into[name] = yield* readFragment(reader);
}

export const wildcardMember = (wildcard: Wildcard): Member => ({
  // Before the field that it stands before, and behind those in front of that.
  place: wildcard.at - 0.5,
  choices: wildcard.choices ?? [],
  takes: () => wildcard.repeated,
  read(reader, into, seen) {
    if (wildcard.choices !== undefined) choose(wildcard.choices, wildcard.name, seen);
    return readWildcard(reader, wildcard, into);
  },
});
