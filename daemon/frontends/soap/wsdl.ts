/**
 * WSDL 1.1, document/literal wrapped, for one version of SOAP. One file without imports: zeep, suds and generators
 * behind firewalls fetch nothing else. One version in each: with both, PHP lists every function twice, gSOAP mixes the
 * two up, and Axis 1 refuses faults in a binding to SOAP 1.2.
 */

import { FaultInfo } from '../../catalogue/resources.ts';
import { escapeAttribute, escapeText } from '../../wire/escape.ts';
import type { Description, Field, Operation, Type } from './describe.ts';
import { type SoapVersion, typeName, xsdNamespace } from './names.ts';
import { replyName, type WsdlNames } from './service.ts';

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

const annotation = (doc: string | undefined): Node[] =>
  doc === undefined ? [] : [element('xsd:annotation', {}, `<xsd:documentation>${escapeText(doc)}</xsd:documentation>`)];

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

const complexType = ({ name, doc, fields }: Type): Node =>
  element('xsd:complexType', { name }, ...annotation(doc), sequence(fields));

const wrapper = (name: string, fields: Field[]): Node =>
  element('xsd:element', { name }, element('xsd:complexType', {}, sequence(fields)));

const message = (name: string, part: string, of: string): Node =>
  element('wsdl:message', { name }, element('wsdl:part', { name: part, element: `tns:${of}` }));

const documentation = (text: string): Node => `<wsdl:documentation>${escapeText(text)}</wsdl:documentation>`;

const portOperation = ({ name, doc }: Operation, names: WsdlNames): Node =>
  element(
    'wsdl:operation',
    { name },
    documentation(doc),
    element('wsdl:input', { message: `tns:${name}` }),
    element('wsdl:output', { message: `tns:${replyName(name)}` }),
    element('wsdl:fault', { name: names.faultMessage, message: `tns:${names.faultMessage}` }),
  );

const literal = element('soap:body', { use: 'literal' });
const bindingOperation = ({ name, action }: Operation, names: WsdlNames): Node =>
  element(
    'wsdl:operation',
    { name },
    element('soap:operation', { soapAction: action, style: 'document' }),
    element('wsdl:input', {}, literal),
    element('wsdl:output', {}, literal),
    element(
      'wsdl:fault',
      { name: names.faultMessage },
      element('soap:fault', { name: names.faultMessage, use: 'literal' }),
    ),
  );

// The address is the last thing in the text.
const addressMark = '{address}';

/** Prints everything but the address, which is put in for each reader: `(address) => text`. */
export const renderWsdl = (
  { service: { namespace, names }, types, operations }: Description,
  version: SoapVersion,
): ((address: string) => string) => {
  const definitions = element(
    'wsdl:definitions',
    {
      name: names.service,
      targetNamespace: namespace,
      'xmlns:wsdl': wsdlNamespace,
      'xmlns:soap': version.binding,
      'xmlns:xsd': xsdNamespace,
      'xmlns:tns': namespace,
    },
    element(
      'wsdl:types',
      {},
      element(
        'xsd:schema',
        { targetNamespace: namespace, elementFormDefault: 'qualified' },
        ...types.map(complexType),
        element('xsd:element', { name: names.fault, type: typeName(FaultInfo) }),
        ...operations.flatMap(({ name, request, reply }) => [wrapper(name, request), wrapper(replyName(name), reply)]),
      ),
    ),
    ...operations.flatMap(({ name }) => [
      message(name, 'parameters', name),
      message(replyName(name), 'parameters', replyName(name)),
    ]),
    message(names.faultMessage, 'fault', names.fault),
    element(
      'wsdl:portType',
      { name: names.portType },
      ...operations.map((operation) => portOperation(operation, names)),
    ),
    element(
      'wsdl:binding',
      { name: names.binding, type: `tns:${names.portType}` },
      element('soap:binding', { style: 'document', transport: httpTransport }),
      ...operations.map((operation) => bindingOperation(operation, names)),
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
