/** Everything that can be called over XML-RPC, each with its codecs. */
import type { Method } from '../../catalogue/method.ts';
import type { Api } from '../../core/api.ts';
import type { HttpCall } from '../http-call.ts';
import type { Encoded } from '../pieces.ts';
import { askedFor, Capabilities, capabilities, capabilitiesName, completed, describeOwn } from './describe.ts';
import { type Dialect, type Shown, withShown } from './dialect.ts';
import { encoderFor } from './encode.ts';
import { type MulticallLimits, multicall } from './multicall.ts';
import { type Signature, signatureFor } from './params.ts';

export interface Callable extends Signature {
  /** Make the call. Answers the result as `<value>`, in the dialect given and what the request has shown. */
  run(params: Record<string, unknown>, request: HttpCall, dialect: Dialect, shown: Shown): Promise<Encoded>;
}

/** What an endpoint has: methods, by the names that they have there. */
export type Offered = ReadonlyMap<string, Method>;

const fromMethod = (name: string, method: Method, api: Api, offered: () => Offered): Callable => {
  const encode = encoderFor(method.result);
  return {
    ...signatureFor(method, name),
    run: async (params, request, dialect, shown) => {
      const encodeNow = encode(withShown(dialect, shown));
      const own = describeOwn(method.name, params);
      if (own !== undefined) return encodeNow(own);
      const result = await api.call(method, askedFor(method.name, params, offered()), request);
      return encodeNow(completed(method.name, result, offered()));
    },
  };
};

const getCapabilities = (): Callable => {
  const encode = encoderFor(Capabilities);
  const run: Callable['run'] = async (_params, _request, dialect) => encode(dialect)(capabilities);
  return { name: capabilitiesName, positional: [], named: undefined, run };
};

/** Everything that can be called at an endpoint now; compiled again for what is new when methods have come or gone. */
export const callablesFor = (
  api: Api,
  offered: () => Offered,
  limits: MulticallLimits,
  unexpected: (error: unknown) => void,
): (() => ReadonlyMap<string, Callable>) => {
  const compiled = new WeakMap<Method, Map<string, Callable>>();
  const callableOf = ([name, method]: [string, Method]): Callable => {
    const known = compiled.get(method) ?? new Map<string, Callable>();
    compiled.set(method, known);
    const callable = known.get(name) ?? fromMethod(name, method, api, offered);
    known.set(name, callable);
    return callable;
  };
  const own = [getCapabilities(), multicall(() => current(), limits, unexpected)];
  let methods: Offered | undefined;
  let callables: ReadonlyMap<string, Callable> = new Map();
  const current = (): ReadonlyMap<string, Callable> => {
    const now = offered();
    if (methods === now) return callables;
    methods = now;
    callables = new Map([...[...now].map(callableOf), ...own].map((one) => [one.name, one] as const));
    return callables;
  };
  return current;
};
