/** A walk through everything that a plugin names, once: the life of a machine and all reads on the way. */
import type { Event } from '../../contract/base.ts';
import type { ContractCall } from '../../contract/call.ts';
import type { ConsoleOutput, NativeVm } from '../../resources.ts';
import type { Message } from '../../rpc/messages.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { timeComplaint, timeHint } from '../conversation/event-times.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { knownCalls } from './claims.ts';
import { listsOf } from './lists.ts';
import { call, has, itemsOf, keyOf, lacking, listAll, make, named, nameOf, remove, result } from './machine.ts';
import { expectReads, keptAdvice } from './read-back.ts';
import { nobody, paramsFor, takesMachine } from './values.ts';

export interface Tour {
  conversation: Conversation;
  /** What went wrong, in its order. */
  failures: Failure[];
  /** Why there was no machine to go through its life with. */
  without: Skip | Unclaimed | undefined;
  /** The machine, as it was made. */
  machine: NativeVm | undefined;
  /** Answers by method, the last of each. */
  answers: Map<string, Message>;
  /** How long changes of a machine took, in milliseconds, all and those that count (`clock.ts`), by method. */
  took: Map<string, { wall: number; counted: number }>;
  /** What was done to the machine and, after a while, not reported. */
  unreported: string[];
}

/** Throws when a call for one machine answers another. */
const expectSame = (method: string, vm: string, answered: unknown): void => {
  const { id } = (answered ?? {}) as { id?: unknown };
  if (id === undefined || id === vm) return;
  throw new Failure(
    `${method} answers a machine with another id than it was asked for.`,
    'id is the same in every answer and event, for as long as the machine is there.',
  );
};

/** Throws when a piece of a console is not the one that its places say. */
const expectPiece = (maxBytes: unknown, { data, start, end }: ConsoleOutput): void => {
  const { length } = Buffer.from(data, 'base64');
  if (length > Number(maxBytes))
    throw new Failure(`compute.consoleOutput answers ${length} bytes where at most ${maxBytes} were asked for.`);
  if (BigInt(end) - BigInt(start) !== BigInt(length))
    throw new Failure(`compute.consoleOutput answers ${length} bytes as those from ${start} to ${end}.`);
};

const readOf = async (kit: Kit, conversation: Conversation, read: ContractCall, vm: string): Promise<void> => {
  const params = { ...paramsFor(read), vm };
  const answered = await result<ConsoleOutput>(kit, conversation, read.name, params);
  if (read.name === 'compute.get') expectSame(read.name, vm, answered);
  if (read.name === 'compute.consoleOutput') expectPiece((params as { maxBytes?: number }).maxBytes, answered);
};

const twiceIn = (items: readonly { id: string }[]): string[] => {
  const seen = new Set<string>();
  return items.flatMap(({ id }) => (seen.size === seen.add(id).size ? [id] : []));
};

/** Throws when a list has something twice: which of the two is true nobody can tell. */
const expectOnce = async (kit: Kit, conversation: Conversation, list: string): Promise<void> => {
  const twice = twiceIn(await itemsOf(kit, conversation, list));
  if (twice.length === 0) return;
  // What others make or remove meanwhile may move the rest from one page to the next.
  const again = twiceIn(await itemsOf(kit, conversation, list)).find((id) => twice.includes(id));
  if (again !== undefined) throw new Failure(`${list} has ${again} twice.`);
};

/** States in which a machine is where the call leads. */
const leadsTo: Record<string, readonly string[]> = {
  'compute.create': ['stopped'],
  'compute.start': ['running'],
  'compute.pause': ['paused'],
  'compute.resume': ['running'],
  'compute.powerOff': ['stopped'],
};

/** What its events are expected to say of a machine. */
const whatWasDone: Record<string, string> = {
  'compute.create': 'made',
  'compute.start': 'started',
  'compute.pause': 'paused',
  'compute.resume': 'resumed',
  'compute.powerOff': 'powered off',
};

