/** What a plugin lists, and what its published methods change in that, where their author shows how they are called. */
import { randomUUID } from 'node:crypto';
import { compileCheck } from '../../check/compile.ts';
import type { Kit } from '../bring-up/kit.ts';
import { type ServiceMethod, servicesIn } from '../bring-up/services.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { excerpt, Failure } from '../report/verdict.ts';
import { knownCalls } from './claims.ts';
import { call, itemsOf, keyOf } from './machine.ts';

/** Something in a list. */
export interface Entry {
  id: string;
  list: string;
  item: Record<string, unknown>;
}

/** As it stands in a sentence: `data1 of storage.list`. */
const shownEntry = ({ id, list }: Entry): string => `${excerpt(id)} of ${list}`;

/** What a call has changed in the lists. */
export interface Effect {
  method: string;
  made: Entry[];
  gone: Entry[];
}

/** Its calls that answer pages. */
export const listsOf = (conversation: Conversation): string[] =>
  knownCalls(conversation).flatMap(({ name, params }) => ('after' in params.properties ? [name] : []));

/** What is in all lists, by what tells one from another. */
export const entriesOf = async (kit: Kit, conversation: Conversation): Promise<Map<string, Entry>> => {
  const entries = new Map<string, Entry>();
  for (const list of listsOf(conversation)) {
    for (const item of await itemsOf<{ id: string } & Entry['item']>(kit, conversation, list))
      entries.set(`${item.id} of ${list}`, { id: item.id, list, item });
  }
  return entries;
};

/** Published methods that change something, and can be called as they are shown; in their order. None where nothing is listed. */
export const shownChanges = (conversation: Conversation): ServiceMethod[] =>
  servicesIn(listsOf(conversation).length > 0 ? conversation.description.publishes : []).methods.filter(
    ({ described: { changes = true, example } }) => changes && example?.params !== undefined,
  );

/** The parameters with which its author shows a method. */
export const shownParams = ({ described, params }: ServiceMethod): Record<string, unknown> =>
  compileCheck(params)(described.example!.params) as Record<string, unknown>;

/** Call a method. Whether it works is seen elsewhere: one that fails has changed nothing. */
const changeWith = async (kit: Kit, conversation: Conversation, method: string, params: object): Promise<Effect> => {
  const before = await entriesOf(kit, conversation);
  // Each time it is another change: what is known by its key is not made again.
  await call(kit, conversation, method, params, keyOf(kit, `shown-${randomUUID()}`));
  const after = await entriesOf(kit, conversation);
  return {
    method,
    made: [...after].flatMap(([known, entry]) => (before.has(known) ? [] : [entry])),
    gone: [...before].flatMap(([known, entry]) => (after.has(known) ? [] : [entry])),
  };
};

/** Call a method as it is shown. */
export const changeAsShown = (kit: Kit, conversation: Conversation, method: ServiceMethod): Promise<Effect> =>
  changeWith(kit, conversation, method.name, shownParams(method));

/** Throws when a process lists other things than the one that has changed them. */
export const expectEffect = async (
  kit: Kit,
  conversation: Conversation,
  { method, made, gone }: Effect,
  process: string,
  advice: string,
): Promise<void> => {
  const entries = await entriesOf(kit, conversation);
  const isThere = ({ id, list }: Entry) => entries.has(`${id} of ${list}`);
  const missing = made.find((entry) => !isThere(entry));
  if (missing !== undefined)
    throw new Failure(
      `${method} has made ${shownEntry(missing)} in one process, and ${process} does not have it.`,
      advice,
    );
  const left = gone.find(isThere);
  if (left !== undefined)
    throw new Failure(`${method} has removed ${shownEntry(left)} in one process, and ${process} has it still.`, advice);
};
