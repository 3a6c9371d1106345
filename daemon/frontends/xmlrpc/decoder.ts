/** How a value is read: at once, or in slices. */
import type { Slices } from '../../../plugin-protocol/slices.ts';
import type { ValueReader } from './values.ts';

/** Reads the value that has been entered. */
export type Decode<T = unknown> = (values: ValueReader) => T;

/** Reads the value that has been entered, and everything in it, in slices. */
export type DecodeInSlices<T = unknown> = (values: ValueReader) => Slices<T>;

/** How values of a shape are read: scalars at once, but for long ones of some shapes, and what holds others in slices. */
export type Decoder =
  | { atOnce: Decode; long?: DecodeInSlices; inSlices?: never }
  | { atOnce?: never; long?: never; inSlices: DecodeInSlices };

/** What reads the value entered, where it is not read at once. */
export const workFor = ({ inSlices, long }: Decoder, values: ValueReader): Slices<unknown> | undefined => {
  if (inSlices !== undefined) return inSlices(values);
  return long !== undefined && values.isLong ? long(values) : undefined;
};