/** The states that lead through all calls that most backends have. */
const life = [
  'compute.start',
  'compute.pause',
  'compute.resume',
  'compute.reboot',
  'compute.reset',
  'compute.powerOff',
];

const goThroughLife = async (kit: Kit, tour: Tour, reads: readonly ContractCall[]): Promise<void> => {
  const { conversation, answers, failures } = tour;
  let before = conversation.said.length;
  const machine = await make(kit, conversation, 'tour');
  const { id: vm } = machine;
  const expectReported = (method: string) =>
    expectEvent(
      kit,
      tour,
      before,
      whatWasDone[method]!,
      ({ vm: of }) => of?.id === vm && leadsTo[method]!.includes(of.state),
    );
  tour.machine = machine;
  const expectState = (method: string, { state }: NativeVm) => {
    const wanted = leadsTo[method];
    if (wanted === undefined || wanted.includes(state)) return;
    failures.push(
      new Failure(`${method} answers a machine that is ${state}; it is done once that is ${wanted.join(' or ')}.`),
    );
  };
  const expectKept = ({ state, name, vcpus, memoryMiB }: NativeVm, method: string) =>
    expectReads(
      kit,
      conversation,
      vm,
      // A machine that boots anew goes on by itself.
      { name, vcpus, memoryMiB, ...(leadsTo[method]?.includes(state) && { state }) },
      `Once ${method} is done,`,
      keptAdvice,
    );
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Failure) || conversation.how !== undefined) throw error;
      failures.push(error);
    }
  };
  try {
    expectState('compute.create', machine);
    await expectReported('compute.create');
    const { created } = machine;
    const wrongTime = created ? timeComplaint('A machine that has just been made', created) : undefined;
    if (wrongTime !== undefined) failures.push(new Failure(wrongTime, timeHint));
    for (const read of reads.filter(takesMachine)) {
      answers.set(read.name, await call(kit, conversation, read.name, { ...paramsFor(read), vm }));
    }
    for (const method of life.filter((name) => has(conversation, name))) {
      await attempt(async () => {
        before = conversation.said.length;
        const [began, wall] = [conversation.clock.read(), performance.now()];
        const changed = await result<NativeVm>(kit, conversation, method, { vm }, keyOf(kit, `tour-${method}`));
        tour.took.set(method, { wall: performance.now() - wall, counted: conversation.clock.read() - began });
        expectSame(method, vm, changed);
        expectState(method, changed);
        await expectKept(changed, method);
        if (method === 'compute.start') {
          for (const read of reads.filter(takesMachine)) await readOf(kit, conversation, read, vm);
        }
        if (method in whatWasDone) await expectReported(method);
      });
    }
    await attempt(async () => {
      if (!has(conversation, 'compute.list')) return;
      const found = named(await listAll(kit, conversation), nameOf(kit, 'tour'), vm);
      if (found.length !== 1)
        failures.push(new Failure(`compute.list has the machine that was made ${found.length} times.`));
      expectWhole(tour, machine, found[0]);
    });
    await attempt(() => startsPaused(kit, conversation, vm));
    before = conversation.said.length;
    await result(kit, conversation, 'compute.delete', { vm }, keyOf(kit, 'tour-delete'));
    await expectGone(kit, tour, vm);
    await expectEvent(kit, tour, before, 'removed', ({ type, id }) => type === 'vm.deleted' && id === vm);
  } finally {
    await remove(kit, conversation, vm);
  }
};

