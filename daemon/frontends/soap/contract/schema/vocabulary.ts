/** What a schema is written in: mistyped words would otherwise just not be there. */
import { xsdNamespace } from '../../message/names.ts';
import type { Node } from './tree.ts';

/** The elements of XML Schema, 1.0 and 1.1. */
const elements: ReadonlySet<string> = new Set([
  ...[
    'schema',
    'include',
    'import',
    'redefine',
    'override',
    'annotation',
    'notation',
    'defaultOpenContent',
    'openContent',
  ],
  ...['element', 'attribute', 'attributeGroup', 'complexType', 'complexContent', 'simpleContent', 'simpleType'],
  ...['restriction', 'extension', 'list', 'union', 'group', 'all', 'choice', 'sequence', 'any', 'anyAttribute'],
  ...['key', 'keyref', 'unique', 'selector', 'field', 'assert', 'assertion', 'alternative'],
  ...['enumeration', 'pattern', 'length', 'minLength', 'maxLength', 'whiteSpace', 'totalDigits', 'fractionDigits'],
  ...['minInclusive', 'minExclusive', 'maxInclusive', 'maxExclusive', 'explicitTimezone'],
]);

/** Throws, with the place, for elements of XML Schema that there are not, and for numbers of times that are none. */
export const checkVocabulary = (node: Node): void => {
  if (node.namespace !== xsdNamespace) return;
  if (!elements.has(node.local)) node.fail('is no element of XML Schema');
  for (const name of ['minOccurs', 'maxOccurs']) {
    const times = node.attribute(name);
    if (times === undefined || /^\s*\d+\s*$/.test(times) || (name === 'maxOccurs' && times === 'unbounded')) continue;
    node.fail(`has ${name}="${times}", where a number${name === 'maxOccurs' ? ' or "unbounded"' : ''} is needed`);
  }
  if (node.local !== 'annotation') for (const child of node.children) checkVocabulary(child);
};
