/** Calls of a foreign server, in the form that its contract has. */
import type { Answer, ClientOperation } from '../../daemon/frontends/soap/contract/index.ts';
import { openMessage } from '../../daemon/frontends/soap/message/attachments.ts';
import { EnvelopeFault } from '../../daemon/frontends/soap/message/fault-kinds.ts';
import { soap11 } from '../../daemon/frontends/soap/message/names.ts';
import { defaultLimits } from '../../daemon/limits.ts';
import { charsetOf, xmlSource } from '../../daemon/wire/charset.ts';
import { XmlFault } from '../../daemon/wire/xml.ts';
import { inSlices } from '../../plugin-protocol/slices.ts';
import { type Asked, type Http, placeOf, type Reply, typeComplaint } from '../../sdk/typescript/bridge/http.ts';
import { told } from '../../sdk/typescript/bridge/told.ts';
import { Fault, type FaultData } from '../../sdk/typescript/plugin/index.ts';
import type { Settings } from './settings.ts';
import type { Target } from './wsdl.ts';

type How = Pick<Asked, 'changes' | 'timeoutMs'> & { signal?: AbortSignal };

const notAReply = (sentence: string): Fault => new Fault('failed', `The server answered what is no reply: ${sentence}`);

const readReply = async (reply: Reply, operation: ClientOperation): Promise<Answer> => {
  const { body, headers } = reply;
  try {
    const { document, type, attached, close } = openMessage(body, headers['content-type'], defaultLimits);
    const answer = await inSlices(operation.decode(() => xmlSource(document, charsetOf(type)), attached));
    close();
    return answer;
  } catch (error) {
    if (error instanceof XmlFault || error instanceof EnvelopeFault || error instanceof Fault) {
      throw notAReply(`${typeComplaint(reply)}${error.message}`);
    }
    throw error;
  }
};

export class Client {
  readonly #settings: Settings;
  readonly #target: Target;
  readonly #http: Http;

  constructor(settings: Settings, target: Target, http: Http) {
    this.#settings = settings;
    this.#target = target;
    this.#http = http;
  }

  /** Throws `Fault`. */
  async call(operation: ClientOperation, params: Record<string, unknown>, how: How): Promise<unknown> {
    const { url, version } = this.#target;
    const { action, reply: expected } = operation.operation;
    const body = operation.encode(params, version);
    const headers: Record<string, string> =
      version === soap11
        ? { 'Content-Type': version.contentType, SOAPAction: `"${action}"` }
        : { 'Content-Type': action === '' ? version.contentType : `${version.contentType}; action="${action}"` };
    const reply = await this.#http.ask({ url, method: 'POST', headers, body, ...how });
    const isEmpty = reply.body.length === 0;
    if (expected === undefined && reply.status < 300 && isEmpty) return null;
    // SOAP 1.1 has faults in replies of status 500, SOAP 1.2 also in those of 400.
    const mayBeReply = reply.status === 200 || reply.status === 202 || reply.status === 400 || reply.status === 500;
    if (!mayBeReply || isEmpty) {
      throw new Fault('failed', `The server at ${placeOf(url)} answered HTTP ${reply.status} and no message.`, {
        provider: `HTTP ${reply.status}`,
      });
    }
    const answer = await readReply(reply, operation);
    if ('result' in answer) return answer.result;
    throw this.#fault(answer.fault);
  }

  #fault({ code, message, fault, detail }: Extract<Answer, { fault: unknown }>['fault']): Fault {
    const { faultOf } = this.#settings;
    const kind = (fault === undefined ? undefined : faultOf(fault)) ?? faultOf(code) ?? 'failed';
    const provider = fault ?? code;
    const data: FaultData = {
      ...(provider === '' ? {} : { provider: provider.slice(0, 256) }),
      ...(fault === undefined ? {} : { contract: { fault, ...(detail === undefined ? {} : { detail }) } }),
    };
    return new Fault(kind, told(message || 'The server answered a fault without a text.', this.#settings), data);
  }
}
