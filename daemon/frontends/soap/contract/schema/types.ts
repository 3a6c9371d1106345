/** The types of a contract, as XML Schema has them and as values are written; `schemas.ts` reads them. */
import type { Pattern } from '../../../../../plugin-protocol/shape.ts';
import type { Builtin } from '../../values/builtins.ts';
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

/** A branch of a choice. */
export interface Choice {
  of: object;
  branch: number;
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
  /** The choices that it is in, from the outermost: what is in another branch of one excludes it. */
  choices?: readonly Choice[];
  /**
   * What comes more than once, when that is no element but a group of several: what it holds each time. There is no element around
   * that; `type` is the same.
   */
  group?: ComplexType;
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

/** Elements of which nothing is declared: in memory text of XML, in the field of this name. */
export interface Wildcard {
  name: string;
  repeated: boolean;
  /** How many fields stand before it. */
  at: number;
  choices?: readonly Choice[];
}

/** What an element holds. */
export interface Content {
  /** In the order in which they are written. */
  fields: Field[];
  /** Names of fields of which one has to be there: choices that cannot be left out. */
  choices?: (readonly string[])[];
  wildcard?: Wildcard;
}

/** What has children or attributes. */
export interface ComplexType extends Content {
  kind: 'complex';
  name?: QName;
  /** What it extends or restricts; what that has is among its own. */
  base?: ComplexType;
  abstract: boolean;
  attributes: AttributeUse[];
  /** The type of its text, which is called `value` in memory. Its elements are none then. */
  text?: SimpleType;
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

/** The local names of the elements that stand for fields, those in groups among them. */
export const elementsIn = (fields: readonly Field[]): string[] =>
  fields.flatMap(({ element, group }) => (group === undefined ? [element.local] : elementsIn(group.fields)));

/** How many elements of which nothing is declared there are, those in groups among them. */
export const wildcardsIn = ({ fields, wildcard }: Content): number =>
  fields.reduce(
    (count, { group }) => count + (group === undefined ? 0 : wildcardsIn(group)),
    wildcard === undefined ? 0 : 1,
  );

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
