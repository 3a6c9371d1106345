/** How scalars are written in a struct: the next one at the same place is expected to be written alike. */
import { escapeText } from '../../wire/escape.ts';
import type { Surroundings } from '../../wire/xml.ts';
import type { WireType } from './names.ts';

export interface Written {
  type: WireType;
  /** The element of the type; empty when there was none. */
  element: string;
  /** The name of the member that it was the value of. */
  member: string;
  around: Surroundings;
}

/** How the scalar just entered was written, for what comes after it; `known` when that says the same. */
export const writtenAs = (
  { type, element }: Pick<Written, 'type' | 'element'>,
  member: string,
  known: Written | undefined,
): Written | undefined => {
  if (type === 'array' || type === 'struct' || type === 'nil') return undefined;
  if (known?.element === element && known.member === member) return known;
  const [open, close, nodes] = element === '' ? ['', '', 0] : [`<${element}>`, `</${element}>`, 1];
  return {
    type,
    element,
    member,
    around: {
      before: `<member><name>${escapeText(member)}</name><value>${open}`,
      after: `${close}</value></member>`,
      nodes: 5 + nodes,
      levels: 2 + nodes,
    },
  };
};
