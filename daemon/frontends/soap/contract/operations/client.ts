/** A contract from the side of those who call it: writes requests, and reads what is answered to them. */
import type { Fault } from '../../../../../plugin-protocol/faults.ts';
import type { Shape } from '../../../../../plugin-protocol/shape.ts';
import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import type { Limits } from '../../../../limits.ts';
import type { XmlSource } from '../../../../wire/xml.ts';
import { wholeText } from '../../../long-text.ts';
import type { GivenHeader } from '../../headers/headers.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import type { Attached } from '../../message/graph.ts';
import { type SoapVersion, soapVersions } from '../../message/names.ts';
import { Decoder, type Found, type Operations } from '../../service/decode.ts';
import { envelope } from '../../service/encode.ts';
import type { Shown } from '../../service/params.ts';
import { inSlicesOf, nextElement, textOf } from '../../values/reading.ts';
import { Prefixes } from '../encode/prefixes.ts';
import { Shapes } from '../methods/shapes.ts';
import { clark, sameName } from '../schema/tree.ts';
import { TypeNames } from '../values/labels.ts';
import { type Block, type BodyForm, type Contract, type ContractOperation, elementsOf } from '../wsdl/contract.ts';
import { decodeBody, decodeFurther, encodeBody } from './bodies.ts';
import { Codecs } from './codecs.ts';
import { encodeHeaders, headerReader, refused } from './operation.ts';

/** A fault as the service sent it. */
export interface ServerFault {
  /** The local name of its code; of SOAP 1.2, that of the innermost. */
  code: string;
  message: string;
  /** What it is called in the operation, and its value, when the contract declares what is in the detail. */
  fault?: string;
  detail?: unknown;
}

export type Answer = { result: unknown } | { fault: ServerFault };

export interface ClientOperation {
  operation: ContractOperation;
  params: Shape;
  /** What is answered; or null, where the contract lets it be nothing. */
  result: Shape;
  /** The whole request. Throws `Fault('invalid-params')` when the parameters do not fit the contract. */
  encode(params: Record<string, unknown>, version: SoapVersion): string;
  /** Reads a reply. Throws `Fault`, `EnvelopeFault` and `XmlFault`. */
  decode(document: () => XmlSource, attached?: Attached): Slices<Answer>;
}

const nothing: BodyForm = { encoded: false, parts: [], bare: false };
const words = 'must hold elements';

const localOf = (name: string): string => name.trim().replace(/^.*:/, '');

/** The element of a part or a header, read to its end. */
function* valueIn({ field, encoded }: Block, reader: ElementReader, codecs: Codecs): Slices<unknown> {
  return yield* inSlicesOf(codecs.decoder(encoded).of(field.type))(reader);
}

/** SOAP 1.2 part 1, section 5.4.1: the innermost subcode says most. */
function* codeIn(reader: ElementReader): Slices<string> {
  let code = '';
  while (nextElement(reader, words)) {
    if (reader.local === 'Value') code = localOf(textOf(reader));
    else if (reader.local === 'Subcode') code = (yield* codeIn(reader)) || code;
    else yield* reader.skipInSlices();
  }
  return code;
}

/** The Fault just opened, of either version. */
function* readFault(reader: ElementReader, { faults }: ContractOperation, codecs: Codecs): Slices<ServerFault> {
  const read: ServerFault = { code: '', message: '' };
  while (nextElement(reader, words)) {
    const { local } = reader;
    if (local === 'faultcode') read.code = localOf(textOf(reader));
    else if (local === 'faultstring') read.message = textOf(reader).trim();
    else if (local === 'Code') read.code = yield* codeIn(reader);
    else if (local === 'Reason') {
      while (nextElement(reader, words)) read.message ||= textOf(reader).trim();
    } else if (local === 'detail' || local === 'Detail') {
      while (nextElement(reader, words)) {
        const declared = faults.find(({ field }) => sameName(field.element, reader));
        if (declared === undefined || read.fault !== undefined) yield* reader.skipInSlices();
        else {
          read.fault = declared.fault;
          read.detail = yield* valueIn(declared, reader, codecs);
        }
      }
    } else yield* reader.skipInSlices();
  }
  return read;
}

const isFault = (local: string, namespace: string): boolean =>
  local === 'Fault' && soapVersions.some(({ envelope: of }) => of === namespace);

