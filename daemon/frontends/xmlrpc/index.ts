/** XML-RPC: the whole catalogue for clients that know nothing newer. */
import { Fault } from '../../../plugin-protocol/faults.ts';
import { inSlices, type Slices } from '../../../plugin-protocol/slices.ts';
import type { Credentials } from '../../core/api.ts';
import { passing, release, type Stretch } from '../../wire/bytes.ts';
import { charsetOf, xmlSource } from '../../wire/charset.ts';
import type { HttpReply, HttpRequest, Route } from '../../wire/route.ts';
import type { XmlSource } from '../../wire/xml.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { challenge, HttpCall } from '../http-call.ts';
import { counted, type Encoded } from '../pieces.ts';
import { declaredBytewise, mayBeBytewise, withCharactersOfBytes } from './bytewise.ts';
import { type Call, readCall } from './call.ts';
import { type Callable, callablesFor } from './callables.ts';
import { type Dialect, type Endpoint, endpointOf, plain, withShown } from './dialect.ts';
import { contentTypeIn, encodeResponse } from './encode.ts';
import { faultFrom, faultResponse } from './fault.ts';
import { name, paths, switchable } from './names.ts';
import { servicesOf } from './services.ts';
import type { ValueLimits } from './values.ts';

// The specification keeps other statuses for failures of the transport, and clients lose the fault when they see one.
const reply = (body: Encoded, dialect: Dialect): HttpReply => ({
  status: 200,
  headers: { 'Content-Type': contentTypeIn(dialect) },
  body,
});
const faultReply = (fault: Fault, dialect: Dialect): HttpReply => {
  const whole = reply(faultResponse(fault, dialect), dialect);
  if (dialect.auth === 'fault' || fault.kind !== 'unauthenticated') return whole;
  return { ...whole, status: 401, headers: { ...whole.headers, ...challenge } };
};

type Callables = ReadonlyMap<string, Callable>;

const routes = (context: FrontendContext): Route[] => {
  const { api, log, limits, profiles = [] } = context;
  const unexpected = (error: unknown): void => log.error({ err: error, frontend: name }, 'An XML-RPC call failed.');
  const all = callablesFor(api, () => api.methods, limits.xmlrpc, unexpected);
  const ofService = servicesOf(context, (offered) => callablesFor(api, () => offered, limits.xmlrpc, unexpected)());
  /** Those of a service where the path names one. */
  const callablesAt = (path: string): Callables => ofService(path) ?? all();
  const valueLimits: ValueLimits = { xml: limits.xml, members: limits.xmlrpc.members };

  function* readBytewise(
    body: Stretch,
    source: XmlSource,
    callables: Callables,
    { asked }: Endpoint,
  ): Slices<Call<Callable>> {
    const options = (yield* mayBeBytewise(body)) ? { referred: withCharactersOfBytes } : {};
    return yield* readCall(source, valueLimits, callables, options, asked);
  }
  const readBody = ({ body, headers }: HttpRequest, path: string, endpoint: Endpoint): Slices<Call<Callable>> => {
    const callables = callablesAt(path);
    const source = xmlSource(passing(body), charsetOf(headers['content-type']));
    return source.declared === declaredBytewise && endpoint.dialect.references === 'bytes'
      ? readBytewise(body, source, callables, endpoint)
      : readCall(source, valueLimits, callables, {}, endpoint.asked);
  };

  /** A call for what is at `path`, which that of the request may stand for. */
  const answer = async (request: HttpRequest, path: string): Promise<HttpReply> => {
    let dialect = plain;
    let call: Call<Callable>;
    try {
      const endpoint = endpointOf(path, request.query);
      dialect = endpoint.dialect;
      const read = inSlices(readBody(request, path, endpoint));
      call = read instanceof Promise ? await read : read;
    } catch (error) {
      const fault = faultFrom(error, unexpected);
      api.refused(name, fault.kind);
      return faultReply(fault, dialect);
    } finally {
      release(request.body);
    }
    try {
      const { callable, params, token, shown } = call;
      const credentials: Credentials | undefined = token === undefined ? undefined : { kind: 'token', token };
      const value = await callable.run(params, new HttpCall(name, request, credentials), dialect, shown);
      const shownToo = withShown(dialect, shown);
      const encoded = encodeResponse(value, shownToo);
      return reply(typeof encoded === 'string' ? encoded : await counted(encoded), shownToo);
    } catch (error) {
      return faultReply(faultFrom(error, unexpected), dialect);
    }
  };
  const refuse: Route['refuse'] = ({ kind, message }) => faultReply(new Fault(kind, message), plain);
  const POST = (request: HttpRequest) => answer(request, request.path);
  const further = profiles.flatMap((profile) =>
    (profile.xmlrpcPaths ?? []).map((path): Route => {
      const meant = `${switchable}/${profile.name}`;
      return { path, POST: (request) => answer(request, meant), refuse };
    }),
  );
  return [...paths.map((path): Route => ({ path, POST, refuse, below: path === switchable })), ...further];
};

export const xmlrpc: Frontend = { name, routes };
