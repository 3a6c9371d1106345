/** Values of a contract's types, while they are read: compiled once for each type, and by its names. */

import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { within, wrong } from '../../message/mismatch.ts';
import { xsiType } from '../../message/xsi.ts';
import { branch, type DecodeInSlices, type Decoder, nextElement, valueInTurn, workFor } from '../../values/reading.ts';
import { tooMany } from '../schema/particles.ts';
import { clark } from '../schema/tree.ts';
import {
  type ComplexType,
  type Content,
  derivesFrom,
  elementsIn,
  type Field,
  onlyItems,
  type SimpleType,
  wildcardsIn,
  type XsdType,
} from '../schema/types.ts';
import { labelled, type TypeNames } from '../values/labels.ts';
import { simpleFrom } from '../values/simple.ts';
import { decodeAnyIn } from './any.ts';
import { attributesReader } from './attributes.ts';
import { groupReader } from './groups.ts';
import { arrayReader, listReader } from './lists.ts';
import { keptIn, listIn, pushTo, steppedIn } from './put.ts';
import {
  type Complete,
  type ContentReader,
  choose,
  chosenFrom,
  demand,
  isRequired,
  type Member,
  noteUnset,
  nothingSeen,
  type ReadMember,
  type Seen,
  unknownField,
  wildcardMember,
} from './seen.ts';
import { simpleDecoder } from './simple.ts';

const recordWords = 'must be a record: one element for each field';

export class ValueDecoder {
  readonly #types: TypeNames;
  readonly #mostPlaces: number;
  readonly #demands: boolean;
  readonly #compiled = new Map<XsdType, Decoder>();
  readonly #any: Decoder;
  readonly #map: DecodeInSlices;

  /**
   * `mostPlaces` bounds what the places of items may claim; of other lists the text is the bound. `demands` whether what must come is
   * missed when it does not: in the encoding of SOAP anything may be left out (SOAP 1.1 section 5.1).
   */
  constructor(types: TypeNames, mostPlaces: number, demands: boolean) {
    this.#demands = demands;
    this.#types = types;
    this.#mostPlaces = mostPlaces;
    const open = decodeAnyIn(types, (type) => this.of(type), mostPlaces);
    this.#any = { inSlices: open.value };
    this.#map = open.map;
  }

  /** Reads an element of that type. Undefined: it is nil. */
  of(type: XsdType): Decoder {
    const known = this.#compiled.get(type);
    if (known !== undefined) return known;
    if (type.kind === 'any') return this.#any;
    if (type.kind === 'simple') {
      const simple = simpleDecoder(type);
      this.#compiled.set(type, simple);
      return simple;
    }
    // Types may be within themselves, and thousands within each other: each is compiled when it first comes.
    let made: DecodeInSlices | undefined;
    const decoder: Decoder = {
      inSlices: (reader) => {
        made ??= this.#orDerived(type, this.#complex(type));
        return made(reader);
      },
    };
    this.#compiled.set(type, decoder);
    return decoder;
  }

