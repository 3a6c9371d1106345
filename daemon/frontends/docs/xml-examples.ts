/** Example requests on the two XML wires, indented for reading. */
import { foldAny } from '../../../plugin-protocol/any.ts';
import { fieldsOf, fold, kinds, type Shape } from '../../../plugin-protocol/shape.ts';
import { type Method, soapOperation, soapService } from '../../catalogue/index.ts';
import { escapeText } from '../../wire/escape.ts';
import { givenParams, ownField, positions } from './given.ts';

type Lines = string[];
const indent = (lines: Lines): Lines => lines.map((line) => `  ${line}`);
const around = (name: string, lines: Lines): Lines =>
  lines.length === 1 && !lines[0]!.includes('\n') && lines[0]!.length < 90
    ? [`<${name}>${lines[0]}</${name}>`]
    : [`<${name}>`, ...indent(lines), `</${name}>`];
const members = (shape: Parameters<typeof fieldsOf>[0], value: unknown): [string, Shape, unknown][] =>
  fieldsOf(shape)
    .map(([name, field]): [string, Shape, unknown] => [name, field, ownField(value, name)])
    .filter(([, , member]) => member !== undefined);
const scalar = (value: unknown): Lines => [escapeText(String(value))];

const typed = (shape: Shape) => (value: unknown) => around(kinds[shape['x-kind']].xmlrpc, scalar(value));
const member = (name: string, value: Lines): Lines =>
  around('member', [`<name>${escapeText(name)}</name>`, ...around('value', value)]);
const arrayOf = (items: Lines[]): Lines => [
  '<array><data>',
  ...indent(items.flatMap((item) => around('value', item))),
  '</data></array>',
];
const structOf = (parts: Lines[]): Lines => ['<struct>', ...indent(parts.flat()), '</struct>'];
// The specification has no zone, no milliseconds and no hyphens.
const compactTime = (value: unknown): Lines => around('dateTime.iso8601', [String(value).replace(/-|\.\d+Z$/g, '')]);
const xmlrpcValue = fold<(value: unknown) => Lines>({
  bool: () => (value) => around('boolean', [value ? '1' : '0']),
  int: typed,
  number: typed,
  counter: typed,
  string: typed,
  enum: typed,
  ref: typed,
  bytes: typed,
  time: () => compactTime,
  any: () =>
    foldAny<Lines>({
      nil: () => ['<nil/>'],
      bool: (on) => around('boolean', [on ? '1' : '0']),
      number: (value) => around(Number.isInteger(value) ? 'int' : 'double', scalar(value)),
      string: (value) => around('string', scalar(value)),
      time: compactTime,
      bytes: (value) => around('base64', [value]),
      counter: (value) => around('string', [value]),
      list: (items, inner) => arrayOf(items.map(inner)),
      map: (parts, inner) => structOf(parts.map(([name, value]) => member(name, inner(value)))),
    }),
  list: (shape, inner) => (value) => arrayOf((value as unknown[]).map(inner(shape.items))),
  record: (shape, inner) => (value) =>
    structOf(members(shape, value).map(([name, field, part]) => member(name, inner(field)(part)))),
  map: () => (value) =>
    structOf(Object.entries(value as object).map(([name, text]) => member(name, around('string', scalar(text))))),
});

export const xmlrpcRequest = (method: Method): string => {
  const values = positions(method) ?? [[method.params as Shape, method.example.params] as const];
  const params = values.flatMap(([shape, value]) => around('param', around('value', xmlrpcValue(shape)(value))));
  return [
    '<?xml version="1.0"?>',
    '<methodCall>',
    `  <methodName>${method.name}</methodName>`,
    ...indent(params.length === 0 ? [] : ['<params>', ...indent(params), '</params>']),
    '</methodCall>',
  ].join('\n');
};

const plain = () => scalar;
const soapMember = (name: string, value: Lines): Lines =>
  around('item', [`<key>${escapeText(name)}</key>`, ...around('value', value)]);
const soapValue = fold<(value: unknown) => Lines>({
  bool: plain,
  int: plain,
  number: plain,
  counter: plain,
  string: plain,
  enum: plain,
  ref: plain,
  bytes: plain,
  time: plain,
  any: () =>
    foldAny<Lines>({
      nil: () => [],
      bool: scalar,
      number: scalar,
      string: scalar,
      time: scalar,
      bytes: scalar,
      counter: scalar,
      list: (items, inner) => items.flatMap((item) => around('item', inner(item))),
      map: (parts, inner) => parts.flatMap(([name, value]) => soapMember(name, inner(value))),
    }),
  list: (shape, inner) => (value) => (value as unknown[]).flatMap((item) => around('item', inner(shape.items)(item))),
  record: (shape, inner) => (value) =>
    members(shape, value).flatMap(([name, field, part]) => around(name, inner(field)(part))),
  map: () => (value) => Object.entries(value as object).flatMap(([key, text]) => soapMember(key, scalar(text))),
});

export const soapRequest = (method: Method): string => {
  const operation = soapOperation(method);
  const { namespace } = soapService(method.service);
  const params = givenParams(method).flatMap(([name, shape, value]) => around(name, soapValue(shape)(value)));
  const open = `${operation} xmlns="${namespace}"`;
  const call = params.length === 0 ? [`<${open}/>`] : [`<${open}>`, ...indent(params), `</${operation}>`];
  return [
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">',
    '  <soap:Body>',
    ...indent(indent(call)),
    '  </soap:Body>',
    '</soap:Envelope>',
  ].join('\n');
};
