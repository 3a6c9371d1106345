/** The names that all services share: namespaces of the protocol, types. Clients keep them in generated code for ever. */

import { type Kind, kinds, type Shape } from '../../../plugin-protocol/shape.ts';

export const xsiNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
export const xsdNamespace = 'http://www.w3.org/2001/XMLSchema';

/** The two versions of SOAP, as the differences between them. */
export interface SoapVersion {
  name: '1.1' | '1.2';
  envelope: string;
  /** Never that of the request: a reply is always UTF-8. */
  contentType: string;
  /** The binding of WSDL 1.1 to this version. */
  binding: string;
  /** The header attribute that says who a header is meant for, and the values that mean this daemon. */
  role: string;
  roles: ReadonlySet<string>;
}

export const soap11: SoapVersion = {
  name: '1.1',
  envelope: 'http://schemas.xmlsoap.org/soap/envelope/',
  contentType: 'text/xml; charset=utf-8',
  binding: 'http://schemas.xmlsoap.org/wsdl/soap/',
  role: 'actor',
  roles: new Set(['', 'http://schemas.xmlsoap.org/soap/actor/next']),
};
export const soap12: SoapVersion = {
  name: '1.2',
  envelope: 'http://www.w3.org/2003/05/soap-envelope',
  contentType: 'application/soap+xml; charset=utf-8',
  binding: 'http://schemas.xmlsoap.org/wsdl/soap12/',
  role: 'role',
  roles: new Set([
    '',
    'http://www.w3.org/2003/05/soap-envelope/role/next',
    'http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver',
  ]),
};
export const soapVersions: readonly SoapVersion[] = [soap11, soap12];

/**
 * Records whose name differs from that of an operation in nothing but case: Java and Axis make a class of the wrapper
 * element `vmStats` too, and it would be the same class.
 */
const renamed: ReadonlyMap<string, string> = new Map([['VmStats', 'VmStatistics']]);

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const arrayOf = (item: string) => `ArrayOf${item}`;

/** The name of a type within `ArrayOf...`. */
const typeWord = (shape: Shape): string => capital(localType(shape));

/** The local name of the type of a shape: of XML Schema for what is simple, else of ours. */
const localType = (shape: Shape): string => {
  switch (shape['x-kind']) {
    case 'record':
      return renamed.get(shape['x-name']) ?? shape['x-name'];
    case 'list':
      return arrayOf(typeWord(shape.items));
    case 'map':
      return arrayOf(propertyType);
    default:
      return kinds[shape['x-kind']].xsd!;
  }
};

/** One member of a map. */
export const propertyType = 'Property';

export const isSimple = (kind: Kind): boolean => kinds[kind].xsd !== undefined;

/** The type of a shape as a QName: its prefix is `xsd`, or the one given for the types of the service. */
export const typeName = (shape: Shape, types = 'tns'): string =>
  `${isSimple(shape['x-kind']) ? 'xsd' : types}:${localType(shape)}`;
