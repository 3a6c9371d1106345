/** An operation of a contract, compiled: from the element in the Body to parameters, and from a result to the reply. */
import { Fault } from '../../../../../plugin-protocol/faults.ts';
import type { Shape } from '../../../../../plugin-protocol/shape.ts';
import type { Slices } from '../../../../../plugin-protocol/slices.ts';
import type { Method } from '../../../../catalogue/index.ts';
import { failing, wholeText } from '../../../long-text.ts';
import { Pieces } from '../../../pieces.ts';
import { type GivenHeader, notUnderstood } from '../../headers/headers.ts';
import type { ElementReader } from '../../message/element-reader.ts';
import { Mismatch, within, wrong } from '../../message/mismatch.ts';
import type { SoapVersion } from '../../message/names.ts';
import { envelope } from '../../service/encode.ts';
import type { OwnFault } from '../../service/fault.ts';
import type { ServedOperation } from '../../service/service.ts';
import { inSlicesOf } from '../../values/reading.ts';
import { shapeOf, takesSeveral } from '../methods/shapes.ts';
import { clark, type QName, sameName } from '../schema/tree.ts';
import { fieldOf, recordOf } from '../values/records.ts';
import type { Block, Contract, ContractOperation } from '../wsdl/contract.ts';
import { type DecodeFurther, decodeBody, decodeFurther, emptyOf, encodeBody } from './bodies.ts';
import type { Codecs } from './codecs.ts';

/** What is wrong with parameters, as a fault. */
export const refused = (error: unknown): unknown => {
  if (!(error instanceof Mismatch)) return error;
  const { path: field, message } = error;
  return field === ''
    ? new Fault('invalid-params', `${message}.`)
    : new Fault('invalid-params', `${field} ${message}.`, { field });
};

/** What is wrong with parts that follow the first, as a fault. */
export const refusing =
  (read: DecodeFurther): DecodeFurther =>
  (reader, into) => {
    const work = read(reader, into);
    return work && faulted(work);
  };

function* faulted(work: Slices<void>): Slices<void> {
  try {
    yield* work;
  } catch (error) {
    throw refused(error);
  }
}

/** What is wrong with what the plugin answered: the contract forbids to pass it on. */
const unfit = (error: unknown): unknown =>
  error instanceof Mismatch
    ? new Fault(
        'failed',
        `What was answered does not fit the contract: ${error.path} ${error.message}.`.replace(':  ', ': '),
      )
    : error;

/** Reads a header: what is wrong with it names the header. */
export const headerReader = (
  { field, encoded }: Block,
  codecs: Codecs,
): ((reader: ElementReader) => Slices<unknown>) => {
  const read = inSlicesOf(codecs.decoder(encoded).of(field.type));
  return function* (reader) {
    try {
      return yield* read(reader);
    } catch (error) {
      throw refused(within(within(error, field.name), 'headers'));
    }
  };
};

/** The headers of an operation that its method takes: no others are understood. */
export const headersTaken = (operation: ContractOperation, contract: Contract, { params }: Method): Block[] => {
  const shape = shapeOf(params as Shape, 'headers');
  return [...operation.requestHeaders, ...contract.headers].filter(
    (block) => shape?.['x-kind'] === 'any' || shapeOf(shape, block.name) !== undefined,
  );
};

/** Puts the headers that were given into a parameter. */
const headersFor = (known: readonly Block[], { params }: Method) => {
  const shape = shapeOf(params as Shape, 'headers');
  return (given: readonly GivenHeader[]): Record<string, unknown> | undefined => {
    if (given.length === 0) return undefined;
    const missed: QName[] = [];
    const headers: Record<string, unknown> = {};
    for (const { name, value, wrong, mandatory } of given) {
      const block = known.find(({ field }) => sameName(field.element, name));
      if (block === undefined) {
        if (mandatory) missed.push(name);
        continue;
      }
      if (wrong !== undefined) throw wrong;
      if (takesSeveral(block, shapeOf(shape, block.name))) {
        if (!Object.hasOwn(headers, block.name)) headers[block.name] = [];
        (headers[block.name] as unknown[]).push(value ?? null);
      } else if (Object.hasOwn(headers, block.name)) {
        throw new Fault('invalid-request', `The header ${clark(name)} is given twice.`);
      } else if (value !== undefined) headers[block.name] = value;
    }
    if (missed.length > 0) throw notUnderstood(missed);
    return headers;
  };
};

type EncodeHeaders = (headers: unknown, version: SoapVersion) => string;

