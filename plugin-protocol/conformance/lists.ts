/** What a plugin lists, and what its published methods change in that, where their author shows how they are called. */
import { compileCheck } from '../check/compile.ts';
import { knownCalls } from './claims.ts';
import type { Conversation } from './conversation.ts';
import type { Kit } from './kit.ts';
import { call, itemsOf, keyOf } from './machine.ts';
import { type ServiceMethod, servicesIn } from './services.ts';
import { Failure } from './verdict.ts';

/** What a call has changed in the lists: entries such as `data1 of storage.list`. */
export interface Effect {
  method: string;
  made: string[];
  gone: string[];
}

/** Its calls that answer pages. */
export const listsOf = (conversation: Conversation): string[] =>
  knownCalls(conversation).flatMap(({ name, params }) => ('after' in params.properties ? [name] : []));

const entriesOf = async (kit: Kit, conversation: Conversation): Promise<Set<string>> => {
  const entries = new Set<string>();
  for (const list of listsOf(conversation)) {
    for (const { id } of await itemsOf(kit, conversation, list)) entries.add(`${id} of ${list}`);
  }
  return entries;
};

/** Published methods that change something, and can be called as they are shown; in their order. None where nothing is listed. */
export const shownChanges = (conversation: Conversation): ServiceMethod[] =>
  servicesIn(listsOf(conversation).length > 0 ? conversation.description.publishes : []).methods.filter(
    ({ described: { changes = true, example } }) => changes && example?.params !== undefined,
  );

/** Call a method as it is shown. Whether examples work is seen elsewhere: one that fails has changed nothing. */
export const changeAsShown = async (
  kit: Kit,
  conversation: Conversation,
  { name, described, params }: ServiceMethod,
): Promise<Effect> => {
  const before = await entriesOf(kit, conversation);
  const given = compileCheck(params)(described.example!.params) as object;
  await call(kit, conversation, name, given, keyOf(kit, `shown-${name}`));
  const after = await entriesOf(kit, conversation);
  return {
    method: name,
    made: [...after].filter((entry) => !before.has(entry)),
    gone: [...before].filter((entry) => !after.has(entry)),
  };
};

/** Throws when a process lists other things than the one that has changed them. */
export const expectEffect = async (
  kit: Kit,
  conversation: Conversation,
  { method, made, gone }: Effect,
  process: string,
  advice: string,
): Promise<void> => {
  const entries = await entriesOf(kit, conversation);
  const missing = made.find((entry) => !entries.has(entry));
  if (missing !== undefined)
    throw new Failure(`${method} has made ${missing} in one process, and ${process} does not have it.`, advice);
  const left = gone.find((entry) => entries.has(entry));
  if (left !== undefined)
    throw new Failure(`${method} has removed ${left} in one process, and ${process} has it still.`, advice);
};
