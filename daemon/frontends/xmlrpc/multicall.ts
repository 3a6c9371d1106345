/** `system.multicall`: several calls in one request, one after the other; once the peer has gone, the others are not made. */
import { setImmediate } from 'node:timers/promises';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { inSlices, type Slices } from '../../../plugin-protocol/slices.ts';
import { lengthOf } from '../../wire/writing.ts';
import type { HttpCall } from '../http-call.ts';
import { counted, type Encoded } from '../pieces.ts';
import { unknownMethod } from './call.ts';
import type { Callable } from './callables.ts';
import type { DecodeInSlices } from './decoder.ts';
import { multicallName } from './describe.ts';
import type { Dialect, Shown } from './dialect.ts';
import { encodeResults } from './encode.ts';
import { faultFrom, faultValue } from './fault.ts';
import { type NextParameter, readParams } from './params.ts';
import { decodeText, misfit, wrongParameter } from './scalars.ts';
import type { Aside, ValueReader } from './values.ts';

export interface MulticallLimits {
  multicall: number;
  multicallBytes: number;
}

const tooLong = ({ multicallBytes }: MulticallLimits): Fault =>
  new Fault('too-large', `The results before are longer than limits.xmlrpc.multicallBytes, ${multicallBytes} bytes.`);

/** The calls as they were written: each is read when its turn comes, so that a wrong one is a fault of its own. */
interface Calls {
  values: ValueReader;
  written: Aside[];
}

const decodeCalls = (most: number): DecodeInSlices<Calls> =>
  function* (values) {
    if (values.type !== 'array') throw misfit(values, 'an array of calls');
    const written: Aside[] = [];
    for (let index = 0; values.nextItem(index); index++) {
      if (index >= most) throw new Fault('too-large', `There are more than limits.xmlrpc.multicall, ${most}, calls.`);
      written.push(yield* values.putAside());
    }
    return { values, written };
  };

const nextItem: NextParameter = (values, index) => {
  if (!values.nextItem(index)) return false;
  return values.enter() ?? true;
};
const noItem: NextParameter = () => false;

/** One call: its method, and the `<value>` that holds its parameters. */
function* readInner(values: ValueReader): Slices<{ name: string; params: Aside | undefined }> {
  if (values.type !== 'struct') throw misfit(values, 'a struct of methodName and params');
  let name: string | undefined;
  let params: Aside | undefined;
  for (let index = 0; ; index++) {
    const next = values.nextMember(index);
    if (next === undefined) break;
    const value = yield* values.putAside();
    if (next === 'unnamed') values.nameBehind();
    if (values.member === 'methodName') name = decodeText(yield* values.again(value)).trim();
    else if (values.member === 'params') params = value;
    else throw wrongParameter(values, `has no member "${values.member}".`);
    values.memberEnd();
  }
  if (name === undefined) throw wrongParameter(values, 'has no methodName.');
  return { name, params };
}

export const multicall = (
  callables: () => ReadonlyMap<string, Callable>,
  limits: MulticallLimits,
  unexpected: (error: unknown) => void,
): Callable => {
  const answer = async (
    outer: ValueReader,
    written: Aside,
    request: HttpCall,
    dialect: Dialect,
    shown: Shown,
  ): Promise<Encoded> => {
    const inner = await inSlices(outer.again(written));
    const { name, params } = await inSlices(readInner(inner));
    if (name === multicallName) throw new Fault('invalid-request', `${multicallName} cannot be called within itself.`);
    const callable = callables().get(name);
    if (callable === undefined) throw unknownMethod(name);
    const values = params === undefined ? inner : await inSlices(inner.again(params));
    values.path.length = 0;
    if (params !== undefined && values.type !== 'array') throw misfit(values, 'called with an array of parameters');
    const read = inSlices(readParams(values, callable, params === undefined ? noItem : nextItem));
    const call = read instanceof Promise ? await read : read;
    const own = call.token === undefined ? request : request.withToken(call.token);
    const value = await callable.run(call.params, own, dialect, shown);
    return encodeResults([typeof value === 'string' ? value : await counted(value)]);
  };
  return {
    name: multicallName,
    named: undefined,
    positional: [
      {
        name: 'calls',
        type: 'array',
        must: 'array',
        required: true,
        decoder: { inSlices: decodeCalls(limits.multicall) },
        emptyIsUnset: false,
        zeroIsUnset: false,
      },
    ],
    run: async (params, request, dialect, shown) => {
      const { values, written } = params.calls as Calls;
      const results: Encoded[] = [];
      let length = 0;
      const { slice } = values.reader;
      const { signal } = request;
      slice.begin();
      for (const [index, one] of written.entries()) {
        if (signal.aborted) throw new Fault('cancelled', 'The caller has gone; calls after that are not made.');
        values.path.splice(0, values.path.length, 'calls', index);
        values.method = multicallName;
        let result: Encoded;
        try {
          if (length > limits.multicallBytes) throw tooLong(limits);
          request.needRoom();
          result = await answer(values, one, request, dialect, shown);
        } catch (error) {
          const fault = faultFrom(error, unexpected);
          // A client is asked for its credentials on the whole request.
          if (dialect.auth === 'challenge' && fault.kind === 'unauthenticated') throw fault;
          result = faultValue(fault, dialect);
        }
        results.push(result);
        const bytes = lengthOf(result);
        request.hold(result, bytes);
        length += bytes;
        if (!slice.overNow()) continue;
        await setImmediate();
        slice.begin();
      }
      return encodeResults(results);
    },
  };
};
