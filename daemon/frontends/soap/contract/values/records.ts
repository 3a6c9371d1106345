/** Records in memory: what they hold of what a contract has, and whether that may be there together. */
import { wrong } from '../../message/mismatch.ts';
import type { Content } from '../schema/types.ts';

export const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : wrong('must be a record');

/** What a field of a record holds; undefined when it is not there. */
export const fieldOf = (from: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(from, name) ? from[name] : undefined;

/** Whether a field is written at all: null is where it may be nil. */
const isThere = (from: Record<string, unknown>, { name, nillable = false }: { name: string; nillable?: boolean }) => {
  const value = fieldOf(from, name);
  return value !== undefined && (value !== null || nillable);
};

/** What the fields of a record are called. */
export const namesOf = ({ fields, wildcard }: Content): string[] => [
  ...fields.map(({ name }) => name),
  ...(wildcard === undefined ? [] : [wildcard.name]),
];

/** Checks that what is in a record may be there together, and that one of each choice is. */
export const choicesOf = ({ fields, choices = [], wildcard }: Content): ((from: Record<string, unknown>) => void) => {
  const chosen = [...fields, ...(wildcard === undefined ? [] : [wildcard])].filter((one) => one.choices !== undefined);
  const needed =
    wildcard === undefined ? choices.map((names) => fields.filter(({ name }) => names.includes(name))) : [];
  return (from) => {
    const taken = new Map<object, { branch: number; name: string }>();
    for (const one of chosen) {
      if (!isThere(from, one)) continue;
      const { name } = one;
      for (const { of, branch } of one.choices!) {
        const other = taken.get(of) ?? { branch, name };
        if (other.branch !== branch) wrong(`must have ${other.name} or ${name}, and not both`);
        taken.set(of, other);
      }
    }
    for (const some of needed) {
      if (!some.some((one) => isThere(from, one))) wrong(`must have ${some.map(({ name }) => name).join(' or ')}`);
    }
  };
};
