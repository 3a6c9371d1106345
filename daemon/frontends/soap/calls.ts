/** Calls of a service: its operations compiled once, and what a request and its reply go through. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { inSlices } from '../../../plugin-protocol/slices.ts';
import { release } from '../../wire/bytes.ts';
import { charsetOf, xmlSource } from '../../wire/charset.ts';
import type { HttpReply, Route } from '../../wire/route.ts';
import { XmlFault } from '../../wire/xml.ts';
import type { FrontendContext } from '../frontend.ts';
import { challenge, HttpCall } from '../http-call.ts';
import { counted } from '../pieces.ts';
import { addressingHeaders, defaultAction } from './headers/addressing.ts';
import { checkTimes } from './headers/security.ts';
import { openMessage } from './message/attachments.ts';
import { Mismatch } from './message/mismatch.ts';
import { soap11, soapVersions } from './message/names.ts';
import { byName, Decoder, type Found, versionFromType } from './service/decode.ts';
import { compileReply } from './service/encode.ts';
import { compileEncodedReply, compileRpcReply } from './service/encoded.ts';
import { EnvelopeFault, encodeFault, faultFromXml, faultStatus, kindOf } from './service/fault.ts';
import { compileParams } from './service/params.ts';
import { replyName, type ServedOperation, type Service, type ServiceOperation } from './service/service.ts';
import { styleFromQuery } from './wsdl/queries.ts';

/** The name of the frontend in metrics and log. */
export const name = 'soap';

const replyHeaders = new Map(soapVersions.map((version) => [version, { 'Content-Type': version.contentType }]));
/** SOAP::Lite, suds and .NET send the credentials they have only when they are asked for them. */
const challenges = new Map(
  soapVersions.map((version) => [version, { 'Content-Type': version.contentType, ...challenge }]),
);

const faultReply = (
  fault: Fault | EnvelopeFault,
  { version, style, addressed }: Found,
  service: Service,
  asked = false,
  operation?: ServedOperation,
): HttpReply => ({
  status: asked ? 401 : faultStatus,
  headers: (asked ? challenges : replyHeaders).get(version)!,
  body: encodeFault(
    fault,
    version,
    service,
    // In a contract an operation has one style, whatever the caller shows.
    style ?? (service.contract && service.style),
    fault instanceof Fault ? service.contract?.fault(fault, version, operation) : undefined,
    addressed && addressingHeaders(addressed, fault instanceof Fault ? operation?.faultAction(fault) : undefined),
  ),
});

/** WS-Addressing 1.0, section 3.4: faults go where replies do, unless something else is said of them. */
const isTold = ({ addressed }: Found): boolean => addressed?.faults ?? addressed?.replies ?? true;

const compile = (service: Service, operation: ServiceOperation): ServedOperation => {
  const { namespace, names } = service;
  const { portType, faultMessage } = names;
  const faultAction = defaultAction(namespace, portType, `${operation.name}Fault`, faultMessage);
  const encode = {
    document: compileReply(service, operation),
    rpc: compileRpcReply(service, operation),
    encoded: compileEncodedReply(service, operation),
  };
  return {
    method: operation.method,
    decode: compileParams(operation.request),
    encode: (result, version, style, header) => encode[style](result, version, header),
    replyAction: defaultAction(namespace, portType, replyName(operation.name)),
    faultAction: () => faultAction,
  };
};

export const calls = (
  service: Service,
  { api, log, limits }: FrontendContext,
): Required<Pick<Route, 'POST' | 'refuse'>> => {
  const operations = service.operations.flatMap((operation) => {
    const compiled = compile(service, operation);
    return [operation.name, ...operation.aliases].map((word) => [word, compiled] as const);
  });
  const window = limits.soap.securityWindowSeconds * 1000;
  const decoder = new Decoder(service.contract?.operations ?? byName(new Map(operations)), limits);

  const faultFrom = (error: unknown): Fault | EnvelopeFault => {
    if (error instanceof Fault || error instanceof EnvelopeFault) return error;
    if (error instanceof XmlFault) return faultFromXml(error);
    if (error instanceof Mismatch) return new Fault('failed', `What was answered ${error.message}.`);
    log.error({ err: error }, 'A SOAP call failed outside the core.');
    return new Fault('internal', 'Internal error.');
  };

  /** WS-I Basic Profile 1.1, R2714: not even a fault is told to who calls an operation that answers nothing. */
  const untold = (fault: Fault | EnvelopeFault, asks: boolean, { path }: Service): HttpReply => {
    log.warn(
      { path, kind: kindOf(fault), reason: fault.message },
      'A SOAP call that is answered nothing has failed, which its caller sees by the status of HTTP alone.',
    );
    return { status: asks ? 401 : faultStatus, headers: asks ? challenge : {}, body: '' };
  };

  return {
    POST: async (request) => {
      const { headers } = request;
      const found: Found = { version: soap11 };
      let called: ServedOperation | undefined;
      try {
        const type = headers['content-type'];
        found.version = versionFromType(type);
        const message = openMessage(request.body, type, limits);
        const document = () => xmlSource(message.document, charsetOf(message.type));
        const read = inSlices(decoder.decode(document, headers, found, message.attached));
        const { operation, params } = read instanceof Promise ? await read : read;
        message.close();
        release(request.body);
        if (found.secured !== undefined) checkTimes(found.secured, Date.now(), window);
        called = operation;
        const result = await api.call(
          operation.method,
          params,
          new HttpCall(name, request, found.secured?.credentials),
        );
        const style = styleFromQuery(request.query) ?? found.style ?? service.style;
        const { addressed } = found;
        const header = addressed === undefined ? '' : addressingHeaders(addressed, operation.replyAction);
        const encoded = operation.encode(result, found.version, style, header);
        if (encoded === undefined || addressed?.replies === false) return { status: 202, headers: {}, body: '' };
        const body = typeof encoded === 'string' ? encoded : await counted(encoded);
        return { status: 200, headers: replyHeaders.get(found.version)!, body };
      } catch (error) {
        release(request.body);
        const fault = faultFrom(error);
        if (!called) api.refused(name, kindOf(fault));
        // Not when they were sent and are wrong: .NET throws the fault in a 401 away. Nor for a fault that the service has of its
        // own, such as the InvalidLogin of vSphere, whose clients send passwords as parameters.
        const isOwn = fault instanceof Fault && fault.data.contract !== undefined;
        const sent = headers.authorization !== undefined || found.secured !== undefined;
        const asks = kindOf(fault) === 'unauthenticated' && !sent && !isOwn;
        if (found.oneWay || !isTold(found)) return untold(fault, asks, service);
        return faultReply(fault, found, service, asks, called);
      }
    },
    refuse: ({ kind, message }, { headers }) => {
      const fault = new Fault(kind === 'timeout' ? 'malformed' : kind, message);
      return faultReply(fault, { version: versionFromType(headers['content-type']) }, service);
    },
  };
};
