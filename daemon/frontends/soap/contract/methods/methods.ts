/** The methods that the operations of a contract need: those of a service that is served as it is. */
import type { Method } from '../../../../catalogue/index.ts';
import type { Contract, ContractOperation } from '../wsdl/contract.ts';
import { Shapes } from './shapes.ts';

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
