/** Where the values go that are read: to the end of a list, or into a record. */
import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { within } from '../../message/mismatch.ts';
import { type Decoder, workFor } from '../../values/reading.ts';

/** Reads an item at the end of a list. Answers what is left to do when that may be long. */
export const pushTo = (list: unknown[], reader: ElementReader, decoder: Decoder): Slices<void> | undefined => {
  try {
    const work = workFor(decoder, reader);
    if (work !== undefined) return pushed(list, work);
    list.push(decoder.atOnce!(reader) ?? null);
  } catch (error) {
    throw within(error, list.length);
  }
  return undefined;
};

function* pushed(list: unknown[], work: Slices<unknown>): Slices<void> {
  try {
    list.push((yield* work) ?? null);
  } catch (error) {
    throw within(error, list.length);
  }
}

/** `unset` is called when there is none. */
export function* keptIn(
  into: Record<string, unknown>,
  name: string,
  work: Slices<unknown>,
  unset: () => void,
): Slices<void> {
  const value = yield* work;
  if (value !== undefined) into[name] = value;
  else unset();
}

/** Work whose errors are seen one step further out. */
export function* steppedIn(step: string | number, work: Slices<void>): Slices<void> {
  try {
    yield* work;
  } catch (error) {
    throw within(error, step);
  }
}

/** The list that a record has under that name; a name that every object has is none. */
export const listIn = (into: Record<string, unknown>, name: string): unknown[] => {
  if (!Object.hasOwn(into, name)) into[name] = [];
  return into[name] as unknown[];
};
