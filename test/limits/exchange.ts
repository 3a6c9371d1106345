/** The bounds of `limits.plugins` for what a call may be answered with, and for what plugins ask. */
import { createDesk } from '../../daemon/host/call/desk.ts';
import { createLocks } from '../../daemon/host/call/locks.ts';
import { defaultLimits, type Limits } from '../../daemon/limits.ts';
import { compute } from '../../plugin-protocol/contract/index.ts';
import { bareInstance, noopInstance } from '../host/running-host.ts';
import { silentLog, startCore } from '../support/core.ts';
import { seeded } from '../support/scripted-backend.ts';
import { type Bound, counted, pause, pauseMs, timed, unsaid } from './bound.ts';
import { hosted, wordsOf } from './hosted.ts';

const running = { state: 'running' };
const done = { state: 'done', result: { id: 'x', state: 'running' } };
const slow = { delayMs: pauseMs };

export const exchange = {
  idleTimeoutMs: timed(
    hosted('idleTimeoutMs', noopInstance({ script: { 'compute.start': slow } }), ({ backend }) =>
      wordsOf(backend().call(compute.start, { vm: 'x' })),
    ),
  ),
  taskTimeoutMs: timed(
    hosted(
      'taskTimeoutMs',
      noopInstance({ script: { 'task.get': [...Array(30).fill({ result: running }), { result: done }] } }),
      async ({ backend }) => {
        const task = { id: 't', pollMs: 10, since: new Date().toISOString() };
        const end = await backend().follow(task, compute.start);
        return end.state === 'failed' ? end.fault.message : undefined;
      },
    ),
  ),
  blobBytes: counted(
    28,
    hosted(
      'blobBytes',
      bareInstance(`if (m.method === 'blob.read') return reply(m, { result: { data: btoa('{"id":"x","state":"running"}'), end: true } });
        reply(m, { result: { blob: { id: 'r', bytes: 28 } } });`),
      ({ backend }) => wordsOf(backend().call(compute.get, { vm: 'x' })),
    ),
  ),
  needs: counted(
    3,
    hosted(
      'needs',
      bareInstance(`m.params.ctx.times = (globalThis.times = (globalThis.times ?? 0) + 1);
        reply(m, { result: globalThis.times > 3 ? { id: 'x', state: 'running' } : { need: { secret: [] } } });`),
      ({ backend }) => wordsOf(backend().call(compute.get, { vm: 'x' })),
    ),
  ),
  hostRequests: counted(3, async (_context, hostRequests) => {
    const desk = createDesk({ ...defaultLimits.plugins, hostRequests }, Date.now, silentLog);
    const asker = { connector: 'one', owner: {}, secrets: {} };
    const lock = { call: 1, name: 'all', leaseMs: 1000, waitMs: 20 };
    const words = Array.from({ length: 3 }, () => wordsOf(desk.answer('host.lock', lock, asker, asker.owner)));
    const said = (await Promise.all(words)).find((text) => text?.includes('being answered'));
    desk.release(asker.owner);
    return said;
  }),
  stateBytes: counted(9, async (context, stateBytes) => {
    const { backend } = await startCore(context, { backend: seeded(), limits: { plugins: { stateBytes } } });
    // What is put in the place of another value counts once, and each connector has a room of its own.
    await backend.records!.putState('lab', 'key', 'long'.slice(1), undefined);
    await backend.records!.putState('other', 'key', 'long'.slice(1), undefined);
    return wordsOf(backend.records!.putState('lab', 'key', 'long', undefined));
  }),
  locks: counted(2, async (_context, locks) => {
    const desk = createLocks({ locks, lockLeaseMs: 1000 }, Date.now);
    const wish = { scope: 'one', owner: desk, leaseMs: 1000, waitMs: 0 };
    await desk.lock({ ...wish, name: 'a' });
    const words = await wordsOf(desk.lock({ ...wish, name: 'b' }));
    desk.release(desk);
    return words;
  }),
  lockLeaseMs: counted(50, async (_context, lockLeaseMs) => {
    const desk = createLocks({ locks: 1, lockLeaseMs }, Date.now);
    return wordsOf(desk.lock({ scope: 'one', owner: desk, name: 'a', leaseMs: 50, waitMs: 0 }));
  }),
  eventPollMs: unsaid(
    'It is a pause.',
    timed(async (context, eventPollMs) => {
      const backend = seeded();
      backend.cursors = 'asked';
      let asked = 0;
      backend.pulls = () => {
        asked += 1;
        return { events: [], next: '0' };
      };
      await startCore(context, { backend, limits: { plugins: { eventPollMs } } });
      await pause();
      return asked > 1 ? 'asked again' : undefined;
    }),
  ),
} satisfies { [L in keyof Limits['plugins']]?: Bound };
