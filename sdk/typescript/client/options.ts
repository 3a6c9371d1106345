/** How a daemon is reached, and how one call is made. */

export interface ClientOptions {
  /** Who calls, with `password`; left out for a `token` or for methods that are public. */
  user?: string | undefined;
  password?: string | undefined;
  /** What `session.login` answered. */
  token?: string | undefined;
  /** Milliseconds without an answer after which a call fails, beyond those that a method is asked to wait; 90 seconds when left out. */
  timeoutMs?: number | undefined;
  /** The certificates that are believed, in PEM; those that Node.js believes when left out. */
  ca?: string | undefined;
}

export interface CallOptions {
  /** Aborted, the call fails with its reason. What it has begun in the daemon goes on. */
  signal?: AbortSignal | undefined;
}
