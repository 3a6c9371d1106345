/**
 * WS-Addressing: 1.0, and the submission of 2004 that older stacks have. As much of it as serves those who get their reply
 * where they have sent the request: their headers are understood, and the reply says what it is and what it belongs to.
 */
import { Fault } from '../../../../plugin-protocol/faults.ts';
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import { shortened } from '../../../../plugin-protocol/text/shortened.ts';
import { escapeAttribute, escapeText } from '../../../wire/escape.ts';
import type { ElementReader } from '../message/element-reader.ts';
import type { QName } from '../message/fault-kinds.ts';
import { Mismatch } from '../message/mismatch.ts';
import { textOf } from '../values/reading.ts';

interface Form {
  namespace: string;
  /** Where replies go: to who waits for them, or to nobody. */
  anonymous: string;
  none?: string;
  /** The action of faults that no description declares. */
  faultAction: string;
}

const core = 'http://www.w3.org/2005/08/addressing';
const submission = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';

const forms: ReadonlyMap<string, Form> = new Map(
  [
    { namespace: core, anonymous: `${core}/anonymous`, none: `${core}/none`, faultAction: `${core}/soap/fault` },
    { namespace: submission, anonymous: `${submission}/role/anonymous`, faultAction: `${submission}/fault` },
  ].map((form) => [form.namespace, form]),
);

const headers: ReadonlySet<string> = new Set([
  ...['Action', 'To', 'From', 'MessageID', 'RelatesTo', 'ReplyTo', 'FaultTo'],
]);

/** What the headers say. */
export interface Addressed {
  form: Form;
  action?: string;
  message?: string;
  /** Whether there is somebody to be answered, and to be told of a fault: as for replies, when nothing is said of it. */
  replies?: boolean;
  faults?: boolean;
}

/** Whether the header is one of these; they are all understood together. */
export const isAddressing = ({ local, namespace }: QName): boolean => forms.has(namespace) && headers.has(local);

const refuse = (message: string): never => {
  throw new Fault('invalid-request', message);
};

const textIn = (reader: ElementReader): string => {
  const { name } = reader;
  try {
    return textOf(reader).trim();
  } catch (error) {
    if (error instanceof Mismatch) return refuse(`The header ${name} ${error.message}.`);
    throw error;
  }
};

/** An endpoint: whether anybody is there. */
function* readEndpoint(reader: ElementReader, { namespace, anonymous, none }: Form): Slices<boolean> {
  const { local: what } = reader;
  let address = anonymous;
  for (let event = reader.next(); event !== 'close'; event = reader.next()) {
    if (event !== 'open') continue;
    const isOurs = reader.namespace === namespace;
    if (isOurs && reader.local === 'Address') address = textIn(reader);
    // They would have to be headers of the reply.
    else if (isOurs && /^Reference(?:Parameters|Properties)$/.test(reader.local)) {
      for (let inner = reader.next(); inner !== 'close'; inner = reader.next()) {
        if (inner === 'open' || !reader.blank) refuse(`The ${what} has reference parameters, which are not sent back.`);
      }
    } else yield* reader.skipInSlices();
  }
  if (address === none) return false;
  if (address === anonymous) return true;
  return refuse(`The ${what} is ${shortened(address)}: a reply comes where the request was sent, and nowhere else.`);
}

/** Reads the header just opened. */
export function* readAddressing(reader: ElementReader, presented: { addressed?: Addressed }): Slices<void> {
  const form = forms.get(reader.namespace)!;
  presented.addressed ??= { form };
  const { addressed } = presented;
  if (addressed.form !== form) refuse('The headers are of two versions of WS-Addressing.');
  const { local } = reader;
  const once = <K extends keyof Addressed>(key: K, value: Addressed[K]) => {
    if (addressed[key] !== undefined) refuse(`There are two headers ${local} of WS-Addressing.`);
    addressed[key] = value;
  };
  switch (local) {
    case 'Action':
      return once('action', textIn(reader));
    case 'MessageID':
      return once('message', textIn(reader));
    case 'ReplyTo':
      return once('replies', yield* readEndpoint(reader, form));
    case 'FaultTo':
      return once('faults', yield* readEndpoint(reader, form));
    default:
      yield* reader.skipInSlices();
  }
}

/** The headers of the reply to a request that had such. */
export const addressingHeaders = ({ form, message }: Addressed, action = form.faultAction): string => {
  const header = (name: string, text: string) =>
    `<wsa:${name} xmlns:wsa="${escapeAttribute(form.namespace)}">${escapeText(text)}</wsa:${name}>`;
  return header('Action', action) + (message === undefined ? '' : header('RelatesTo', message));
};

/**
 * The action of a message of which its description says none: WS-Addressing 1.0 Metadata, section 4.4.4. `words` are what the
 * description calls it, the port type first.
 */
export const defaultAction = (namespace: string, ...words: readonly string[]): string => {
  const delimiter = namespace.startsWith('urn:') ? ':' : '/';
  const before = namespace.endsWith(delimiter) ? namespace : namespace + delimiter;
  return before + words.join(delimiter);
};
