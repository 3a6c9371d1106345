/** Simple types of a schema: restrictions, lists and unions of those that XML Schema has. */
import { builtinLists, builtins } from '../../values/builtins.ts';
import { patternFrom } from './patterns.ts';
import type { Schemas } from './schemas.ts';
import type { Node, QName } from './tree.ts';
import type { Facets, SimpleType, XsdType } from './types.ts';

const builtinType = (name: QName, facets: Facets = {}): SimpleType => ({
  kind: 'simple',
  name,
  builtin: builtins.get(name.local)!,
  facets,
});

/** A type of XML Schema itself; undefined when it has none of that name that is simple. */
export const simpleBuiltin = (name: QName): SimpleType | undefined => {
  if (builtins.has(name.local)) return builtinType(name);
  const items = builtinLists.get(name.local);
  if (items === undefined) return undefined;
  return { ...builtinType({ ...name, local: items }), name, items: builtinType({ ...name, local: items }) };
};

const mustBeSimple = (type: XsdType, at: Node): SimpleType =>
  type.kind === 'simple' ? type : at.fail('needs a simple type here');

const numberOf = (node: Node): number => {
  const value = Number(node.needed('value'));
  return Number.isNaN(value) ? node.fail('needs a number as its value') : value;
};

const facetsFrom = (restriction: Node, { facets }: SimpleType): Facets => {
  const own: Facets = { ...facets };
  const words: string[] = [];
  const patterns: string[] = [];
  for (const facet of restriction.children) {
    switch (facet.local) {
      case 'enumeration':
        words.push(facet.attribute('value') ?? facet.fail('needs a value'));
        break;
      case 'pattern':
        patterns.push(facet.attribute('value') ?? '');
        break;
      case 'length':
        own.minLength = own.maxLength = numberOf(facet);
        break;
      case 'minLength':
      case 'maxLength':
      case 'totalDigits':
      case 'fractionDigits':
        own[facet.local] = numberOf(facet);
        break;
      case 'minInclusive':
      case 'minExclusive':
      case 'maxInclusive':
      case 'maxExclusive': {
        const value = Number(facet.needed('value'));
        // Of dates and durations: not held against the value.
        if (Number.isNaN(value)) break;
        own[facet.local.startsWith('min') ? 'minimum' : 'maximum'] = {
          value,
          within: facet.local.endsWith('Inclusive'),
        };
      }
    }
  }
  if (words.length > 0) own.words = words;
  const whole = patterns.length === 0 ? undefined : patternFrom(patterns);
  if (whole !== undefined) own.patterns = [...(facets.patterns ?? []), { whole, text: patterns.join(' or ') }];
  return own;
};

/** A value is held against each that there is in the end. */
const countUnions = (members: readonly SimpleType[], schemas: Schemas, at: Node): void => {
  for (const { union } of members) {
    schemas.count(at);
    if (union !== undefined) countUnions(union, schemas, at);
  }
};

/** The simple type that stands in a node, or that its attribute names. */
const within = (node: Node, attribute: string, schemas: Schemas): SimpleType => {
  const inner = node.first('simpleType');
  return inner === undefined
    ? mustBeSimple(schemas.type(node.resolve(node.needed(attribute)), node), node)
    : readSimpleType(inner, schemas, undefined);
};

/** Reads a `simpleType`. */
export const readSimpleType = (node: Node, schemas: Schemas, name: QName | undefined): SimpleType => {
  const named = name === undefined ? {} : { name };
  const restriction = node.first('restriction');
  if (restriction !== undefined) {
    const base = within(restriction, 'base', schemas);
    const { name: _, ...rest } = base;
    return { ...rest, ...named, facets: facetsFrom(restriction, base) };
  }
  const string = builtins.get('string')!;
  const list = node.first('list');
  if (list !== undefined) {
    const items = within(list, 'itemType', schemas);
    return { kind: 'simple', ...named, builtin: string, items, facets: {} };
  }
  const union = node.first('union') ?? node.fail('is neither a restriction nor a list nor a union');
  const names = (union.attribute('memberTypes') ?? '').split(/\s+/).filter((word) => word !== '');
  const members = [
    ...names.map((word) => mustBeSimple(schemas.type(union.resolve(word), union), union)),
    ...union.all('simpleType').map((one) => readSimpleType(one, schemas, undefined)),
  ];
  countUnions(members, schemas, union);
  return { kind: 'simple', ...named, builtin: string, union: members, facets: {} };
};

/** The facets of a `restriction` within simple content, over the type that it restricts. */
export const restricted = (restriction: Node, base: SimpleType): SimpleType => ({
  ...base,
  facets: facetsFrom(restriction, base),
});
