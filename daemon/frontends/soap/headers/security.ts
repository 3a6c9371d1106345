/** WS-Security: UsernameToken (profile 1.1) and Timestamp. Signatures and encryption are not read: TLS does both. */
import { Fault } from '../../../../plugin-protocol/faults.ts';
import type { Slices } from '../../../../plugin-protocol/slices.ts';
import { credentialsFrom } from '../../../core/accounts/credentials.ts';
import type { Credentials } from '../../../core/api.ts';
import { canonicalBase64 } from '../../../wire/base64.ts';
import { parseTime } from '../../../wire/time.ts';
import type { ElementReader } from '../message/element-reader.ts';

const base = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
export const securityNamespace = `${base}-wssecurity-secext-1.0.xsd`;
const utilityNamespace = `${base}-wssecurity-utility-1.0.xsd`;
const profile = `${base}-username-token-profile-1.0`;
const base64Encoding = `${base}-soap-message-security-1.0#Base64Binary`;

/** What was read of a Security header, to be judged with the clock at hand. */
export interface Secured {
  credentials?: Credentials;
  /** Times that must be within the window around now. */
  created: string[];
  /** Times that must not have passed. */
  expires: string[];
}

const refuse = (message: string): never => {
  throw new Fault('unauthenticated', message);
};

const textOf = (reader: ElementReader): string => {
  const { name } = reader;
  for (let text = ''; ; ) {
    const event = reader.next();
    if (event === 'close') return text;
    if (event === 'open') refuse(`<${name}> holds text only, not <${reader.name}>.`);
    text += reader.text;
  }
};

interface Field {
  text: string;
  type: string | undefined;
}

/** The children of the element just opened, by local name; those in other namespaces are left out. */
function* fieldsOf(reader: ElementReader): Slices<Map<string, Field>> {
  const fields = new Map<string, Field>();
  for (let event = reader.next(); event !== 'close'; event = reader.next()) {
    if (event !== 'open') continue;
    const { local, namespace, name } = reader;
    if (namespace !== securityNamespace && namespace !== utilityNamespace) {
      yield* reader.skipInSlices();
      continue;
    }
    if (fields.has(local)) refuse(`<${name}> is given twice.`);
    const type = reader.attribute('Type') ?? reader.attribute('EncodingType');
    fields.set(local, { text: textOf(reader), type });
  }
  return fields;
}

const momentFrom = (field: Field, what: string): string =>
  parseTime(field.text.trim()) ?? refuse(`${what} of the Security header is no time.`);

const digestFrom = (user: string, digest: string, fields: Map<string, Field>): Credentials => {
  const nonce = fields.get('Nonce');
  const created = fields.get('Created');
  if (nonce === undefined || created === undefined) return refuse('A password digest needs a Nonce and Created.');
  if (nonce.type !== undefined && nonce.type !== base64Encoding) refuse('The Nonce is not in base64.');
  const bytes = canonicalBase64(nonce.text) ?? refuse('The Nonce is not in base64.');
  return {
    kind: 'digest',
    user,
    digest: digest.trim(),
    nonce: bytes,
    created: created.text.trim(),
    at: Date.parse(momentFrom(created, 'Created')),
  };
};

function* readToken(reader: ElementReader, secured: Secured): Slices<void> {
  if (secured.credentials !== undefined) refuse('There are two UsernameTokens.');
  const fields = yield* fieldsOf(reader);
  const user = fields.get('Username')?.text ?? refuse('The UsernameToken has no Username.');
  const password = fields.get('Password') ?? refuse('The UsernameToken has no Password.');
  const created = fields.get('Created');
  if (created !== undefined) secured.created.push(momentFrom(created, 'Created'));
  switch (password.type) {
    case undefined:
    case `${profile}#PasswordText`:
      secured.credentials = credentialsFrom({ scheme: 'basic', user, password: password.text });
      return;
    case `${profile}#PasswordDigest`:
      secured.credentials = digestFrom(user, password.text, fields);
      return;
    default:
      refuse(`The password type ${password.type} is neither PasswordText nor PasswordDigest.`);
  }
}

function* readTimestamp(reader: ElementReader, secured: Secured): Slices<void> {
  const fields = yield* fieldsOf(reader);
  const created = fields.get('Created');
  const expires = fields.get('Expires');
  if (created !== undefined) secured.created.push(momentFrom(created, 'Created'));
  if (expires !== undefined) secured.expires.push(momentFrom(expires, 'Expires'));
}

/** Reads the Security header just opened. Returns whether all that it holds was understood. */
export function* readSecurity(reader: ElementReader, presented: { secured?: Secured }): Slices<boolean> {
  const secured: Secured = { created: [], expires: [] };
  presented.secured = secured;
  let understood = true;
  for (let event = reader.next(); event !== 'close'; event = reader.next()) {
    if (event !== 'open') continue;
    if (reader.local === 'UsernameToken' && reader.namespace === securityNamespace) yield* readToken(reader, secured);
    else if (reader.local === 'Timestamp' && reader.namespace === utilityNamespace)
      yield* readTimestamp(reader, secured);
    else {
      understood = false;
      yield* reader.skipInSlices();
    }
  }
  return understood;
}

/** Throws when the message is too old, or of a time to come. `now` and `window` are in milliseconds. */
export const checkTimes = ({ created, expires }: Secured, now: number, window: number): void => {
  const limit = `(limits.soap.securityWindowSeconds, ${window / 1000})`;
  for (const time of created) {
    if (Math.abs(Date.parse(time) - now) > window)
      refuse(`The message was created at ${time}, too far from now ${limit}.`);
  }
  for (const time of expires) if (Date.parse(time) + window < now) refuse(`The message expired at ${time} ${limit}.`);
};
