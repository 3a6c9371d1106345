/** The conversation with the host: lines in, lines out. Knows nothing of processes, so tests hold it in memory. */
import { inspect } from 'node:util';
import {
  type Context,
  type Description,
  type Feature,
  kitFeatures,
  protocolVersion,
} from '../../../plugin-protocol/contract/base.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import { errorFromFault } from '../../../plugin-protocol/rpc/errors.ts';
import {
  errorLine,
  type RequestId,
  type RpcError,
  readLine,
  resultLine,
  rpcCodes,
} from '../../../plugin-protocol/rpc/messages.ts';
import { callNames } from '../generated/calls.ts';
import { createBlobs } from './blobs.ts';
import type { CallContext, Calls, CallsFactory, ServeOptions } from './calls.ts';
import { createAsking } from './host.ts';
import { refuseNotNumbers } from './numbers.ts';
import type { PublishedTable } from './published.ts';
import { createLog, RunningCall, type Send, sendEvent } from './running-call.ts';

export interface Session {
  /** Take a line from the host. */
  receive(line: string): void;
  /** Resolves once no call is under way. */
  idle(): Promise<void>;
  /** Cancel all that is under way; the instances are over. */
  cancelAll(reason: string): void;
}

type Handler = (params: object, context: CallContext) => unknown;

const baseCalls = ['find', 'probe', 'drain', 'events.pull', 'task.get', 'task.cancel'];
const defaultConcurrency = 64;
const usualLineFromPlugin = 16 * 1024 * 1024;

/** The result of `describe`. */
export const describePlugin = (name: string, calls: Calls | CallsFactory, options: ServeOptions): Description => ({
  proto: [protocolVersion],
  name,
  version: options.version ?? '0',
  methods: typeof calls === 'function' ? [...(options.methods ?? callNames)] : methodsOf(calls),
  concurrency: options.concurrency ?? defaultConcurrency,
  ...(options.processes === undefined ? {} : { processes: options.processes }),
  features: [...kitFeatures, ...featuresOf(calls, options)],
  ...(options.limits ? { limits: options.limits } : {}),
  ...(options.publishes ? { publishes: options.publishes.map(({ described }) => described) } : {}),
  // What the tables of a factory can is only known once they are made: `configure` answers it.
  ...(typeof calls === 'function' ? {} : { idempotency: idempotencyOf(calls) }),
});

const idempotencyOf = (calls: Calls) => (calls.find ? 'key' : 'none');

/** A table that answers `events.pull` has cursors; of a factory its author says so. */
const featuresOf = (calls: Calls | CallsFactory, { features = [] }: ServeOptions): readonly Feature[] =>
  'events.pull' in calls ? [...features, 'cursors'] : features;

const callsOf = (tables: readonly PublishedTable[]) => new Map(tables.flatMap(({ calls }) => [...calls]));

const methodsOf = (calls: Calls) => Object.keys(calls).filter((name) => !baseCalls.includes(name));

const isNamed = (params: unknown): params is object | null | undefined =>
  params === undefined || (typeof params === 'object' && !Array.isArray(params));

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

/** Characters of what is reported of a failure. */
const traceLength = 2000;
const failureText = (cause: unknown, what: string): string => `${what} failed: ${inspect(cause)}`.slice(0, traceLength);

