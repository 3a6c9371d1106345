/**
 * WSDL 1.1 in one style and for one version of SOAP. One file, and nothing to be fetched: zeep, suds and generators sit
 * behind firewalls. One version in each: with both, PHP lists every function twice, gSOAP mixes the two up, and Axis 1
 * refuses faults in a binding to SOAP 1.2.
 */

import { escapeAttribute, escapeText } from '../../../wire/escape.ts';
import { anyNamespace, anyTypes, apacheNamespace, type SoapVersion, soap11, xsdNamespace } from '../message/names.ts';
import { replyName, type Style, type WsdlNames } from '../service/service.ts';
import type { Description, Field, Operation, Type } from './describe.ts';

const wsdlNamespace = 'http://schemas.xmlsoap.org/wsdl/';
const httpTransport = 'http://schemas.xmlsoap.org/soap/http';

type Attributes = Record<string, string | undefined>;
type Node = string | { open: string; children: Node[]; close: string };

const element = (name: string, attributes: Attributes, ...children: Node[]): Node => {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escapeAttribute(value!)}"`)
    .join('');
  return children.length === 0
    ? `<${name}${written}/>`
    : { open: `<${name}${written}>`, children, close: `</${name}>` };
};

const print = (node: Node, indent = ''): string => {
  if (typeof node === 'string') return `${indent}${node}\n`;
  const children = node.children.map((child) => print(child, `${indent} `));
  return `${indent}${node.open}\n${children.join('')}${indent}${node.close}\n`;
};

/** What is said of something. Go's gowsdl has the WSDL in a text of Go that a backquote would end. */
const prose = (text: string): string => escapeText(text.replaceAll('`', "'"));

const annotation = (doc: string | undefined): Node[] =>
  doc === undefined ? [] : [element('xsd:annotation', {}, `<xsd:documentation>${prose(doc)}</xsd:documentation>`)];

const fieldElement = ({ name, type, nillable, repeated, doc }: Field): Node =>
  element(
    'xsd:element',
    {
      name,
      type,
      ...(repeated ? { minOccurs: '0', maxOccurs: 'unbounded' } : {}),
      nillable: nillable ? 'true' : undefined,
    },
    ...annotation(doc),
  );

const sequence = (fields: Field[]): Node => element('xsd:sequence', {}, ...fields.map(fieldElement));

const complexType = ({ name, doc, fields, items }: Type): Node =>
  items === undefined
    ? element('xsd:complexType', { name }, ...annotation(doc), sequence(fields))
    : element(
        'xsd:complexType',
        { name },
        element(
          'xsd:complexContent',
          {},
          element(
            'xsd:restriction',
            { base: 'enc:Array' },
            element('xsd:attribute', { ref: 'enc:arrayType', 'wsdl:arrayType': `${items}[]` }),
          ),
        ),
      );

/** Apache's Map as Axis describes it. */
const apacheSchema: Node = element(
  'xsd:schema',
  { targetNamespace: apacheNamespace },
  complexType({
    name: 'mapItem',
    fields: ['key', 'value'].map((name) => ({ name, type: 'xsd:string', nillable: false })),
  }),
  complexType({
    name: 'Map',
    fields: [{ name: 'item', type: 'apache:mapItem', nillable: false, repeated: true }],
  }),
);

/** The types of lists and maps of values that nobody declared. */
const anySchema: Node = element(
  'xsd:schema',
  { targetNamespace: anyNamespace, elementFormDefault: 'qualified' },
  complexType({
    name: anyTypes.list,
    doc: 'Values of any types.',
    fields: [{ name: 'item', type: 'xsd:anyType', nillable: true, repeated: true }],
  }),
  complexType({
    name: `${anyTypes.map}Item`,
    doc: 'A value of any type, with its name.',
    fields: [
      { name: 'key', type: 'xsd:string', nillable: false },
      { name: 'value', type: 'xsd:anyType', nillable: true },
    ],
  }),
  complexType({
    name: anyTypes.map,
    doc: 'Values of any types by their names.',
    fields: [{ name: 'item', type: `any:${anyTypes.map}Item`, nillable: false, repeated: true }],
  }),
);

/** Other schemas of the same file, or one that every reader has built in: nothing to fetch. */
const imports = (namespaces: readonly string[]): Node[] =>
  namespaces.map((namespace) => element('xsd:import', { namespace }));

const wrapper = (name: string, fields: Field[]): Node =>
  element('xsd:element', { name }, element('xsd:complexType', {}, sequence(fields)));

/** The schemas of a service: in one where types have the namespace of the service, else one for each. */
const schemas = ({ service, style, types, operations, any, faultType }: Description): Node[] => {
  const { namespace, typeNamespace, names } = service;
  const encoded = style === 'encoded';
  const form = style === 'document' ? { elementFormDefault: 'qualified' } : {};
  const foreign = encoded ? [soap11.encoding, apacheNamespace] : [];
  const elements = [
    element('xsd:element', { name: names.fault, type: faultType }),
    ...(style === 'document'
      ? operations.flatMap(({ name, request, reply }) => [wrapper(name, request), wrapper(replyName(name), reply)])
      : []),
  ];
  const schema = (targetNamespace: string, ...children: Node[]) =>
    element('xsd:schema', { targetNamespace, ...form }, ...children);
  const complex = types.map(complexType);
  const own =
    typeNamespace === namespace
      ? [schema(namespace, ...imports(foreign), ...complex, ...elements)]
      : [
          schema(typeNamespace, ...imports(foreign), ...complex),
          schema(namespace, ...imports([typeNamespace]), ...elements),
        ];
  return encoded ? [apacheSchema, ...own] : any ? [anySchema, ...own] : own;
};

