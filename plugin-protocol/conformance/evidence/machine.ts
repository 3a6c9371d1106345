/** The machines that a check makes, changes and removes. No other machine is ever changed. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileCheck } from '../../check/compile.ts';
import { compute } from '../../contract/index.ts';
import type { NativeVm } from '../../resources.ts';
import type { Message } from '../../rpc/messages.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { shapeOfResult } from '../conversation/judge.ts';
import { acceptedFor } from '../conversation/needs.ts';
import { errorOf, said } from '../report/answers.ts';
import { excerpt, Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { blobIn, readInParts } from './parts.ts';

export interface Wish extends Record<string, unknown> {
  id: string;
  name: string;
}

/** What `compute.create` is asked for. */
export const wishFor = (kit: Kit, name: string, more: Record<string, unknown> = {}): Wish => {
  const wish = {
    vcpus: 1,
    memoryMiB: 64,
    disks: [],
    networks: [],
    labels: { 'annelid-check': kit.nonce },
    ...more,
    ...kit.setting.create,
    id: randomUUID(),
    name: nameOf(kit, name),
  };
  kit.wished.add(wish.name);
  return wish;
};

/** Names tell whose a machine is. */
export const nameOf = (kit: Kit, name: string): string => `annelid-check-${kit.nonce}-${name}`;
export const keyOf = (kit: Kit, name: string): string => `annelid-check-${kit.nonce}-${name}`;

export const has = ({ description }: Conversation, method: string): boolean =>
  description.methods?.includes(method) ?? false;

/** Throws when the plugin names no call that changes a machine. */
export const changesMachines = ({ description: { methods = [] } }: Conversation): void => {
  const calls = compute as Record<string, { mutates: boolean }>;
  if (methods.some((name) => name.startsWith('compute.') && calls[name.slice(8)]?.mutates)) return;
  throw new Unclaimed('It names no call that changes a machine.');
};

/** Throws when the plugin cannot make and remove machines. */
export const needsMachines = (conversation: Conversation): void => {
  changesMachines(conversation);
  const methods = conversation.description.methods ?? [];
  const missing = ['compute.create', 'compute.delete'].filter((name) => !methods.includes(name));
  if (missing.length === 0) return;
  throw new Skip(
    `It has no ${missing.join(' and no ')}, and other machines are left alone.`,
    'What it does to machines is first tried when somebody uses it.',
  );
};

/** Make a call, and put together what it answers in parts. */
export const call = async (
  kit: Kit,
  conversation: Conversation,
  method: string,
  params: object,
  key?: string,
  instance?: string,
): Promise<Message> => {
  const { logLevel, published } = conversation;
  const ctx = kit.ctx(instance, { logLevel, ...(key !== undefined && { key, attempt: 1 }) });
  const answer = await conversation.ask(method, { ...params, ctx });
  const blob = acceptedFor(method, published).includes('blob') ? blobIn(answer) : undefined;
  return blob === undefined ? answer : readInParts(kit, conversation, method, answer, blob, instance);
};

/** Of its own bugs a plugin tells users nothing: what is wrong stands on its standard error, as a rule. */
const failureOf = async (conversation: Conversation, method: string, answer: Message): Promise<string> => {
  const isBug = [500, -32603].includes(errorOf(answer)?.code as number);
  return `${method} fails with ${said(answer)}${isBug ? await conversation.wordsBeside() : ''}`;
};

/** The result of a call that must succeed. */
export const result = async <T>(
  kit: Kit,
  conversation: Conversation,
  method: string,
  params: object,
  key?: string,
  instance?: string,
): Promise<T> => {
  const answer = await call(kit, conversation, method, params, key, instance);
  if (errorOf(answer)) throw new Failure(await failureOf(conversation, method, answer));
  const shape = shapeOfResult(method, conversation.published);
  if (shape === undefined) return answer.result as T;
  try {
    return compileCheck(shape, { lenient: true })(answer.result) as T;
  } catch (error) {
    throw new Failure(`What ${method} answers is wrong: ${(error as Error).message}`);
  }
};

/** Make a machine; skips when the backend will not have it. */
export const make = async (
  kit: Kit,
  conversation: Conversation,
  name: string,
  instance?: string,
): Promise<NativeVm> => {
  needsMachines(conversation);
  const wish = wishFor(kit, name);
  const answer = await call(kit, conversation, 'compute.create', wish, keyOf(kit, name), instance);
  if (errorOf(answer)) {
    throw new Skip(
      await failureOf(conversation, 'compute.create', answer),
      'Say what the backend needs as check.create in manifest.json: an image, a network. Where it needs nothing, this is a bug of the plugin.',
    );
  }
  const machine = answer.result as NativeVm;
  expectAsAsked(kit, wish, machine);
  expectLabels(kit, wish, machine);
  return machine;
};

/** Without labels the host keeps them; those that are answered are the truth. */
const expectLabels = ({ ledger }: Kit, { labels: wanted }: Wish, { labels }: NativeVm): void => {
  if (!labels || Object.entries(wanted as Record<string, string>).every(([name, value]) => labels[name] === value))
    return;
  ledger.enter(
    '7.3',
    'failure',
    'compute.create answers a machine without the labels that it was asked for.',
    'Keep labels with the machine; where the backend cannot, leave labels out of the answer, and the daemon keeps them.',
  );
};

