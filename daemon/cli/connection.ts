/** Finds the daemon and who is calling, and makes calls over JSON-RPC. */
import { existsSync, readFileSync } from 'node:fs';
import { Fault, type FaultData, type FaultKind, faults } from '../../plugin-protocol/faults.ts';
import { adminUser, defaultState, filesIn, readAdminPassword, readEndpoint, readStartWords } from '../state/files.ts';
import { wordFor } from './names.ts';

export interface ConnectionOptions {
  url?: string;
  user?: string;
  passwordFile?: string;
  state?: string;
}

export interface Connection {
  call(method: string, params: object): Promise<unknown>;
}

/** No daemon answers, or the caller cannot say who they are. */
export class NoDaemon extends Error {
  override name = 'NoDaemon';
}

const authorizationFrom = (options: ConnectionOptions, state: string, environment: NodeJS.ProcessEnv) => {
  const { ANNELID_TOKEN: token, ANNELID_PASSWORD: password } = environment;
  if (token && options.user === undefined && options.passwordFile === undefined) return `Bearer ${token}`;
  const user = options.user ?? (environment.ANNELID_USER || adminUser);
  let secret = password || undefined;
  if (options.passwordFile !== undefined) secret = readFileSync(options.passwordFile, 'utf8').replace(/\r?\n$/, '');
  // The generated password belongs to the first administrator and to nobody else.
  else if (secret === undefined && user === adminUser) secret = readIfAllowed(state);
  if (secret === undefined) return undefined;
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
};

const readIfAllowed = (state: string): string | undefined => {
  try {
    return readAdminPassword(state);
  } catch {
    return undefined;
  }
};

/** A state directory, and what named it. */
export interface State {
  directory: string;
  source: string;
}

/** Which state directory is meant: the flag, the environment, or the default. */
export const stateFor = ({ state }: ConnectionOptions, environment = process.env): State => {
  if (state !== undefined) return { directory: state, source: '--state' };
  if (environment.ANNELID_STATE) return { directory: environment.ANNELID_STATE, source: 'ANNELID_STATE' };
  return { directory: defaultState(process.cwd(), environment), source: 'the default' };
};

const notRunning = ({ directory, source }: State) =>
  existsSync(filesIn(directory).store)
    ? `No daemon is running on the state directory ${directory} (from ${source}). Start it with: annelid serve --state ${wordFor(directory)}${readStartWords(directory)}`
    : `No daemon is known here. Start one with: annelid serve (in a checkout: npm start), or say where one is with --url or ANNELID_URL.`;

/** What is asked of a daemon on this machine by its control socket; rejects with `NoDaemon` when none serves there. */
export const asking = async <T>(state: State, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') throw new NoDaemon(notRunning(state));
    throw error;
  }
};

/** Codes by which Node says that it does not trust the certificate of a server. */
const isUntrusted = (code: string): boolean => /CERT|ISSUER|LEAF_SIGNATURE/.test(code);

/** What to do about a call that was made for nobody: the hint of the daemon speaks of headers. */
const withoutPassword = ({ user }: ConnectionOptions, environment: NodeJS.ProcessEnv): string => {
  const name = user ?? environment.ANNELID_USER;
  const give = name ? `Give the password of ${name}` : 'Say who is calling with --user, and give the password';
  return `${give} with --password-file or ANNELID_PASSWORD, or a token with ANNELID_TOKEN.`;
};

interface Reply {
  result?: unknown;
  error?: { code: number; message: string; data?: FaultData & { kind?: string } };
}

const faultFrom = ({ message, data = {} }: NonNullable<Reply['error']>): Fault => {
  const { kind, ...rest } = data;
  return new Fault(kind !== undefined && Object.hasOwn(faults, kind) ? (kind as FaultKind) : 'internal', message, rest);
};

/** A connection; nothing is sent before the first call. Calls reject with `Fault` or `NoDaemon`. */
export const connectionFor = (options: ConnectionOptions, environment = process.env): Connection => {
  const state = stateFor(options, environment);
  const endpoint = options.url ?? (environment.ANNELID_URL || readEndpoint(state.directory)?.url);
  if (endpoint === undefined) throw new NoDaemon(notRunning(state));
  const url = endpoint.replace(/\/+$/, '');
  const authorization = authorizationFrom(options, state.directory, environment);
  let id = 0;
  return {
    async call(method, params) {
      let response: Response;
      try {
        response = await fetch(`${url}/jsonrpc`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...(authorization && { Authorization: authorization }) },
          body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
        });
      } catch (error) {
        const { message, cause = {} } = error as Error & { cause?: Partial<NodeJS.ErrnoException> };
        const reason = cause.code ?? cause.message ?? message;
        if (isUntrusted(reason)) {
          throw new NoDaemon(
            `The certificate that ${url} shows is not trusted (${reason}). Name the host that it is for with --url or ANNELID_URL, and the file of who signed it with NODE_EXTRA_CA_CERTS.`,
          );
        }
        const elsewhere = options.url !== undefined || environment.ANNELID_URL;
        const next = elsewhere ? 'Is one running there, and is that its address?' : notRunning(state);
        throw new NoDaemon(`No daemon answers at ${url} (${reason}). ${next}`);
      }
      const reply = (await response.json().catch(() => undefined)) as Reply | undefined;
      if (reply?.error !== undefined) {
        const fault = faultFrom(reply.error);
        if (fault.kind !== 'unauthenticated' || authorization !== undefined) throw fault;
        throw new Fault(fault.kind, fault.message, { ...fault.data, hint: withoutPassword(options, environment) });
      }
      if (reply === undefined || !('result' in reply)) {
        throw new NoDaemon(`${url} is no Annelid daemon: it answered ${response.status} without JSON-RPC.`);
      }
      return reply.result;
    },
  };
};
