/** What the parts of a schema's groups say of how often they may come: minOccurs and maxOccurs. */
import { xsdNamespaces } from '../message/names.ts';
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
/** `most` of a field, where there is a bound and it may come more than once. */
export const bounded = (most: number): { most?: number } => (most > 1 && most < Infinity ? { most } : {});
/** What a value with more elements is told. */
export const tooMany = (most: number): string => `may come at most ${most} times`;

export const particlesOf = (node: Node): Node[] => node.children.filter(({ local }) => local !== 'annotation');
