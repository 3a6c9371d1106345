/** What every frontend is: a name and the routes that it serves. */
import type { Api } from '../core/api.ts';
import type { Log } from '../core/ports.ts';
import type { Limits } from '../limits.ts';
import type { Route } from '../wire/route.ts';
import type { ServiceProfile } from './service-profile.ts';

export interface FrontendContext {
  api: Api;
  log: Log;
  limits: Limits;
  /** The URL under which clients reach the daemon, without a trailing slash: `http://127.0.0.1:8420`. */
  publicUrl: () => string;
  /** Calls `wake` when connectors may read otherwise, how they are or what they have proven, until the answer is called. */
  onConnectors: (wake: () => void) => () => void;
  /** Forms of its own for services of plugins. */
  profiles?: readonly ServiceProfile[];
  /** All metrics in the text format of Prometheus. */
  metrics: () => Promise<string>;
}

export interface Frontend {
  name: string;
  routes(context: FrontendContext): Route[];
}
