/** Attributes of a complex type, with those of the groups that it names. */
import { encodings, xsdNamespace } from '../../message/names.ts';
import type { SchemaContext, Schemas } from './schemas.ts';
import type { Node } from './tree.ts';
import type { AttributeUse, SimpleType } from './types.ts';

const textType = (schemas: Schemas, node: Node): SimpleType =>
  schemas.type({ namespace: xsdNamespace, local: 'string' }, node) as SimpleType;

const readAttribute = (node: Node, context: SchemaContext, schemas: Schemas, attributes: AttributeUse[]): void => {
  const reference = node.qname('ref');
  // `enc:arrayType` and its like are the encoding's.
  if (reference !== undefined && encodings.has(reference.namespace)) return;
  const global = reference === undefined ? undefined : schemas.declared('attribute', reference);
  if (global === undefined && reference !== undefined && schemas.has(reference.namespace)) {
    schemas.missing('attribute', reference, node);
  }
  const local = reference?.local ?? node.needed('name');
  const known = attributes.findIndex(({ attribute }) => attribute.local === local);
  if (known >= 0) attributes.splice(known, 1);
  if (node.attribute('use') === 'prohibited') return;
  const form = node.attribute('form');
  const qualified = form === undefined ? context.qualifiedAttributes : form === 'qualified';
  const type = schemas.typeOf(global?.node ?? node, global?.context ?? context);
  const fallback = node.attribute('default') ?? node.attribute('fixed');
  const use: AttributeUse = {
    name: local,
    attribute: reference ?? { local, namespace: qualified ? context.targetNamespace : '' },
    // One that is declared nowhere, such as `xml:lang`, is text.
    type: type.kind === 'simple' ? type : textType(schemas, node),
    required: node.attribute('use') === 'required',
  };
  if (fallback !== undefined) use.fallback = fallback;
  attributes.push(use);
};

/** Adds the attributes that an element of the schema declares; one that is there already is declared anew, or prohibited. */
export const readAttributes = (
  node: Node,
  context: SchemaContext,
  schemas: Schemas,
  attributes: AttributeUse[],
): void => {
  for (const child of node.children) {
    if (child.local === 'attributeGroup') {
      const name = child.resolve(child.needed('ref'));
      if (encodings.has(name.namespace)) continue;
      const found = schemas.declared('attributeGroup', name) ?? schemas.missing('attribute group', name, child);
      schemas.count(child);
      schemas.within(found.node, () => readAttributes(found.node, found.context, schemas, attributes));
    } else if (child.local === 'attribute') readAttribute(child, context, schemas, attributes);
  }
};
