/** The address that a WSDL gives. */

/** A host name, an IPv4 address, or an IPv6 address in brackets; and a port. Nothing else of a Host header is believed. */
const hostHeader = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/;
const local = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|0\.0\.0\.0|\[::1?\])$/;

/**
 * Where the reader of a WSDL should send its calls. The public URL, unless that names this machine only: then nobody has
 * told the daemon how it is reached from outside, and the Host header says how this reader did it (a tunnel, a container's
 * port). It is the reader's own word, so it must never reach another: the reply is not to be stored.
 */
export const serviceAddress = (publicUrl: string, host: string | undefined, path: string): string => {
  const url = new URL(publicUrl);
  const seen = `${url.protocol}//${host}`;
  const believed = host !== undefined && local.test(url.hostname) && hostHeader.test(host) && URL.canParse(seen);
  return (believed ? seen : publicUrl) + path;
};
