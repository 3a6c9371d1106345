/**
 * A service as XML Schema sees it: named types and the fields of each. The WSDL is printed from it.
 *
 * An enum is described as the string that it is, its words in the prose. Words get added as the daemon grows, and a
 * generated client that knows a closed set fails on a reply with a new one; and as parameters and results have the same
 * type, what was read can be sent back.
 */

import { fieldsOf, type Shape, string } from '../../../../plugin-protocol/shape.ts';
import { FaultInfo } from '../../../catalogue/resources.ts';
import { propertyType, typeName } from '../message/names.ts';
import { type Part, replyName, type Service, type Style } from '../service/service.ts';

export interface Field {
  name: string;
  /** A QName: `xsd:int`, `tns:Vm`. */
  type: string;
  /** Whether it may be unset: sent as nil, never left out, since both together make clumsy types in Java and .NET. */
  nillable: boolean;
  /** Whether it is the item of an array. */
  repeated?: boolean;
  doc?: string;
}
export interface Type {
  name: string;
  doc?: string;
  fields: Field[];
  /** Of an array of SOAP, which has no fields: the type of its items. */
  items?: string;
}
export interface Operation {
  /** `vmStart` */
  name: string;
  action: string;
  doc: string;
  request: Field[];
  reply: Field[];
}
export interface Description {
  service: Service;
  style: Style;
  types: Type[];
  operations: Operation[];
  /** Whether some value is of a type that nobody declared. */
  any: boolean;
  /** The type of the element in the detail of a fault. */
  faultType: string;
}

const propertyText = string('');

const docOf = (shape: Shape): string => {
  const { default: fallback } = shape;
  const words = shape['x-kind'] === 'enum' ? ` One of: ${shape.enum.join(', ')}.` : '';
  const standIn = fallback === undefined ? '' : ` Default: ${JSON.stringify(fallback)}.`;
  return `${shape.description}${words}${standIn}`;
};

/** The type of a shape as a QName. */
type Name = (shape: Shape) => string;

const fieldFrom =
  (nameOf: Name) =>
  ({ name, shape, required, doc }: Part): Field => ({
    name,
    type: nameOf(shape),
    // Nothing is a value of any type, too; a caller cannot send it, nor may a reply have it, where it is not declared.
    nillable: !required || shape.default !== undefined || shape['x-kind'] === 'any',
    doc: doc ?? docOf(shape),
  });

/** Types that others refer to come first, so that one pass over the WSDL is enough for any reader. */
class Types {
  readonly all = new Map<string, Type>();
  /** Whether there is one that nobody declared. */
  any = false;
  readonly #made = new Map<string, string>();
  readonly #nameOf: Name;
  readonly #encoded: boolean;

  constructor(nameOf: Name, encoded: boolean) {
    this.#nameOf = nameOf;
    this.#encoded = encoded;
  }

  add(shape: Shape): void {
    const name = this.#nameOf(shape);
    switch (shape['x-kind']) {
      case 'record': {
        for (const [, field] of fieldsOf(shape)) this.add(field);
        const fields = fieldsOf(shape).map(([field, of, required]) => ({ name: field, shape: of, required }));
        this.#put(name, { doc: shape.description, fields: fields.map(fieldFrom(this.#nameOf)) });
        return;
      }
      case 'any':
        this.any = true;
        return;
      case 'list': {
        this.add(shape.items);
        const items = this.#nameOf(shape.items);
        this.#put(
          name,
          this.#encoded
            ? { fields: [], items }
            : { fields: [{ name: 'item', type: items, nillable: false, repeated: true }] },
        );
        return;
      }
      case 'map': {
        // Encoded, it is Apache's.
        if (this.#encoded) return;
        const property = `${name.slice(0, name.indexOf(':'))}:${propertyType}`;
        this.#put(property, {
          doc: 'One member of a map.',
          fields: ['key', 'value'].map((field) => ({ name: field, type: this.#nameOf(propertyText), nillable: false })),
        });
        this.#put(name, { fields: [{ name: 'item', type: property, nillable: false, repeated: true }] });
      }
    }
  }

  #put(qname: string, type: Omit<Type, 'name'>): void {
    const name = qname.slice(qname.indexOf(':') + 1);
    const text = JSON.stringify(type);
    const known = this.#made.get(name);
    if (known !== undefined && known !== text) throw new Error(`There are two different types called ${name}.`);
    this.#made.set(name, text);
    this.all.set(name, { name, ...type });
  }
}

/** Throws when two things would get the same name, in any case, once a generator makes classes of them. */
const checkNames = ({ names, operations }: Service, types: Iterable<Type>) => {
  const taken = new Map<string, string>();
  const take = (name: string, what: string) => {
    const other = taken.get(name.toLowerCase());
    if (other !== undefined) throw new Error(`${what} and ${other} are both called ${name} in SOAP.`);
    taken.set(name.toLowerCase(), what);
  };
  for (const name of Object.values(names)) take(name, `${name} of the WSDL`);
  for (const { name } of operations) {
    take(name, `the operation ${name}`);
    take(replyName(name), `the reply of ${name}`);
  }
  for (const { name } of types) take(name, `the type ${name}`);
};

/** Throws when two things of the service have one name. */
export const describe = (service: Service, style: Style): Description => {
  const prefix = service.typeNamespace === service.namespace ? 'tns' : 'types';
  const nameOf = (shape: Shape): string => typeName(shape, prefix, style === 'encoded');
  const types = new Types(nameOf, style === 'encoded');
  types.add(FaultInfo);
  for (const { request, reply } of service.operations) {
    for (const { shape } of [...request, ...reply]) types.add(shape);
  }
  checkNames(service, types.all.values());
  const fieldOf = fieldFrom(nameOf);
  const operations = service.operations.map(({ name, action, doc, request, reply }) => ({
    name,
    action,
    doc,
    request: request.map(fieldOf),
    reply: reply.map(fieldOf),
  }));
  return { service, style, types: [...types.all.values()], operations, any: types.any, faultType: nameOf(FaultInfo) };
};
