/** How scalars are written in a struct: the next one at the same place is expected to be written alike. */
import { escapeText } from '../../wire/escape.ts';
import type { Surroundings } from '../../wire/xml.ts';
import type { Shown } from './dialect.ts';
import { shownBy, type WireType } from './names.ts';

interface Scalar {
  type: WireType;
  /** The element of the type; empty when there was none. */
  element: string;
  /** The name of the member that it was the value of. */
  member: string;
}

export interface Written<F> extends Scalar {
  /** What is read into, found once by the name. */
  field: F;
  shown: Shown | undefined;
  around: Surroundings;
}

/** What structs of one kind are read into, and how the scalars in the last of them were written. */
export class Layout<F> {
  readonly find: (name: string) => F;
  readonly #most: number;
  readonly #written: (Written<F> | undefined)[] = [];

  /** More than 64 members are not read faster for having been written alike. */
  constructor(find: (name: string) => F, most = 64) {
    this.find = find;
    this.#most = most;
  }

  /** How the member at this place was written, if it was a scalar. */
  at(index: number): Written<F> | undefined {
    return this.#written[index];
  }

  /** The value just entered is the member at this place. Names that nothing is read into may be of any number and length. */
  keep(index: number, { type, element, member }: Scalar, field: F): void {
    const written = this.#written;
    const known = written[index];
    if (index >= this.#most || (known?.element === element && known.member === member)) return;
    const isKnown = field !== undefined && type !== 'array' && type !== 'struct' && type !== 'nil';
    const now = isKnown
      ? { type, element, member, field, shown: shownBy(element), around: around(member, element) }
      : undefined;
    written[index] = now;
    follow(written[index - 1], now);
    follow(now, written[index + 1]);
  }
}

/** That of structs which may have any names: it remembers nothing. */
export const unlike = new Layout(() => undefined, 0);

const around = (member: string, element: string): Surroundings => {
  const [open, close, nodes] = element === '' ? ['', '', 0] : [`<${element}>`, `</${element}>`, 1];
  return {
    before: `<member><name>${escapeText(member)}</name><value>${open}`,
    after: `${close}</value></member>`,
    nodes: 5 + nodes,
    levels: 2 + nodes,
    next: undefined,
    between: undefined,
  };
};

/** The one is expected right behind the other. */
const follow = (before: Written<unknown> | undefined, behind: Written<unknown> | undefined): void => {
  if (before === undefined) return;
  before.around.next = behind?.around;
  before.around.between = behind && before.around.after + behind.around.before;
};
