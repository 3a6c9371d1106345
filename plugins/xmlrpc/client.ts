/** Calls of a foreign server: parameters by position, in the dialect that it reads. */
import { decoderFor } from '../../daemon/frontends/xmlrpc/decode.ts';
import type { Decoder } from '../../daemon/frontends/xmlrpc/decoder.ts';
import { isExtended } from '../../daemon/frontends/xmlrpc/dialect.ts';
import { contentTypeIn, type EncodeValue, encoderFor } from '../../daemon/frontends/xmlrpc/encode.ts';
import { extensions } from '../../daemon/frontends/xmlrpc/names.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { escapeText } from '../../daemon/wire/escape.ts';
import { fieldsOf, type RecordShape, type Shape } from '../../plugin-protocol/shape.ts';
import { type Asked, Http, placeOf } from '../../sdk/typescript/bridge/http.ts';
import { told } from '../../sdk/typescript/bridge/told.ts';
import { Fault, type FaultKind } from '../../sdk/typescript/plugin/index.ts';
import { any } from '../../sdk/typescript/plugin/shapes.ts';
import { readReply } from './reply.ts';
import type { Settings } from './settings.ts';

/** A method of the server, ready to be called. */
export interface Callable {
  name: string;
  params: readonly { name: string; encode: EncodeValue }[];
  decoder: Decoder;
  changes: boolean;
}

export type How = Pick<Asked, 'timeoutMs' | 'signal'>;

/** Codes that many servers share: the caller can do something about these. */
const kinds: Readonly<Record<string, FaultKind>> = { '-32601': 'unsupported', '-32602': 'invalid-params' };

const limits = { xml: defaultLimits.xml, members: defaultLimits.xmlrpc.members };
const anything: Shape = any('');

/** What the server itself has answered, in place of a result. */
export class ServerFault extends Fault {}

export class Client {
  readonly #settings: Settings;
  readonly #http: Http;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#http = new Http(settings.reach);
  }

  callable(name: string, params: RecordShape, result: Shape, changes: boolean): Callable {
    const { dialect } = this.#settings;
    return {
      name,
      changes,
      params: fieldsOf(params).map(([field, shape]) => ({ name: field, encode: encoderFor(shape)(dialect) })),
      decoder: decoderFor(result),
    };
  }

  /** Parameters of any kind, in their order. */
  async ask(name: string, params: readonly unknown[], how: How = {}): Promise<unknown> {
    const encode = encoderFor(anything)(this.#settings.dialect);
    const written = params.map((param) => String(encode(param)));
    return this.#send(name, written, decoderFor(anything), false, how);
  }

  /** Throws `Fault`. */
  async call({ name, params, decoder, changes }: Callable, given: Record<string, unknown>, how: How): Promise<unknown> {
    const { nil } = this.#settings.dialect;
    const last = params.findLastIndex((param) => Object.hasOwn(given, param.name));
    // What is left out before the last one given has to be there all the same.
    const written = params
      .slice(0, last + 1)
      .map(({ name: field, encode }) =>
        Object.hasOwn(given, field) ? String(encode(given[field])) : `<value><${nil}/></value>`,
      );
    return this.#send(name, written, decoder, changes, how);
  }

  async #send(name: string, params: readonly string[], decoder: Decoder, changes: boolean, how: How): Promise<unknown> {
    const { url, dialect, faultOf } = this.#settings;
    const contentType = contentTypeIn(dialect);
    const written = params.map((param) => `<param>${param}</param>`).join('');
    const prefix = isExtended(dialect) ? ` xmlns:ex="${extensions}"` : '';
    const body = `<?xml version="1.0"?>\n<methodCall${prefix}><methodName>${escapeText(name)}</methodName><params>${written}</params></methodCall>`;
    const headers = { 'Content-Type': contentType };
    const reply = await this.#http.ask({ url, method: 'POST', headers, body, changes, ...how });
    if (reply.status !== 200) {
      throw new Fault('failed', `The server at ${placeOf(url)} answered HTTP ${reply.status}.`, {
        provider: `HTTP ${reply.status}`,
      });
    }
    const said = await readReply(reply, limits, name, decoder);
    if ('value' in said) return said.value;
    const { code, message } = said;
    const kind = faultOf(code) ?? kinds[code] ?? 'failed';
    throw new ServerFault(kind, told(message, this.#settings), code === '' ? {} : { provider: code });
  }
}
