/** Everything that can be called over XML-RPC, each with its codecs. */
import type { Method } from '../../catalogue/method.ts';
import type { Api } from '../../core/api.ts';
import type { HttpCall } from '../http-call.ts';
import { type Signature, signatureFor } from './decode.ts';
import { Capabilities, capabilities, capabilitiesName, completed, describeOwn, multicallName } from './describe.ts';
import { encodersFor } from './encode.ts';
import { type MulticallLimits, multicall } from './multicall.ts';
import type { Nil } from './names.ts';
import type { Encoded } from './pieces.ts';

export interface Callable extends Signature {
  /** Make the call. Answers the result as `<value>`. */
  run(params: Record<string, unknown>, request: HttpCall, nil: Nil): Promise<Encoded>;
}

const fromCatalogue = (method: Method, api: Api): Callable => {
  const encoders = encodersFor(method.result);
  const { name } = method;
  return {
    ...signatureFor(method),
    run: async (params, request, nil) => {
      const own = describeOwn(name, params);
      return encoders[nil](own ?? completed(name, await api.call(method, params, request)));
    },
  };
};

const getCapabilities = (): Callable => {
  const value = encodersFor(Capabilities)[''](capabilities);
  return { name: capabilitiesName, positional: [], named: undefined, run: async () => value };
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
