/** Headers: who they are for, and which have to be understood. SOAP 1.1 section 4.2, SOAP 1.2 part 1, sections 2 and 5.2. */
import { Fault } from '../../../../plugin-protocol/faults.ts';
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import type { ElementReader } from '../message/element-reader.ts';
import { EnvelopeFault, type QName } from '../message/fault-kinds.ts';
import { type SoapVersion, soap12 } from '../message/names.ts';
import { type Addressed, isAddressing, readAddressing } from './addressing.ts';
import { readSecurity, type Secured, securityNamespace } from './security.ts';

/** A header that the contract of a service declares, as it was sent. */
export interface GivenHeader {
  name: QName;
  value: unknown;
  /** What is wrong with it, instead of a value: it may be for another operation than the one that is called. */
  wrong?: Fault;
  /** Whether it has to be understood by the operation that is called. */
  mandatory: boolean;
}

/** What the headers say of the sender. */
export interface Presented {
  secured?: Secured;
  addressed?: Addressed;
  given?: GivenHeader[];
}

/** What the contract of a service has for headers. */
export interface HeaderContract {
  /** Roles that the service acts in, beside those that the protocol gives it. */
  roles: ReadonlySet<string>;
  /** What reads the value of a header; undefined for one that is not in the contract. Throws `Fault('invalid-params')`. */
  reader(name: QName): ((reader: ElementReader) => Slices<unknown>) | undefined;
}

/** The next element within the one that is open; false when that is closed. */
export const nextElement = (reader: ElementReader): boolean => {
  for (;;) {
    const event = reader.next();
    if (event === 'open') return true;
    if (event === 'close') return false;
    if (!reader.blank) throw new Fault('invalid-request', 'There is text where only elements may be.');
  }
};

/** `mustUnderstand` and `relay` are booleans of XML Schema. */
const flag = (reader: ElementReader, name: string, version: SoapVersion): boolean => {
  const value = reader.attribute(name, version.envelope)?.trim();
  if (value === undefined || value === '0' || value === 'false') return false;
  if (value === '1' || value === 'true') return true;
  throw new Fault('invalid-request', `${name} of the header ${reader.name} is neither true nor false.`);
};

/**
 * This daemon is the ultimate receiver, and so also what stands next. It never is `none`, nor any other role. What it
 * does not understand and need not is for nobody else either: there is no one to relay it to.
 */
const isForUs = (reader: ElementReader, version: SoapVersion, contract: HeaderContract | undefined): boolean => {
  const role = reader.attribute(version.role, version.envelope)?.trim() ?? '';
  return version.roles.has(role) || (contract?.roles.has(role) ?? false);
};

export const notUnderstood = (missed: readonly QName[]): EnvelopeFault => {
  const names = missed.map(({ local, namespace }) => (namespace === '' ? local : `${local} of ${namespace}`));
  return new EnvelopeFault('MustUnderstand', `Headers that must be understood are not: ${names.join(', ')}.`, missed);
};

/** The header just opened, read to its end. */
function* readGiven(
  reader: ElementReader,
  read: (reader: ElementReader) => Slices<unknown>,
): Slices<Pick<GivenHeader, 'value' | 'wrong'>> {
  const { depth } = reader;
  try {
    return { value: yield* read(reader) };
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'invalid-params') throw error;
    while (reader.depth >= depth) {
      reader.next();
      if (reader.due) yield* reader.pause();
    }
    return { value: undefined, wrong: error };
  }
}

/** Headers that are not understood are named, up to so many. */
const mostNamed = 64;

/**
 * Reads the Header just opened. What is understood is the UsernameToken of WS-Security, WS-Addressing, and what the contract
 * of the service has. A header that has to be understood, by us, and is not ends the request before anything is done.
 */
export function* readHeaders(
  reader: ElementReader,
  version: SoapVersion,
  presented: Presented,
  contract?: HeaderContract,
): Slices<void> {
  const missed: QName[] = [];
  let secured = false;
  while (nextElement(reader)) {
    const mandatory = flag(reader, 'mustUnderstand', version);
    if (version === soap12) flag(reader, 'relay', version);
    if (!isForUs(reader, version, contract)) {
      yield* reader.skipInSlices();
      continue;
    }
    const name = { local: reader.local, namespace: reader.namespace };
    let understood = false;
    if (name.local === 'Security' && name.namespace === securityNamespace) {
      if (secured) throw new Fault('invalid-request', 'There are two Security headers for one receiver.');
      secured = true;
      understood = yield* readSecurity(reader, presented);
    } else {
      const read = contract?.reader(name);
      understood = read !== undefined || isAddressing(name);
      if (!understood) yield* reader.skipInSlices();
      else if (read === undefined) yield* readAddressing(reader, presented);
      else {
        presented.given ??= [];
        presented.given.push({ name, mandatory, ...(yield* readGiven(reader, read)) });
      }
    }
    if (mandatory && !understood && missed.length < mostNamed) missed.push(name);
    if (reader.due) yield* reader.pause();
  }
  if (missed.length > 0) throw notUnderstood(missed);
}
