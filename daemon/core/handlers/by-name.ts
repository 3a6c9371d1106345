/** The handlers of all methods of the catalogue. */
import { nouns } from '../../catalogue/index.ts';
import type { Call } from '../call.ts';
import type { Services } from '../services.ts';
import { infrastructureHandlers } from './infrastructure.ts';
import { systemHandlers } from './system.ts';
import { usageHandlers } from './usage.ts';
import { vmHandlers } from './vm.ts';
import { workHandlers } from './work.ts';

type Handler = (params: Record<string, unknown>, call: Call) => unknown;

export const handlersByName = (services: Services): Map<string, Handler> => {
  const handlers = {
    ...systemHandlers(services),
    vm: vmHandlers(services),
    ...infrastructureHandlers(services),
    ...workHandlers(services),
    ...usageHandlers(services),
  };
  const byName = new Map<string, Handler>();
  for (const [noun, group] of Object.entries(nouns)) {
    const own = handlers[noun as keyof typeof nouns] as Record<string, Handler>;
    for (const [verb, { name }] of Object.entries(group)) byName.set(name, own[verb]!);
  }
  return byName;
};
