/** The calls of the interfaces that a whole cloud has. */
import { compute, network, storage } from '../../plugin-protocol/contract/index.ts';

export const cloudCalls: readonly string[] = [compute, network, storage].flatMap((calls) =>
  Object.values(calls).map(({ name }) => name),
);
