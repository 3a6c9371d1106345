/** The operations of a contract, told from one another by what a request shows of them. */
import type { HeaderContract } from '../../headers/headers.ts';
import type { Operations } from '../../service/decode.ts';
import type { ServedOperation } from '../../service/service.ts';
import { ContractError, clark, type QName } from '../schema/tree.ts';
import { type ContractOperation, elementsOf } from '../wsdl/contract.ts';
import type { Codecs } from './codecs.ts';
import { type CompiledOperation, headerReader, headersTaken } from './operation.ts';

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

export interface EnvelopeOptions {
  /** Roles that the service acts in, for headers that are addressed to them. */
  roles?: readonly string[];
  /** Whether envelopes of SOAP 1.2 are judged to the letter. */
  strict?: boolean;
}

/** An operation, and what it was compiled to. */
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
export class ContractOperations implements Operations<ServedOperation> {
  readonly strict: boolean;
  readonly headers: HeaderContract;
  readonly #elements = new Map<string, Compiled[]>();
  readonly #locals = new Map<string, Compiled[]>();
  /** Those of which nothing is in the Body. Axis puts an element there all the same, called like the operation. */
  readonly #empty: Compiled[] = [];
  /** Those of which anything may be in the Body: their action alone tells them, unless there is but one. */
  readonly #open: Compiled[] = [];

  constructor(operations: Compiled[], codecs: Codecs, { roles = [], strict = false }: EnvelopeOptions) {
    this.strict = strict;
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
    const readers = new Map(
      operations
        .flatMap(({ operation, compiled }) => headersTaken(operation, codecs.contract, compiled.method))
        .map((block) => [clark(block.field.element), headerReader(block, codecs)]),
    );
    this.headers = { roles: new Set(roles), reader: (name: QName) => readers.get(clark(name)) };
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
