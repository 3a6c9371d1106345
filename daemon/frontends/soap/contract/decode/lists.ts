/** Lists of a contract's types, while they are read: elements of one name, and arrays of SOAP. */
import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { wrong } from '../../message/mismatch.ts';
import { type ArrayForm, arrayFormOf } from '../../values/arrays.ts';
import { branch, type DecodeInSlices, type Decoder, nextElement } from '../../values/reading.ts';
import { tooFew, tooMany } from '../schema/particles.ts';
import { pushTo } from './put.ts';

const words = 'must be a list: one element for each item';

/** Reads elements that are all called `local`, as many as there must and may be. */
export const listReader = (
  { local, most, least = 0 }: { local: string; most: number | undefined; least: number | undefined },
  decoder: Decoder,
): DecodeInSlices =>
  function* (reader) {
    const list: unknown[] = [];
    for (;;) {
      if (reader.due) yield* reader.pause();
      if (!nextElement(reader, words)) return list.length < least ? wrong(tooFew(least)) : list;
      if (reader.local !== local) wrong(`must hold <${local}>, not <${reader.name}>`);
      if (list.length === most) wrong(tooMany(most));
      const work = pushTo(list, reader, decoder);
      if (work !== undefined) yield* work;
    }
  };

/** Reads an array of so many dimensions, whose rows may be arrays themselves. `mostPlaces` bounds what the places of items may claim. */
export const arrayReader = (dimensions: number, decoder: Decoder, mostPlaces: number): DecodeInSlices => {
  function* read(reader: ElementReader, form: ArrayForm | undefined, left: number): Slices<unknown[]> {
    const taken = form?.dimensions ?? 1;
    if (taken > left) wrong('has more dimensions than it may');
    const inner: Decoder = taken === left ? decoder : { inSlices: branch((one) => row(one, left - taken)) };
    const list: unknown[] = [];
    for (;;) {
      if (reader.due) yield* reader.pause();
      if (!nextElement(reader, words)) return form === undefined ? list : form.arrange(list, mostPlaces);
      form?.place(reader);
      const work = pushTo(list, reader, inner);
      if (work !== undefined) yield* work;
    }
  }
  const row = (reader: ElementReader, left: number) => read(reader, arrayFormOf(reader), left);
  return (reader) => row(reader, dimensions);
};
