/** Everything that can be called over XML-RPC, each with its codecs. */
import type { Method } from '../../catalogue/method.ts';
import type { Api } from '../../core/api.ts';
import type { HttpCall } from '../http-call.ts';
import type { Encoded } from '../pieces.ts';
import { type Signature, signatureFor } from './decode.ts';
import { Capabilities, capabilities, capabilitiesName, completed, describeOwn, multicallName } from './describe.ts';
import { type Dialect, type Shown, withShown } from './dialect.ts';
import { encoderFor } from './encode.ts';
import { type MulticallLimits, multicall } from './multicall.ts';

export interface Callable extends Signature {
  /** Make the call. Answers the result as `<value>`, in the dialect given and what the request has shown. */
  run(params: Record<string, unknown>, request: HttpCall, dialect: Dialect, shown: Shown): Promise<Encoded>;
}

const fromCatalogue = (method: Method, api: Api): Callable => {
  const encode = encoderFor(method.result);
  const { name } = method;
  return {
    ...signatureFor(method),
    run: async (params, request, dialect, shown) => {
      const own = describeOwn(name, params);
      return encode(withShown(dialect, shown))(own ?? completed(name, await api.call(method, params, request)));
    },
  };
};

const getCapabilities = (): Callable => {
  const encode = encoderFor(Capabilities);
  const run: Callable['run'] = async (_params, _request, dialect) => encode(dialect)(capabilities);
  return { name: capabilitiesName, positional: [], named: undefined, run };
};

/** Compile the codecs of the whole catalogue. */
export const callablesFor = (
  api: Api,
  limits: MulticallLimits,
  unexpected: (error: unknown) => void,
): ReadonlyMap<string, Callable> => {
  const callables = new Map<string, Callable>();
  for (const [name, method] of api.methods) callables.set(name, fromCatalogue(method, api));
  callables.set(capabilitiesName, getCapabilities());
  callables.set(multicallName, multicall(callables, limits, unexpected));
  return callables;
};
