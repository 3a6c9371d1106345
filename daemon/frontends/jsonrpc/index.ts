/** JSON-RPC 2.0 over HTTP, with an OpenRPC document. */

import { Fault } from '../../../plugin-protocol/faults.ts';
import { shortened } from '../../../plugin-protocol/text/shortened.ts';
import { type CallRequest, noCredentials } from '../../core/api.ts';
import { release } from '../../wire/bytes.ts';
import type { HttpReply, HttpRequest, Refusal } from '../../wire/route.ts';
import { lengthOf } from '../../wire/writing.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { challenge, HttpCall } from '../http-call.ts';
import { counted, type Encoded } from '../pieces.ts';
import { decodeJson, decodeRequest, type Id, InvalidRequest, namedParams } from './decode.ts';
import { openrpcDocument } from './describe.ts';
import { encodeBatch, encodeFault, encodeResult } from './encode.ts';

const name = 'jsonrpc';
const json = { 'Content-Type': 'application/json' };
/** One response; `text` is undefined for a notification. */
interface Answer {
  text: Encoded | undefined;
  fault?: Fault;
}

const server = ({ api, log, limits, publicUrl }: FrontendContext) => {
  let described: { url: string; version: string; methods: typeof api.methods; text: string } | undefined;

  const version = async (): Promise<string> => {
    const method = api.methods.get('system.version');
    if (method === undefined) return 'unknown';
    const request: CallRequest = { frontend: name, credentials: noCredentials, remote: '' };
    return ((await api.call(method, {}, request)) as { version: string }).version;
  };
  /** The document, made again when methods have come or gone, or the URL has changed. */
  const document = async (): Promise<string> => {
    const url = publicUrl();
    const { methods } = api;
    if (described?.url !== url || described.methods !== methods) {
      const current = await version();
      described = { url, methods, version: current, text: JSON.stringify(openrpcDocument(methods, url, current)) };
    }
    return described.text;
  };

  const faultFrom = (error: unknown): Fault => {
    if (error instanceof Fault) return error;
    log.error({ err: error }, 'A JSON-RPC call failed outside the core.');
    return new Fault('internal', 'Internal error.');
  };
  const failed = (id: Id | undefined, fault: Fault): Answer => ({
    text: id === undefined ? undefined : encodeFault(id, fault),
    fault,
  });

  const overBatch = new Fault(
    'too-large',
    `The results of the batch are longer than ${limits.jsonrpc.batchBytes} bytes (limits.jsonrpc.batchBytes). The call was made.`,
  );

  /** `room` is shared by the calls of a batch: what they may answer together, and whether their peer has gone. */
  const answer = async (
    value: unknown,
    caller: CallRequest,
    room?: { left: number; of: HttpCall; peer: AbortSignal },
  ): Promise<Answer> => {
    let id: Id | undefined = null;
    try {
      const request = decodeRequest(value);
      id = request.id;
      if (request.method === 'rpc.discover') {
        const text = await document();
        return { text: id === undefined ? undefined : `{"jsonrpc":"2.0","result":${text},"id":${JSON.stringify(id)}}` };
      }
      const method = api.methods.get(request.method);
      if (method === undefined) {
        api.refused(name, 'unknown-method');
        throw new Fault('unknown-method', `There is no method ${shortened(request.method)}.`);
      }
      const result = await api.call(method, namedParams(method, request.params), caller);
      if (id === undefined || room?.peer.aborted) return { text: undefined };
      if (room !== undefined && room.left <= 0) throw overBatch;
      room?.of.needRoom();
      const encoded = encodeResult(id, result);
      const text = typeof encoded === 'string' ? encoded : await counted(encoded);
      if (room !== undefined) {
        const length = lengthOf(text);
        room.left -= length;
        room.of.hold(text, length);
      }
      return room !== undefined && room.left < 0 ? failed(id, overBatch) : { text };
    } catch (error) {
      if (!(error instanceof InvalidRequest)) return failed(id, faultFrom(error));
      api.refused(name, error.kind);
      return failed(error.id, error);
    }
  };

  const reply = (text: Encoded | undefined, fault?: Fault): HttpReply => {
    if (text === undefined) return { status: 204, headers: {}, body: '' };
    if (fault?.kind === 'unauthenticated') return { status: 401, headers: { ...json, ...challenge }, body: text };
    return { status: 200, headers: json, body: text };
  };

  const refused = (fault: Fault): HttpReply => {
    api.refused(name, fault.kind);
    return reply(encodeFault(null, fault));
  };

  /** The calls of a batch are begun in their order, and go on together. */
  const answerBatch = async (values: unknown[], caller: HttpCall): Promise<HttpReply> => {
    if (values.length === 0) return refused(new Fault('invalid-request', 'The batch is empty.'));
    const limit = limits.jsonrpc.batch;
    if (values.length > limit) {
      return refused(
        new Fault('too-large', `The batch has ${values.length} calls; ${limit} are allowed (limits.jsonrpc.batch).`),
      );
    }
    const { over } = caller;
    if (over !== undefined) return refused(over);
    const room = { left: limits.jsonrpc.batchBytes, of: caller, peer: caller.signal };
    const answers = await Promise.all(values.map((value) => answer(value, caller, room)));
    const texts = answers.flatMap(({ text }) => (text === undefined ? [] : [text]));
    return reply(texts.length === 0 ? undefined : encodeBatch(texts));
  };

  return {
    document,
    post: async (request: HttpRequest): Promise<HttpReply> => {
      let value: unknown;
      try {
        value = await decodeJson(request.body, limits.jsonrpc.bodyBytes);
      } catch (error) {
        return refused(faultFrom(error));
      } finally {
        release(request.body);
      }
      const caller = new HttpCall(name, request);
      if (Array.isArray(value)) return answerBatch(value, caller);
      const { text, fault } = await answer(value, caller);
      return reply(text, fault);
    },
    refuse: ({ kind, status, message }: Refusal): HttpReply => {
      const fault = new Fault(kind === 'timeout' ? 'malformed' : kind, message);
      return { status, headers: json, body: encodeFault(null, fault) };
    },
  };
};

export const jsonrpc: Frontend = {
  name,
  routes(context) {
    const { document, post, refuse } = server(context);
    const GET = async (): Promise<HttpReply> => ({ status: 200, headers: json, body: await document() });
    return [
      { path: '/jsonrpc', GET, POST: post, refuse },
      { path: '/openrpc.json', GET },
    ];
  },
};
