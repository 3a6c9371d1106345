/** The types of a contract, as XML Schema has them and as values are written; read from a WSDL by `schema.ts`. */
import type { Pattern } from '../../../../plugin-protocol/shape.ts';
import type { Builtin } from '../values/builtins.ts';
import type { QName } from './tree.ts';

/** A single value. */
export interface SimpleType {
  kind: 'simple';
  name?: QName;
  /** The type of XML Schema that it is a restriction of: decides what it is in memory. */
  builtin: Builtin;
  /** The types that its items are of, when it is a list separated by spaces. */
  items?: SimpleType;
  /** Which of several it may be. */
  union?: SimpleType[];
  facets: Facets;
}

/** Restrictions. Those of the types that it restricts are among them. */
export interface Facets {
  words?: readonly string[];
  /** Each has to be matched; with the text that it has in the schema. */
  patterns?: readonly { whole: Pattern; text: string }[];
  minLength?: number;
  maxLength?: number;
  /** How many digits a decimal has at most, and how many of them behind the point. */
  totalDigits?: number;
  fractionDigits?: number;
  /** The bounds of a number, and whether they are within. */
  minimum?: { value: number; within: boolean };
  maximum?: { value: number; within: boolean };
}

/** A child of an element, or a part of a message. */
export interface Field {
  /** What it is called in memory. */
  name: string;
  /** The element. In encoded messages only the local name counts. */
  element: QName;
  type: XsdType;
  nillable: boolean;
  /** Whether it may be left out. */
  optional: boolean;
  /** Whether it may come more than once: it is a list then. */
  repeated: boolean;
  /** How often it may come, where that is bounded. */
  most?: number;
  /** How often it must come, where the schema says so of what may come more than once. */
  least?: number;
  /** Of elements that exclude each other: which choice, and which branch of it. */
  choice?: { of: object; branch: number };
  /** What is there when it is left out, or empty. */
  fallback?: string;
}

export interface AttributeUse {
  name: string;
  attribute: QName;
  type: SimpleType;
  required: boolean;
  fallback?: string;
}

/** What has children or attributes. */
export interface ComplexType {
  kind: 'complex';
  name?: QName;
  /** What it extends or restricts; what that has is among its own. */
  base?: ComplexType;
  abstract: boolean;
  /** In the order in which they are written. */
  fields: Field[];
  attributes: AttributeUse[];
  /** The type of its text, which is called `value` in memory. Its elements are none then. */
  text?: SimpleType;
  /** Names of fields of which one has to be there: choices that cannot be left out. */
  choices?: (readonly string[])[];
  /** Elements of which nothing is declared: in memory text of XML, in the field of this name. */
  wildcard?: { name: string; repeated: boolean };
  /** An array of SOAP. */
  array?: { items: XsdType; dimensions: number };
  /** Whether it is Apache's `Map`. */
  map?: boolean;
}

/** `xsd:anyType`: what it is stands in `xsi:type`, if anywhere. */
export interface AnyType {
  kind: 'any';
  name: QName;
}

export type XsdType = SimpleType | ComplexType | AnyType;

/** The field of a type that holds nothing but one element, any number of times: in memory it is a list. */
export const onlyItems = ({ fields, attributes, text, wildcard, base }: ComplexType): Field | undefined => {
  const [field] = fields;
  if (fields.length !== 1 || !field!.repeated) return undefined;
  return attributes.length === 0 && text === undefined && wildcard === undefined && base === undefined
    ? field
    : undefined;
};

/** Whether a type is another, or is derived from it. */
export const derivesFrom = (type: XsdType, from: XsdType): boolean => {
  for (let at: XsdType | undefined = type; at !== undefined; at = at.kind === 'complex' ? at.base : undefined) {
    if (at === from) return true;
  }
  return false;
};

/** Whether a value of the type is a record in memory: others cannot carry a label themselves. */
export const isRecord = (type: XsdType): boolean =>
  type.kind === 'complex' && type.array === undefined && !type.map && onlyItems(type) === undefined;

/** Whether a value of the type is a list in memory. */
export const isList = (type: XsdType): boolean =>
  type.kind === 'simple'
    ? type.items !== undefined
    : type.kind === 'complex' && (type.array !== undefined || onlyItems(type) !== undefined);
