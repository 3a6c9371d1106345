/** A call on its way through the pipeline. */
import type { Method } from '../catalogue/method.ts';
import type { CallRequest, Principal } from './api.ts';

export interface Call {
  readonly method: Method;
  /** As the frontend decoded them; after `validate` they keep the catalogue's bounds and have its defaults. */
  params: Record<string, unknown>;
  readonly request: CallRequest;
  /** Set by `authenticate`; undefined for a caller without credentials, whom `authorize` lets call public methods only. */
  principal: Principal | undefined;
}

/** One step of the pipeline: throws a `Fault` to refuse the call. A promise is returned only when there is something to wait for. */
export type Step = (call: Call) => void | Promise<void>;
