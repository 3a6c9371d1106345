/** Where a plugin listens that is no child of the host: `unix:/run/cloud.sock`, or `tls://cloud.example:7700`. */
import { isIP } from 'node:net';

export type Address = { kind: 'unix'; path: string } | { kind: 'tls'; host: string; port: number };

const longestPort = 65_535;

/** Undefined when the text is no address but the name or the path of a program, or is a wrong one. */
export const addressOf = (text: string): Address | undefined => {
  const [, path] = /^unix:(.+)$/s.exec(text) ?? [];
  if (path !== undefined) return { kind: 'unix', path };
  const [, ip, name, digits] = /^tls:\/\/(?:\[([0-9A-Fa-f:.]+)\]|([^/:]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const port = Number(digits ?? 0);
  return port > 0 && port <= longestPort ? { kind: 'tls', host: ip ?? name!, port } : undefined;
};

/** Whether it is meant to be an address, right or wrong. */
export const looksLikeAddress = (text: string): boolean => /^(unix|tls):/.test(text);

/** In place of a program or an address: the plugin connects to the host by itself. */
export const dialsIn = 'dial-in';

/** What TLS asks for there: an IP address is no name that it could (RFC 6066 section 3). The certificate is held against it all the same. */
export const serverNameOf = (host: string): { servername?: string } => (isIP(host) === 0 ? { servername: host } : {});
