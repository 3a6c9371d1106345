/** The client of a daemon: every method of its catalogue, typed, over JSON-RPC. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, type FaultData, isFaultKind } from '../../../plugin-protocol/faults.ts';
import { type Methods, methodNames } from '../generated/methods.ts';
import type { Operation, Session } from '../generated/records.ts';
import type { CallOptions, ClientOptions } from './options.ts';
import { createTransport } from './transport.ts';

export { Fault, type FaultData, type FaultKind } from '../../../plugin-protocol/faults.ts';
export type * from '../generated/methods.ts';
export type * from '../generated/records.ts';
export type { CallOptions, ClientOptions } from './options.ts';

/** A method that answers lists in pages. */
export type ListMethod<Params, Item> = (
  params: Params,
  options?: CallOptions,
) => Promise<{ items: Item[]; next?: string }>;

export interface WaitOptions extends CallOptions {
  /** Milliseconds after which a `timeout` is thrown; the operation goes on. */
  timeoutMs?: number | undefined;
}

export interface Client extends Methods {
  /** Call any method, also one that a plugin publishes: `api.call('meter.read', { name: 'east' })`. */
  call<Result = unknown>(method: string, params?: object, options?: CallOptions): Promise<Result>;
  /** Call with this token from now on. */
  useToken(token: string): void;
  /** `session.login`; its token is used from now on. */
  login(user: string, password: string): Promise<Session>;
  /**
   * Wait until an operation has succeeded, and answer it.
   *
   * @throws {Fault} That with which it failed, or `cancelled`.
   */
  wait(operation: Operation | string | Promise<Operation>, options?: WaitOptions): Promise<Operation>;
  /** All items of a list, page by page: `for await (const vm of api.items(api.vm.list, { state: 'running' }))`. */
  items<Params extends { after?: string | undefined } | undefined, Item>(
    list: ListMethod<Params, Item>,
    params?: Omit<NonNullable<Params>, 'after'>,
    options?: CallOptions,
  ): AsyncGenerator<Item, void, undefined>;
  /** Close the connections that are kept. */
  close(): void;
}

/** How long one `operation.wait` waits: shorter than what proxies cut. */
const stepMs = 50_000;
const ended: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** What failed, as the daemon tells it. A kind that is younger than this client is a failure like any other. */
const faultFrom = (kind: unknown, message: string | undefined, data: FaultData): Fault =>
  new Fault(isFaultKind(kind) ? kind : 'failed', message ?? 'No reason was given.', data);

type Invoke = (method: string, params?: object, options?: CallOptions) => Promise<unknown>;

const methodsFor = (invoke: Invoke): Methods => {
  const nouns: Record<string, Record<string, unknown>> = {};
  for (const name of methodNames) {
    const [noun = '', verb = ''] = name.split('.');
    nouns[noun] ??= {};
    nouns[noun][verb] = (params?: object, options?: CallOptions) => invoke(name, params, options);
  }
  return nouns as unknown as Methods;
};

/** A daemon, reached at its address: `createClient('http://127.0.0.1:8420', { user, password })`. */
export const createClient = (url: string, options: ClientOptions = {}): Client => {
  const transport = createTransport(url, options);
  let lastId = 0;

  const invoke: Invoke = async (method, params = {}, { signal } = {}) => {
    const id = ++lastId;
    const request = { jsonrpc: '2.0', id, method, params };
    const { wait } = params as { wait?: unknown };
    const { result, error } = await transport.post(request, typeof wait === 'number' ? wait * 1000 : 0, signal);
    if (error === undefined) return result;
    const { kind, ...data } = (error.data ?? {}) as FaultData & { kind?: unknown };
    throw faultFrom(kind, error.message, data);
  };
  const methods = methodsFor(invoke);

  return {
    ...methods,
    call: (method, params, options) => invoke(method, params, options) as Promise<never>,
    useToken: transport.useToken,
    async login(user, password) {
      const session = await methods.session.login({ user, password });
      transport.useToken(session.token);
      return session;
    },
    async wait(operation, { timeoutMs = Number.POSITIVE_INFINITY, ...options } = {}) {
      const given = await operation;
      const id = typeof given === 'string' ? given : given.id;
      let at = typeof given === 'string' ? undefined : given;
      const end = performance.now() + timeoutMs;
      while (at === undefined || !ended.has(at.state)) {
        const left = Math.min(stepMs, end - performance.now());
        if (left <= 0 && at !== undefined) {
          throw new Fault('timeout', `The operation ${id} has not ended.`, { operation: id });
        }
        at = await methods.operation.wait({ operation: id, wait: Math.max(0, left) / 1000 }, options);
      }
      if (at.state === 'succeeded') return at;
      const { kind, message, ...data } = at.fault ?? {
        kind: at.state === 'cancelled' ? 'cancelled' : 'failed',
        message: `${at.method} was ${at.state}.`,
      };
      throw faultFrom(kind, message, { operation: id, ...(data as FaultData) });
    },
    async *items(list, params, options) {
      let after: string | undefined;
      do {
        const page = await list({ ...params, ...(after !== undefined && { after }) } as never, options);
        yield* page.items;
        after = page.next;
      } while (after !== undefined);
    },
    close: transport.close,
  };
};

/** The daemon whose state directory this is, as its administrator. */
export const createLocalClient = (state = '.annelid', options: ClientOptions = {}): Client => {
  const read = (name: string) => readFileSync(join(state, name), 'utf8');
  const { url } = JSON.parse(read('endpoint')) as { url: string };
  return createClient(url, { user: 'admin', password: read('admin-password').trim(), ...options });
};