/** `report` gets what is answered to nobody: lines that are no messages. What a call threw that is no `Fault` goes to the log. */
export const createSession = (
  name: string,
  calls: Calls | CallsFactory,
  options: ServeOptions,
  send: Send,
  report: (sentence: string) => void,
): Session => {
  const instances = new Map<string, { calls: Calls; published: ReturnType<typeof callsOf> }>();
  /** Those whose configuration is under way: settled once it is over. */
  const configuring = new Map<string, Promise<unknown>>();
  const ends = new Map<string, AbortController>();
  const running = new Map<RequestId, RunningCall>();
  const published = callsOf(options.publishes ?? []);
  const asking = createAsking(send);
  const blobs = createBlobs();
  const lineFromPlugin = options.limits?.lineFromPlugin ?? usualLineFromPlugin;
  let onIdle: (() => void) | undefined;

  const settle = (id: RequestId, line: string) => {
    running.delete(id);
    send(line);
    if (running.size === 0) onIdle?.();
  };
  const succeed = (id: RequestId, result: unknown) => {
    const line = resultLine(id, result === undefined ? {} : result);
    refuseNotNumbers(result, line);
    // A character has at most 3 bytes for each UTF-16 unit: most lines need not be measured.
    const isLong = line.length * 3 > lineFromPlugin && Buffer.byteLength(line) > lineFromPlugin;
    const blob = isLong && running.get(id)?.accept.includes('blob') ? blobs.put(JSON.stringify(result)) : undefined;
    settle(id, blob === undefined ? line : resultLine(id, { blob }));
  };
  const refuse = (id: RequestId, error: RpcError) => settle(id, errorLine(id, error));
  const fail = (id: RequestId, error: unknown, method: string) => {
    if (error instanceof Fault) {
      const isUnknown = error.kind === 'unknown-method';
      return refuse(id, isUnknown ? { code: rpcCodes.methodNotFound, message: error.message } : errorFromFault(error));
    }
    running.get(id)?.log.error(failureText(error, method));
    refuse(id, {
      code: 500,
      message: `${name} failed in ${method}; the daemon's log says why.`,
      data: { kind: 'internal' },
    });
  };

  const configure = async (config: object, ctx: Partial<Context>, { host }: RunningCall): Promise<object> => {
    if (typeof calls !== 'function') return {};
    const { instance: id } = ctx;
    if (id === undefined)
      throw new Fault('invalid-params', 'configure needs ctx.instance.', { field: '/ctx/instance' });
    const log = createLog(send, id, ctx.logLevel ?? 'info');
    const tables: PublishedTable[] = [];
    ends.get(id)?.abort();
    const end = new AbortController();
    ends.set(id, end);
    let made: Calls;
    try {
      made = await calls(config as Record<string, unknown>, {
        id,
        log,
        host,
        signal: end.signal,
        event: (event) => sendEvent(send, id, event),
        publish: (table) => tables.push(table),
      });
    } catch (error) {
      end.abort();
      throw error;
    }
    instances.set(id, { calls: made, published: callsOf(tables) });
    const publishes = tables.length === 0 ? {} : { publishes: tables.map(({ described }) => described) };
    return { methods: methodsOf(made), idempotency: idempotencyOf(made), ...publishes };
  };

  const handlerOf = (method: string, instance: string | undefined): Handler | undefined => {
    const made = instances.get(instance ?? '');
    const table = typeof calls === 'function' ? made?.calls : calls;
    if (table === undefined)
      throw new Fault('internal', `The instance ${instance} has not been configured.`, { outcome: 'none' });
    return (
      made?.published.get(method) ??
      (Object.hasOwn(table, method) ? (table[method as keyof Calls] as Handler) : undefined)
    );
  };

  const answer = (method: string, given: { ctx?: Partial<Context> }, context: RunningCall): unknown => {
    if (method === 'describe') return describePlugin(name, calls, options);
    if (method === 'echo') return given;
    const { ctx = {}, ...own } = given;
    if (method === 'blob.read') return blobs.read(own as Parameters<typeof blobs.read>[0]);
    if (method === 'blob.write') return blobs.write(own as Parameters<typeof blobs.write>[0]);
    const before = instances.has(ctx.instance ?? '') ? undefined : configuring.get(ctx.instance ?? '');
    // A host that makes a process for each call says both in one breath.
    if (before !== undefined && method !== 'configure') return before.then(() => answer(method, given, context));
    const params = ctx.blob === undefined ? own : blobs.take(ctx.blob);
    if (method === 'configure') {
      const made = configure((params as { config?: object }).config ?? {}, ctx, context);
      const id = ctx.instance ?? '';
      const forget = () => configuring.get(id) === over && configuring.delete(id);
      const over: Promise<unknown> = made.then(forget, forget);
      configuring.set(id, over);
      return made;
    }
    const handler = published.get(method) ?? handlerOf(method, ctx.instance);
    if (handler) return handler(params, context);
    throw new Fault('unknown-method', `${name} has no method ${method}.`);
  };

  const request = (id: RequestId, method: string, params: { ctx?: Partial<Context> }) => {
    const context = new RunningCall(send, id, params.ctx ?? {}, asking);
    running.set(id, context);
    try {
      const result = answer(method, params, context);
      if (!isPromise(result)) return succeed(id, result);
      // What cannot be written fails its call, too.
      result.then((value) => succeed(id, value)).then(undefined, (error) => fail(id, error, method));
    } catch (error) {
      fail(id, error, method);
    }
  };

  return {
    receive(line) {
      const { message } = readLine(line);
      if (message === undefined) return report(`This is no message: ${line.slice(0, 256)}`);
      const { id, method, params } = message;
      const isId = typeof id === 'number' || typeof id === 'string';
      if (method === '$/cancel') {
        const { id: wanted, reason } = (params ?? {}) as { id: RequestId; reason?: string };
        running.get(wanted)?.cancel(reason ?? 'The call is no longer wanted.');
      } else if (isId && typeof method === 'string' && isNamed(params)) {
        request(id, method, params ?? {});
      } else if (isId && ('result' in message || 'error' in message)) {
        // An answer to nothing is noise, and noise is not answered.
        asking.receive(message);
      } else if (isId) {
        send(
          errorLine(id, { code: rpcCodes.invalidRequest, message: 'A request needs a method and named parameters.' }),
        );
      }
    },
    idle: () =>
      new Promise((resolve) => {
        onIdle = resolve;
        if (running.size === 0) resolve();
      }),
    cancelAll(reason) {
      asking.end();
      for (const call of running.values()) call.cancel(reason);
      for (const end of ends.values()) end.abort();
    },
  };
};
