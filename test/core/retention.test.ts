import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Operation } from '../../daemon/catalogue/resources.ts';
import { cleanup, faultOf, startCore } from '../support/core.ts';
import { ScriptedBackend, seeded } from '../support/scripted-backend.ts';

const dayMs = 86_400_000;

describe('what is kept', () => {
  for (const [limit, read] of [
    ['eventDays', async (as: As) => ((await as('event.poll', { after: '0' })) as { reset: boolean }).reset],
    ['operationDays', (as: As, { id }: Operation) => isGone(as('operation.get', { operation: id }))],
    ['deletedDays', (as: As, { resource }: Operation) => isGone(as('vm.get', { vm: resource }))],
  ] as const) {
    it(`is kept as long as store.${limit} says, and no longer`, async function () {
      const folder = await mkdtemp(join(tmpdir(), 'annelid-test-'));
      cleanup(this, () => rm(folder, { recursive: true }));
      let now = Date.parse('2026-01-31T12:00:00Z');
      const limits = { store: { [limit]: 2 } };
      const options = { backend: new ScriptedBackend(), file: join(folder, 'store.db'), limits, now: () => now };
      const first = await startCore(this, options);
      await first.as('alice')('vm.create', { name: 'db1', wait: 5 });
      const ended = await first.as('alice')<Operation>('vm.delete', { vm: 'db1', wait: 5 });
      // Old records are dropped at every start, and then once an hour.
      for (const [days, gone] of [
        [1, false],
        [2, true],
      ] as const) {
        now += days * dayMs;
        const { as } = await startCore(this, options);
        await as('alice')('session.whoami');
        expect(await read(as('alice'), ended), `after ${days} more`).to.equal(gone);
      }
    });
  }
});

type As = (method: string, params: Record<string, unknown>) => Promise<unknown>;
const isGone = async (call: Promise<unknown>): Promise<boolean> => {
  const answered = Symbol('answered');
  const outcome = await call.then(
    () => answered,
    (fault: { kind: string }) => fault.kind,
  );
  if (outcome !== answered) expect(outcome).to.equal('not-found');
  return outcome !== answered;
};

describe('a connector', () => {
  it('is read again every plugins.reconcileSeconds', async function () {
    const backend = seeded();
    const { as } = await startCore(this, { backend, limits: { plugins: { reconcileSeconds: 1 } } });
    await as('root')('vm.list', { refresh: true });
    const { next } = await as('root')<{ next: string }>('event.poll');
    // No event tells of it.
    backend.put({ id: 'n3', name: 'web3', state: 'running' });
    expect((await faultOf(as('root')('vm.get', { vm: 'web3' }))).kind).to.equal('not-found');
    await as('root')('event.poll', { after: next, wait: 5, types: ['vm.created'] });
    expect(await as('root')('vm.get', { vm: 'web3' })).to.include({ state: 'running' });
  });
});
