import type { Limits } from '../limits.ts';

/** ` (limits.plugins.readTimeoutMs)`, behind what is over that limit; nothing where no limit says so. */
export const nameOf = (limit: keyof Limits['plugins'] | undefined): string =>
  limit === undefined ? '' : ` (limits.plugins.${limit})`;
