/** The names that all services share: namespaces of the protocol, types. Clients keep them in generated code for ever. */

import { type Kind, kinds, type Shape } from '../../../../plugin-protocol/shape.ts';

export const xsiNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
export const xsdNamespace = 'http://www.w3.org/2001/XMLSchema';
/** XML Schema as it was before it was done is what Apache SOAP and early SOAP::Lite know. */
export const xsi1999Namespace = 'http://www.w3.org/1999/XMLSchema-instance';
export const xsdNamespaces: ReadonlySet<string> = new Set([
  xsdNamespace,
  'http://www.w3.org/2000/10/XMLSchema',
  'http://www.w3.org/1999/XMLSchema',
]);
/** Where Apache's type `Map` is, which PHP, Axis and SOAP::Lite have too. */
/** Of what WCF calls a message that has no type. */
export const messageNamespace = 'http://schemas.microsoft.com/Message';
export const apacheNamespace = 'http://xml.apache.org/xml-soap';

/** Where the types are of lists and maps of values that nobody declared, in literal messages. */
export const anyNamespace = 'urn:annelid:any';
export const anyTypes = { list: 'List', map: 'Map' } as const;

/** The two versions of SOAP, as the differences between them. */
export interface SoapVersion {
  name: '1.1' | '1.2';
  envelope: string;
  /** The encoding of SOAP: what `encodingStyle` says, and the namespace of arrays. */
  encoding: string;
  /** Never that of the request: a reply is always UTF-8. */
  contentType: string;
  /** The binding of WSDL 1.1 to this version. */
  binding: string;
  /** The header attribute that says who a header is meant for, and the values that mean this daemon. */
  role: string;
  roles: ReadonlySet<string>;
}

// The name of the charset is as the XML declaration has it: where they differ, soap4r with REXML 3.3 reads the reply anew from
// its third byte, which is no XML.
const charset = 'charset=UTF-8';

export const soap11: SoapVersion = {
  name: '1.1',
  envelope: 'http://schemas.xmlsoap.org/soap/envelope/',
  encoding: 'http://schemas.xmlsoap.org/soap/encoding/',
  contentType: `text/xml; ${charset}`,
  binding: 'http://schemas.xmlsoap.org/wsdl/soap/',
  role: 'actor',
  roles: new Set(['', 'http://schemas.xmlsoap.org/soap/actor/next']),
};
export const soap12: SoapVersion = {
  name: '1.2',
  envelope: 'http://www.w3.org/2003/05/soap-envelope',
  encoding: 'http://www.w3.org/2003/05/soap-encoding',
  contentType: `application/soap+xml; ${charset}`,
  binding: 'http://schemas.xmlsoap.org/wsdl/soap12/',
  role: 'role',
  roles: new Set([
    '',
    'http://www.w3.org/2003/05/soap-envelope/role/next',
    'http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver',
  ]),
};
export const soapVersions: readonly SoapVersion[] = [soap11, soap12];
export const encodings: ReadonlySet<string> = new Set(soapVersions.map(({ encoding }) => encoding));

/**
 * Records whose name differs from that of an operation in nothing but case: Java and Axis make a class of the wrapper
 * element `vmStats` too, and it would be the same class.
 */
const renamed: ReadonlyMap<string, string> = new Map([['VmStats', 'VmStatistics']]);

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const arrayOf = (item: string) => `ArrayOf${item}`;

/** The local name of the type of a shape: of XML Schema for what is simple, else of ours. */
const localType = (shape: Shape, encoded: boolean): string => {
  switch (shape['x-kind']) {
    case 'record':
      return renamed.get(shape['x-name']) ?? shape['x-name'];
    case 'list':
      return arrayOf(capital(localType(shape.items, encoded)));
    case 'map':
      return encoded ? apacheMap : arrayOf(propertyType);
    default:
      return shape['x-xsd'] ?? kinds[shape['x-kind']].xsd!;
  }
};

const apacheMap = 'Map';

/** One member of a map. */
export const propertyType = 'Property';

const isSimple = (kind: Kind): boolean => kinds[kind].xsd !== undefined;

/**
 * The type of a shape as a QName. Its prefix is `xsd`, or the one given for the types of the service; encoded, a map is
 * `apache:Map`.
 */
export const typeName = (shape: Shape, types = 'tns', encoded = false): string => {
  const kind = shape['x-kind'];
  const prefix = kind === 'map' && encoded ? 'apache' : isSimple(kind) ? 'xsd' : types;
  return `${prefix}:${localType(shape, encoded)}`;
};
