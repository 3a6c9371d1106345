/** TLS between a host and a plugin: the files of either side, and in words what goes wrong. */
import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';

/** PEM files. */
export interface SecureFiles {
  /** The certificate that is shown, and its key. */
  cert: string;
  key: string;
  /** Who must have signed the certificate of the other side. */
  ca: string;
}

/** `prefix` is what stands before `cert`, `key` and `ca` where they are set: `--`, `tls.`, `plugins.tls.`. Throws an `Error` that names what cannot be used. */
export const readSecure = ({ cert, key, ca }: SecureFiles, prefix: string) => {
  const read = (setting: keyof SecureFiles, file: string) => {
    try {
      return readFileSync(file);
    } catch (cause) {
      throw new Error(`${prefix}${setting}: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`);
    }
  };
  const files = { cert: read('cert', cert), key: read('key', key), ca: read('ca', ca) };
  // Who does without TLS does not wait for it to be loaded.
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  const assert = (setting: keyof SecureFiles, options: object, words: string) => {
    try {
      createSecureContext(options);
    } catch {
      throw new Error(`${prefix}${setting}: ${words}`);
    }
  };
  assert('cert', { cert: files.cert }, `${cert} holds no certificate in PEM`);
  assert('key', { key: files.key }, `${key} holds no private key in PEM without a passphrase`);
  assert('key', { cert: files.cert, key: files.key }, `${key} is not the key of the certificate in ${cert}`);
  // What is no certificate is passed over: everybody would be refused, and nobody know why.
  if (!files.ca.includes('BEGIN CERTIFICATE')) throw new Error(`${prefix}ca: ${ca} holds no certificate in PEM`);
  assert('ca', { ca: files.ca }, `${ca} holds a certificate that cannot be read`);
  return files;
};

const unsigned = new Set([
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_SIGNATURE_FAILURE'],
]);

/** What is wrong with the certificate of the other side, by the code of Node.js; undefined for anything else. */
const complaintOf = (code: string, prefix: string): string | undefined => {
  if (unsigned.has(code)) return `its certificate is signed by nobody whom ${prefix}ca has`;
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate, or that of who signed it, has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet';
  if (code === 'INVALID_PURPOSE') return 'its certificate is for another purpose, by its extendedKeyUsage';
  return undefined;
};

/** Why the certificate that the other side has shown is not good; undefined when it is. */
export const certificateComplaint = (socket: TLSSocket, prefix: string): string | undefined => {
  if (socket.getPeerX509Certificate() === undefined) return 'it shows no certificate';
  if (socket.authorized) return undefined;
  const code = String(socket.authorizationError);
  return complaintOf(code, prefix) ?? `its certificate is not good (${code})`;
};

/** What the other side says of the certificate that it was shown, or speaks instead of TLS: the end of OpenSSL's name for it. */
const failures: [RegExp, (prefix: string) => string][] = [
  [/ALERT_UNKNOWN_CA$/, (prefix) => `it does not trust who has signed ${prefix}cert`],
  [/ALERT_CERTIFICATE_EXPIRED$/, (prefix) => `it says that ${prefix}cert has expired`],
  [/ALERT_BAD_CERTIFICATE$/, (prefix) => `it refuses ${prefix}cert: is that for the name that it connects to?`],
  [/UNSUPPORTED_PROTOCOL$|ALERT_PROTOCOL_VERSION$/, () => 'it does not speak TLS 1.3'],
  [/WRONG_VERSION_NUMBER$|HTTP_REQUEST$|PACKET_LENGTH_TOO_LONG$/, () => 'it does not speak TLS'],
];

/** Why there is no connection over TLS, in words; Node's own where they are clear. */
export const secureTrouble = ({ code = '', message }: NodeJS.ErrnoException, prefix: string): string => {
  const complaint = complaintOf(code, prefix);
  if (complaint !== undefined) return complaint;
  // While something is written, the name stands in the message alone.
  const name = code === 'EPROTO' ? (/:SSL routines:[^:]*:([^:]*)/.exec(message)?.[1] ?? '').replaceAll(' ', '_') : code;
  return failures.find(([pattern]) => pattern.test(name.toUpperCase()))?.[1](prefix) ?? message.trim();
};
