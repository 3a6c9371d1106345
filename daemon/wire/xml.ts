/**
 * The one XML tokenizer of both XML wires: strict XML 1.0 with namespaces, no DTD, the five predefined entities and
 * numeric character references, and limits that are checked before anything is kept.
 */

/** Every limit of a document; config `limits.xml.*`. */
export interface XmlLimits {
  /** Elements within elements. */
  depth: number;
  /** Elements, text runs, comments and instructions in all. */
  nodes: number;
  attributes: number;
  /** Characters in a name. */
  nameLength: number;
  /** Characters in one run of text or in one attribute. */
  textLength: number;
}
