/** Credentials in the `Authorization` header (RFC 7617, RFC 6750). */
import { isUtf8 } from 'node:buffer';

export type Authorization =
  | { scheme: 'none' }
  | { scheme: 'basic'; user: string; password: string }
  | { scheme: 'bearer'; token: string }
  /** A header that says nothing that could be read. */
  | { scheme: 'unknown' };

const none: Authorization = { scheme: 'none' };
const unknown: Authorization = { scheme: 'unknown' };

/** For clients that write latin-1: requests, Java, the .NET Framework. It has the characters of Windows besides. */
const windows = new TextDecoder('windows-1252');

/** Read the header. Basic credentials are UTF-8 where they can be; the password begins after the first colon and may hold more of them. */
export const readAuthorization = (header: string | undefined): Authorization => {
  if (header === undefined || header === '') return none;
  const space = header.indexOf(' ');
  const scheme = (space < 0 ? header : header.slice(0, space)).toLowerCase();
  const rest = space < 0 ? '' : header.slice(space + 1).trim();
  if (rest === '') return unknown;
  if (scheme === 'bearer') return { scheme: 'bearer', token: rest };
  if (scheme !== 'basic') return unknown;
  const bytes = Buffer.from(rest, 'base64');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : windows.decode(bytes);
  // Neither a user nor a password: libraries write that which were given empty ones.
  if (text === ':') return none;
  const colon = text.indexOf(':');
  return colon < 0 ? unknown : { scheme: 'basic', user: text.slice(0, colon), password: text.slice(colon + 1) };
};
