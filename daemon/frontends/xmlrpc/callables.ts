/** Everything that can be called over XML-RPC, each with its codecs. */
import type { Method } from '../../catalogue/method.ts';
import type { Api } from '../../core/api.ts';
import type { HttpCall } from '../http-call.ts';
import type { Encoded } from '../pieces.ts';
import { type Signature, signatureFor } from './decode.ts';
import { Capabilities, capabilities, capabilitiesName, completed, describeOwn } from './describe.ts';
import { type Dialect, type Shown, withShown } from './dialect.ts';
import { encoderFor } from './encode.ts';
import { type MulticallLimits, multicall } from './multicall.ts';

export interface Callable extends Signature {
  /** Make the call. Answers the result as `<value>`, in the dialect given and what the request has shown. */
  run(params: Record<string, unknown>, request: HttpCall, dialect: Dialect, shown: Shown): Promise<Encoded>;
}

const fromMethod = (method: Method, api: Api): Callable => {
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

/** Everything that can be called now; compiled again for what is new when methods have come or gone. */
export const callablesFor = (
  api: Api,
  limits: MulticallLimits,
  unexpected: (error: unknown) => void,
): (() => ReadonlyMap<string, Callable>) => {
  const compiled = new WeakMap<Method, Callable>();
  const callableOf = (method: Method): Callable => {
    const known = compiled.get(method) ?? fromMethod(method, api);
    compiled.set(method, known);
    return known;
  };
  const own = [getCapabilities(), multicall(() => current(), limits, unexpected)];
  let methods: Api['methods'] | undefined;
  let callables: ReadonlyMap<string, Callable> = new Map();
  const current = (): ReadonlyMap<string, Callable> => {
    if (methods === api.methods) return callables;
    methods = api.methods;
    callables = new Map([...[...methods.values()].map(callableOf), ...own].map((one) => [one.name, one] as const));
    return callables;
  };
  current();
  return current;
};
