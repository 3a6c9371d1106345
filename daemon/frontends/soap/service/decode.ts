/** From the text of a request to a call: the envelope, its headers, and the one element in its Body. */

import { Fault } from '../../../../plugin-protocol/faults.ts';
import { isSlices, type Slices } from '../../../../plugin-protocol/slices.ts';
import { shortened } from '../../../../plugin-protocol/text/shortened.ts';
import type { Limits } from '../../../limits.ts';
import { XmlReader, type XmlSource } from '../../../wire/xml.ts';
import { type GivenHeader, type HeaderContract, nextElement, type Presented, readHeaders } from '../headers/headers.ts';
import { byReference, type ElementReader, idOf } from '../message/element-reader.ts';
import { type Attached, Graph } from '../message/graph.ts';
import { GraphReader } from '../message/graph-reader.ts';
import { encodings, type SoapVersion, soap11, soap12, soapVersions } from '../message/names.ts';
import { EnvelopeFault } from './fault.ts';
import type { Shown } from './params.ts';
import type { Style } from './service.ts';

const versions: ReadonlyMap<string, SoapVersion> = new Map(soapVersions.map((version) => [version.envelope, version]));

/**
 * What tells the version of a request whose envelope cannot: the sender will be able to read that one. In MTOM it is a
 * parameter.
 */
export const versionFromType = (contentType: string | undefined): SoapVersion =>
  contentType !== undefined && /^\s*(?:multipart\/.*["=])?application\/soap\+xml/i.test(contentType) ? soap12 : soap11;

const actionParameter = /;\s*action\s*=\s*"?([^\s";]*)/i;

/**
 * The operation that the SOAPAction header names, or `action` in the content type, or WS-Addressing; clients leave all of
 * them out at will.
 */
const operationFromAction = (headers: Headers, { addressed }: Found): string | undefined => {
  const action =
    headers.soapaction?.replaceAll('"', '') ||
    (actionParameter.exec(headers['content-type'] ?? '')?.[1] ?? addressed?.action);
  return action?.slice(Math.max(action.lastIndexOf('#'), action.lastIndexOf('/')) + 1).trim();
};

type Headers = Readonly<Record<string, string | undefined>>;

const options = { namespaces: true, instructions: false, pairs: true };

/** Anything that can decode its parameters: an operation. */
export interface Decodable {
  /** Whether nothing is answered, whatever comes of it. */
  oneWay?: boolean;
  /** Reads the element just opened. `given` are the headers of a contract. */
  decode(
    reader: ElementReader,
    shown: Shown,
    given: readonly GivenHeader[],
  ): Slices<Record<string, unknown>> | Record<string, unknown>;
  /** Reads a further element of the Body, of calls that have several. Undefined: it is none of theirs. */
  further?(reader: ElementReader, params: Record<string, unknown>): Slices<void> | undefined;
  /** What the parameters are when the Body is empty; none, unless there are headers. */
  empty?(given: readonly GivenHeader[]): Record<string, unknown>;
}

/** The operations of a service, as requests name them. */
export interface Operations<O> {
  /** By the element in the Body; `action` finds the name that the headers of HTTP give, to tell apart what else is one. */
  named(local: string, namespace: string, action: () => string | undefined): O | undefined;
  /** With an empty Body: by the action, if at all. */
  unnamed(action: string | undefined): O | undefined;
  headers?: HeaderContract;
  /** Whether envelopes of SOAP 1.2 are judged to the letter: clients that took care to be lenient fail then. */
  strict?: boolean;
}

/** Operations by names alone, in any namespace. */
export const byName = <O>(operations: ReadonlyMap<string, O>): Operations<O> => ({
  named: (local) => operations.get(local),
  unnamed: (action) => (action === undefined ? undefined : operations.get(action)),
});

export interface Call<O> {
  operation: O;
  params: Record<string, unknown>;
}

