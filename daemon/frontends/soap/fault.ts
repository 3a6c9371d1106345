/** Faults as SOAP 1.1 and 1.2 write them. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { FaultInfo } from '../../catalogue/resources.ts';
import { faultInfo } from '../../core/operation-record.ts';
import { escapeAttribute, escapeText } from '../../wire/escape.ts';
import type { XmlFault } from '../../wire/xml.ts';
import { encoderOf, envelope } from './encode.ts';
import { type SoapVersion, soap11, soapVersions } from './names.ts';
import type { Service } from './service.ts';

export interface QName {
  local: string;
  namespace: string;
}

/** Faults that are about the envelope and not about the call; they have codes of their own and no detail. */
export class EnvelopeFault extends Error {
  readonly code: 'VersionMismatch' | 'MustUnderstand';
  /** The headers that were not understood. */
  readonly headers: readonly QName[];

  constructor(code: EnvelopeFault['code'], message: string, headers: readonly QName[] = []) {
    super(message);
    this.name = 'EnvelopeFault';
    this.code = code;
    this.headers = headers;
  }
}

export const kindOf = (fault: Fault | EnvelopeFault): string => (fault instanceof Fault ? fault.kind : fault.code);

/** What the reader of a document found wrong, as a fault. */
export const faultFromXml = ({ kind, message }: XmlFault): Fault => new Fault(kind, message);

const encodeInfo = encoderOf(FaultInfo);

const detailOf = (fault: Fault, { namespace, names }: Service): string =>
  `<${names.fault} xmlns="${escapeAttribute(namespace)}">${encodeInfo(faultInfo(fault))}</${names.fault}>`;

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
  const supported = [...soapVersions].reverse().map((version, i) => {
    const name = { local: 'Envelope', namespace: version.envelope };
    return `<soap:SupportedEnvelope ${qualified('qname', name, `v${i}`)}/>`;
  });
  return `<soap:Upgrade>${supported.join('')}</soap:Upgrade>`;
};

/** SOAP 1.1 section 4.4. The children of Fault are in no namespace, whatever the default is. */
const encode11 = (fault: Fault | EnvelopeFault, service: Service): string => {
  const code = fault instanceof Fault ? (isCallers(fault) ? 'Client' : 'Server') : fault.code;
  const { before, after } = envelope(soap11);
  // A fault about a header must not have a detail.
  const detail = fault instanceof Fault ? `<detail>${detailOf(fault, service)}</detail>` : '';
  const what = `<faultcode>soap:${code}</faultcode><faultstring>${escapeText(fault.message)}</faultstring>${detail}`;
  return `${before}<soap:Fault>${what}</soap:Fault>${after}`;
};

/** SOAP 1.2 part 1, section 5.4. */
const encode12 = (fault: Fault | EnvelopeFault, version: SoapVersion, service: Service): string => {
  const reason = `<soap:Reason><soap:Text xml:lang="en">${escapeText(fault.message)}</soap:Text></soap:Reason>`;
  if (fault instanceof EnvelopeFault) {
    const { before, after } = envelope(version, headerOf(fault));
    const code = `<soap:Code><soap:Value>soap:${fault.code}</soap:Value></soap:Code>`;
    return `${before}<soap:Fault>${code}${reason}</soap:Fault>${after}`;
  }
  const { before, after } = envelope(version);
  const subcode = `<soap:Subcode><soap:Value xmlns:tns="${escapeAttribute(service.namespace)}">tns:${fault.kind}</soap:Value></soap:Subcode>`;
  const code = `<soap:Code><soap:Value>soap:${isCallers(fault) ? 'Sender' : 'Receiver'}</soap:Value>${subcode}</soap:Code>`;
  return `${before}<soap:Fault>${code}${reason}<soap:Detail>${detailOf(fault, service)}</soap:Detail></soap:Fault>${after}`;
};

export const encodeFault = (fault: Fault | EnvelopeFault, version: SoapVersion, service: Service): string =>
  version === soap11 ? encode11(fault, service) : encode12(fault, version, service);

/** SOAP 1.1 section 6.2 knows only 500; the HTTP binding of SOAP 1.2 has 400 for the sender's mistakes. */
export const statusOf = (fault: Fault | EnvelopeFault, version: SoapVersion): number =>
  version === soap11 || fault instanceof EnvelopeFault || !isCallers(fault) ? 500 : 400;
