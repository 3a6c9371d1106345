/** Failures as XML-RPC sends them. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { XmlFault } from '../../wire/xml.ts';
import { encodeFault, encodeFaultResponse } from './encode.ts';

/** Where what callers are not told is told. */
type Unexpected = (error: unknown) => void;

/** Any failure as a fault: a document that cannot be read, and what nobody expected, which is only logged. */
export const faultFrom = (error: unknown, unexpected: Unexpected): Fault => {
  if (error instanceof Fault) return error;
  if (error instanceof XmlFault) return new Fault(error.kind, error.message);
  unexpected(error);
  return new Fault('internal', 'An error inside of the daemon; its log tells more.');
};

/** A fault as `<value>`. */
export const faultValue = (fault: Fault): string => encodeFault(fault.wireCode, fault.message);

/** A whole reply. The sentence of a fault names the field, so that it needs no member that clients do not know. */
export const faultResponse = (fault: Fault): string => encodeFaultResponse(faultValue(fault));
