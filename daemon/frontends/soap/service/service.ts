/**
 * A service as SOAP sees it: a namespace, names, operations, and how messages are written. WSDL and codecs are compiled
 * from such a value and from nothing else. The catalogue is one such value; the methods that a plugin publishes and an
 * existing contract that the daemon is to serve are others.
 */

import type { Fault } from '../../../../plugin-protocol/faults.ts';
import { fieldsOf, type Shape } from '../../../../plugin-protocol/shape.ts';
import { type Method, soapOperation, soapService } from '../../../catalogue/index.ts';
import type { PublishedService } from '../../../catalogue/published.ts';
import type { Encoded } from '../../pieces.ts';
import type { SoapVersion } from '../message/names.ts';
import type { Decodable, Operations } from './decode.ts';
import type { OwnFault } from './fault.ts';

/**
 * The combinations of style and use of WSDL 1.1 that are out there: document/literal wrapped, rpc/literal, rpc/encoded.
 * A caller gets its answer in the style that its request shows; `Service.style` is for those that show none.
 */
export const styles = ['document', 'rpc', 'encoded'] as const;
export type Style = (typeof styles)[number];

/** One child of the element of a call or of its reply: a part of the message, in the words of rpc. */
export interface Part {
  name: string;
  shape: Shape;
  /** Whether it is always there: others are nillable in the WSDL. A part whose shape has a default may be left out too. */
  required: boolean;
  /** For the WSDL, instead of what the shape says. */
  doc?: string;
  /**
   * In a call, the parameter of the method that it becomes: `name`, unless this says otherwise. In a reply, the field of
   * the result that it holds: the whole result, unless this says otherwise.
   */
  field?: string;
}

export interface ServiceOperation {
  /** The element of the call, and the operation in the WSDL. That of the reply is `replyName(name)`. */
  name: string;
  /** Other names by which a request may call it. They are in no WSDL. */
  aliases: readonly string[];
  /** SOAPAction. */
  action: string;
  doc: string;
  method: Method;
  /** In the order in which callers that do not name parameters send them. */
  request: readonly Part[];
  /** None for an operation that answers nothing. */
  reply: readonly Part[];
}

/** What a WSDL names beside operations and types; generators make classes of most of them. */
export interface WsdlNames {
  portType: string;
  service: string;
  port: string;
  binding: string;
  /** The element within the detail of a fault. */
  fault: string;
  /** JAX-WS names the exception after the message. */
  faultMessage: string;
}

/** An operation as a request meets it; its callers are told nothing where it is `oneWay`. */
export interface ServedOperation extends Decodable {
  method: Method;
  /** The whole reply; undefined when the operation answers nothing. `header` stands in its Header before all else. */
  encode(result: unknown, version: SoapVersion, style: Style, header: string): Encoded | undefined;
  /** What WS-Addressing calls the reply. */
  replyAction: string;
  /** What it calls a fault; undefined for one that is not declared. */
  faultAction(fault: Fault): string | undefined;
}

/** What a contract says of messages: it stands in for the operations of its service, and for what they are compiled to. */
export interface ServiceContract {
  operations: Operations<ServedOperation>;
  fault(fault: Fault, version: SoapVersion, operation: ServedOperation | undefined): OwnFault;
  /** The text of the WSDL, or of a file that it imports, for the address that the service has; undefined for no such file. */
  document(address: string, file: string | undefined): string | undefined;
}

export interface Service {
  /** Where it is served: `/soap`, or below it. */
  path: string;
  namespace: string;
  /** The namespace of its types, often that of the service. */
  typeNamespace: string;
  /** What `?wsdl` without a style describes. */
  style: Style;
  names: WsdlNames;
  /** In the order of the WSDL. No two may have a name or an alias in common. */
  operations: readonly ServiceOperation[];
  /** An existing contract, which is served as it is. */
  contract?: ServiceContract;
}

export const replyName = (operation: string): string => `${operation}Response`;

/** The names that a WSDL needs, from one: `Annelid` gives `AnnelidService`, `AnnelidPort` and so on. */
export const wsdlNamesFor = (portType: string): WsdlNames => ({
  portType,
  service: `${portType}Service`,
  port: `${portType}Port`,
  binding: `${portType}Binding`,
  fault: 'ApiFault',
  faultMessage: 'ApiException',
});

/** A method under a name, with the parameters and the result that the method has. */
export const operationFrom = (method: Method, name: string, namespace: string): ServiceOperation => {
  const params: Shape = method.params;
  return {
    name,
    aliases: [],
    // What SOAP::Lite sends by itself for the namespace and the operation.
    action: `${namespace}#${name}`,
    doc: method.doc,
    method,
    request: fieldsOf(params).map(([field, shape, required]) => ({ name: field, shape, required })),
    reply: [{ name: 'return', shape: method.result, required: true, doc: method.returns }],
  };
};

/** Methods can be called by their dotted names too, as on the other wires. */
const serviceFrom = (service: string | undefined, portType: string, methods: Iterable<Method>): Service => {
  const { path, namespace } = soapService(service);
  return {
    path,
    namespace,
    typeNamespace: namespace,
    style: 'document',
    names: wsdlNamesFor(portType),
    operations: [...methods].map((method) => ({
      ...operationFrom(method, soapOperation(method), namespace),
      aliases: [method.name],
    })),
  };
};

/** The catalogue. */
export const catalogueService = (methods: Iterable<Method>): Service => serviceFrom(undefined, 'Annelid', methods);

/** The name of the service, unless one of its methods makes a class of that name. */
const portTypeFor = (service: string, operations: readonly string[]): string => {
  const name = service.charAt(0).toUpperCase() + service.slice(1);
  const taken = new Set(operations.flatMap((word) => [word, replyName(word)]).map((word) => word.toLowerCase()));
  const isFree = (portType: string) =>
    Object.values(wsdlNamesFor(portType)).every((one) => !taken.has(one.toLowerCase()));
  return [name, `${name}PortType`, `${name}Api`].find(isFree) ?? name;
};

/** What a plugin publishes, where no profile says otherwise. */
export const publishedService = ({ name, methods }: PublishedService): Service =>
  serviceFrom(name, portTypeFor(name, [...methods.keys()]), methods.values());