  /** With `xsi:type`, what is there may be of a type that is derived from the one that is declared. */
  #orDerived(type: ComplexType, decode: DecodeInSlices): DecodeInSlices {
    const derived = (reader: ElementReader): XsdType | undefined => {
      const said = xsiType(reader);
      const actual = said && this.#types.named(clark(said));
      const isDerived = actual?.kind === 'complex' && actual !== type && derivesFrom(actual, type);
      return isDerived ? actual : undefined;
    };
    const read = (actual: XsdType, reader: ElementReader) => this.of(actual).inSlices!(reader);
    const label = (actual: XsdType) => this.#types.labelOf(actual)!;
    return branch((reader) => {
      const actual = derived(reader);
      if (actual !== undefined) return labelledAs(label(actual), read(actual, reader));
      if (type.abstract) return wrong('must say its type, with xsi:type: the one that is declared is abstract');
      return decode(reader);
    });
  }

  #complex(type: ComplexType): DecodeInSlices {
    if (type.map) return this.#map;
    if (type.array !== undefined) {
      const { items, dimensions } = type.array;
      return arrayReader(dimensions, this.of(items), this.#mostPlaces);
    }
    if (type.text !== undefined) return this.#text(type, type.text);
    const items = onlyItems(type);
    return items === undefined ? this.#record(type) : this.#items(items);
  }

  /** What is in a type that is only there to hold a list. */
  #items(field: Field): DecodeInSlices {
    const { most, element, name } = field;
    if (field.group !== undefined) {
      const read = this.fields({ fields: [field] }, undefined, true);
      return function* (reader) {
        const record: Record<string, unknown> = {};
        yield* read(reader, record);
        return listIn(record, name);
      };
    }
    const least = this.#demands ? field.least : undefined;
    return listReader({ local: element.local, most, least }, this.of(field.type));
  }

  #text({ attributes }: ComplexType, text: SimpleType): DecodeInSlices {
    const read = attributesReader(attributes);
    const make = simpleFrom(text);
    return function* (reader) {
      const record: Record<string, unknown> = {};
      read(reader, record);
      try {
        const value = yield* valueInTurn(reader, () => make);
        if (value !== undefined) record.value = value;
      } catch (error) {
        throw within(error, 'value');
      }
      return record;
    };
  }

  #record(type: ComplexType): DecodeInSlices {
    const read = attributesReader(type.attributes);
    const children = this.fields(type);
    return function* (reader) {
      const record: Record<string, unknown> = {};
      read(reader, record);
      yield* children(reader, record);
      return record;
    };
  }

  /**
   * Reads the children of the element that is open, by their local names; in any order, but for what is in groups that may come more
   * than once. `isWhole` whether they are all that a list has, which is no step then.
   */
  fields(
    content: Content,
    unknown?: (reader: ElementReader, position: number) => Field | undefined,
    isWhole = false,
  ): (reader: ElementReader, into: Record<string, unknown>) => Slices<void> {
    const { members, rest, complete } = this.#content(content, false, isWhole);
    return function* (reader, into) {
      const seen = nothingSeen();
      let position = 0;
      for (;;) {
        if (reader.due) yield* reader.pause();
        if (!nextElement(reader, recordWords)) break;
        const one = members.get(reader.local) ?? members.get(unknown?.(reader, position)?.element.local ?? '') ?? rest;
        position++;
        if (one === undefined) throw within(unknownField(), reader.local);
        const work = one.read(reader, into, seen);
        if (work !== undefined) yield* work;
      }
      complete?.(into, seen);
    };
  }

  #content({ fields, choices = [], wildcard }: Content, isGroup: boolean, isWhole = false): ContentReader {
    const members = new Map<string, Member>();
    const completions: Complete[] = [];
    let rest = wildcard && wildcardMember(wildcard);
    for (const [place, field] of fields.entries()) {
      if (field.group === undefined) {
        const { name, most = Infinity, choices: among = [], repeated } = field;
        const takes = (into: Record<string, unknown>) => repeated && listIn(into, name).length < most;
        members.set(field.element.local, { place, choices: among, takes, read: this.field(field, isGroup) });
      } else {
        const group = groupReader(field, place, this.#content(field.group, true), isWhole);
        for (const local of elementsIn(field.group.fields)) members.set(local, group.member);
        rest ??= wildcardsIn(field.group) > 0 ? group.member : undefined;
        completions.push(group.complete);
      }
    }
    // Elements of which nothing is declared may be those that have to be there.
    if (wildcard === undefined) completions.push(...choices.map((names) => chosenFrom(names, fields)));
    const required = this.#demands ? fields.filter(isRequired) : [];
    if (required.length > 0) {
      completions.push((into, seen) => {
        for (const field of required) demand(field, into, seen, isWhole);
      });
    }
    const complete: Complete | undefined =
      completions.length === 0
        ? undefined
        : (into, seen) => {
            for (const check of completions) check(into, seen);
          };
    return { members, rest, complete };
  }

  /** Reads one element of a field into a record. Answers what is left to do when that may be long. */
  field(field: Field, isGroup = false): ReadMember {
    const { name, choices, repeated, most, fallback, type, nillable } = field;
    // A group of nothing but that would be empty without it.
    const keepsNil = isGroup && nillable;
    const leaveUnset = (into: Record<string, unknown>, seen: Seen) => {
      if (keepsNil) into[name] = null;
      else noteUnset(seen, name);
    };
    const decoder: Decoder =
      fallback === undefined || type.kind !== 'simple' ? this.of(type) : simpleDecoder(type, fallback);
    return (reader, into, seen) => {
      if (choices !== undefined) choose(choices, name, seen);
      try {
        if (repeated) {
          const list = listIn(into, name);
          if (list.length === most) wrong(tooMany(most));
          const work = pushTo(list, reader, decoder);
          return work && steppedIn(name, work);
        }
        if (Object.hasOwn(into, name)) wrong('is given twice');
        const work = workFor(decoder, reader);
        if (work !== undefined)
          return steppedIn(
            name,
            keptIn(into, name, work, () => leaveUnset(into, seen)),
          );
        const value = decoder.atOnce!(reader);
        if (value !== undefined) into[name] = value;
        else leaveUnset(into, seen);
      } catch (error) {
        throw within(error, name);
      }
      return undefined;
    };
  }
}

function* labelledAs(label: string, work: Slices<unknown>): Slices<object> {
  return labelled(label, (yield* work) as object);
}