/** One whose backend cannot do that refuses it. */
const startsPaused = async (kit: Kit, conversation: Conversation, vm: string): Promise<void> => {
  if (!['compute.start', 'compute.powerOff'].every((name) => has(conversation, name))) return;
  const answer = await call(kit, conversation, 'compute.start', { vm, paused: true }, keyOf(kit, 'tour-paused'));
  const { state } = (answer.result ?? {}) as Partial<NativeVm>;
  if (!errorOf(answer) && state !== 'paused')
    throw new Failure(
      `compute.start with paused: true answers a machine that is ${state}.`,
      'Start it paused, or refuse it as unsupported: somebody wants to look at it before it runs.',
    );
  if (state === 'paused')
    await expectReads(kit, conversation, vm, { state }, 'Once compute.start with paused: true is done,', keptAdvice);
  await result(kit, conversation, 'compute.powerOff', { vm }, keyOf(kit, 'tour-off-again'));
};

const expectGone = async (kit: Kit, { conversation, failures }: Tour, vm: string): Promise<void> => {
  const isThere = has(conversation, 'compute.get') && !errorOf(await call(kit, conversation, 'compute.get', { vm }));
  if (isThere) failures.push(new Failure('compute.get still answers the machine once compute.delete is done.'));
  else if (has(conversation, 'compute.list') && (await listAll(kit, conversation)).some(({ id }) => id === vm))
    failures.push(new Failure('compute.list still has the machine once compute.delete is done.'));
};

/** From a message on. Of a backend that is asked from time to time it may take a moment. */
const expectEvent = async (
  { setting: { patience } }: Kit,
  { conversation, unreported }: Tour,
  before: number,
  what: string,
  fits: (event: Event) => boolean,
): Promise<void> => {
  if (!conversation.description.features?.includes('events') || unreported.length > 0) return;
  const isIt = (message: Message) => conversation.said.indexOf(message) >= before && isEvent(message);
  const isEvent = ({ method, params }: Message) =>
    method === '$/event' && ((params as Event).type === 'resync' || fits(params as Event));
  if ((await conversation.hear(isIt, patience.stopMs)) === undefined) unreported.push(what);
};

/** The host takes what a list lacks for what the machine does not have any more. */
const expectWhole = ({ failures, answers }: Tour, made: NativeVm, item: NativeVm | undefined): void => {
  const machine = { ...made, ...(answers.get('compute.get')?.result as NativeVm | undefined) };
  const missing = item === undefined ? [] : lacking(machine, item);
  if (missing.length === 0) return;
  const message = `compute.list has the machine without ${missing.join(', ')}, which it has elsewhere.`;
  failures.push(new Failure(message, 'Each machine of a list is as compute.get answers it.'));
};

const walk = async (kit: Kit): Promise<Tour> => {
  const conversation = await kit.ready('tour');
  const tour: Tour = {
    conversation,
    failures: [],
    without: undefined,
    machine: undefined,
    answers: new Map(),
    took: new Map(),
    unreported: [],
  };
  const reads = knownCalls(conversation).filter(({ mutates }) => !mutates);
  try {
    for (const read of reads) {
      const answer = await call(kit, conversation, read.name, paramsFor(read));
      tour.answers.set(read.name, answer);
      if (errorOf(answer) && !takesMachine(read))
        tour.failures.push(new Failure(`${read.name} fails with ${said(answer)}`));
    }
    for (const list of listsOf(conversation)) await expectOnce(kit, conversation, list);
    tour.answers.set(
      'find',
      await call(kit, conversation, 'find', { call: 'compute.create', params: { id: nobody } }, keyOf(kit, 'never')),
    );
    await goThroughLife(kit, tour, reads);
  } catch (error) {
    if (error instanceof Failure) tour.failures.push(error);
    // Elsewhere nothing is known without a machine; here it is what was to be shown.
    else if (error instanceof Skip && ['compute.create', 'compute.delete'].every((name) => has(conversation, name)))
      tour.failures.push(new Failure(error.message, error.means));
    else if (error instanceof Skip || error instanceof Unclaimed) tour.without = error;
    else throw error;
  }
  if (conversation.how === undefined) await call(kit, conversation, 'drain', {}).catch(() => {});
  await conversation.end();
  return tour;
};

/** The tour of this check; it is made once. */
export const tourOf = (kit: Kit): Promise<Tour> => kit.once(walk);