/** So many times as much, or as little, is another unit. */
const leastUnit = 1000;

export const isOtherUnit = (has: unknown, asked: unknown): boolean =>
  typeof has === 'number' &&
  typeof asked === 'number' &&
  has > 0 &&
  asked > 0 &&
  Math.max(asked / has, has / asked) >= leastUnit;

/** A backend may have certain sizes alone: what it makes of another one is for its users to know. */
export const expectAsAsked = ({ ledger }: Kit, wish: Wish, machine: NativeVm): void => {
  for (const member of ['name', 'vcpus', 'memoryMiB'] as const) {
    const made = machine?.[member] ?? undefined;
    if (made === undefined || made === wish[member]) continue;
    const said =
      member === 'name'
        ? 'another name than it was asked for'
        : `${made} as ${member}, where ${wish[member]} was asked for`;
    ledger.enter(
      '7.3',
      isOtherUnit(made, wish[member]) ? 'failure' : 'warning',
      `compute.create answers a machine with ${said}.`,
      'Make what was asked for, or refuse it as invalid-params with its field.',
    );
  }
};

/** What a machine has in any state: without it, it would be taken from what the host knows. */
const lasting = ['name', 'vcpus', 'memoryMiB', 'image', 'created'] as const;

/** What a machine has and this record of it lacks. */
export const lacking = (machine: NativeVm, record: Partial<NativeVm>): string[] =>
  lasting.filter(
    (member) => (machine[member] ?? undefined) !== undefined && (record[member] ?? undefined) === undefined,
  );

/** No check makes so many machines, and no backend that may be played with has them. */
const mostPages = 10_000;

/** What a list has, page by page. */
export const itemsOf = async <T extends { id: string }>(
  kit: Kit,
  conversation: Conversation,
  list: string,
  instance?: string,
): Promise<T[]> => {
  const all: T[] = [];
  const places = new Set<string>();
  let after: string | undefined;
  do {
    const params = after === undefined ? {} : { after };
    const page: { items?: T[]; next?: string } = await result(kit, conversation, list, params, undefined, instance);
    all.push(...(page.items ?? []));
    after = page.next;
    const advice = 'Leave next out on the last page.';
    if (after !== undefined && places.has(after))
      throw new Failure(`${list} answers the next ${excerpt(after)} twice: its pages have no end.`, advice);
    if (places.size === mostPages) throw new Failure(`${list} has more than ${mostPages} pages.`, advice);
    if (after !== undefined) places.add(after);
  } while (after !== undefined);
  return all;
};

/** All machines. */
export const listAll = (kit: Kit, conversation: Conversation, instance?: string): Promise<NativeVm[]> =>
  itemsOf(kit, conversation, 'compute.list', instance);

/** Machines of this name, or whose id is known to be. A list may hold what is none: another clause says so. */
export const named = (machines: readonly NativeVm[], name: string, id?: string): NativeVm[] =>
  machines.filter((machine) => machine?.name === name || (id !== undefined && machine?.id === id));

/** Remove it whatever its state is; what goes wrong is of no matter here. */
export const remove = async (kit: Kit, conversation: Conversation, vm: string, instance?: string): Promise<void> => {
  if (conversation.how !== undefined) return;
  try {
    if (has(conversation, 'compute.powerOff')) {
      await call(kit, conversation, 'compute.powerOff', { vm }, keyOf(kit, `off-${vm}`), instance);
    }
    await call(kit, conversation, 'compute.delete', { vm }, keyOf(kit, `removed-${vm}`), instance);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
};

/** Remove machines that are there still, such as one that was busy when it was to be removed; the names of those that stay. */
export const sweepUp = async (kit: Kit): Promise<string[]> => {
  if (kit.wished.size === 0 || kit.obstacle !== undefined) return [];
  try {
    const conversation = await kit.shared();
    if (!has(conversation, 'compute.list') || !has(conversation, 'compute.delete')) return [];
    const own = async () => (await listAll(kit, conversation)).filter(({ name = '' }) => kit.wished.has(name));
    const { clock } = conversation;
    const until = clock.read() + kit.setting.patience.stopMs;
    for (let pauseMs = 50; ; pauseMs *= 2) {
      const left = await own();
      if (left.length === 0 || clock.read() > until) return left.map(({ name }) => name!);
      for (const { id } of left) await remove(kit, conversation, id);
      await sleep(pauseMs);
    }
  } catch (error) {
    if (error instanceof Failure || error instanceof Skip) return [];
    throw error;
  }
};

/** Make a machine, start it and remove it, where the plugin can. */
export const withMachine = async (kit: Kit, conversation: Conversation, name: string): Promise<void> => {
  let vm: string;
  try {
    ({ id: vm } = await make(kit, conversation, name));
  } catch (error) {
    if (error instanceof Skip || error instanceof Unclaimed) return;
    throw error;
  }
  if (has(conversation, 'compute.start'))
    await call(kit, conversation, 'compute.start', { vm }, keyOf(kit, `${name}-start`));
  await remove(kit, conversation, vm);
};
