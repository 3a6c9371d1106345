/** Headers: who they are for, and which have to be understood. SOAP 1.1 section 4.2, SOAP 1.2 part 1, sections 2 and 5.2. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { EnvelopeFault, type QName } from './fault.ts';
import type { ElementReader } from './graph.ts';
import { type SoapVersion, soap12 } from './names.ts';
import { readSecurity, type Secured, securityNamespace } from './security.ts';

/** What the headers say of the sender. */
export interface Presented {
  secured?: Secured;
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
const isForUs = (reader: ElementReader, version: SoapVersion): boolean =>
  version.roles.has(reader.attribute(version.role, version.envelope)?.trim() ?? '');

/**
 * Reads the Header just opened. What is understood is the UsernameToken of WS-Security. A header that has to be
 * understood, by us, and is not ends the request before anything is done.
 */
export const readHeaders = (reader: ElementReader, version: SoapVersion, presented: Presented): void => {
  const missed: QName[] = [];
  let secured = false;
  while (nextElement(reader)) {
    const mandatory = flag(reader, 'mustUnderstand', version);
    if (version === soap12) flag(reader, 'relay', version);
    if (!isForUs(reader, version)) {
      reader.skip();
      continue;
    }
    const name = { local: reader.local, namespace: reader.namespace };
    let understood = false;
    if (name.local === 'Security' && name.namespace === securityNamespace) {
      if (secured) throw new Fault('invalid-request', 'There are two Security headers for one receiver.');
      secured = true;
      understood = readSecurity(reader, presented);
    } else reader.skip();
    if (mandatory && !understood) missed.push(name);
  }
  if (missed.length === 0) return;
  const names = missed.map(({ local, namespace }) => (namespace === '' ? local : `${local} of ${namespace}`));
  throw new EnvelopeFault('MustUnderstand', `Headers that must be understood are not: ${names.join(', ')}.`, missed);
};
