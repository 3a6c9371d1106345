/** The bounds of `limits.accounting`. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Limits } from '../../daemon/limits.ts';
import type { UsageEntry } from '../../plugin-protocol/contract/accounting.ts';
import { Fault } from '../../plugin-protocol/faults.ts';
import { startCore } from '../support/core.ts';
import { ScriptedBackend } from '../support/scripted-backend.ts';
import { type Bound, counted, timed, unsaid } from './bound.ts';

const noon = Date.parse('2026-01-31T12:00:00Z');

/** A machine that ran for two hours. */
const twoHours = async (context: Mocha.Context, limits: Partial<Limits['accounting']>, record?: () => unknown) => {
  const backend = new ScriptedBackend();
  const clock = { now: noon };
  const told: UsageEntry[][] = [];
  backend.scripts.set('accounting.record', ({ params }) => {
    told.push(params.entries as UsageEntry[]);
    return record?.() ?? {};
  });
  const options = { backend, now: () => clock.now, limits: { accounting: limits }, accounting: () => ['lab'] };
  const { as } = await startCore(context, options);
  await as('alice')('vm.create', { name: 'db1', start: true, wait: 5 });
  clock.now += 7_200_000;
  await as('alice')('vm.powerOff', { vm: 'db1', wait: 5 });
  return { told, list: () => as('alice')<{ items: UsageEntry[] }>('usage.list') };
};
/** A moment in which what is on its way arrives. */
const settle = () => delay(100);

export const accounting: { [L in keyof Limits['accounting']]: Bound } = {
  periodSeconds: unsaid(
    'There are more entries, of the same sum.',
    counted(3600, async (context, periodSeconds) => {
      const { list } = await twoHours(context, { periodSeconds });
      const { items } = await list();
      return items.length === 2 ? undefined : `${items.length} entries`;
    }),
  ),
  batch: unsaid(
    'The plugin is told more often, of the same.',
    counted(2, async (context, batch) => {
      const { told } = await twoHours(context, { batch });
      await settle();
      return told.length === 1 ? undefined : `told ${told.length} times`;
    }),
  ),
  retryMaxMs: unsaid(
    'The plugin is asked again sooner.',
    timed(async (context, retryMaxMs) => {
      const { told } = await twoHours(context, { retryMaxMs }, () => {
        throw new Fault('unavailable', 'The books are closed.');
      });
      while (told.length === 0) await settle();
      await delay(1500);
      return told.length <= 2 ? undefined : `told ${told.length} times`;
    }),
  ),
};
