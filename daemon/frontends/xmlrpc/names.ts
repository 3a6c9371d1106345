/** The names of XML-RPC: its elements, its types with their aliases, and where it is served. */

export const name = 'xmlrpc';
export const paths = ['/RPC2', '/RPC2/', '/', '/xmlrpc'] as const;
export const contentType = 'text/xml; charset=utf-8';

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

/** Elements by their names without prefix: those of the specification, and those of Apache's extensions. */
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

/** How a client writes that there is no value, if it has shown that it knows how to. */
export type Nil = '' | 'nil' | 'ex:nil';
export const extensions = 'http://ws.apache.org/xmlrpc/namespaces/extensions';
