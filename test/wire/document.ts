/** Documents read in a test: their text, and whatever pieces they come in. */
import { expect } from 'chai';
import { defaultLimits } from '../../daemon/limits.ts';
import { Bytes } from '../../daemon/wire/bytes.ts';
import { xmlSource } from '../../daemon/wire/charset.ts';
import { XmlFault, type XmlLimits, XmlReader, type XmlSource } from '../../daemon/wire/xml.ts';
import { inSlices, type Slices } from '../../plugin-protocol/slices.ts';

/** The whole text; undefined when some of the bytes are none. */
export const textOf = (source: XmlSource): string | undefined => {
  let all = '';
  for (;;) {
    const { text, wrong, last } = source.next();
    if (wrong !== undefined) return undefined;
    all += text;
    if (last) return all;
  }
};

/** All that a reader tells of a document: each event with its place, to the end or to the fault. */
function* told(reader: XmlReader): Slices<string[]> {
  const all: string[] = [];
  let events = 0;
  const reading = (function* () {
    for (;;) {
      if (events % 2 === 0 && reader.isLongNext) yield* reader.pause();
      const event = reader.next();
      const { offset, depth, blank } = reader;
      const attributes = event === 'open' ? JSON.stringify(reader.attributes()) : '';
      const what = event === 'text' ? `${JSON.stringify(reader.text)} ${blank}` : `${reader.name} ${attributes}`;
      all.push(`${offset} ${depth} ${event} ${what}`);
      if (event === 'end') return;
      if (++events % 3 === 0) yield* reader.pause();
    }
  })();
  try {
    try {
      yield* reading;
    } catch (error) {
      yield* reader.failed(error);
      throw error;
    }
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    all.push(`${error.constructor.name} ${error.kind} ${error.message}`);
  }
  return all;
}

export const read = async (source: XmlSource, limits: Partial<XmlLimits> = {}, namespaces = true): Promise<string[]> =>
  inSlices(told(new XmlReader(source, { ...defaultLimits.xml, ...limits }, { namespaces })));

/** A character that there must not be is found before or after some events, as the pieces are: it is the fault that counts. */
const said = (all: string[]): string[] => (all.at(-1)?.startsWith('XmlCharacterFault') ? all.slice(-1) : all);

export const whole = Number.POSITIVE_INFINITY;
/** Of pieces. */
export const lengths = [1, 2, 3, 5, 8, 13, 64];

/** As it may have come: of odd lengths, some of which are copied together. */
const torn = (bytes: Buffer): Bytes => {
  const all = new Bytes();
  for (let from = 0, length = 1; from < bytes.length; from += length++) all.add(bytes.subarray(from, from + length));
  return all;
};

/** Reads a document whole and in pieces, and from bytes that are whole and in pieces; answers what is told of it. */
export const expectAlike = async (
  bytes: Buffer,
  charset?: string,
  limits: Partial<XmlLimits> = {},
): Promise<string[]> => {
  const inOne = said(await read(xmlSource(bytes, charset, whole), limits));
  for (const length of lengths) {
    expect(said(await read(xmlSource(bytes, charset, length), limits)), `pieces of ${length}`).to.deep.equal(inOne);
  }
  const inBoth = said(await read(xmlSource(torn(bytes), charset, lengths.at(-1)), limits));
  expect(inBoth, 'bytes in pieces').to.deep.equal(inOne);
  return inOne;
};
