/** An existing contract as a service: `serve` takes it like any other, and the methods that it needs come with it. */
import type { Method } from '../../../catalogue/index.ts';
import type { Limits } from '../../../limits.ts';
import type { HeaderContract } from '../headers/headers.ts';
import type { Operations } from '../service/decode.ts';
import type { ServedOperation, Service } from '../service/service.ts';
import { wsdlNamesFor } from '../service/service.ts';
import { Codecs } from './codecs.ts';
import { type Contract, type ContractOperation, elementsOf } from './contract.ts';
import { documentOf } from './documents-served.ts';
import { TypeNames } from './labels.ts';
import { type CompiledOperation, compileOperation, headerReader, headersTaken } from './operation.ts';
import { Prefixes } from './prefixes.ts';
import { Shapes } from './shapes.ts';
import { ContractError, clark, type QName } from './tree.ts';

export { type Answer, type ClientOperation, contractClient, type ServerFault } from './client.ts';
export type { Contract, Endpoint } from './contract.ts';
export { contractFromFile, contractFromFileInSlices } from './files.ts';
export { misfit } from './misfit.ts';
export { type ContractOptions, readContract } from './wsdl-reader.ts';
export { ContractError };

/** The method that an operation needs, by its own shapes: `<service>.<operation>`. */
export const methodsFor = (contract: Contract, service: string): Map<string, Method> => {
  const shapes = new Shapes(contract.types);
  return new Map(
    contract.operations.map((operation) => [
      operation.name,
      methodFor(operation, `${service}.${operation.name}`, shapes),
    ]),
  );
};

const methodFor = (operation: ContractOperation, name: string, shapes: Shapes): Method => ({
  name,
  since: '1.0',
  doc: operation.doc || `The operation ${operation.name} of the contract.`,
  params: shapes.params(operation),
  result: shapes.result(operation),
  returns: 'What the contract says.',
  faults: [],
  permission: 'operate',
  changes: false,
  example: { params: {}, result: null },
});

export interface ServedContract {
  contract: Contract;
  /** Where it is served: `/soap/meter`. */
  path: string;
  /** The method that serves each operation, by the operation's name. Operations without one are not there. */
  methods: ReadonlyMap<string, Method>;
  /** Roles that the service acts in, for headers that are addressed to them. */
  roles?: readonly string[];
  /** Whether envelopes of SOAP 1.2 are judged to the letter. */
  strict?: boolean;
}

/** Operations that are called alike must differ in what a call shows before its parameters. */
const refuseAlike = (operations: readonly ContractOperation[]): void => {
  const seen = new Map<string, string>();
  for (const operation of operations) {
    const { name, called, action } = operation;
    const [element] = elementsOf(operation.request);
    const shown = `${called} ${element && clark(element)} ${afterLast(action)}`;
    const other = seen.get(shown);
    if (other !== undefined) {
      const words = `The operations ${other} and ${name} have one name, one element and one soapAction: a call does not tell which it means.`;
      throw new ContractError(words);
    }
    seen.set(shown, name);
  }
};

interface Compiled {
  operation: ContractOperation;
  compiled: CompiledOperation;
}

const add = <T>(to: Map<string, T[]>, name: string, one: T): void => {
  const known = to.get(name);
  if (known === undefined) to.set(name, [one]);
  else known.push(one);
};

/** The operations of a contract, as requests name them: by their element, and by SOAPAction where that is not enough. */
class ContractOperations implements Operations<ServedOperation> {
  readonly strict: boolean;
  readonly headers: HeaderContract;
  readonly #elements = new Map<string, Compiled[]>();
  readonly #locals = new Map<string, Compiled[]>();
  /** Those of which nothing is in the Body. Axis puts an element there all the same, called like the operation. */
  readonly #empty: Compiled[] = [];
  /** Those of which anything may be in the Body: their action alone tells them, unless there is but one. */
  readonly #open: Compiled[] = [];

  constructor(operations: Compiled[], codecs: Codecs, served: ServedContract) {
    this.strict = served.strict ?? false;
    refuseAlike(operations.map(({ operation }) => operation));
    for (const one of operations) {
      const elements = elementsOf(one.operation.request);
      if (one.operation.request.open) this.#open.push(one);
      else if (elements.length === 0) this.#empty.push(one);
      for (const element of elements) {
        add(this.#elements, clark(element), one);
        add(this.#locals, element.local, one);
      }
    }
    for (const one of this.#empty) {
      if (!this.#locals.has(one.operation.name)) this.#locals.set(one.operation.name, [one]);
    }
    const roles = new Set(served.roles);
    const readers = new Map(
      operations
        .flatMap(({ operation, compiled }) => headersTaken(operation, codecs.contract, compiled.method))
        .map((block) => [clark(block.field.element), headerReader(block, codecs)]),
    );
    this.headers = { roles, reader: (name: QName) => readers.get(clark(name)) };
  }

  /** Clients put the element in a wrong namespace, or in none, so its local name must do. */
  named(local: string, namespace: string, action: () => string | undefined): ServedOperation | undefined {
    const open = this.#open.length === 0 ? undefined : byAction(this.#open, action());
    if (open !== undefined) return open.compiled;
    const all = this.#elements.get(clark({ namespace, local })) ?? this.#locals.get(local);
    if (all === undefined) return this.#open.length === 0 ? undefined : this.#onlyOpen(action());
    return (all.length === 1 ? all[0] : (byAction(all, action()) ?? all[0]))!.compiled;
  }

  unnamed(action: string | undefined): ServedOperation | undefined {
    const open = byAction(this.#open, action);
    if (open !== undefined) return open.compiled;
    const empty = this.#empty.length === 1 ? this.#empty[0] : byAction(this.#empty, action);
    return empty?.compiled ?? this.#onlyOpen(action);
  }

  #onlyOpen(action: string | undefined): ServedOperation | undefined {
    return this.#open.length === 1 && !action ? this.#open[0]!.compiled : undefined;
  }
}

const afterLast = (action: string): string =>
  action.slice(Math.max(action.lastIndexOf('#'), action.lastIndexOf('/')) + 1);

const byAction = (all: readonly Compiled[], action: string | undefined): Compiled | undefined =>
  action === undefined
    ? undefined
    : (all.find(({ operation }) => afterLast(operation.action) === action) ??
      all.find(({ operation }) => operation.name === action));

/** Compiles a contract. */
export const contractService = (served: ServedContract, limits: Limits): Service => {
  const { contract, path, methods } = served;
  const types = new TypeNames(contract.types);
  const codecs = new Codecs(contract, types, new Prefixes(), limits, true);
  const operations = contract.operations.flatMap((operation) => {
    const method = methods.get(operation.name);
    return method === undefined ? [] : [{ operation, compiled: compileOperation(operation, method, codecs) }];
  });
  const compiled = new Map<ServedOperation, CompiledOperation>(operations.map((one) => [one.compiled, one.compiled]));
  const rpc = contract.operations.find(({ style }) => style === 'rpc');
  return {
    path,
    namespace: contract.namespace,
    typeNamespace: contract.namespace,
    style: rpc === undefined ? 'document' : rpc.request.encoded ? 'encoded' : 'rpc',
    names: wsdlNamesFor(contract.name),
    operations: [],
    contract: {
      operations: new ContractOperations(operations, codecs, served),
      fault: (fault, version, operation) =>
        (operation && compiled.get(operation)?.fault(fault, version)) ?? { detail: '', header: '' },
      document: documentOf(contract),
    },
  };
};
