/** Base calls to a plugin, and the context that goes with every call. */
import type { Check } from '../../../plugin-protocol/check/compile.ts';
import { type BaseCall, baseResults, type Context, protocolVersion } from '../../../plugin-protocol/contract/base.ts';
import { Fault } from '../../../plugin-protocol/faults.ts';
import type { CallOptions } from '../../core/ports.ts';
import type { Limits } from '../../limits.ts';
import type { InstanceConfig } from '../instance-config.ts';
import { checkFor } from '../link/checks.ts';
import type { Link } from '../link/link.ts';
import type { Tap } from '../link/tap.ts';
import type { Desk } from './desk.ts';
import { type ExchangeContext, exchange, type Wanted } from './exchange.ts';

/** Base calls that are made beside the calls that are under way: they are about the process. */
const urgent: ReadonlySet<BaseCall> = new Set<BaseCall>(['configure', 'probe', 'drain']);

export const contextOf = (
  { id, logLevel = 'info' }: Pick<InstanceConfig, 'id' | 'logLevel'>,
  options: CallOptions,
  timeoutMs: number,
  more: Partial<Context>,
): Context =>
  // What is undefined is left out of the JSON.
  ({
    v: protocolVersion,
    instance: id,
    key: options.key,
    attempt: options.attempt,
    timeoutMs,
    ...more,
    actor: options.actor,
    account: options.account,
    logLevel,
  }) as Context;

/** For whom a call is made. */
export interface Party {
  config: InstanceConfig;
  limits: Limits['plugins'];
  desk: Desk;
  /** Where it can be watched. */
  tap: Tap;
}

export const exchangeContextOf = ({ config, limits, desk }: Party): ExchangeContext => ({
  limits,
  desk,
  asker: { connector: config.id, secrets: config.secrets ?? {} },
});

export interface BaseRequest {
  method: BaseCall;
  params: object;
  /** Where its time is from, unless `options` say how long. */
  limit: 'configureTimeoutMs' | 'readTimeoutMs' | 'drainMs';
  options?: CallOptions;
  check?: Check;
}

/** Resolves with undefined when the plugin does not have it. */
export const askBase = async (
  link: Link,
  party: Party,
  { method, params, limit, options = {}, check = checkFor(baseResults[method]) }: BaseRequest,
): Promise<unknown> => {
  const { config, limits, tap } = party;
  const timeoutMs = options.timeoutMs ?? limits[limit];
  const wanted: Wanted = {
    method,
    instance: config.id,
    params,
    check,
    timeoutMs,
    limit: options.timeoutMs === undefined ? limit : undefined,
    mutates: false,
    signal: options.signal,
    tap,
    urgent: urgent.has(method),
    accept: ['need', 'blob'],
    contextOf: (more) => contextOf(config, options, timeoutMs, more),
  };
  try {
    const answer = await exchange(link, wanted, exchangeContextOf(party));
    return 'result' in answer ? answer.result : undefined;
  } catch (error) {
    if (error instanceof Fault && error.kind === 'unsupported') return undefined;
    throw error;
  }
};
