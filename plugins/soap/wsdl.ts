/** Reads the WSDL of a server, with what it imports from the same host and from those that the configuration allows. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type Contract,
  ContractError,
  type Endpoint,
  readContract,
} from '../../daemon/frontends/soap/contract/index.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { charsetOf, xmlSource } from '../../daemon/wire/charset.ts';
import { XmlFault } from '../../daemon/wire/xml.ts';
import { type Http, placeOf, typeComplaint } from '../../sdk/typescript/bridge/http.ts';
import { told } from '../../sdk/typescript/bridge/told.ts';
import { Fault } from '../../sdk/typescript/plugin/index.ts';
import type { Settings } from './settings.ts';

/** Files of one contract. */
const mostFiles = 200;

/** Thrown while a contract is read whose file is not there yet. */
class Missing {
  readonly file: string;
  constructor(file: string) {
    this.file = file;
  }
}

const isUrl = (file: string): boolean => /^https?:/i.test(file);

const refuse = (message: string, field = '/config/wsdl'): never => {
  throw new Fault('invalid-params', message, { field });
};

const textOf = (bytes: Buffer, charset: string | undefined, file: string): string => {
  try {
    const source = xmlSource(bytes, charset);
    for (let text = ''; ; ) {
      const piece = source.next();
      text += piece.text;
      if (piece.wrong !== undefined) return refuse(`${file} cannot be read: ${piece.wrong}`);
      if (piece.last) return text;
    }
  } catch (error) {
    if (error instanceof XmlFault) return refuse(`${file} cannot be read: ${error.message}`);
    throw error;
  }
};

/** `left` is how many milliseconds there are for it. */
const fetched = async (file: string, { reach }: Settings, http: Http, left: number): Promise<string> => {
  if (isUrl(file)) {
    const url = new URL(file);
    const reply = await http.ask({ url, method: 'GET', changes: false, timeoutMs: left });
    const { status, headers, body } = reply;
    if (status !== 200) throw new Fault('failed', `There is no WSDL at ${placeOf(url)} (HTTP ${status}).`);
    const text = textOf(body, charsetOf(headers['content-type']), file);
    const complaint = typeComplaint(reply);
    // Some servers say text/plain of a WSDL: what it is its beginning tells.
    if (complaint !== '' && !/^\s*<(?!!doctype html|html)/i.test(text))
      throw new Fault('failed', `There is no WSDL at ${placeOf(url)}. ${complaint.trim()}`);
    return text;
  }
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    return refuse(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`);
  }
  if (bytes.length > reach.mostBytes) refuse(`${file} is longer than ${reach.mostBytes} bytes (replyMiB).`);
  return textOf(bytes, undefined, file);
};

/** Where a file is that another one imports; undefined when it must not be fetched. */
const importedFrom = (location: string, from: string, { hosts }: Settings): string | undefined => {
  if (!isUrl(from) && !/^[a-z][a-z0-9+.-]*:/i.test(location)) return resolve(dirname(from), location);
  const url = URL.parse(location, isUrl(from) ? from : undefined);
  if (url === null || !isUrl(url.href)) return undefined;
  const isAllowed = hosts.has(url.host) || (isUrl(from) && url.host === new URL(from).host);
  return isAllowed ? url.href : undefined;
};

const notFetched = (left: ReadonlySet<string>): string =>
  left.size === 0 ? '' : ` Not fetched, as their hosts are not in \`hosts\`: ${[...left].join(', ')}.`;

/** Throws `Fault`: `invalid-params` for what no other try would change, else what the server is to blame for. */
export const loadContract = async (
  settings: Settings,
  http: Http,
  leaveOut: (complaint: string) => void,
): Promise<Contract> => {
  const { wsdl, wsdlService: service, port } = settings;
  const first = typeof wsdl === 'string' ? wsdl : wsdl.href;
  const texts = new Map<string, string>();
  const { mostBytes, timeoutMs } = settings.reach;
  const end = Date.now() + timeoutMs;
  let length = 0;
  // All together has the bounds of a reply, so that a WSDL without an end has one.
  const fetch = async (file: string) => {
    const text = await fetched(file, settings, http, Math.max(1, end - Date.now()));
    length += text.length;
    if (length > mostBytes || texts.size >= mostFiles) {
      refuse(`The WSDL and its files are more than ${mostBytes} bytes (replyMiB), or than ${mostFiles} files.`);
    }
    texts.set(file, text);
  };
  await fetch(first);
  const left = new Set<string>();
  const overloaded = new Set<string>();
  const options = {
    leaveOut: (complaint: string) => overloaded.add(complaint),
    ...(service === undefined ? {} : { service }),
    ...(port === undefined ? {} : { port }),
    readFile: (location: string, from: string) => {
      const file = importedFrom(location, from, settings);
      if (file === undefined) {
        left.add(location);
        return undefined;
      }
      const text = texts.get(file);
      if (text === undefined) throw new Missing(file);
      return { file, text };
    },
  };
  // Each time it is found out that one more file is needed; reading again is cheap beside fetching.
  for (;;) {
    try {
      const contract = readContract(first, texts.get(first)!, defaultLimits.xml, options);
      for (const complaint of overloaded) leaveOut(told(complaint, settings));
      return contract;
    } catch (error) {
      if (error instanceof ContractError) return refuse(told(`${error.message}${notFetched(left)}`, settings));
      if (!(error instanceof Missing)) throw error;
      await fetch(error.file);
    }
  }
};

export interface Target {
  url: URL;
  version: Endpoint['version'];
}

/** Where the operations are called. A WSDL from elsewhere must not say to whom the credentials are sent. */
export const targetOf = ({ endpoints }: Contract, { url, wsdl, hosts }: Settings): Target => {
  const endpoint =
    endpoints[0] ??
    refuse('The WSDL has no port with an address, so `url` must say where the server is.', '/config/url');
  const { address, version } = endpoint;
  if (url !== undefined) return { url, version };
  const said = URL.parse(address);
  if (said === null || !isUrl(said.href))
    return refuse(`The WSDL says that the server is at ${address}: give its \`url\`.`, '/config/url');
  if (typeof wsdl !== 'string' && said.host !== wsdl.host && !hosts.has(said.host)) {
    const words = `The WSDL says that the server is at ${said.host}, which is another host: give its \`url\`, or allow it in \`hosts\`.`;
    return refuse(words, '/config/url');
  }
  return { url: said, version };
};
