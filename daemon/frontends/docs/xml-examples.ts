/** Example requests on the two XML wires, indented for reading. */
import { fieldsOf, fold, kinds, type Shape } from '../../../plugin-protocol/shape.ts';
import { apiVersion, lowerCamel, type Method } from '../../catalogue/index.ts';
import { escapeText } from '../../wire/escape.ts';
import { givenParams, positions } from './given.ts';

type Lines = string[];
const indent = (lines: Lines): Lines => lines.map((line) => `  ${line}`);
const around = (name: string, lines: Lines): Lines =>
  lines.length === 1 && !lines[0]!.includes('\n') && lines[0]!.length < 90
    ? [`<${name}>${lines[0]}</${name}>`]
    : [`<${name}>`, ...indent(lines), `</${name}>`];
const members = (shape: Parameters<typeof fieldsOf>[0], value: unknown): [string, Shape, unknown][] =>
  fieldsOf(shape)
    .map(([name, field]): [string, Shape, unknown] => [name, field, (value as Record<string, unknown>)[name]])
    .filter(([, , member]) => member !== undefined);
const scalar = (value: unknown): Lines => [escapeText(String(value))];

const typed = (shape: Shape) => (value: unknown) => around(kinds[shape['x-kind']].xmlrpc, scalar(value));
const member = (name: string, value: Lines): Lines =>
  around('member', [`<name>${escapeText(name)}</name>`, ...around('value', value)]);
const xmlrpcValue = fold<(value: unknown) => Lines>({
  bool: () => (value) => around('boolean', [value ? '1' : '0']),
  int: typed,
  number: typed,
  counter: typed,
  string: typed,
  enum: typed,
  ref: typed,
  bytes: typed,
  // The specification has no zone, no milliseconds and no hyphens.
  time: () => (value) => around('dateTime.iso8601', [String(value).replace(/-|\.\d+Z$/g, '')]),
  list: (shape, inner) => (value) => [
    '<array><data>',
    ...indent((value as unknown[]).flatMap((item) => around('value', inner(shape.items)(item)))),
    '</data></array>',
  ],
  record: (shape, inner) => (value) => [
    '<struct>',
    ...indent(members(shape, value).flatMap(([name, field, part]) => member(name, inner(field)(part)))),
    '</struct>',
  ],
  map: () => (value) => [
    '<struct>',
    ...indent(Object.entries(value as object).flatMap(([name, text]) => member(name, around('string', scalar(text))))),
    '</struct>',
  ],
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
  list: (shape, inner) => (value) => (value as unknown[]).flatMap((item) => around('item', inner(shape.items)(item))),
  record: (shape, inner) => (value) =>
    members(shape, value).flatMap(([name, field, part]) => around(name, inner(field)(part))),
  map: () => (value) =>
    Object.entries(value as object).flatMap(([key, text]) =>
      around('item', [`<key>${escapeText(key)}</key>`, `<value>${escapeText(text)}</value>`]),
    ),
});

export const soapRequest = (method: Method): string => {
  const operation = lowerCamel(method.name);
  const params = givenParams(method).flatMap(([name, shape, value]) => around(name, soapValue(shape)(value)));
  const open = `${operation} xmlns="urn:annelid:${apiVersion}"`;
  const call = params.length === 0 ? [`<${open}/>`] : [`<${open}>`, ...indent(params), `</${operation}>`];
  return [
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">',
    '  <soap:Body>',
    ...indent(indent(call)),
    '  </soap:Body>',
    '</soap:Envelope>',
  ].join('\n');
};
