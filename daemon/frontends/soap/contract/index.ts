/** An existing contract as a service: `serve` takes it like any other, and the methods that it needs come with it. */
import type { Method } from '../../../catalogue/index.ts';
import type { Limits } from '../../../limits.ts';
import type { ServedOperation, Service } from '../service/service.ts';
import { wsdlNamesFor } from '../service/service.ts';
import { Prefixes } from './encode/prefixes.ts';
import { Codecs } from './operations/codecs.ts';
import { type CompiledOperation, compileOperation } from './operations/operation.ts';
import { ContractOperations, type EnvelopeOptions } from './operations/operations.ts';
import { TypeNames } from './values/labels.ts';
import type { Contract } from './wsdl/contract.ts';
import { documentOf } from './wsdl/documents-served.ts';

export { methodsFor } from './methods/methods.ts';
export { misfit } from './methods/misfit.ts';
export { type Answer, type ClientOperation, contractClient, type ServerFault } from './operations/client.ts';
export { ContractError } from './schema/tree.ts';
export type { Contract, Endpoint } from './wsdl/contract.ts';
export { contractFromFile, contractFromFileInSlices } from './wsdl/files.ts';
export { type ContractOptions, readContract } from './wsdl/wsdl-reader.ts';

export interface ServedContract extends EnvelopeOptions {
  contract: Contract;
  /** Where it is served: `/soap/meter`. */
  path: string;
  /** The method that serves each operation, by the operation's name. Operations without one are not there. */
  methods: ReadonlyMap<string, Method>;
}

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
