/** Faults that only SOAP has, and faults of a document as those of a call. */
import { Fault } from '../../../../plugin-protocol/faults.ts';
import type { XmlFault } from '../../../wire/xml.ts';

export interface QName {
  local: string;
  namespace: string;
}

/** Faults that are about the envelope and not about the call; they have codes of their own and no detail. */
export class EnvelopeFault extends Error {
  readonly code: 'VersionMismatch' | 'MustUnderstand' | 'DataEncodingUnknown';
  /** The headers that were not understood. */
  readonly headers: readonly QName[];

  constructor(code: EnvelopeFault['code'], message: string, headers: readonly QName[] = []) {
    super(message);
    this.name = 'EnvelopeFault';
    this.code = code;
    this.headers = headers;
  }
}

/** A reference or an id that breaks the rules of the encoding; SOAP 1.2 part 2, section 3.2 has codes for these. */
export class EncodingFault extends Fault {
  readonly subcode: 'MissingID' | 'DuplicateID';

  constructor(subcode: EncodingFault['subcode'], message: string) {
    super('invalid-request', message);
    this.subcode = subcode;
  }
}

/** A request over a limit of `limits.soap`, or of another group. */
export const tooLarge = (message: string, limit: string, group = 'soap'): Fault =>
  new Fault('too-large', `${message} (limits.${group}.${limit}).`);

export const kindOf = (fault: Fault | EnvelopeFault): string => (fault instanceof Fault ? fault.kind : fault.code);

/** What the reader of a document found wrong, as a fault. */
export const faultFromXml = ({ kind, message }: XmlFault): Fault => new Fault(kind, message);
