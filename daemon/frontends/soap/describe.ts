/**
 * A service as XML Schema sees it: named types and the fields of each. The WSDL is printed from it.
 *
 * An enum is described as the string that it is, its words in the prose. Words get added as the daemon grows, and a
 * generated client that knows a closed set fails on a reply with a new one; and as parameters and results have the same
 * type, what was read can be sent back.
 */

import { fieldsOf, type RecordShape, type Shape, string } from '../../../plugin-protocol/shape.ts';
import { FaultInfo } from '../../catalogue/resources.ts';
import { propertyType, typeName } from './names.ts';
import { type Part, replyName, type Service, type ServiceOperation } from './service.ts';

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
  types: Type[];
  operations: Operation[];
}

const propertyText = string('');

const docOf = (shape: Shape): string => {
  const { default: fallback } = shape;
  const words = shape['x-kind'] === 'enum' ? ` One of: ${shape.enum.join(', ')}.` : '';
  const standIn = fallback === undefined ? '' : ` Default: ${JSON.stringify(fallback)}.`;
  return `${shape.description}${words}${standIn}`;
};

const fieldOf = ({ name, shape, required, doc }: Part): Field => ({
  name,
  type: typeName(shape),
  nillable: !required || shape.default !== undefined,
  doc: doc ?? docOf(shape),
});

const recordFields = (of: RecordShape): Field[] =>
  fieldsOf(of).map(([name, shape, required]) => fieldOf({ name, shape, required }));

/** Types that others refer to come first, so that one pass over the WSDL is enough for any reader. */
class Types {
  readonly all = new Map<string, Type>();
  readonly #made = new Map<string, string>();

  add(shape: Shape): void {
    switch (shape['x-kind']) {
      case 'record':
        for (const [, field] of fieldsOf(shape)) this.add(field);
        this.#put(typeName(shape), { doc: shape.description, fields: recordFields(shape) });
        return;
      case 'list':
        this.add(shape.items);
        this.#put(typeName(shape), {
          fields: [{ name: 'item', type: typeName(shape.items), nillable: false, repeated: true }],
        });
        return;
      case 'map':
        this.#put(`tns:${propertyType}`, {
          doc: 'One member of a map.',
          fields: ['key', 'value'].map((name) => ({ name, type: typeName(propertyText), nillable: false })),
        });
        this.#put(typeName(shape), {
          fields: [{ name: 'item', type: `tns:${propertyType}`, nillable: false, repeated: true }],
        });
    }
  }

  #put(qname: string, type: Omit<Type, 'name'>): void {
    const name = qname.slice('tns:'.length);
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

const operationOf = ({ name, action, doc, request, reply }: ServiceOperation): Operation => ({
  name,
  action,
  doc,
  request: request.map(fieldOf),
  reply: reply.map(fieldOf),
});

/** Throws when two things of the service have one name. */
export const describe = (service: Service): Description => {
  const types = new Types();
  types.add(FaultInfo);
  for (const { request, reply } of service.operations) {
    for (const { shape } of [...request, ...reply]) types.add(shape);
  }
  checkNames(service, types.all.values());
  return { service, types: [...types.all.values()], operations: service.operations.map(operationOf) };
};
