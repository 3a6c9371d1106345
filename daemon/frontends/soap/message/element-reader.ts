/** What decoders read a message by, and how they tell a reference in it: SOAP 1.1 section 5.4.1, SOAP 1.2 part 2, section 3.1.5. */
import type { XmlReader } from '../../../wire/xml.ts';
import { soap12 } from './names.ts';

/** What is read of a document by those who decode it: an `XmlReader`, or a message with references. */
export type ElementReader = Pick<
  XmlReader,
  | 'name'
  | 'local'
  | 'namespace'
  | 'text'
  | 'parts'
  | 'depth'
  | 'blank'
  | 'next'
  | 'attribute'
  | 'isBare'
  | 'attributes'
  | 'resolve'
  | 'plainText'
  | 'skip'
  | 'skipInSlices'
  | 'slice'
  | 'releaseText'
  | 'due'
  | 'isLongNext'
  | 'pause'
>;

/** Thrown by those who read a document from its text when they come to a reference. */
export const byReference = new Error('The message has references.');

/** Whether the element just opened only refers to another. */
export const isReference = (reader: ElementReader): boolean =>
  !reader.isBare && (reader.attribute('href') !== undefined || reader.attribute('ref', soap12.encoding) !== undefined);

/** The id that others may refer to. */
export const idOf = (reader: ElementReader): string | undefined =>
  reader.attribute('id') ?? reader.attribute('id', soap12.encoding);
