/** XML-RPC: the whole catalogue for clients that know nothing newer. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { Credentials } from '../../core/api.ts';
import { charsetOf, decodeXml } from '../../wire/charset.ts';
import type { HttpReply, HttpRequest, Route } from '../../wire/route.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { HttpCall } from '../http-call.ts';
import { type Call, readCall } from './call.ts';
import { type Callable, callablesFor } from './callables.ts';
import { encodeResponse } from './encode.ts';
import { faultFrom, faultResponse } from './fault.ts';
import { contentType, name, paths } from './names.ts';
import type { Encoded } from './pieces.ts';
import type { ValueLimits } from './values.ts';

const headers = { 'Content-Type': contentType };
// The specification keeps other statuses for failures of the transport, and clients lose the fault when they see one.
const reply = (body: Encoded): HttpReply => ({
  status: 200,
  headers,
  body: typeof body === 'string' ? body : body.joined(),
});

const routes = ({ api, log, limits }: FrontendContext): Route[] => {
  const unexpected = (error: unknown): void => log.error({ err: error, frontend: name }, 'An XML-RPC call failed.');
  const callables = callablesFor(api, limits.xmlrpc, unexpected);
  const valueLimits: ValueLimits = { xml: limits.xml, members: limits.xmlrpc.members };

  const POST = async (request: HttpRequest): Promise<HttpReply> => {
    let call: Call<Callable>;
    try {
      call = readCall(decodeXml(request.body, charsetOf(request.headers['content-type'])), valueLimits, callables);
    } catch (error) {
      const fault = faultFrom(error, unexpected);
      api.refused(name, fault.kind);
      return reply(faultResponse(fault));
    }
    try {
      const { callable, params, token, nil } = call;
      const credentials: Credentials | undefined = token === undefined ? undefined : { kind: 'token', token };
      const value = await callable.run(params, new HttpCall(name, request, credentials), nil);
      return reply(encodeResponse(value, nil));
    } catch (error) {
      return reply(faultResponse(faultFrom(error, unexpected)));
    }
  };
  const refuse: Route['refuse'] = ({ kind, message }) => reply(faultResponse(new Fault(kind, message)));
  return paths.map((path) => ({ path, POST, refuse }));
};

export const xmlrpc: Frontend = { name, routes };
