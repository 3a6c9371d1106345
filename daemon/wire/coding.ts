/** Content codings: which one a request has, how it is removed, and whether a reply may have one. */
import type { Transform } from 'node:stream';
import { createGunzip, createInflate, createInflateRaw } from 'node:zlib';

export type Coding = 'identity' | 'gzip' | 'deflate';

/** The coding that a Content-Encoding header names; undefined when it is unknown or when several are stacked. */
export const codingFromHeader = (header: string | undefined): Coding | undefined => {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
      return 'deflate';
    default:
      return undefined;
  }
};

/**
 * What removes a coding. "deflate" means zlib's format (RFC 9110 section 8.4.1.2), but many senders leave the zlib
 * header out, so the first two bytes decide.
 */
export const inflaterFor = (coding: 'gzip' | 'deflate', first: Uint8Array): Transform => {
  if (coding === 'gzip') return createGunzip();
  const [cmf = 0, flags = 0] = first;
  const zlib = (cmf & 0x0f) === 8 && (first.length < 2 || (cmf * 256 + flags) % 31 === 0);
  return zlib ? createInflate() : createInflateRaw();
};

/**
 * The coding for a reply: one that Accept-Encoding names by its very token, and not with `q=0`; gzip before deflate,
 * which some clients ask for alone.
 */
export const codingForReply = (header: string | undefined): 'gzip' | 'deflate' | undefined => {
  if (header === undefined) return undefined;
  const accepted = new Set<string>();
  for (const part of header.split(',')) {
    const [token = '', ...parameters] = part.split(';');
    const refused = parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/i.test(parameter));
    if (!refused) accepted.add(token.trim().toLowerCase());
  }
  return accepted.has('gzip') ? 'gzip' : accepted.has('deflate') ? 'deflate' : undefined;
};
