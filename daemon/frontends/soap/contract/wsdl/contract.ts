/** A contract as its WSDL has it: operations with their messages, ready to be compiled. */

import type { SoapVersion } from '../../message/names.ts';
import type { QName } from '../schema/tree.ts';
import type { Field, XsdType } from '../schema/types.ts';
import type { SourceFile } from './documents.ts';

/** What the Body of a message holds. */
export interface BodyForm {
  /** Whether values are written in the encoding of SOAP. */
  encoded: boolean;
  /** The element around the parts: of rpc, or the one that a wrapped document has. */
  wrapper?: QName;
  parts: Field[];
  /** As those of a type: names of parts of which one has to be there. */
  choices?: (readonly string[])[];
  /** Whether each part is an element of the Body itself; they are side by side there. */
  bare: boolean;
  /** Whether the Body holds what the one part does, without an element around that: any elements. */
  open?: boolean;
  /** Of a reply of rpc: the part that is what the call returns, for the others are what it puts out. */
  returned?: string;
}

/** The elements by which a Body shows whose it is: the wrapper, or any of the parts. An open one has none. */
export const elementsOf = ({ wrapper, bare, parts, open }: BodyForm): QName[] =>
  wrapper === undefined ? (bare && !open ? parts.map(({ element }) => element) : []) : [wrapper];

/** A block of the Header, or in the detail of a fault: one element. */
export interface Block {
  /** The part of its message. */
  name: string;
  field: Field;
  encoded: boolean;
}

export interface ContractFault extends Block {
  /** What the fault is called in the operation. */
  fault: string;
  /** What WS-Addressing calls it. */
  action: string;
}

export interface ContractOperation {
  /** No other has it: of those that the WSDL calls alike (overloads), the second has a number. */
  name: string;
  /** What the WSDL calls it. */
  called: string;
  doc: string;
  /** SOAPAction; may be empty. */
  action: string;
  /** What WS-Addressing calls the reply. */
  replyAction: string;
  style: 'document' | 'rpc';
  request: BodyForm;
  /** Undefined: nothing is answered. */
  reply: BodyForm | undefined;
  requestHeaders: Block[];
  replyHeaders: Block[];
  faults: ContractFault[];
}

/** Where the operations of a contract are called, as its WSDL says. */
export interface Endpoint {
  port: string;
  address: string;
  version: SoapVersion;
}

export interface Contract {
  /** The file that it was read from. */
  file: string;
  /** `targetNamespace` of the WSDL. */
  namespace: string;
  /** The name of its `service`. */
  name: string;
  doc: string;
  operations: ContractOperation[];
  /** The ports that are bound to SOAP and have an address. */
  endpoints: Endpoint[];
  /** The types that have a name, for `xsi:type`. */
  types: XsdType[];
  /** Global elements that may be headers of any operation, because the one who serves the contract says so. */
  headers: Block[];
  /** The WSDL, and the files that it imports. */
  files: ReadonlyMap<string, SourceFile>;
}
