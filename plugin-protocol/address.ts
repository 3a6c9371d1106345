/** Where a plugin listens that is no child of the host: `unix:/run/cloud.sock`, or `tls://cloud.example:7700`. */
import { isIP } from 'node:net';

export type Address = { kind: 'unix'; path: string } | { kind: 'tls'; host: string; port: number };

/** Undefined when the text is no address but the name or the path of a program. */
export const addressOf = (text: string): Address | undefined => {
  if (text.startsWith('unix:')) return { kind: 'unix', path: text.slice('unix:'.length) };
  const found = /^tls:\/\/(?:\[([0-9A-Fa-f:.]+)\]|([^/:]+)):([0-9]{1,5})$/.exec(text);
  return found === null ? undefined : { kind: 'tls', host: found[1] ?? found[2]!, port: Number(found[3]) };
};

/** In place of a program or an address: the plugin connects to the host by itself. */
export const dialsIn = 'dial-in';

/** What TLS asks for there: an IP address is no name that it could (RFC 6066 section 3). The certificate is held against it all the same. */
export const serverNameOf = (host: string): { servername?: string } => (isIP(host) === 0 ? { servername: host } : {});