/** What may be in the Body of a reply: the reply, or a Fault. */
const repliesFor = (operation: ContractOperation, codecs: Codecs) => {
  const { replyHeaders, reply = nothing } = operation;
  const read = decodeBody(reply, codecs);
  const readFurther = decodeFurther(reply, codecs);
  const elements = new Set(elementsOf(reply).map(({ local }) => local));
  // Of rpc the name is free: SOAP 1.1 section 7.1.
  const isReply = (local: string) => operation.style === 'rpc' || reply.open === true || elements.has(local);
  const headersFrom = (given: readonly GivenHeader[]) => {
    const headers: Record<string, unknown> = {};
    for (const { name, value, wrong } of given) {
      const block = replyHeaders.find(({ field }) => sameName(field.element, name));
      if (block === undefined) continue;
      if (wrong !== undefined) throw wrong;
      if (value !== undefined) headers[block.name] = value;
    }
    return Object.keys(headers).length === 0 ? {} : { headers };
  };
  const answer = (parts: Record<string, unknown>, given: readonly GivenHeader[]): Answer => {
    if (operation.reply === undefined) return { result: null };
    if (replyHeaders.length > 0 || reply.parts.length !== 1) return { result: { ...parts, ...headersFrom(given) } };
    return { result: parts[reply.parts[0]!.name] ?? null };
  };
  const said = {
    *decode(reader: ElementReader, shown: Shown, given: readonly GivenHeader[]) {
      return answer(yield* read(reader, shown), given);
    },
    ...(readFurther && {
      further: (reader: ElementReader, said: Record<string, unknown>) =>
        readFurther(reader, said.result as Record<string, unknown>),
    }),
    empty: (given: readonly GivenHeader[]) => answer({}, given),
  };
  const failed = {
    *decode(reader: ElementReader) {
      return { fault: yield* readFault(reader, operation, codecs) };
    },
  };
  const headers = new Map(replyHeaders.map((block) => [clark(block.field.element), headerReader(block, codecs)]));
  const operations: Operations<typeof said | typeof failed> = {
    named: (local, namespace) => (isFault(local, namespace) ? failed : isReply(local) ? said : undefined),
    unnamed: () => said,
    headers: { roles: new Set(), reader: (name) => headers.get(clark(name)) },
  };
  return operations;
};

/** A part that may be nothing is of its type all the same: `null` is answered then, whatever that is. */
const resultOf = (operation: ContractOperation, shapes: Shapes): Shape => {
  const { name, reply, replyHeaders } = operation;
  const isOne = reply?.parts.length === 1 && replyHeaders.length === 0;
  return (isOne ? shapes.field(reply.parts[0]!, name) : shapes.result(operation)) as Shape;
};

const clientOperation = (operation: ContractOperation, codecs: Codecs, shapes: Shapes, limits: Limits) => {
  // What is returned is told of replies alone.
  const { returned: _, ...request } = operation.request;
  const writeBody = encodeBody(request, codecs);
  const writeHeaders = encodeHeaders(operation.requestHeaders, codecs);
  const decoder = new Decoder(repliesFor(operation, codecs), limits);
  return {
    operation,
    params: shapes.params(operation) as Shape,
    result: resultOf(operation, shapes),
    encode(params: Record<string, unknown>, version: SoapVersion): string {
      try {
        const given = Object.hasOwn(params, 'headers') && operation.requestHeaders.length > 0;
        const { before, after } = envelope(version, given ? writeHeaders(params.headers, version) : '');
        return before + wholeText(writeBody(params, version)) + after;
      } catch (error) {
        throw refused(error) as Fault;
      }
    },
    *decode(document: () => XmlSource, attached?: Attached): Slices<Answer> {
      const found: Found = { version: soapVersions[0]! };
      try {
        const { params } = yield* decoder.decode(document, {}, found, attached);
        return params as Answer;
      } catch (error) {
        throw refused(error);
      }
    },
  };
};

/** The operations of a contract, by their names. */
export const contractClient = (contract: Contract, limits: Limits): Map<string, ClientOperation> => {
  const codecs = new Codecs(contract, new TypeNames(contract.types), new Prefixes(), limits, false);
  const shapes = new Shapes(contract.types);
  return new Map(
    contract.operations.map((operation) => [operation.name, clientOperation(operation, codecs, shapes, limits)]),
  );
};
