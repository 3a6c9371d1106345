/** From the text of a request to a call: the envelope, its headers, and the one element in its Body. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { type XmlLimits, XmlReader } from '../../wire/xml.ts';
import { EnvelopeFault, type QName } from './fault.ts';
import { type SoapVersion, soap11, soap12, soapVersions } from './names.ts';
import type { DecodeParams } from './values.ts';

const versions: ReadonlyMap<string, SoapVersion> = new Map(soapVersions.map((version) => [version.envelope, version]));

/** What tells the version of a request whose envelope cannot: the sender will be able to read that one. */
export const versionFromType = (contentType: string | undefined): SoapVersion =>
  contentType !== undefined && /^\s*application\/soap\+xml/i.test(contentType) ? soap12 : soap11;

const actionParameter = /;\s*action\s*=\s*"?([^\s";]*)/i;

/** The operation that the SOAPAction header names, or `action` in the content type; clients leave both out at will. */
const operationFromAction = (headers: Headers): string | undefined => {
  const action = headers.soapaction?.replaceAll('"', '') || actionParameter.exec(headers['content-type'] ?? '')?.[1];
  return action?.slice(Math.max(action.lastIndexOf('#'), action.lastIndexOf('/')) + 1).trim();
};

type Headers = Readonly<Record<string, string | undefined>>;

/** Anything that can decode its parameters: an operation. */
interface Decodable {
  decode: DecodeParams;
}

export interface Call<O> {
  operation: O;
  params: Record<string, unknown>;
}

const notACall = (message: string): never => {
  throw new Fault('invalid-request', message);
};

/** The next element within the one that is open; false when that is closed. */
const nextElement = (reader: XmlReader): boolean => {
  for (;;) {
    const event = reader.next();
    if (event === 'open') return true;
    if (event === 'close') return false;
    if (!reader.blank) reader.fail('There is text where only elements may be.');
  }
};

const isMandatory = (reader: XmlReader, version: SoapVersion): boolean => {
  const value = reader.attribute('mustUnderstand', version.envelope)?.trim();
  if (value === undefined || value === '0' || value === 'false') return false;
  if (value === '1' || value === 'true') return true;
  return notACall(`mustUnderstand of the header ${reader.name} is neither true nor false.`);
};

const isForUs = (reader: XmlReader, version: SoapVersion): boolean =>
  version.roles.has(reader.attribute(version.role, version.envelope)?.trim() ?? '');

/** No header is understood. One that has to be, by us, ends the request (SOAP 1.2 part 1, section 2.6). */
const readHeaders = (reader: XmlReader, version: SoapVersion) => {
  const missed: QName[] = [];
  while (nextElement(reader)) {
    if (isMandatory(reader, version) && isForUs(reader, version)) {
      missed.push({ local: reader.local, namespace: reader.namespace });
    }
    reader.skip();
  }
  if (missed.length === 0) return;
  const names = missed.map(({ local, namespace }) => (namespace === '' ? local : `${local} of ${namespace}`));
  throw new EnvelopeFault('MustUnderstand', `Headers that must be understood are not: ${names.join(', ')}.`, missed);
};

/** Reads requests for a set of operations, known by the local name of the element in the Body. */
export class Decoder<O extends Decodable> {
  readonly #operations: ReadonlyMap<string, O>;
  readonly #limits: XmlLimits;

  constructor(operations: ReadonlyMap<string, O>, limits: XmlLimits) {
    this.#operations = operations;
    this.#limits = limits;
  }

  /**
   * `found` is told the version as soon as it is known, so that a fault in the rest can be answered in it. Throws
   * `Fault`, `EnvelopeFault` and `XmlFault`. The whole document has been read when it returns.
   */
  decode(text: string, headers: Headers, found: (version: SoapVersion) => void): Call<O> {
    const reader = new XmlReader(text, this.#limits, { namespaces: true, instructions: false });
    reader.next();
    if (reader.local !== 'Envelope') notACall(`This is no SOAP envelope, but <${reader.name}>.`);
    const version = versions.get(reader.namespace);
    if (version === undefined) {
      throw new EnvelopeFault('VersionMismatch', 'The envelope is neither of SOAP 1.1 nor of SOAP 1.2.');
    }
    found(version);
    const call = this.#envelope(reader, version, headers);
    // What follows the root element must be nothing.
    reader.next();
    return call;
  }

  #envelope(reader: XmlReader, version: SoapVersion, headers: Headers): Call<O> {
    let call: Call<O> | undefined;
    let headerSeen = false;
    while (nextElement(reader)) {
      const isOurs = reader.namespace === version.envelope;
      if (isOurs && reader.local === 'Header' && !headerSeen && call === undefined) {
        headerSeen = true;
        readHeaders(reader, version);
      } else if (isOurs && reader.local === 'Body' && call === undefined) {
        call = this.#body(reader, headers);
      } else if (version === soap11 && call !== undefined && !isOurs) {
        // SOAP 1.1 section 4 lets anything follow the Body.
        reader.skip();
      } else notACall(`<${reader.name}> has no place here: an Envelope holds a Header, if any, and a Body.`);
    }
    return call ?? notACall('The Envelope has no Body.');
  }

  #body(reader: XmlReader, headers: Headers): Call<O> {
    if (!nextElement(reader)) return this.#byAction(headers);
    const operation = this.#operations.get(reader.local);
    if (operation === undefined) throw new Fault('unknown-method', `There is no operation ${reader.local}.`);
    const params = operation.decode(reader);
    if (nextElement(reader)) notACall(`The Body holds more than one call: <${reader.name}> follows.`);
    return { operation, params };
  }

  /** A call without parameters may have nothing but its action to tell it. */
  #byAction(headers: Headers): Call<O> {
    const name = operationFromAction(headers);
    const operation = name === undefined ? undefined : this.#operations.get(name);
    return operation === undefined ? notACall('The Body is empty.') : { operation, params: {} };
  }
}