/** What is found out about a request and decides how it is answered, even with a fault. */
export interface Found extends Presented {
  version: SoapVersion;
  /** What the request shows of the style that it is written in; undefined when it shows nothing. */
  style?: Style | undefined;
  /** Whether the operation that is called is one that answers nothing. */
  oneWay?: boolean | undefined;
}

const notACall = (message: string): never => {
  throw new Fault('invalid-request', message);
};

/**
 * The style that a call shows. What parameters show comes first: suds declares the encoding in literal messages too, and
 * Emacs and gSOAP (`soapcpp2 -t`) say types in them; then parameters are in the namespace, and no encoding is declared.
 * Without parameters, or where even the call is in no namespace, nothing more can be told.
 */
const styleShown = ({ typed, undeclared, first }: Shown, encoding: Style | null | undefined, qualified: boolean) => {
  if (encoding === 'encoded' ? typed || undeclared : typed && !(qualified && first)) return 'encoded';
  if (first === undefined || !qualified) return encoding ?? undefined;
  if (first !== '') return 'document';
  return encoding ?? 'rpc';
};

/**
 * The style that `encodingStyle` of the element just opened tells: SOAP 1.1 section 4.1.1, SOAP 1.2 part 1, section 5.1.1.
 * Null when it tells that there is none.
 */
const encodingOf = (reader: ElementReader, version: SoapVersion): Style | null | undefined => {
  const value = reader.attribute('encodingStyle', version.envelope)?.trim();
  if (value === undefined) return undefined;
  if (version === soap11) {
    // A list of URIs, the most specific first.
    return ` ${value}`.includes(` ${version.encoding}`) ? 'encoded' : null;
  }
  // Lua's soap has the encoding of SOAP 1.1 in any envelope.
  if (encodings.has(value)) return 'encoded';
  if (value === '' || value === noEncoding) return null;
  throw new EnvelopeFault('DataEncodingUnknown', `The encoding ${value} is not known.`);
};
const noEncoding = 'http://www.w3.org/2003/05/soap-envelope/encoding/none';

/** SOAP 1.1 section 5.6: an element of the Body that others refer to, and no call. */
const isIndependent = (reader: ElementReader): boolean =>
  reader.attribute('root', soap11.encoding)?.trim() === '0' || idOf(reader) !== undefined;

/** Reads requests for a set of operations, known by the local name of the element in the Body. */
export class Decoder<O extends Decodable> {
  readonly #operations: Operations<O>;
  readonly #limits: Limits;

  constructor(operations: Operations<O>, limits: Limits) {
    this.#operations = operations;
    this.#limits = limits;
  }

