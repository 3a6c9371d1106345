/** Whose a request is that a proxy has passed on. */
import { isIP } from 'node:net';

/** As proxies write it: some put a port behind it, and RFC 7239 an address of version 6 in brackets. */
const addressIn = (hop: string): string =>
  hop
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');

/**
 * The address that a request came from. `address` is that of the peer, and `header` its `X-Forwarded-For`, to which each
 * proxy adds on the right whom it heard: who stands furthest to the right and is none of the proxies is the caller. What
 * stands left of that anybody may have written.
 */
export const callerOf = (
  address: string,
  header: string | undefined,
  isProxy: (address: string) => boolean,
): string => {
  if (header === undefined || !isProxy(address)) return address;
  let caller = address;
  for (const hop of header.split(',').reverse()) {
    const given = addressIn(hop);
    if (isIP(given) === 0) break;
    caller = given;
    if (!isProxy(given)) break;
  }
  return caller;
};