const message = (name: string, ...parts: Attributes[]): Node =>
  element('wsdl:message', { name }, ...parts.map((part) => element('wsdl:part', part)));

/** The two messages of an operation: in document style one element each, in rpc one part for each parameter. */
const messages = ({ name, request, reply }: Operation, style: Style): Node[] => {
  if (style === 'document') {
    return [name, replyName(name)].map((of) => message(of, { name: 'parameters', element: `tns:${of}` }));
  }
  // A part cannot be nillable, but the simple types of SOAP can: Axis makes Integer of them and not int. They have no
  // anyType, and Axis knows no dateTime of theirs; its own is an object anyway.
  const parts = (fields: Field[]) =>
    fields.map(({ name: part, type, nillable }) => ({
      name: part,
      type: nillable && style === 'encoded' ? type.replace(/^xsd:(?!anyType|dateTime)/, 'enc:') : type,
    }));
  return [message(name, ...parts(request)), message(replyName(name), ...parts(reply))];
};

const documentation = (text: string): Node => `<wsdl:documentation>${prose(text)}</wsdl:documentation>`;

const portOperation = ({ name, doc }: Operation, names: WsdlNames): Node =>
  element(
    'wsdl:operation',
    { name },
    documentation(doc),
    element('wsdl:input', { message: `tns:${name}` }),
    element('wsdl:output', { message: `tns:${replyName(name)}` }),
    element('wsdl:fault', { name: names.faultMessage, message: `tns:${names.faultMessage}` }),
  );

const body = ({ service, style }: Description, version: SoapVersion): Node => {
  if (style === 'document') return element('soap:body', { use: 'literal' });
  const { namespace } = service;
  return style === 'rpc'
    ? element('soap:body', { use: 'literal', namespace })
    : element('soap:body', { use: 'encoded', namespace, encodingStyle: version.encoding });
};

const bindingOperation = (
  { name, action }: Operation,
  { service: { names }, style }: Description,
  content: Node,
): Node =>
  element(
    'wsdl:operation',
    { name },
    element('soap:operation', { soapAction: action, style: bindingStyle(style) }),
    element('wsdl:input', {}, content),
    element('wsdl:output', {}, content),
    element(
      'wsdl:fault',
      { name: names.faultMessage },
      element('soap:fault', { name: names.faultMessage, use: 'literal' }),
    ),
  );

const bindingStyle = (style: Style): string => (style === 'document' ? 'document' : 'rpc');

// The address is the last thing in the text.
const addressMark = '{address}';

/** Prints everything but the address, which is put in for each reader: `(address) => text`. */
export const renderWsdl = (description: Description, version: SoapVersion): ((address: string) => string) => {
  const { service, style, operations, any } = description;
  const { namespace, typeNamespace, names } = service;
  const encoded = style === 'encoded';
  const content = body(description, version);
  const definitions = element(
    'wsdl:definitions',
    {
      name: names.service,
      targetNamespace: namespace,
      'xmlns:wsdl': wsdlNamespace,
      'xmlns:soap': version.binding,
      'xmlns:xsd': xsdNamespace,
      'xmlns:tns': namespace,
      'xmlns:types': typeNamespace === namespace ? undefined : typeNamespace,
      // The types of SOAP 1.1 even for 1.2: WSDL 1.1 knows no others.
      'xmlns:enc': encoded ? soap11.encoding : undefined,
      'xmlns:apache': encoded ? apacheNamespace : undefined,
      'xmlns:any': any && !encoded ? anyNamespace : undefined,
    },
    element('wsdl:types', {}, ...schemas(description)),
    ...operations.flatMap((operation) => messages(operation, style)),
    message(names.faultMessage, { name: 'fault', element: `tns:${names.fault}` }),
    element(
      'wsdl:portType',
      { name: names.portType },
      ...operations.map((operation) => portOperation(operation, names)),
    ),
    element(
      'wsdl:binding',
      { name: names.binding, type: `tns:${names.portType}` },
      element('soap:binding', { style: bindingStyle(style), transport: httpTransport }),
      ...operations.map((operation) => bindingOperation(operation, description, content)),
    ),
    element(
      'wsdl:service',
      { name: names.service },
      element(
        'wsdl:port',
        { name: names.port, binding: `tns:${names.binding}` },
        element('soap:address', { location: addressMark }),
      ),
    ),
  );
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${print(definitions)}`;
  const at = text.lastIndexOf(addressMark);
  const before = text.slice(0, at);
  const after = text.slice(at + addressMark.length);
  return (address) => before + escapeAttribute(address) + after;
};
