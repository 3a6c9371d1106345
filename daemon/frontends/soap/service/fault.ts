/** Faults as SOAP 1.1 and 1.2 write them. */
import { Fault } from '../../../../plugin-protocol/faults.ts';
import { FaultInfo } from '../../../catalogue/resources.ts';
import { faultInfo } from '../../../core/operations/operation-record.ts';
import { escapeAttribute, escapeText } from '../../../wire/escape.ts';
import { wholeText } from '../../long-text.ts';
import { EncodingFault, EnvelopeFault, type QName } from '../message/fault-kinds.ts';
import { type SoapVersion, soap11, soap12, soapVersions } from '../message/names.ts';
import { encoderOf, envelope } from './encode.ts';
import type { Service, Style } from './service.ts';

export { EnvelopeFault, faultFromXml, kindOf } from '../message/fault-kinds.ts';

const encodeInfo = encoderOf(FaultInfo);

/** What the elements of the detail are in depends on the style: in rpc, those of types are in no namespace. */
const detailOf = (fault: Fault, { namespace, typeNamespace, names }: Service, style: Style = 'document'): string => {
  const declaration = `xmlns:m="${escapeAttribute(namespace)}"`;
  const types = `xmlns="${escapeAttribute(typeNamespace)}"`;
  const info = wholeText(encodeInfo(faultInfo(fault)));
  if (style !== 'document') return `<m:${names.fault} ${declaration}>${info}</m:${names.fault}>`;
  return namespace === typeNamespace
    ? `<${names.fault} ${types}>${info}</${names.fault}>`
    : `<m:${names.fault} ${declaration} ${types}>${info}</m:${names.fault}>`;
};

/** Whether the caller can do something about it. */
const isCallers = (fault: Fault) => fault.code < 500;

const qualified = (attribute: string, { local, namespace: uri }: QName, prefix: string): string =>
  uri === ''
    ? `${attribute}="${escapeAttribute(local)}"`
    : `${attribute}="${prefix}:${escapeAttribute(local)}" xmlns:${prefix}="${escapeAttribute(uri)}"`;

/** SOAP 1.2 part 1, sections 5.4.7 and 5.4.8: the headers that tell a program what was wrong. */
const headerOf = ({ code, headers }: EnvelopeFault): string => {
  if (code === 'MustUnderstand') {
    return headers.map((header) => `<soap:NotUnderstood ${qualified('qname', header, 'h')}/>`).join('');
  }
  if (code === 'DataEncodingUnknown') return '';
  const supported = [...soapVersions].reverse().map((version, i) => {
    const name = { local: 'Envelope', namespace: version.envelope };
    return `<soap:SupportedEnvelope ${qualified('qname', name, `v${i}`)}/>`;
  });
  return `<soap:Upgrade>${supported.join('')}</soap:Upgrade>`;
};

/** What a contract of its own has for a fault, instead of our detail and our codes. */
export interface OwnFault {
  /** The content of the detail; empty when there is to be none. */
  detail: string;
  /** The content of the Header. */
  header: string;
}

/** SOAP 1.1 section 4.4. The children of Fault are in no namespace, whatever the default is. */
const encode11 = (
  fault: Fault | EnvelopeFault,
  service: Service,
  style: Style | undefined,
  own: OwnFault | undefined,
  header: string,
): string => {
  const code = fault instanceof Fault ? (isCallers(fault) ? 'Client' : 'Server') : fault.code;
  const { before, after } = envelope(soap11, header + (own?.header ?? ''));
  // A fault about a header must not have a detail.
  const content = fault instanceof Fault ? (own?.detail ?? detailOf(fault, service, style)) : '';
  const detail = content === '' ? '' : `<detail>${content}</detail>`;
  const what = `<faultcode>soap:${code}</faultcode><faultstring>${escapeText(fault.message)}</faultstring>${detail}`;
  return `${before}<soap:Fault>${what}</soap:Fault>${after}`;
};

const rpcNamespace = 'http://www.w3.org/2003/05/soap-rpc';

/** The code that SOAP 1.2 itself has for a fault: part 2, sections 3.2 and 4.4. The latter only for callers of rpc. */
const standardSubcode = (fault: Fault, style: Style | undefined): QName | undefined => {
  if (fault instanceof EncodingFault) return { local: fault.subcode, namespace: soap12.encoding };
  if (style === undefined || style === 'document') return undefined;
  if (fault.kind === 'unknown-method') return { local: 'ProcedureNotPresent', namespace: rpcNamespace };
  return fault.kind === 'invalid-params' ? { local: 'BadArguments', namespace: rpcNamespace } : undefined;
};

const subcode = ({ local, namespace }: QName, prefix: string, inner = ''): string =>
  `<soap:Subcode><soap:Value xmlns:${prefix}="${escapeAttribute(namespace)}">${prefix}:${local}</soap:Value>${inner}</soap:Subcode>`;

/** SOAP 1.2 part 1, section 5.4. */
const encode12 = (
  fault: Fault | EnvelopeFault,
  version: SoapVersion,
  service: Service,
  style: Style | undefined,
  contract: OwnFault | undefined,
  header: string,
): string => {
  const reason = `<soap:Reason><soap:Text xml:lang="en">${escapeText(fault.message)}</soap:Text></soap:Reason>`;
  if (fault instanceof EnvelopeFault) {
    const { before, after } = envelope(version, header + headerOf(fault));
    const code = `<soap:Code><soap:Value>soap:${fault.code}</soap:Value></soap:Code>`;
    return `${before}<soap:Fault>${code}${reason}</soap:Fault>${after}`;
  }
  const { before, after } = envelope(version, header + (contract?.header ?? ''));
  const own = contract ? '' : subcode({ local: fault.kind, namespace: service.namespace }, 'tns');
  const standard = standardSubcode(fault, style);
  const subcodes = standard === undefined ? own : subcode(standard, 'std', own);
  const code = `<soap:Code><soap:Value>soap:${isCallers(fault) ? 'Sender' : 'Receiver'}</soap:Value>${subcodes}</soap:Code>`;
  const content = contract?.detail ?? detailOf(fault, service, style);
  const detail = content === '' ? '' : `<soap:Detail>${content}</soap:Detail>`;
  return `${before}<soap:Fault>${code}${reason}${detail}</soap:Fault>${after}`;
};

/** `style` is what the request has shown of its own; `header` stands in the Header before all else. */
export const encodeFault = (
  fault: Fault | EnvelopeFault,
  version: SoapVersion,
  service: Service,
  style?: Style,
  own?: OwnFault,
  header = '',
): string =>
  version === soap11
    ? encode11(fault, service, style, own, header)
    : encode12(fault, version, service, style, own, header);

/**
 * The status of HTTP for faults. SOAP 1.1 section 6.2 knows only this. SOAP 1.2 part 2, table 20, has 400 for those of the
 * sender, with which .NET (a ProtocolException), CXF, Spring-WS, SAAJ and older JAX-WS lose the fault; this they read in
 * either version, as .NET's servers send it.
 */
export const faultStatus = 500;
