/** What elements say of their values: that there is none, and of which type they are. */

import type { ElementReader } from './element-reader.ts';
import type { QName } from './fault-kinds.ts';
import {
  anyNamespace,
  apacheNamespace,
  encodings,
  soap11,
  soap12,
  xsdNamespaces,
  xsi1999Namespace,
  xsiNamespace,
} from './names.ts';

export const isNil = (reader: ElementReader): boolean => {
  if (reader.isBare) return false;
  const nil = (reader.attribute('nil', xsiNamespace) ?? reader.attribute('null', xsi1999Namespace))?.trim();
  return nil === 'true' || nil === '1';
};

/** A name with a prefix, as the element just opened has prefixes. */
const resolved = (reader: ElementReader, name: string): QName => {
  const colon = name.indexOf(':');
  return {
    namespace: reader.resolve(colon < 0 ? '' : name.slice(0, colon)) ?? '',
    local: name.slice(colon + 1),
  };
};

/** The name that `xsi:type` says, of the element just opened. */
export const xsiType = (reader: ElementReader): QName | undefined => {
  if (reader.isBare) return undefined;
  const type = (reader.attribute('type', xsiNamespace) ?? reader.attribute('type', xsi1999Namespace))?.trim();
  return type === undefined ? undefined : resolved(reader, type);
};

/** What the array just opened says of its items, in one of both encodings; undefined when they are arrays themselves. */
export const itemType = (reader: ElementReader): QName | undefined => {
  const type = reader.attribute('arrayType', soap11.encoding) ?? reader.attribute('itemType', soap12.encoding);
  const single = type === undefined ? null : /^\s*([^[\s]+)\s*(?:\[[^[]*)?$/.exec(type);
  return single === null ? undefined : resolved(reader, single[1]!);
};

/**
 * The type of a value that says it itself: by `xsi:type`, by its name, which SOAP 1.1 section 5.2 lets be that of a type, or
 * by the array that it is in.
 */
export const ownType = (reader: ElementReader, inArray: QName | undefined): QName | undefined => {
  const said = xsiType(reader);
  if (said !== undefined) return said;
  return encodings.has(reader.namespace) ? { namespace: reader.namespace, local: reader.local } : inArray;
};

/** What `xsi:type` says: a name, and whose it is; undefined for a type that is of none of these, and without one. */
export const typeNamed = (
  reader: ElementReader,
  type = xsiType(reader),
): { local: string; of: 'xsd' | 'soap' | 'apache' | 'any' | undefined } => {
  return type === undefined ? { local: '', of: undefined } : { local: type.local, of: owners.get(type.namespace) };
};
const owners = new Map<string, 'xsd' | 'soap' | 'apache' | 'any'>([
  ...[...xsdNamespaces].map((uri) => [uri, 'xsd'] as const),
  ...[...encodings].map((uri) => [uri, 'soap'] as const),
  [apacheNamespace, 'apache'],
  [anyNamespace, 'any'],
]);

/** What `xsi:type` may say of a value that the catalogue has not said: a label, never a class to make. */
export type TypeLabel = 'base64' | 'hex' | 'map' | 'other';

/** The label of a type that SOAP, XML Schema or Apache defines; undefined for other types, and without one. */
export const typeLabel = (reader: ElementReader): TypeLabel | undefined => {
  const { local, of } = typeNamed(reader);
  if (of === 'apache') return local === 'Map' ? 'map' : 'other';
  if (of !== 'xsd' && of !== 'soap') return undefined;
  if (local === 'base64Binary' || local === 'base64') return 'base64';
  return local === 'hexBinary' ? 'hex' : 'other';
};
