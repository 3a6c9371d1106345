/**
 * Replies as rpc/encoded and as rpc/literal. Encoded is for callers that know no WSDL: every element says its type, lists
 * are arrays of SOAP, and maps are Apache's `Map`, so that SOAP::Lite and PHP give real arrays and hashes.
 */
import { fieldsOf, fold, type KindTable, type RecordShape, type Shape } from '../../../../plugin-protocol/shape.ts';
import { escapeAttribute, escapeText } from '../../../wire/escape.ts';
import { enclosed, joined, type Text } from '../../long-text.ts';
import { apacheNamespace, type SoapVersion, soap11, soapVersions, typeName, xsdNamespace } from '../message/names.ts';
import { anyElements, type Compounds } from '../values/any.ts';
import { type Encode, type EncodeReply, encodeParts, encoderOf, framed, keeping, partOf } from './encode.ts';
import { type Part, replyName, type Service, type ServiceOperation } from './service.ts';

/** Writes the element of that name. Only with the version known: each has its own arrays. */
type EncodeElement = (name: string) => (value: unknown) => Text;

const prefix = 'types';
type Values = Record<string, unknown>;

/** How the size and the type of an array are written; the prefix `enc` is that of the version. */
const arrays: Record<SoapVersion['name'], (item: string, length: number) => string> = {
  '1.1': (item, length) => `enc:arrayType="${item}[${length}]"`,
  '1.2': (item, length) => `enc:itemType="${item}" enc:arraySize="${length}"`,
};

/** The type of an item as an array names it: of lists and maps, what is written and not what the WSDL calls them. */
const itemType = (shape: Shape): string => {
  if (shape['x-kind'] === 'list') return 'enc:Array';
  return shape['x-kind'] === 'map' ? 'apache:Map' : typeName(shape, prefix);
};

const elementOf = (version: SoapVersion): ((shape: Shape) => EncodeElement) => {
  const nilOr = (name: string, type: string, encode: Encode): ((value: unknown) => Text) => {
    const open = `<${name} xsi:type="${type}">`;
    const close = `</${name}>`;
    const nil = `<${name} xsi:nil="true"/>`;
    return (value) => (value === undefined || value === null ? nil : enclosed(open, encode(value), close));
  };
  const simple = (shape: Shape): EncodeElement => {
    const encode = encoderOf(shape);
    return (name) => nilOr(name, typeName(shape), encode);
  };
  const text: Encode = (value) => escapeText(value as string);
  const member = nilOr('value', 'xsd:string', text);
  const entry = (label: string, value: Text) =>
    enclosed(`<item><key xsi:type="xsd:string">${escapeText(label)}</key>`, value, '</item>');
  const textMember = ([label, value]: readonly [string, string]) => entry(label, member(value));
  type Inner = Parameters<Compounds['list']>[1];
  const anyItem = (value: unknown, inner: Inner) => inner(value)('item');
  const anyMember = ([label, value]: readonly [string, unknown], inner: Inner) => entry(label, inner(value)('value'));
  const any = anyElements({
    list: (items, inner) => (name) => {
      const size = arrays[version.name]('xsd:anyType', items.length);
      return enclosed(`<${name} xsi:type="enc:Array" ${size}>`, joined(items, anyItem, inner), `</${name}>`);
    },
    map: (members, inner) => (name) =>
      enclosed(`<${name} xsi:type="apache:Map">`, joined(members, anyMember, inner), `</${name}>`),
  });
  const table: KindTable<EncodeElement> = {
    bool: simple,
    int: simple,
    counter: simple,
    number: simple,
    string: simple,
    enum: simple,
    ref: simple,
    time: simple,
    bytes: simple,
    any: () => (name) => (value) => any(value)(name),
    list: ({ items }, inner) => {
      const encode = inner(items)('item');
      const type = itemType(items);
      const size = arrays[version.name];
      return (name) => {
        const nil = `<${name} xsi:nil="true"/>`;
        return (value) => {
          if (value === undefined || value === null) return nil;
          const list = value as unknown[];
          const open = `<${name} xsi:type="enc:Array" ${size(type, list.length)}>`;
          return enclosed(open, joined(list, encode, undefined), `</${name}>`);
        };
      };
    },
    map: () => (name) =>
      nilOr(name, 'apache:Map', (value) =>
        joined(Object.entries(value as Record<string, string>), textMember, undefined),
      ),
    record: (of: RecordShape, inner) => {
      const fields = fieldsOf(of).map(([name, shape]) => ({ name, encode: inner(shape)(name) }));
      const element = ({ name, encode }: (typeof fields)[number], from: Values) =>
        encode(Object.hasOwn(from, name) ? from[name] : undefined);
      const encode = keeping(of, (value) => joined(fields, element, value as Values));
      return (name) => nilOr(name, typeName(of, prefix), encode);
    },
  };
  return fold(table);
};

const elements = new Map(soapVersions.map((version) => [version, elementOf(version)]));

/** SOAP 1.2 part 2, section 4.2.1: the reply names the part that is the result. Last, as SOAP::Lite takes what is first. */
const rpcResult = (parts: readonly Part[]): string =>
  parts.length === 0
    ? ''
    : `<rpc:result xmlns:rpc="http://www.w3.org/2003/05/soap-rpc">${escapeText(parts[0]!.name)}</rpc:result>`;

/** Compiles the replies of an operation as rpc/encoded. */
export const compileEncodedReply = (
  { namespace, typeNamespace }: Service,
  { name, reply }: ServiceOperation,
): EncodeReply => {
  const content = new Map(
    soapVersions.map((version) => [
      version,
      reply.map((part) => {
        const encode = elements.get(version)!(part.shape)(part.name);
        return (result: unknown) => encode(partOf(result, part));
      }),
    ]),
  );
  const declared = { m: namespace, types: typeNamespace, xsd: xsdNamespace, apache: apacheNamespace };
  const declarations = Object.entries(declared)
    .map(([name, uri]) => ` xmlns:${name}="${escapeAttribute(uri)}"`)
    .join('');
  const wrapper = `m:${replyName(name)}`;
  const named = rpcResult(reply);
  return framed(
    (version) => `<${wrapper}${declarations} xmlns:enc="${version.encoding}" soap:encodingStyle="${version.encoding}">`,
    (result, version) => {
      const xml = joined(content.get(version)!, (encode) => encode(result), undefined);
      return version === soap11 ? xml : enclosed('', xml, named);
    },
    `</${wrapper}>`,
  );
};

/** Compiles the replies of an operation as rpc/literal: only the element around the parts is in a namespace. */
export const compileRpcReply = ({ namespace }: Service, { name, reply }: ServiceOperation): EncodeReply => {
  const wrapper = `m:${replyName(name)}`;
  return framed(() => `<${wrapper} xmlns:m="${escapeAttribute(namespace)}">`, encodeParts(reply, ''), `</${wrapper}>`);
};