  /**
   * `found` is filled in while reading, since a fault in the rest depends on it. Throws `Fault`,
   * `EnvelopeFault` and `XmlFault`. `document` may be asked for twice. The whole of it has been read when it returns.
   */
  *decode(document: () => XmlSource, headers: Headers, found: Found, attached?: Attached): Slices<Call<O>> {
    let reader = new XmlReader(document(), this.#limits.xml, options);
    try {
      if (attached !== undefined) return yield* this.#graph(reader, headers, found, attached);
      try {
        return yield* this.#document(reader, headers, found);
      } catch (error) {
        if (error !== byReference) throw error;
        reader = new XmlReader(document(), this.#limits.xml, options);
        return yield* this.#graph(reader, headers, found);
      }
    } catch (error) {
      yield* reader.failed(error);
      throw error;
    }
  }

  *#graph(reader: XmlReader, headers: Headers, found: Found, attached?: Attached): Slices<Call<O>> {
    const graph = yield* Graph.of(reader, this.#limits.soap, attached);
    return yield* this.#document(new GraphReader(graph, this.#limits), headers, found);
  }

  *#document(reader: ElementReader, headers: Headers, found: Found): Slices<Call<O>> {
    reader.next();
    if (reader.local !== 'Envelope') notACall(`This is no SOAP envelope, but <${reader.name}>.`);
    const version = versions.get(reader.namespace);
    if (version === undefined) {
      throw new EnvelopeFault('VersionMismatch', 'The envelope is neither of SOAP 1.1 nor of SOAP 1.2.');
    }
    found.version = version;
    const call = yield* this.#envelope(reader, version, headers, found);
    // What follows the root element must be nothing.
    reader.next();
    return call;
  }

  *#envelope(reader: ElementReader, version: SoapVersion, headers: Headers, found: Found): Slices<Call<O>> {
    let call: Call<O> | undefined;
    let headerSeen = false;
    this.#judge(reader, version);
    const encoding = encodingOf(reader, version);
    while (nextElement(reader)) {
      const isOurs = reader.namespace === version.envelope;
      if (isOurs && reader.local === 'Header' && !headerSeen && call === undefined) {
        headerSeen = true;
        this.#judge(reader, version);
        yield* readHeaders(reader, version, found, this.#operations.headers);
      } else if (isOurs && reader.local === 'Body' && call === undefined) {
        this.#judge(reader, version);
        const inner = encodingOf(reader, version);
        call = yield* this.#body(reader, version, headers, inner === undefined ? encoding : inner, found);
      } else if (version === soap11 && call !== undefined && !isOurs) {
        // SOAP 1.1 section 4 lets anything follow the Body.
        yield* reader.skipInSlices();
      } else notACall(`<${reader.name}> has no place here: an Envelope holds a Header, if any, and a Body.`);
    }
    return call ?? notACall('The Envelope has no Body.');
  }

  *#body(
    reader: ElementReader,
    version: SoapVersion,
    headers: Headers,
    outer: Style | null | undefined,
    found: Found,
  ): Slices<Call<O>> {
    let call: Call<O> | undefined;
    while (nextElement(reader)) {
      const operation =
        call === undefined
          ? this.#operations.named(reader.local, reader.namespace, () => operationFromAction(headers, found))
          : undefined;
      const further = call?.operation.further?.(reader, call.params);
      if (operation !== undefined) call = yield* this.#call(reader, version, operation, outer, found);
      else if (further !== undefined) yield* further;
      else if (isIndependent(reader)) yield* reader.skipInSlices();
      else if (call !== undefined) notACall(`The Body holds more than one call: <${reader.name}> follows.`);
      else {
        const inner = encodingOf(reader, version);
        found.style = (inner === undefined ? outer : inner) ?? undefined;
        throw new Fault('unknown-method', `There is no operation ${shortened(reader.local)}.`);
      }
    }
    return call ?? this.#byAction(headers, found);
  }

  *#call(
    reader: ElementReader,
    version: SoapVersion,
    operation: O,
    outer: Style | null | undefined,
    found: Found,
  ): Slices<Call<O>> {
    found.oneWay = operation.oneWay;
    const inner = encodingOf(reader, version);
    const encoding = inner === undefined ? outer : inner;
    const qualified = reader.namespace !== '';
    const shown: Shown = { typed: false, undeclared: false, first: undefined };
    try {
      const read = operation.decode(reader, shown, found.given ?? none);
      return { operation, params: isSlices(read) ? yield* read : read };
    } finally {
      found.style = styleShown(shown, encoding, qualified);
    }
  }

  /** A call without parameters may have nothing but its action to tell it. */
  #byAction(headers: Headers, found: Found): Call<O> {
    const operation = this.#operations.unnamed(operationFromAction(headers, found));
    if (operation === undefined) return notACall('The Body is empty.');
    found.oneWay = operation.oneWay;
    return { operation, params: operation.empty?.(found.given ?? none) ?? {} };
  }

  /** SOAP 1.2 part 1, sections 5.1 to 5.3: what attributes the elements of the envelope may have. */
  #judge(reader: ElementReader, version: SoapVersion): void {
    if (!this.#operations.strict || version !== soap12) return;
    for (const { name, local, namespace } of reader.attributes()) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
      if (namespace === '') notACall(`<${reader.name}> cannot have the attribute ${name}, which is in no namespace.`);
      if (namespace === version.envelope && local === 'encodingStyle') {
        notACall(`<${reader.name}> cannot have an encodingStyle.`);
      }
    }
  }
}

const none: readonly GivenHeader[] = [];
