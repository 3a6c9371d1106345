/** Section 10: what a plugin reports without being asked. */
import type { Event } from '../../contract/base.ts';
import { type Clause, probe } from '../clause.ts';
import { claims, type Kit } from '../kit.ts';
import { nameOf } from '../machine.ts';
import { tourOf } from '../tour.ts';
import { Skip } from '../verdict.ts';

const reportsChanges = async (kit: Kit): Promise<void> => {
  const { conversation, without } = await tourOf(kit);
  claims(conversation, 'events');
  if (without instanceof Skip) throw without;
  if (without !== undefined) throw without;
  const events = conversation.said.flatMap(({ method, params }) => (method === '$/event' ? [params as Event] : []));
  const own = events.filter(({ vm }) => vm?.name === nameOf(kit, 'tour'));
  if (own.length > 0 || events.some(({ type }) => type === 'resync')) return;
  kit.ledger.enter(
    '10.1',
    'warning',
    'It names the feature events, and reported nothing when a machine was made, started and removed.',
    'Send $/event for each change, whoever caused it.',
  );
};

const ignoresUnknown = async (kit: Kit): Promise<void> => {
  const conversation = await kit.shared();
  conversation.notify('$/annelidCheck', { a: 1 });
  conversation.send('{"jsonrpc":"2.0","method":"$/annelidCheck"}');
  conversation.notify('$/flow', { credits: 1 });
  await kit.fence(conversation);
};

export const notifications: readonly Clause[] = [
  {
    clause: '10.1',
    asks: '$/event reports what happened in the backend.',
    probes: [probe('reports what it does itself', reportsChanges)],
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