/** Headers of a message, from the field of the values that holds them. */
export const encodeHeaders = (blocks: readonly Block[], codecs: Codecs): EncodeHeaders => {
  const writers = new Map(
    blocks.map((block) => [block.name, { block, write: codecs.element(block.field, block.encoded) }]),
  );
  const write = (headers: unknown, version: SoapVersion): string => {
    let xml = '';
    for (const [name, value] of Object.entries(recordOf(headers))) {
      if (value === undefined || value === null) continue;
      try {
        const { block, write: writeOne } = writers.get(name) ?? wrong('is no header of the contract');
        const several = Array.isArray(value) && takesSeveral(block, listShape);
        for (const one of several ? (value as unknown[]) : [value]) xml += wholeText(writeOne(one, version));
      } catch (error) {
        throw within(error, name);
      }
    }
    return xml;
  };
  return (headers, version) => {
    try {
      return write(headers, version);
    } catch (error) {
      throw within(error, 'headers');
    }
  };
};
const listShape = { 'x-kind': 'list' } as Shape;

export interface CompiledOperation extends ServedOperation {
  fault(fault: Fault, version: SoapVersion): OwnFault;
}

/** Details of a fault that the contract declares: `data` of the fault names it and has its value. */
const encodeFault = (operation: ContractOperation, codecs: Codecs, headers: EncodeHeaders) => {
  const details = new Map(
    operation.faults.map((one) => [one.fault, { field: one.field, write: codecs.element(one.field, one.encoded) }]),
  );
  return ({ data: { contract = {} } }: Fault, version: SoapVersion): OwnFault => {
    const declared = contract.fault === undefined ? undefined : details.get(contract.fault);
    const value = contract.detail ?? (declared && emptyOf(declared.field));
    return {
      detail: declared === undefined ? '' : wholeText(declared.write(value, version)),
      header: contract.headers === undefined ? '' : headers(contract.headers, version),
    };
  };
};

export const compileOperation = (operation: ContractOperation, method: Method, codecs: Codecs): CompiledOperation => {
  const { contract } = codecs;
  const read = decodeBody(operation.request, codecs);
  const readFurther = decodeFurther(operation.request, codecs);
  const headersOf = headersFor(headersTaken(operation, contract, method), method);
  const withHeaders = (params: Record<string, unknown>, headers: Record<string, unknown> | undefined) => {
    if (headers !== undefined && Object.keys(headers).length > 0) params.headers = headers;
    return params;
  };
  const replyHeaders = [...operation.replyHeaders, ...contract.headers];
  const writeHeaders = encodeHeaders(replyHeaders, codecs);
  const writeFault = encodeFault(operation, codecs, writeHeaders);
  const { reply } = operation;
  // Where there are none, a field of that name is the contract's own.
  const hasHeaders = replyHeaders.length > 0 && shapeOf(method.result as Shape, 'headers') !== undefined;
  const writeBody = reply && encodeBody(reply, codecs);

  return {
    method,
    oneWay: reply === undefined,
    *decode(reader, shown, given) {
      // What is mandatory and not understood ends the call before its parameters are looked at.
      const headers = headersOf(given);
      try {
        return withHeaders(yield* read(reader, shown), headers);
      } catch (error) {
        throw refused(error);
      }
    },
    ...(readFurther && { further: refusing(readFurther) }),
    empty: (given) => withHeaders({}, headersOf(given)),
    encode: (result, version, _style, addressing) => {
      if (writeBody === undefined) return undefined;
      try {
        const single = reply!.parts.length === 1 && !hasHeaders;
        const from = single
          ? { [reply!.parts[0]!.name]: result }
          : reply!.parts.length + Number(hasHeaders) === 0
            ? {}
            : recordOf(result ?? {});
        const header = hasHeaders ? writeHeaders(fieldOf(from, 'headers') ?? {}, version) : '';
        const { before, after } = envelope(version, addressing + header);
        const body = writeBody(from, version);
        return typeof body === 'string' ? before + body + after : new Pieces(before, failing(body, unfit), after);
      } catch (error) {
        throw unfit(error);
      }
    },
    replyAction: operation.replyAction,
    faultAction: ({ data }) => operation.faults.find(({ fault }) => fault === data.contract?.fault)?.action,
    fault: (fault, version) => {
      try {
        return writeFault(fault, version);
      } catch (error) {
        if (error instanceof Mismatch) return { detail: '', header: '' };
        throw error;
      }
    },
  };
};
