/** Section 10: what a plugin reports without being asked. */
import type { Event } from '../../contract/base.ts';
import type { NativeVm } from '../../resources.ts';
import type { Kit } from '../bring-up/kit.ts';
import { claims } from '../evidence/claims.ts';
import { changeAsShown, shownChanges } from '../evidence/lists.ts';
import { lacking, nameOf } from '../evidence/machine.ts';
import { tourOf } from '../evidence/tour.ts';
import { excerpt, Failure, Skip, Unclaimed } from '../report/verdict.ts';
import { type Clause, probe } from './clause.ts';

const reportsChanges = async (kit: Kit): Promise<void> => {
  const { conversation, without, machine, unreported } = await tourOf(kit);
  claims(conversation, 'events');
  if (without instanceof Skip) throw without;
  if (without !== undefined) throw without;
  const events = conversation.said.flatMap(({ method, params }) => (method === '$/event' ? [params as Event] : []));
  const own = events.filter(({ vm }) => vm?.name === nameOf(kit, 'tour') || (vm && vm.id === machine?.id));
  expectWhole(kit, machine, own);
  if (own.length > 0 && unreported.length > 0) {
    kit.ledger.enter(
      '10.1',
      'warning',
      `It names the feature events, and reported nothing when the machine was ${unreported[0]}.`,
      'Send $/event for each change: vm.changed with the machine as it is now, and vm.deleted.',
    );
  }
  if (own.length > 0 || events.some(({ type }) => type === 'resync')) return;
  kit.ledger.enter(
    '10.1',
    'warning',
    'It names the feature events, and reported nothing when a machine was made, started and removed.',
    'Send $/event for each change, whoever caused it.',
  );
};

const expectWhole = ({ ledger }: Kit, machine: NativeVm | undefined, events: readonly Event[]): void => {
  const lacked = machine === undefined ? [] : events.flatMap(({ vm }) => lacking(machine, vm ?? {}));
  const missing = [...new Set(lacked)];
  if (missing.length === 0) return;
  ledger.enter(
    '10.1',
    'failure',
    `An event vm.changed has the machine without ${missing.join(', ')}, which compute.create answered.`,
    'vm is the whole machine, as compute.get answers it: what is not there the machine does not have any more.',
  );
};

/** The host reads lists when it begins, and then now and then: what is not reported it does not know until the next time. */
const reportsOwnChanges = async (kit: Kit): Promise<void> => {
  const conversation = await kit.ready('reports');
  try {
    claims(conversation, 'events');
    const methods = shownChanges(conversation);
    if (methods.length === 0) throw new Unclaimed('It publishes no method whose example changes what it lists.');
    for (const method of methods) {
      const before = conversation.said.length;
      const { made, gone } = await changeAsShown(kit, conversation, method);
      const reported = conversation.said.slice(before).some((message) => message.method === '$/event');
      if (made.length + gone.length === 0 || reported) continue;
      kit.ledger.enter(
        '10.1',
        'warning',
        `It names the feature events, and reported nothing when ${method.name} changed what it lists.`,
        'Send $/event: of a machine vm.changed or vm.deleted, of anything else resync.',
      );
    }
  } finally {
    await kit.finish(conversation);
  }
};

const ignoresUnknown = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  const before = conversation.said.length;
  conversation.provoked.add(null);
  conversation.notify('$/annelidCheck', { a: 1 });
  conversation.send('{"jsonrpc":"2.0","method":"$/annelidCheck"}');
  conversation.notify('$/flow', { credits: 1 });
  await kit.fence(conversation);
  conversation.provoked.delete(null);
  const answer = conversation.said
    .slice(before)
    .find(({ id, method }) => method === undefined && (id ?? null) === null);
  if (answer === undefined) return;
  throw new Failure(
    `It answers a notification, with ${excerpt(answer)}`,
    'What has no id is not answered, whether it is known or not.',
  );
};

export const notifications: readonly Clause[] = [
  {
    clause: '10.1',
    asks: '$/event reports what happened in the backend.',
    probes: [
      probe('reports what it does itself', reportsChanges),
      probe('reports what its own methods change', reportsOwnChanges),
    ],
  },
  {
    clause: '10.2',
    asks: '$/log is a line for the log.',
    probes: [probe('logs what can be read', async (kit) => void (await tourOf(kit)))],
  },
  {
    clause: '10.3',
    asks: 'Notifications that begin with $/ and are not known are ignored.',
    probes: [probe('ignores what it does not know', ignoresUnknown)],
  },
  {
    clause: '10.4',
    asks: 'A line for the log may name the request that it is about.',
    probes: [probe('names requests that are under way', async (kit) => void (await tourOf(kit)))],
  },
  {
    clause: '10.5',
    asks: 'An event may say when it happened: not in the future, and of what has just happened not long ago.',
    probes: [probe('says when it happened, or nothing', async (kit) => void (await tourOf(kit)))],
  },
];
