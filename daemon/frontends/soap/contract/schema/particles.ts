/** What the parts of a schema's groups say of how often they may come: minOccurs and maxOccurs. */
import { xsdNamespaces } from '../../message/names.ts';
import type { Node } from './tree.ts';

export const mayBeMissing = (node: Node): boolean => node.attribute('minOccurs') === '0';
export const mayRepeat = (node: Node): boolean => !['0', '1', undefined].includes(node.attribute('maxOccurs'));
export const mostOf = (node: Node): number => Number(node.attribute('maxOccurs') ?? 1) || Infinity;
export const isForbidden = (node: Node): boolean => node.attribute('maxOccurs') === '0';

/** Whether nothing at all may stand for it, as it may for what is declared elsewhere, or nowhere. */
export const mayBeEmpty = (node: Node): boolean => {
  if (mayBeMissing(node) || isForbidden(node)) return true;
  switch (node.local) {
    case 'element':
      return xsdNamespaces.has(node.qname('ref')?.namespace ?? '');
    case 'choice':
      return particlesOf(node).some(mayBeEmpty);
    case 'sequence':
    case 'all':
      return particlesOf(node).every(mayBeEmpty);
    default:
      return true;
  }
};
/** How often the parts of a group come at least, which is once when it does not say. */
export const leastOf = (node: Node): number => Number(node.attribute('minOccurs') ?? 1);
/**
 * `most` and `least` of a field that may come more than once, where there are bounds. That it comes once has to be written for that: many
 * contracts leave it out, and so ask for an item where they mean a list that may be empty.
 */
export const bounded = (
  node: Node,
  around: { most: number; least: number; repeated: boolean; optional: boolean },
): { most?: number; least?: number } => {
  const most = around.most * mostOf(node);
  const least = around.least * leastOf(node);
  const isList = around.repeated || mayRepeat(node);
  const isWritten = least > 1 || node.attribute('minOccurs') !== undefined;
  return {
    ...(most > 1 && most < Infinity && { most }),
    ...(isList && isWritten && least > 0 && !around.optional && { least }),
  };
};
/** What a value with more elements is told, and one with fewer. */
export const tooMany = (most: number): string => `may come at most ${most} times`;
export const tooFew = (least: number): string => `must come at least ${least === 1 ? 'once' : `${least} times`}`;

export const particlesOf = (node: Node): Node[] => node.children.filter(({ local }) => local !== 'annotation');
