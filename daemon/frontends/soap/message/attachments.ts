/**
 * What comes with a message. Bytes may be sent beside the document as MTOM has it (XOP 1.0, MTOM section 3.2); nothing
 * else may: what is not in the message is no parameter of any operation.
 */
import { Fault } from '../../../../plugin-protocol/faults.ts';
import type { Limits } from '../../../limits.ts';
import { type Bytes, type Stretch, wholeOf } from '../../../wire/bytes.ts';
import { MultipartFault, type MultipartPart, readContentType, readMultipart } from '../../../wire/multipart.ts';
import { tooLarge } from './fault-kinds.ts';
import type { Attached } from './graph.ts';

export interface Message {
  /** The envelope. */
  document: Stretch;
  /** Its content type. */
  type: string | undefined;
  /** What it may include; undefined when it came alone. */
  attached?: Attached;
  /** Throws when something came along that the document has not included. */
  close(): void;
}

const refuse = (message: string): never => {
  throw new Fault('invalid-request', message);
};

const instead = 'Send bytes as base64Binary, or as MTOM.';
const xop = 'application/xop+xml';

const idOf = ({ headers }: MultipartPart): string | undefined => headers.get('content-id')?.replace(/^<(.*)>$/, '$1');

const openParts = (body: Buffer, parameters: ReadonlyMap<string, string>, limits: Limits): Message => {
  const parts = readMultipart(body, parameters.get('boundary') ?? '', {
    parts: limits.soap.parts,
    headerBytes: limits.http.headerBytes,
  });
  const start = parameters.get('start')?.replace(/^<(.*)>$/, '$1');
  const root =
    (start === undefined ? parts[0] : parts.find((part) => idOf(part) === start)) ??
    refuse('The message has no root part.');
  const type = root.headers.get('content-type') ?? '';
  if (readContentType(type).type !== xop) {
    if (parts.length > 1) refuse(`SOAP with Attachments is not accepted. ${instead}`);
    // Axis2 sends every message so that may have attachments.
    return { document: root.body, type, close: () => undefined };
  }
  const others = new Map<string, MultipartPart>();
  for (const part of parts) {
    if (part === root) continue;
    const id = idOf(part) ?? refuse('A part of the message has no Content-ID.');
    if (others.has(id)) refuse(`Two parts of the message have the Content-ID ${id}.`);
    others.set(id, part);
  }
  const attached = (href: string): string => {
    const id = idFrom(href);
    const part =
      others.get(id) ?? refuse(`No other part of the message has the Content-ID ${id}, or it is included twice.`);
    others.delete(id);
    const text = part.body.toString('base64');
    if (text.length > limits.xml.textLength) throw tooLarge(`The part ${id} is too long`, 'textLength', 'xml');
    return text;
  };
  const close = () => {
    for (const id of others.keys())
      refuse(`The message does not include its part ${id}. Other attachments are not accepted.`);
  };
  return { document: root.body, type, attached, close };
};

/** RFC 2392: the Content-ID, percent-encoded. Whatever lies elsewhere is not fetched. */
const idFrom = (href: string): string => {
  if (!/^cid:/i.test(href)) return refuse(`xop:Include refers to ${href}: only parts of the message are included.`);
  try {
    return decodeURIComponent(href.slice('cid:'.length));
  } catch {
    return refuse(`xop:Include refers to ${href}, which is no Content-ID.`);
  }
};

/** Takes a body apart. Throws `Fault`. */
export const openMessage = (body: Buffer | Bytes, header: string | undefined, limits: Limits): Message => {
  // Almost every message is a document of its own.
  if (header === undefined || !/^\s*(?:multipart\/|application\/dime)/i.test(header)) {
    return { document: body, type: header, close: () => undefined };
  }
  const { type, parameters } = readContentType(header);
  if (type === 'application/dime') refuse(`DIME is not accepted. ${instead}`);
  if (type !== 'multipart/related') refuse(`The content type ${type} is not accepted. ${instead}`);
  try {
    return openParts(wholeOf(body), parameters, limits);
  } catch (error) {
    throw error instanceof MultipartFault ? new Fault(error.kind, error.message) : error;
  }
};
