/** The names of XML-RPC: its elements, its types with their aliases, and where it is served. */

import type { Shown } from './dialect.ts';

export const name = 'xmlrpc';
export const paths = ['/RPC2', '/RPC2/', '/', '/xmlrpc', '/xmlrpc/'] as const;
/** Below this one, switches may stand in the path. */
export const switchable = '/RPC2';

/** What a `<value>` can hold. */
export type WireType =
  | 'int'
  | 'boolean'
  | 'string'
  | 'double'
  | 'dateTime.iso8601'
  | 'base64'
  | 'array'
  | 'struct'
  | 'nil';

/**
 * Elements by their names without prefix: those of the specification, and those of Apache's extensions but for
 * `ex:dom` and `ex:serializable`, which are documents and objects of Java.
 */
export const wireTypes: ReadonlyMap<string, WireType> = new Map<string, WireType>([
  ['int', 'int'],
  ['i4', 'int'],
  ['i8', 'int'],
  ['i1', 'int'],
  ['i2', 'int'],
  ['biginteger', 'int'],
  ['boolean', 'boolean'],
  ['string', 'string'],
  ['double', 'double'],
  ['float', 'double'],
  ['bigdecimal', 'double'],
  ['dateTime.iso8601', 'dateTime.iso8601'],
  ['dateTime', 'dateTime.iso8601'],
  ['base64', 'base64'],
  ['array', 'array'],
  ['struct', 'struct'],
  ['nil', 'nil'],
]);

/** Whether this element is a value: `<value>`, or that of a type in its place. */
export const isValue = (name: string): boolean => name === 'value' || wireTypes.has(name);

const shows: ReadonlyMap<string, Shown> = new Map<string, Shown>([
  ['nil', { nil: 'nil' }],
  ['ex:nil', { nil: 'ex:nil' }],
  ['i8', { long: 'i8' }],
  ['ex:i8', { long: 'ex:i8' }],
  ['ex:dateTime', { time: 'ex:dateTime' }],
]);
/** What a client shows that it can read by writing this element. Most are none of these, and are told so by their length. */
export const shownBy = (element: string): Shown | undefined =>
  element.length > 3 && !element.startsWith('ex:') ? undefined : shows.get(element);

export const extensions = 'http://ws.apache.org/xmlrpc/namespaces/extensions';
