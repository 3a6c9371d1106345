/** The way in which the host replaces a process: another one is brought up beside it (3.12). */
import type { NativeVm } from '../../resources.ts';
import type { Kit } from '../bring-up/kit.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { errorOf, said } from '../report/answers.ts';
import { Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { changeAsShown, expectEffect, shownChanges } from './lists.ts';
import { call, has, make, remove } from './machine.ts';

const place = 'beside';

const advice =
  'Share what is kept, and hold nothing that one process alone may have; or describe processes: 1, and take it in configure.';

/** Configured and probed, as the first one was. */
const bringUp = async (kit: Kit, second: Conversation, when: string): Promise<void> => {
  const refused = (answer: Awaited<ReturnType<Kit['configure']>>, what: string) => {
    if (!errorOf(answer) || errorOf(answer)?.code === -32601) return;
    throw new Failure(`${when} ${what} of a second one fails with ${said(answer)}`, advice);
  };
  refused(await kit.configure(second, 'check', kit.setting.config, place), 'configure');
  refused(await second.ask('probe', { ctx: kit.ctx() }), 'probe');
};

const outOfDate = `${advice} What is read once, in configure, is then out of date, and written over.`;

/** What the one makes the other knows: calls go to the new one while the old one finishes what it has. */
const knowsOfTheOther = async (kit: Kit, first: Conversation, second: Conversation): Promise<void> => {
  if (!has(first, 'compute.get')) return;
  let machine: NativeVm;
  try {
    machine = await make(kit, first, 'beside');
  } catch (error) {
    if (error instanceof Skip || error instanceof Unclaimed) return;
    throw error;
  }
  const { id: vm } = machine;
  try {
    const answer = await call(kit, second, 'compute.get', { vm });
    if (errorOf(answer))
      throw new Failure(
        `Of a machine that one process has made another, configured before, says ${said(answer)}`,
        outOfDate,
      );
  } finally {
    await remove(kit, first, vm);
  }
};

/** The same of what its published methods change. */
const knowsOfChanges = async (kit: Kit, first: Conversation, second: Conversation): Promise<void> => {
  for (const method of shownChanges(first)) {
    const effect = await changeAsShown(kit, first, method);
    await expectEffect(kit, second, effect, 'another, configured before,', outOfDate);
  }
};

export const bearsAnother = async (kit: Kit): Promise<void> => {
  if (kit.setting.subject.kind === 'address')
    throw new Unclaimed('It runs already: another process of it is not the affair of the host.');
  const first = await kit.ready(place);
  const second = await kit.start();
  second.host = first.host;
  try {
    await kit.described(second);
    if (first.description.processes === 1) {
      await kit.finish(first);
      await bringUp(kit, second, 'Once the process before has ended,');
    } else {
      await bringUp(kit, second, 'While one process of it is configured,');
      await knowsOfTheOther(kit, first, second);
      await knowsOfChanges(kit, first, second);
    }
  } finally {
    await kit.finish(second);
    await kit.finish(first);
  }
};
