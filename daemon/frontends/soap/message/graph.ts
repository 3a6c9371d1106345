/**
 * A message whose parts refer to each other: SOAP 1.1 section 5.4.1 (`href="#x"` and `id`), SOAP 1.2 part 2, section
 * 3.1.5 (`enc:ref` and `enc:id`). Such a message is kept as a tree, which `graph-reader.ts` reads.
 */
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import { shortened } from '../../../../plugin-protocol/text/shortened.ts';
import type { Limits } from '../../../limits.ts';
import type { TextParts } from '../../../wire/parts.ts';
import type { XmlAttribute, XmlReader } from '../../../wire/xml.ts';
import { idOf } from './element-reader.ts';
import { EncodingFault, tooLarge } from './fault-kinds.ts';
import { soap12 } from './names.ts';

export interface Element {
  name: string;
  local: string;
  namespace: string;
  attributes: readonly XmlAttribute[];
  parent: Element | undefined;
  content: (Element | TextOfElement)[];
}

/** Whole, or in parts where it is long. */
type TextOfElement = string | TextParts;

/** What a multipart message has beside its root: the base64 of the part of that address. Throws when there is none. */
export type Attached = (href: string) => string;

const xopNamespace = 'http://www.w3.org/2004/08/xop/include';

export const valueOfAttribute = ({ attributes }: Element, local: string, namespace = ''): string | undefined => {
  for (const one of attributes) if (one.local === local && one.namespace === namespace) return one.value;
  return undefined;
};

export const isElement = (content: Element | TextOfElement): content is Element =>
  typeof content === 'object' && 'content' in content;

/** The id that an element refers to. */
export const referenceOf = (element: Element): string | undefined => {
  const href = valueOfAttribute(element, 'href');
  if (href === undefined) return valueOfAttribute(element, 'ref', soap12.encoding)?.trim().replace(/^#/, '');
  if (href.startsWith('#')) return href.slice(1);
  throw new EncodingFault(
    'MissingID',
    `<${element.name}> refers to ${shortened(href)}: only what the message holds is read.`,
  );
};

/** Reads the document as a whole: `limits.soap.elements` bounds what that takes. */
export class Graph {
  readonly root: Element;
  readonly #ids: ReadonlyMap<string, Element>;

  private constructor(root: Element, ids: ReadonlyMap<string, Element>) {
    this.root = root;
    this.#ids = ids;
  }

  /** Takes in what `reader` has, which has read nothing yet. An `xop:Include` becomes what it includes. */
  static *of(reader: XmlReader, { elements }: Limits['soap'], attached?: Attached): Slices<Graph> {
    const ids = new Map<string, Element>();
    const document: Element[] = [];
    let count = 0;
    let open: Element | undefined;
    for (let event = reader.next(); event !== 'end'; event = reader.next()) {
      if (event === 'open') {
        if (++count > elements) {
          throw tooLarge(`A message with references or attachments has more than ${elements} elements`, 'elements');
        }
        const { name, local, namespace } = reader;
        const element = { name, local, namespace, attributes: reader.attributes(), parent: open, content: [] };
        if (open === undefined) document.push(element);
        else open.content.push(element);
        open = element;
        const id = idOf(reader);
        if (id !== undefined) {
          if (ids.has(id)) throw new EncodingFault('DuplicateID', `The id ${shortened(id)} is given to two elements.`);
          ids.set(id, element);
        }
      } else if (event === 'text') open!.content.push(reader.textOrParts);
      else {
        const { parent }: Element = open!;
        if (attached !== undefined && open!.local === 'Include' && open!.namespace === xopNamespace) {
          parent?.content.splice(-1, 1, attached(valueOfAttribute(open!, 'href') ?? ''));
        }
        open = parent;
      }
      if (reader.due) yield* reader.pause();
    }
    return new Graph(document[0]!, ids);
  }

  get(id: string): Element {
    const found = this.#ids.get(id);
    if (found === undefined)
      throw new EncodingFault('MissingID', `Nothing in the message has the id ${shortened(id)}.`);
    return found;
  }
}
