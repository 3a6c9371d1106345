/** Failures as XML-RPC sends them. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { XmlCharacterFault, XmlFault } from '../../wire/xml.ts';
import type { Dialect } from './dialect.ts';
import { encodeFault, encodeFaultResponse } from './encode.ts';

/** Where what callers are not told is told. */
type Unexpected = (error: unknown) => void;

/** Bytes that are not of the character set, and characters that XML does not have: the list of codes has one for them. */
class InvalidCharacter extends Fault {
  override get wireCode(): number {
    return -32702;
  }
}

/** Any failure as a fault: a document that cannot be read, and what nobody expected, which is only logged. */
export const faultFrom = (error: unknown, unexpected: Unexpected): Fault => {
  if (error instanceof Fault) return error;
  if (error instanceof XmlCharacterFault) return new InvalidCharacter('malformed', error.message);
  if (error instanceof XmlFault) return new Fault(error.kind, error.message);
  unexpected(error);
  return new Fault('internal', 'An error inside of the daemon; its log tells more.');
};

/** A fault as `<value>`. */
export const faultValue = (fault: Fault, dialect: Dialect): string =>
  encodeFault(fault.wireCode, fault.message, dialect);

/** A whole reply. The sentence of a fault names the field, so that it needs no member that clients do not know. */
export const faultResponse = (fault: Fault, dialect: Dialect): string =>
  encodeFaultResponse(faultValue(fault, dialect), dialect);
